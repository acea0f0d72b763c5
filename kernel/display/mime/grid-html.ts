import { type Html, html, trustedHtml } from '../html.ts';

export interface GridColumn {
	readonly name: string;
	/** Numbers stand on the right. */
	readonly numeric: boolean;
	/** Long texts: not squeezed into a word a line where there are many columns. */
	readonly wide?: boolean;
}

export interface Grid {
	readonly columns: readonly GridColumn[];
	/** Rows that are shown; null is a gap where rows were left out. */
	readonly rows: readonly (readonly Html[] | null)[];
	/** Lines under the grid: how many rows there are, how numbers were made. */
	readonly notes: readonly string[];
	/** What must be said with the numbers. */
	readonly notices: readonly string[];
}

const SIDE = {
	left: trustedHtml('text-align:left'),
	wide: trustedHtml('text-align:left;min-width:14em'),
	right: trustedHtml('text-align:right'),
};
const NOTE = trustedHtml('margin:2px 0;font-size:smaller;opacity:0.75');
const NOTICE = trustedHtml(
	'margin:2px 0;font-size:smaller;border-left:3px solid #e0b04a;padding-left:6px;color:inherit',
);

/** A table for a notebook's output: plain elements with their own style, since front ends drop style sheets. */
export function gridHtml({ columns, rows, notes, notices }: Grid): string {
	const sides = columns.map(({ numeric, wide }) => (numeric ? SIDE.right : wide ? SIDE.wide : SIDE.left));
	const head = columns.map(({ name }, i) => html`<th style="${sides[i] as Html}">${name}</th>`);
	const body = rows.map((cells) =>
		cells
			? html`<tr>${cells.map((cell, i) => html`<td style="${sides[i] as Html}">${cell}</td>`)}</tr>`
			: html`<tr>${columns.map((_, i) => html`<td style="${sides[i] as Html}">⋮</td>`)}</tr>`,
	);
	return html`<div class="assay-table"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>${notes.map((note) => html`<p style="${NOTE}">${note}</p>`)}${notices.map((notice) => html`<p style="${NOTICE}">${notice}</p>`)}</div>`
		.text;
}

/** Numbers of the rows that are shown: all of them, or the first and the last with null between. */
export function shownRows(length: number, most: number): readonly (number | null)[] {
	if (length <= most) return Array.from({ length }, (_, i) => i);
	const half = Math.max(1, most >> 1);
	return [
		...Array.from({ length: half }, (_, i) => i),
		null,
		...Array.from({ length: half }, (_, i) => length - half + i),
	];
}
