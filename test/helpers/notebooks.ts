import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import {
	bundleText,
	type NotebookDocument,
	type NotebookOutput,
	notebookText,
	parseNotebook,
} from '../../kernel/notebook/document.ts';
import { studyFolder } from './assay.ts';
import { coins } from './coins.ts';

/** A notebook of code cells; a text that begins with `#md` is a Markdown cell. */
export function notebookOf(sources: readonly string[]): NotebookDocument {
	const cells = sources.map((source, i) =>
		source.startsWith('#md')
			? { cell_type: 'markdown', id: `cell-${i}`, metadata: {}, source: source.slice(3).trimStart() }
			: { cell_type: 'code', id: `cell-${i}`, metadata: {}, source, execution_count: null, outputs: [] },
	);
	const metadata = {
		kernelspec: { name: 'assay', display_name: 'Assay (TypeScript)', language: 'typescript' },
	};
	return parseNotebook(JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }), 'test.ipynb');
}

/** A folder with a notebook `study.ipynb` of these cells, and other files. */
export function notebookFolder(
	t: ExecutionContext,
	sources: readonly string[],
	files: Readonly<Record<string, string>> = {},
): { readonly cwd: string; readonly notebook: string } {
	const folder = studyFolder({ 'study.ipynb': notebookText(notebookOf(sources)), ...files });
	t.teardown(folder.remove);
	return { cwd: folder.path, notebook: join(folder.path, 'study.ipynb') };
}

export const outputsOf = (document: NotebookDocument): NotebookOutput[][] =>
	document.cells.flatMap((cell) => (cell.cell_type === 'code' ? [cell.outputs] : []));

/** Each output in a line of plain text. */
export const plain = (output: NotebookOutput): string =>
	output.output_type === 'stream'
		? output.text
		: output.output_type === 'error'
			? `${output.ename}: ${output.evalue}`
			: bundleText(output.data['text/plain'] ?? output.data['text/html'] ?? '');

/** A study cell of twenty calls of the simulated responder, with a table and a figure. */
export const COINS = `%%assay\n${coins('Coins')}figure f = bar(t, x: rate, y: rate)\n`;
