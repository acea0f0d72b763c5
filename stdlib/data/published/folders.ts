import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where published data sets are looked for, and where fetched ones are kept. */
export interface DataFolders {
	/** `$ASSAY_DATA`, or null. Nothing is ever written there. */
	readonly own: string | null;
	/** `$XDG_CACHE_HOME/assay/data`, or `~/.cache/assay/data`. */
	readonly cache: string;
}

export function dataFolders(environment: NodeJS.ProcessEnv = process.env): DataFolders {
	const cache = environment.XDG_CACHE_HOME || join(homedir(), '.cache');
	return { own: environment.ASSAY_DATA || null, cache: join(cache, 'assay', 'data') };
}

/** The file's path when it is on this machine: the user's own folder first. */
export function findFile(file: string, folders: DataFolders): string | null {
	for (const folder of [folders.own, folders.cache]) {
		if (folder !== null && existsSync(join(folder, file))) return join(folder, file);
	}
	return null;
}
