import { join } from 'node:path';
import type { RunContext } from '../../context.ts';
import { type Fingerprint, UserError } from '../../define.ts';
import { fileDigest } from '../files/digest.ts';
import type { DownloadOptions, download } from './download.ts';
import { type DataFolders, dataFolders, findFile } from './folders.ts';
import { fileMatches, pinDigest, pins, publicUrl } from './pins.ts';

/** A file of a published data set on this machine. */
export interface PublishedFile {
	readonly path: string;
	/** A sentence for results when it is known not to be the published file, else null. */
	readonly notice: string | null;
}

/**
 * What stands for a set's file in a step's key, without fetching it: the hash of the file that is here, or the pinned
 * one of the file that would be fetched. Throws a `UserError` when it is not here and cannot be.
 */
export function publishedFingerprint(file: string, folders: DataFolders = dataFolders()): Fingerprint {
	const pin = pins()[file];
	const path = findFile(file, folders);
	if (path !== null)
		return { name: file, sha256: pin && fileMatches(path, pin) ? pinDigest(pin) : fileDigest(path) };
	if (pin) return { name: file, sha256: pinDigest(pin) };
	throw notHere(file, folders, null);
}

/** The client is loaded only when something is fetched. */
const fetchLazily: typeof download = async (...args) => (await import('./download.ts')).download(...args);

const underway = new Map<string, Promise<void>>();

/** The set's file: from `$ASSAY_DATA`, from the cache, or fetched into the cache, once. */
export async function publishedFile(
	file: string,
	context: Pick<RunContext, 'signal' | 'notice'>,
	folders: DataFolders = dataFolders(),
	fetchFile: typeof download = fetchLazily,
): Promise<PublishedFile> {
	const pin = pins()[file];
	const found = findFile(file, folders);
	if (found !== null)
		return {
			path: found,
			notice: pin && !fileMatches(found, pin) ? `${file} here is not the published file` : null,
		};
	const url = publicUrl(file);
	if (!pin || url === null) throw notHere(file, folders, null);
	const path = join(folders.cache, file);
	const waiting =
		underway.get(path) ??
		fetchFile(url, path, pin, progressOptions(file, context)).finally(() => underway.delete(path));
	underway.set(path, waiting);
	try {
		await waiting;
	} catch (error) {
		if (error instanceof UserError) throw notHere(file, folders, error);
		throw error;
	}
	return { path, notice: null };
}

/** Says that a file is being fetched when that takes longer than a moment. */
function progressOptions(
	file: string,
	{ signal, notice }: Pick<RunContext, 'signal' | 'notice'>,
): DownloadOptions {
	notice?.(`fetching ${file}`);
	let said = Date.now();
	return {
		signal,
		onProgress: (received, total) => {
			if (Date.now() - said < 1000) return;
			said = Date.now();
			notice?.(`fetching ${file}: ${megabytes(received)}${total === null ? '' : ` of ${megabytes(total)}`}`);
		},
	};
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function notHere(file: string, { own, cache }: DataFolders, cause: UserError | null): UserError {
	const place =
		own === null
			? `set ASSAY_DATA to a folder and put it at $ASSAY_DATA/${file}, or at ${join(cache, file)}`
			: `put it at ${join(own, file)}`;
	const url = publicUrl(file);
	const home = url ?? (file.startsWith('mmlu/') ? 'https://github.com/hendrycks/test' : null);
	const from = home === null ? '' : ` (published at ${home})`;
	const standIn = HAS_STAND_IN.test(file) ? ', or use source: "miniature", a small stand-in' : '';
	return new UserError(
		`the data file ${file} is not on this machine${cause ? `: ${cause.message}` : ''}`,
		`${place}${from}${standIn}`,
		cause,
	);
}

/** Sets of which Assay has a miniature of its own. */
const HAS_STAND_IN = /^(?:bbq|mmlu)\//;
