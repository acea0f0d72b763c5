import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { UserError } from '../../stdlib/define.ts';

/** Writes a file, all of it or nothing. */
export function writeWhole(file: string, content: string | Uint8Array): void {
	const beside = `${file}.${process.pid}.tmp`;
	try {
		writeFileSync(beside, content);
		renameSync(beside, file);
	} catch (error) {
		rmSync(beside, { force: true });
		throw new UserError(
			`${file} cannot be written: ${(error as Error).message}`,
			'name another file with --out or --report',
		);
	}
}
