import { decimalsFor, shortNumber } from '../../../stdlib/statistics/digits.ts';
import { type Estimate, isEstimate } from '../../../stdlib/values/estimate.ts';
import { labelOf } from '../../../stdlib/values/labelled.ts';
import { isMissing } from '../../../stdlib/values/missing.ts';
import type { Table, TableColumn } from '../../../stdlib/values/table.ts';
import { count } from '../amounts.ts';
import { type EstimateStyle, isSymmetric, levelText, numberText, pText } from '../estimate-text.ts';
import { type Html, html, trustedHtml } from '../html.ts';
import { legendSentence, tableLegend } from '../table-legend.ts';

/** A table of results: numbers with their uncertainty, how it was found when pointed at, and what must be said with it. */
export function valueTable(table: Table): Html {
	const writers = table.columns.map((column) => cellWriter(table, column));
	const body = table.rows.map(
		(row) => html`<tr>${table.columns.map((column, i) => writers[i]?.(row[column.name]) ?? null)}</tr>`,
	);
	const empty = html`<tr><td colspan="${table.columns.length}" class="none">no rows</td></tr>`;
	return html`<div class="scroll fit" tabindex="0" role="region" aria-label="Table ${table.name}">
<table class="results" data-sortable>
<caption class="sr">${table.name}</caption>
<thead><tr>${table.columns.map((column, i) => html`<th scope="col" class="${column.role}${isNumeric(table, i) ? ' num' : ''}">${column.name}</th>`)}</tr></thead>
<tbody>${body.length > 0 ? body : empty}</tbody>
</table></div>
${legend(table)}${table.notices.map((notice) => html`<p class="table-notice">${notice}</p>`)}`;
}

const isNumeric = (table: Table, column: number): boolean => {
	const name = table.columns[column]?.name as string;
	const cells = table.rows
		.map((row) => row[name])
		.filter((cell) => cell !== null && cell !== undefined && !isMissing(cell));
	return cells.length > 0 && cells.every((cell) => typeof cell === 'number' || isEstimate(cell));
};

function cellWriter(table: Table, { name, role }: TableColumn): (cell: unknown) => Html {
	const cells = table.rows.map((row) => row[name]);
	const estimates = cells.filter(isEstimate);
	const decimals = decimalsFor(estimates);
	const style: EstimateStyle = { decimals, signed: estimates.some((e) => e.test && e.value !== null) };
	const column: EstimateColumn = {
		style,
		symmetric: estimates.every((e) => isSymmetric(e, decimals)),
		besideWidth: Math.max(0, ...estimates.map((e) => besideText(e).length)),
	};
	return (cell) => {
		if (isEstimate(cell)) return estimateCell(cell, column);
		if (isMissing(cell))
			return html`<td data-sort=""><span class="missing" title="${cell.message}">missing: ${cell.reason}</span></td>`;
		if (typeof cell === 'number') return html`<td class="num" data-sort="${cell}">${shortNumber(cell)}</td>`;
		const label = labelOf(cell);
		if (label === null) return html`<td data-sort="">–</td>`;
		const text = String(label);
		const short = text.length <= 28 ? ' class="short"' : '';
		return role === 'group'
			? html`<th scope="row"${trustedHtml(short)}>${text}</th>`
			: html`<td${trustedHtml(short)}>${text}</td>`;
	};
}

interface EstimateColumn {
	readonly style: EstimateStyle;
	/** Every interval is its value ± half its width. */
	readonly symmetric: boolean;
	/** Characters that the longest text beside a number has: as much room in every cell puts the numbers under each other. */
	readonly besideWidth: number;
}

const countText = ({ n }: Estimate): string => `(n = ${count(n)}`;
const missingText = ({ missing }: Estimate): string => (missing > 0 ? `${count(missing)} missing` : '');
const testText = ({ test }: Estimate): string => (test ? ` ${pText(test.p)}` : '');
const besideText = (e: Estimate): string =>
	`${countText(e)}${e.missing > 0 ? `, ${missingText(e)}` : ''})${testText(e)}`;

function estimateCell(estimate: Estimate, { style, symmetric, besideWidth }: EstimateColumn): Html {
	const { value, missing } = estimate;
	const sort = value === null ? '' : String(value);
	const number =
		value === null
			? html`<span class="none">no value</span>`
			: html`${numberText(value, style)}${intervalOf(estimate, style, symmetric)}`;
	const gone = missing > 0 ? html`, <span class="gone">${missingText(estimate)}</span>` : null;
	const beside = html`<span class="n" style="min-width:${Math.ceil(besideWidth * 0.9)}ch">${countText(estimate)}${gone})${testText(estimate)}</span>`;
	return html`<td class="num" data-sort="${sort}"><span class="est" tabindex="0">${number} ${beside}${tip(estimate)}</span></td>`;
}

function intervalOf(estimate: Estimate, { decimals }: EstimateStyle, symmetric: boolean): Html | null {
	const { low, high } = estimate;
	if (low === null || high === null) return null;
	const text = symmetric
		? `± ${((high - low) / 2).toFixed(decimals)}`
		: `[${low.toFixed(decimals)}, ${high.toFixed(decimals)}]`;
	return html` <span class="pm">${text}</span>`;
}

/** What stands behind a number, shown when it is pointed at or has the focus, and in print. */
function tip(estimate: Estimate): Html {
	const { value, se, low, high, level, n, missing, clusters, method, test } = estimate;
	const facts: (readonly [string, string])[] = [];
	if (value !== null) facts.push(['value', precise(value)]);
	if (low !== null && high !== null)
		facts.push([`${levelText(level)} interval`, `${precise(low)} to ${precise(high)}`]);
	if (se !== null) facts.push(['standard error', precise(se)]);
	facts.push(['rows', `${count(n)}${clusters === null ? '' : ` in ${count(clusters)} clusters`}`]);
	if (missing > 0) facts.push(['left out', `${count(missing)} with a missing value`]);
	if (test) facts.push([test.name, pText(test.p)]);
	facts.push(['method', method]);
	return html`<span class="tip" role="tooltip">${facts.map(([name, text]) => html`<span class="tip-row"><b>${name}</b> <span>${text}</span></span>`)}</span>`;
}

const precise = (value: number): string => shortNumber(value, 5);

function legend(table: Table): Html | null {
	const found = tableLegend(table);
	return found && html`<p class="legend">${legendSentence(found)}</p>`;
}
