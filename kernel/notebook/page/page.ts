import { readFileSync } from 'node:fs';
import { type Html, html } from '../../display/html.ts';
import { pageDocument } from '../../display/report/document.ts';
import { plotlyScript } from '../../display/report/page-script.ts';
import type { CodeCell, NotebookCell, NotebookDocument } from '../document.ts';
import { sourceHtml } from './code.ts';
import { type Heading, markdownHtml } from './markdown.ts';
import { type OutputContext, outputHtml } from './output.ts';

export interface NotebookPage {
	/** The file's name: the title where no cell has a heading. */
	readonly name: string;
	/** Where pictures that Markdown cells name are looked for; null for nowhere. */
	readonly folder: string | null;
	/** Assay's own version. */
	readonly version: string;
}

/**
 * A notebook as one HTML file that needs nothing else. What stands in the notebook is untrusted: no request leaves the
 * page, and no script but its own runs in it.
 */
export function notebookPage(document: NotebookDocument, { name, folder, version }: NotebookPage): string {
	const context: OutputContext = { folder, headings: [], figures: 0 };
	const cells = document.cells.map((cell, i) => cellHtml(cell, i, context));
	const body = html`${header(document, name)}
<div class="layout${context.headings.length > 1 ? '' : ' single'}">
${context.headings.length > 1 ? contents(context.headings) : null}
<main id="cells">
${cells}
</main>
</div>`;
	return pageDocument({
		title: context.headings.find(({ level }) => level === 1)?.text ?? name,
		version,
		plotly: context.figures > 0 ? plotlyScript() : null,
		style: readFileSync(new URL('notebook.css', import.meta.url), 'utf8'),
		kind: 'notebook',
		skip: { anchor: 'cells', text: 'Skip to the cells' },
		body,
	});
}

function header({ cells, metadata }: NotebookDocument, name: string): Html {
	const params = Object.entries(
		(metadata.assay as { params?: Record<string, unknown> } | undefined)?.params ?? {},
	);
	const run = cells.some((cell) => cell.cell_type === 'code' && cell.execution_count !== null);
	return html`<header>
<p class="kicker">Assay notebook</p>
<p class="byline"><span>${name}</span>${params.map(([param, value]) => html` <span>${param} = ${String(value)}</span>`)}${run ? null : html` <span class="outcome partial">not run</span>`}
<label class="hide-code"><input type="checkbox" id="hide-code"> hide code</label></p>
</header>`;
}

function contents(headings: readonly Heading[]): Html {
	const shown = headings.filter(({ level }) => level <= 3);
	return html`<nav aria-label="Contents"><ul>${shown.map(
		({ level, text, id }) =>
			html`<li${level > 2 ? html` class="inner"` : null}><a href="#${id}">${text}</a></li>`,
	)}</ul></nav>`;
}

function cellHtml(cell: NotebookCell, index: number, context: OutputContext): Html {
	const id = html`id="cell-${index + 1}"`;
	if (cell.cell_type === 'code') return codeHtml(cell, id, context);
	return cell.cell_type === 'markdown'
		? html`<div class="cell prose" ${id}>${markdownHtml(cell.source, context, cell)}</div>\n`
		: html`<div class="cell" ${id}><pre class="stream">${cell.source}</pre></div>\n`;
}

/** An empty cell is nothing on a page. */
function codeHtml(cell: CodeCell, id: Html, context: OutputContext): Html {
	const { source, execution_count: count, outputs } = cell;
	if (source.trim() === '' && outputs.length === 0) return html``;
	return html`<div class="cell code" ${id}>
<div class="cell-source"><span class="count" aria-hidden="true">${count === null ? '' : `[${count}]`}</span><pre tabindex="0" aria-label="${count === null ? 'Code' : `Code of cell ${count}`}">${sourceHtml(source)}</pre></div>
<div class="outputs">${outputs.map((output) => outputHtml(output, context))}</div>
</div>\n`;
}
