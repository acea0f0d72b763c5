import { basename, dirname, extname, resolve } from 'node:path';
import { createRedact } from '../engine/calls/redact.ts';
import { readNotebook } from '../notebook/document.ts';
import { type Action, EXIT, textOption } from './command.ts';
import { version } from './version.ts';
import { writeWhole } from './write-whole.ts';

/** Writes a notebook, as it is, as one page. */
export const notebookExport: Action = async (invocation) => {
	const path = invocation.operands[0] as string;
	const document = readNotebook(path);
	const out = textOption(invocation, 'out') ?? `${path.slice(0, path.length - extname(path).length)}.html`;
	const { notebookPage } = await import('../notebook/page/page.ts');
	const page = notebookPage(document, { name: basename(path), folder: dirname(resolve(path)), version });
	writeWhole(out, createRedact()(page), 'the page');
	invocation.terminal.err.write(`${out}: ${(page.length / 1e6).toFixed(1)} MB\n`);
	return EXIT.done;
};
