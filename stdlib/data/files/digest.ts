import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { UserError } from '../../define.ts';

const CHUNK_BYTES = 1 << 20;
const remembered = new Map<string, { readonly stamp: string; readonly sha256: string }>();

/** sha256 of a file's content, in hexadecimal; remembered until its size or time of change differs. */
export function fileDigest(path: string): string {
	const stamp = stampOf(path);
	const known = remembered.get(path);
	if (known?.stamp === stamp) return known.sha256;
	const hash = createHash('sha256');
	for (const chunk of fileChunks(path)) hash.update(chunk);
	const sha256 = hash.digest('hex');
	remembered.set(path, { stamp, sha256 });
	return sha256;
}

/** Changes whenever the file does, as far as the file system says. */
export function stampOf(path: string): string {
	try {
		const { size, mtimeNs, ino } = statSync(path, { bigint: true });
		return `${size} ${mtimeNs} ${ino}`;
	} catch (error) {
		throw unreadable(path, error);
	}
}

/** The file's bytes in order. The chunk is reused: take what you need before asking for the next. */
export function* fileChunks(path: string): Generator<Buffer> {
	let file: number;
	try {
		file = openSync(path, 'r');
	} catch (error) {
		throw unreadable(path, error);
	}
	try {
		const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
		for (;;) {
			const bytes = readSync(file, buffer, 0, CHUNK_BYTES, null);
			if (bytes === 0) return;
			yield buffer.subarray(0, bytes);
		}
	} catch (error) {
		throw unreadable(path, error);
	} finally {
		closeSync(file);
	}
}

/** How a file is named in messages: relative to where the user is, when that is shorter. */
export function shownPath(path: string): string {
	const near = relative(process.cwd(), path);
	return near !== '' && near.length < path.length ? near : path;
}

function unreadable(path: string, error: unknown): unknown {
	const code = (error as NodeJS.ErrnoException).code;
	if (code === 'ENOENT')
		return new UserError(
			`${shownPath(path)} is not there`,
			"paths are relative to the program's folder",
			error,
		);
	if (code === 'EISDIR')
		return new UserError(`${shownPath(path)} is a folder; a file is needed`, null, error);
	if (code === 'EACCES')
		return new UserError(`${shownPath(path)} may not be read`, 'give yourself read permission', error);
	return error;
}
