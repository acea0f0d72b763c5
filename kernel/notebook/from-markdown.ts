import type { NotebookCell, NotebookDocument } from './document.ts';

/** Kernel and language as `assay install` and `kernel_info` say them. */
const METADATA = {
	kernelspec: { name: 'assay', display_name: 'Assay (TypeScript)', language: 'typescript' },
	language_info: {
		name: 'typescript',
		file_extension: '.ts',
		mimetype: 'text/typescript',
		pygments_lexer: 'typescript',
		codemirror_mode: 'typescript',
	},
};

/** A block of code; what stands between two of them is one Markdown cell. */
const FENCE = /^```(assay|typescript)\n([\s\S]*?)^```$/gm;

/**
 * A notebook written as a page: blocks of `assay` are study cells, blocks of `typescript` are TypeScript cells, the text
 * between them Markdown. Cells have no outputs, and ids by their place, so that the same page gives the same notebook.
 */
export function notebookFromMarkdown(text: string): NotebookDocument {
	const sources: Pick<NotebookCell, 'cell_type' | 'source'>[] = [];
	let end = 0;
	for (const block of text.matchAll(FENCE)) {
		const [whole, language, code = ''] = block;
		sources.push(...prose(text.slice(end, block.index)));
		const head = language === 'assay' ? '%%assay\n' : '';
		sources.push({ cell_type: 'code', source: head + code.trimEnd() });
		end = block.index + whole.length;
	}
	sources.push(...prose(text.slice(end)));
	return { nbformat: 4, nbformat_minor: 5, metadata: METADATA, cells: sources.map(cellOf) };
}

function prose(text: string): Pick<NotebookCell, 'cell_type' | 'source'>[] {
	const source = text.trim();
	return source === '' ? [] : [{ cell_type: 'markdown', source }];
}

function cellOf(
	{ cell_type, source }: Pick<NotebookCell, 'cell_type' | 'source'>,
	place: number,
): NotebookCell {
	const id = `cell-${place + 1}`;
	return cell_type === 'code'
		? { cell_type, id, source, metadata: {}, execution_count: null, outputs: [] }
		: { cell_type, id, source, metadata: {} };
}
