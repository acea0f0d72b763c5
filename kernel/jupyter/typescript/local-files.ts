import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { existing } from './module-path.ts';

interface LocalFile {
	/** Changes when the file does. */
	readonly stamp: string;
	readonly hash: string;
	/** Absolute paths as written, extensions perhaps missing. */
	readonly imports: readonly string[];
}

export interface ChangedFile {
	readonly path: string;
	/** It was looked for before and was not there. */
	readonly isNew: boolean;
}

/** Files that belong together, and a hash that changes with any of them. */
export interface ImportedFiles {
	readonly paths: readonly string[];
	readonly version: string;
}

const IMPORTS =
	/\b(?:import|export)\b[^'"`;()]*?\bfrom\s*(['"])([^'"\n]+)\1|\b(?:import|require)\s*\(?\s*(['"])([^'"\n]+)\3/g;

/** Files of the user's that cells import, and what those import: found out anew each time, as editors change them. */
export class LocalFiles {
	private readonly folder: string;
	private readonly roots = new Set<string>();
	private readonly files = new Map<string, LocalFile>();
	private readonly missing = new Set<string>();
	private changed = new Map<string, ChangedFile>();

	constructor(folder: string) {
		this.folder = folder;
	}

	/** Notes the files which a cell's text refers to. */
	track(code: string): void {
		for (const path of localImports(code, this.folder)) this.roots.add(path);
	}

	trackFile(path: string): void {
		this.roots.add(path);
	}

	/** Looks at all files anew and calls `changed` for each that is not as it was. */
	refresh(changed: (path: string) => void): void {
		this.walk([...this.roots], (path) => {
			const before = this.files.get(path);
			const now = this.read(path);
			const isNew = this.missing.delete(path);
			if (now && (isNew || (before && before.stamp !== now.stamp))) {
				this.changed.set(path, { path, isNew });
				changed(path);
			}
			return now;
		});
	}

	/** Files that changed since this was last asked. */
	takeChanged(): ChangedFile[] {
		const changed = [...this.changed.values()];
		this.changed = new Map();
		return changed;
	}

	/** The files that a cell's text imports, with those that these import. */
	importedBy(code: string): ImportedFiles {
		return this.graph(localImports(code, this.folder));
	}

	/** A hash of a file and of all that it imports from files; the same as long as running it anew would be. */
	version(path: string): string {
		return this.graph([path]).version;
	}

	private graph(starts: readonly string[]): ImportedFiles {
		const hash = createHash('sha256');
		const paths = [...this.walk(starts, (one) => this.files.get(one) ?? this.read(one))].sort();
		for (const one of paths) hash.update(`${one}\0${this.files.get(one)?.hash}\0`);
		return { paths, version: hash.digest('hex').slice(0, 16) };
	}

	private walk(starts: readonly string[], visit: (path: string) => LocalFile | null): Set<string> {
		const seen = new Set<string>();
		const waiting = [...starts];
		for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
			const path = existing(next);
			if (path === null) this.noteMissing(next);
			else if (!seen.has(path)) {
				seen.add(path);
				waiting.push(...(visit(path)?.imports ?? []));
			}
		}
		return seen;
	}

	private noteMissing(path: string): void {
		for (const candidate of [path, `${path}.ts`]) this.missing.add(candidate);
	}

	private read(path: string): LocalFile | null {
		const stats = statSync(path, { throwIfNoEntry: false });
		if (!stats) return null;
		const stamp = `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
		const known = this.files.get(path);
		if (known?.stamp === stamp) return known;
		const text = readFileSync(path);
		const file = {
			stamp,
			hash: createHash('sha256').update(text).digest('hex'),
			imports: path.endsWith('.json') ? [] : localImports(text.toString(), dirname(path)),
		};
		this.files.set(path, file);
		return file;
	}
}

/** What code imports, as far as its text says: files and packages. */
export function specifiersIn(code: string): string[] {
	if (!/\b(?:import|require|export)\b/.test(code)) return [];
	return [...code.matchAll(IMPORTS)].map((found) => found[2] ?? found[4] ?? '');
}

/** What looks like an import of a file. Words in a comment may be among them: one file too many does no harm. */
export function localImports(code: string, folder: string): string[] {
	return specifiersIn(code)
		.filter((specifier) => /^\.{1,2}\/|^file:\/\//.test(specifier) || isAbsolute(specifier))
		.map((specifier) =>
			specifier.startsWith('file:') ? fileURLToPath(specifier) : resolve(folder, specifier),
		);
}
