import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Checker } from './checker.ts';
import { typeErrorTexts } from './errors.ts';
import type { CellContext } from './known-names.ts';
import { Recent } from './recent.ts';
import type { TypeDiagnostic } from './server-answers.ts';

/** A TypeScript file that a cell imports, and what changes when it or one of its own imports does. */
export interface ImportedFile {
	readonly path: string;
	readonly version: string;
}

const FILES_KEPT = 500;
/** A folder may say that parameters need no types; cells are strict, and would complain of them all. */
const isOfStrictness = ({ code }: TypeDiagnostic): boolean => code >= 7000 && code < 7100;

/** Type errors in the files that cells import. A file is looked at again when it or what it imports has changed. */
export class FileErrors {
	private readonly checker: Checker;
	private readonly folder: string;
	private readonly known = new Recent<string, readonly string[]>(FILES_KEPT);

	constructor(checker: Checker, folder: string) {
		this.checker = checker;
		this.folder = folder;
	}

	/** What is wrong in files that a cell imports, each with file, line and what is meant; empty where nothing is. */
	async in(cell: CellContext, files: readonly ImportedFile[]): Promise<string> {
		const fresh = files.filter((file) => !this.known.get(keyOf(file)));
		const found =
			fresh.length > 0
				? await this.checker.checkFiles(
						cell,
						fresh.map(({ path }) => path),
					)
				: [];
		for (const [i, file] of fresh.entries())
			this.known.set(keyOf(file), this.texts(file.path, found[i] ?? []));
		return files.flatMap((file) => this.known.get(keyOf(file)) ?? []).join('\n');
	}

	private texts(path: string, found: readonly TypeDiagnostic[]): readonly string[] {
		const errors = found.filter((one) => !isOfStrictness(one));
		return errors.length === 0
			? []
			: typeErrorTexts(relative(this.folder, path), readFileSync(path, 'utf8'), errors);
	}
}

const keyOf = ({ path, version }: ImportedFile): string => `${path}\0${version}`;
