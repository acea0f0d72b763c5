import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Checker } from './checker.ts';
import { typeErrorTexts } from './errors.ts';
import type { CellContext } from './known-names.ts';
import type { ImportedFiles } from './local-files.ts';
import { Recent } from './recent.ts';
import type { TypeDiagnostic } from './server-answers.ts';

const IMPORTS_KEPT = 100;
/** A folder may say that parameters need no types; cells are strict, and would complain of them all. */
const isOfStrictness = ({ code }: TypeDiagnostic): boolean => code >= 7000 && code < 7100;

/** Type errors in the files that cells import, looked for again when one of those has changed. */
export class FileErrors {
	private readonly checker: Checker;
	private readonly folder: string;
	private readonly known = new Recent<string, string>(IMPORTS_KEPT);

	constructor(checker: Checker, folder: string) {
		this.checker = checker;
		this.folder = folder;
	}

	/** What is wrong in files that a cell imports, each with file, line and what is meant; empty where nothing is. */
	async in(cell: CellContext, { paths, version }: ImportedFiles): Promise<string> {
		if (paths.length === 0) return '';
		const known = this.known.get(version);
		if (known !== undefined) return known;
		const found = await this.checker.checkFiles(cell, paths);
		const text = paths.flatMap((path, i) => this.texts(path, found[i] ?? [])).join('\n');
		this.known.set(version, text);
		return text;
	}

	private texts(path: string, found: readonly TypeDiagnostic[]): string[] {
		const errors = found.filter((one) => !isOfStrictness(one));
		if (errors.length === 0) return [];
		return typeErrorTexts(relative(this.folder, path), readFileSync(path, 'utf8'), errors);
	}
}
