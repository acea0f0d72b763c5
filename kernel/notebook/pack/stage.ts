import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Does something in a folder that is gone afterwards, also when the process is ended in the middle of it. */
export async function inStage<T>(prefix: string, work: (folder: string) => Promise<T>): Promise<T> {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
	const remove = (): void => rmSync(folder, { recursive: true, force: true });
	process.once('exit', remove);
	try {
		return await work(folder);
	} finally {
		process.off('exit', remove);
		remove();
	}
}
