import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { UserError } from '../../stdlib/define.ts';

/** Writes a file, all of it or nothing. Throws a `UserError` that calls it `what`. */
export function writeWhole(file: string, content: string | Uint8Array, what: string): void {
	const beside = `${file}.${process.pid}.tmp`;
	try {
		writeFileSync(beside, content);
		renameSync(beside, file);
	} catch (error) {
		rmSync(beside, { force: true });
		throw new UserError(
			`${what} cannot be written to ${file}: ${(error as Error).message}`,
			'name another file with --out or --report',
		);
	}
}
