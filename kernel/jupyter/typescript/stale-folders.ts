import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

const OWNER = 'owner.json';

/** Says in a temporary folder which process it is for. */
export function signFolder(folder: string): void {
	writeFileSync(join(folder, OWNER), JSON.stringify({ pid: process.pid, host: hostname() }));
}

/**
 * Deletes the signed folders of processes that are gone: one that is killed, as front ends may do it, cannot clean up.
 * What cannot be read or deleted is left to others.
 */
export function deleteStaleFolders(prefix: string): void {
	for (const name of readdirSync(tmpdir())) {
		if (!name.startsWith(prefix)) continue;
		const folder = join(tmpdir(), name);
		try {
			const owner = JSON.parse(readFileSync(join(folder, OWNER), 'utf8')) as { pid: number; host: string };
			if (owner.host === hostname() && isGone(owner.pid)) rmSync(folder, { recursive: true, force: true });
		} catch {
			// It is not signed, somebody else's, or being deleted right now.
		}
	}
}

function isGone(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return false;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ESRCH';
	}
}
