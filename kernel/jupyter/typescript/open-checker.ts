import { resolve } from 'node:path';
import { CellFolder } from './cell-folder.ts';
import { Checker } from './checker.ts';
import { LanguageServer } from './language-server.ts';

export interface OpenChecker {
	readonly cells: CellFolder;
	readonly checker: Checker;
}

let early: { readonly folder: string; readonly opened: OpenChecker } | null = null;

/** Starts the checker of a notebook's folder before its engine loads: it is what takes longest to get ready. */
export function openCheckerEarly(folder: string): void {
	try {
		early = { folder: resolve(folder), opened: open(resolve(folder)) };
	} catch {
		// The engine opens it again, and can tell a person why that fails.
		early = null;
	}
}

/** The checker that was started early for this folder, or a new one. */
export function openChecker(folder: string): OpenChecker {
	const prepared = early;
	early = null;
	return prepared?.folder === resolve(folder) ? prepared.opened : open(resolve(folder));
}

function open(folder: string): OpenChecker {
	const server = new LanguageServer();
	const cells = new CellFolder(folder);
	const checker = new Checker(cells, server);
	// The first look reads the types of the language and of Node.
	checker.warm({ prelude: '', code: 'Math.max(1);' });
	return { cells, checker };
}
