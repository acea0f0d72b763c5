import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { parse } from '../../../dsl/parser/parser.ts';
import { studyText } from '../../jupyter/study/study-text.ts';
import { localImports } from '../../jupyter/typescript/local-files.ts';
import { existing } from '../../jupyter/typescript/module-path.ts';
import type { NotebookDocument } from '../document.ts';

export interface UsedFiles {
	/** Absolute paths, sorted; the notebook is not among them. */
	readonly files: readonly string[];
	/** Sentences about files that do not travel. */
	readonly notes: readonly string[];
}

const CODE = /\.[cm]?[jt]s$/;
/** Texts in quotes of any kind, on one line. */
const QUOTED = /(["'`])((?:\\.|(?!\1)[^\\\n])+)\1/g;

/**
 * The files on this machine that a notebook's cells use, as far as their texts say: what they import, and what those
 * import; modules of `use`; and every file that a text in quotes names from the notebook's folder.
 */
export function usedFiles(document: NotebookDocument, folder: string, more: readonly string[]): UsedFiles {
	const found = new Set<string>();
	const notes: string[] = [];
	const waiting = [...more];
	for (const cell of document.cells) {
		if (cell.cell_type !== 'code') continue;
		waiting.push(...importsOfCell(cell.source, folder));
		for (const path of namedIn(cell.source, folder)) waiting.push(path);
		for (const path of absoluteIn(cell.source))
			notes.push(`${path} is named by its absolute path, which is not there on other machines`);
	}
	for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
		const path = existing(next);
		if (path === null || found.has(path)) continue;
		if (/^\.env(?:\.|$)/.test(basename(path))) {
			notes.push(`${relative(folder, path)} is left out: files of that name hold keys`);
			continue;
		}
		found.add(path);
		if (!CODE.test(path)) continue;
		const text = readFileSync(path, 'utf8');
		waiting.push(...localImports(text, dirname(path)), ...namedIn(text, folder));
	}
	return { files: [...found].sort(), notes };
}

function importsOfCell(source: string, folder: string): string[] {
	const study = studyText(source);
	if (study === null) return localImports(source, folder);
	return parse(study).program.declarations.flatMap((declaration) =>
		declaration.kind === 'use' && declaration.from ? [resolve(folder, declaration.from.path)] : [],
	);
}

/** Files whose path from the folder stands in quotes. */
function namedIn(text: string, folder: string): string[] {
	return quoted(text)
		.filter((name) => !isAbsolute(name) && isFile(resolve(folder, name)))
		.map((name) => resolve(folder, name));
}

const absoluteIn = (text: string): string[] =>
	quoted(text).filter((name) => isAbsolute(name) && isFile(name));

const quoted = (text: string): string[] =>
	[...text.matchAll(QUOTED)].map((match) => match[2] as string).filter((name) => name.length < 300);

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** The folder that all paths are in: the deepest one. */
export function commonFolder(paths: readonly string[]): string {
	const [first = [], ...rest] = paths.map((path) => dirname(path).split(sep));
	const same = first.findIndex((part, i) => rest.some((other) => other[i] !== part));
	return (same < 0 ? first : first.slice(0, same)).join(sep) || sep;
}

/** The notebook's path as the file system spells it, links followed. */
export const realNotebook = (path: string): string =>
	join(realpathSync(dirname(resolve(path))), basename(path));
