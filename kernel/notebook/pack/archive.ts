import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { UserError } from '../../../stdlib/define.ts';
import { CASSETTE, DATA, FILES, FORMAT, MANIFEST, Manifest } from './manifest.ts';

/** What a pack may come to: it is read as a whole, and somebody else may have made it. */
export interface PackLimits {
	readonly fileBytes: number;
	readonly unpackedBytes: number;
	readonly entries: number;
}

export const LIMITS: PackLimits = { fileBytes: 1e9, unpackedBytes: 2e9, entries: 5000 };

export interface Pack {
	readonly manifest: Manifest;
	/** Content by name, the manifest left out. */
	readonly contents: ReadonlyMap<string, Uint8Array>;
}

/** The archive's bytes; the same content gives the same bytes. */
export function packBytes(
	manifest: Omit<Manifest, 'files'>,
	contents: ReadonlyMap<string, Uint8Array>,
): Uint8Array {
	const names = [...contents.keys()].sort();
	const files = names.map((path) => {
		const content = contents.get(path) as Uint8Array;
		return { path, bytes: content.length, sha256: hash('sha256', content) };
	});
	const text = `${JSON.stringify({ ...manifest, files }, null, 1)}\n`;
	const entries = [[MANIFEST, Buffer.from(text)], ...names.map((name) => [name, contents.get(name)])];
	return zipSync(Object.fromEntries(entries) as Record<string, Uint8Array>, {
		// In local time: the same day everywhere.
		mtime: new Date(1980, 0, 1, 12),
	});
}

/**
 * Reads a pack that anybody may have made: no name leaves the folder it is unpacked into, nothing is larger than it says,
 * and every file is what the manifest says. Throws a `UserError` otherwise.
 */
export function readPack(path: string, limits: PackLimits = LIMITS): Pack {
	const entries = unzipped(path, limits);
	const { [MANIFEST]: head, ...rest } = entries;
	if (!head) throw notAPack(path, `it has no ${MANIFEST}`);
	const manifest = readManifest(path, head);
	const contents = new Map(Object.entries(rest));
	for (const { path: name, sha256 } of manifest.files) {
		const content = contents.get(name);
		if (!content || hash('sha256', content) !== sha256)
			throw notAPack(path, `${name} is not what the pack says it is: it was cut short or changed`);
	}
	const listed = new Set(manifest.files.map((file) => file.path));
	const extra = [...contents.keys()].find((name) => !listed.has(name));
	if (extra !== undefined) throw notAPack(path, `${extra} is not in its list of files`);
	if (!contents.has(FILES + manifest.notebook)) throw notAPack(path, 'its notebook is missing');
	return { manifest, contents };
}

/** Writes a pack's files into an empty folder, each where its name says. */
export function unpack({ contents }: Pack, folder: string): void {
	for (const [name, content] of contents) {
		const target = join(folder, name);
		mkdirSync(dirname(target), { recursive: true });
		// Never over a file that is there: names may differ in case only.
		writeFileSync(target, content, { flag: 'wx' });
	}
}

function unzipped(path: string, limits: PackLimits): Record<string, Uint8Array> {
	const bytes = readBytes(path, limits);
	let total = 0;
	let count = 0;
	try {
		return unzipSync(bytes, {
			filter: ({ name, originalSize, size, compression }) => {
				total += Math.max(originalSize, compression === 0 ? size : 0);
				count++;
				if (count > limits.entries) throw notAPack(path, `it has more than ${limits.entries} files`);
				if (total > limits.unpackedBytes)
					throw notAPack(path, `it unpacks to more than ${limits.unpackedBytes / 1e6} MB`);
				if (!isPlainName(name)) throw notAPack(path, `it has a file of a name that is not allowed: ${name}`);
				return true;
			},
		});
	} catch (error) {
		if (error instanceof UserError) throw error;
		throw notAPack(path, `it cannot be unpacked (${(error as Error).message})`);
	}
}

function readBytes(path: string, { fileBytes }: PackLimits): Uint8Array {
	try {
		if (statSync(path).size > fileBytes) throw notAPack(path, `it is larger than ${fileBytes / 1e6} MB`);
		return readFileSync(path);
	} catch (error) {
		if (error instanceof UserError) throw error;
		const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
		throw new UserError(
			gone ? `there is no pack ${path}` : `${path} cannot be read: ${(error as Error).message}`,
			'give the path of an .assaypack file, as `assay notebook pack` writes it',
		);
	}
}

/** Relative, with forward slashes, of names that every file system takes for names. */
export function isPlainName(name: string): boolean {
	if (name === MANIFEST || name === CASSETTE) return true;
	if (!name.startsWith(FILES) && !name.startsWith(DATA)) return false;
	// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is refused
	return name.split('/').every((part) => !/^$|^\.{1,2}$|[\\:*?"<>|\u0000-\u001f\u007f]|[. ]$/.test(part));
}

function readManifest(path: string, bytes: Uint8Array): Manifest {
	let json: unknown;
	try {
		json = JSON.parse(Buffer.from(bytes).toString());
	} catch {
		throw notAPack(path, `its ${MANIFEST} is not JSON`);
	}
	const parsed = Manifest.safeParse(json);
	if (parsed.success) return parsed.data;
	const { format } = (json ?? {}) as { format?: unknown };
	if (typeof format === 'string' && format !== FORMAT)
		throw new UserError(`${path} has the format ${format}; this Assay reads ${FORMAT}`, 'update Assay');
	const [issue] = parsed.error.issues;
	throw notAPack(path, `its ${MANIFEST} is wrong at ${issue?.path.join('.')}: ${issue?.message}`);
}

const notAPack = (path: string, why: string): UserError =>
	new UserError(`${path} is no pack that can be used: ${why}`, 'have it sent again, or packed anew');
