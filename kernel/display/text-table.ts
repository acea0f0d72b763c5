import { decimalsFor, shortNumber } from '../../stdlib/statistics/digits.ts';
import { type Estimate, isEstimate } from '../../stdlib/values/estimate.ts';
import { labelOf } from '../../stdlib/values/labelled.ts';
import { isMissing } from '../../stdlib/values/missing.ts';
import type { Table } from '../../stdlib/values/table.ts';
import { hasInterval, isSymmetric, numberText, pText } from './estimate-text.ts';
import { type Paint, paint } from './paint.ts';
import { displayWidth, printable } from './printable.ts';
import { tableLegend } from './table-legend.ts';
import { clipText, padText, wrapText } from './text-fit.ts';

export interface TextTableOptions {
	/** Columns of the terminal. */
	readonly width?: number;
	readonly color?: boolean;
	/** Rows shown before the rest is only counted. */
	readonly rows?: number;
}

/**
 * A table of results as aligned plain text. An estimate is `0.71 ± 0.03`, half its interval, where that is symmetric at
 * the digits shown, else `0.98 [0.90, 1.00]`; n, missing and clusters are columns of their own where all estimates of a
 * row share them, and stand in the cells otherwise. Tables wider than the terminal continue below with their groups repeated.
 */
export function textTable(
	table: Table,
	{ width = 80, color = false, rows = 60 }: TextTableOptions = {},
): string {
	const colors = paint(color);
	const shown: Table = { ...table, rows: table.rows.slice(0, rows) };
	const groups = table.columns.filter((c) => c.role === 'group').map((c) => labelColumn(shown, c.name));
	const values = table.columns.filter((c) => c.role === 'value');
	const counts = countColumns(shown);
	const inCells = counts === null;
	const rest = [...values.map((c) => valueColumn(shown, c.name, inCells)), ...(counts ?? [])];
	const blocks = fitBlocks(narrowed(groups, width), rest, width);
	const body =
		table.rows.length === 0
			? [colors.dim('(no rows)')]
			: blocks.map((block) => blockText(block, shown.rows.length, colors));
	const hidden = table.rows.length - shown.rows.length;
	const footer = [
		...(hidden > 0 ? [`… ${hidden} more ${hidden === 1 ? 'row' : 'rows'}`] : []),
		...legend(shown),
	].flatMap((line) => wrapText(line, width));
	const notices = table.notices.flatMap((notice) => wrapText(`! ${printable(notice)}`, width, 2));
	return [...body, ...footer.map(colors.dim), ...notices.map(colors.warning)].join('\n');
}

interface TextColumn {
	readonly title: string;
	readonly cells: readonly string[];
	readonly right: boolean;
	readonly width: number;
}

function textColumn(title: string, cells: readonly string[], right: boolean): TextColumn {
	const clean = cells.map((cell) => printable(cell));
	const head = printable(title);
	return {
		title: head,
		cells: clean,
		right,
		width: Math.max(displayWidth(head), ...clean.map(displayWidth)),
	};
}

function labelColumn(table: Table, name: string): TextColumn {
	const labels = table.rows.map((row) => labelOf(row[name]));
	const numeric = labels.every((label) => label === null || typeof label === 'number');
	const cells = labels.map((label) =>
		typeof label === 'number' ? shortNumber(label) : String(label ?? '–'),
	);
	return textColumn(name, cells, numeric);
}

function valueColumn(table: Table, name: string, withN: boolean): TextColumn {
	const cells = table.rows.map((row) => row[name]);
	const estimates = cells.filter(isEstimate);
	const decimals = decimalsFor(estimates);
	const write = estimateWriter(estimates, decimals, withN);
	const texts = cells.map((cell) => (isEstimate(cell) ? write(cell) : plainCell(cell)));
	const right = cells.every(
		(cell) => isEstimate(cell) || typeof cell === 'number' || cell === null || cell === undefined,
	);
	return textColumn(name, texts, right);
}

function plainCell(cell: unknown): string {
	if (isMissing(cell)) return `missing (${cell.reason})`;
	if (typeof cell === 'number') return shortNumber(cell);
	return String(labelOf(cell) ?? '–');
}

function estimateWriter(
	estimates: readonly Estimate[],
	decimals: number,
	withN: boolean,
): (estimate: Estimate) => string {
	const symmetric = estimates.every((e) => isSymmetric(e, decimals));
	const anyInterval = estimates.some(hasInterval);
	const signed = estimates.some((e) => e.test && e.value !== null);
	return (estimate) => {
		const { value, low, high, n, missing, test } = estimate;
		if (value === null) return ['no value', ...(withN ? [countText(n, missing)] : [])].join(' ');
		const number = numberText(value, { decimals, signed });
		const interval =
			low === null || high === null
				? anyInterval
					? ' (no interval)'
					: ''
				: symmetric
					? ` ± ${((high - low) / 2).toFixed(decimals)}`
					: ` [${low.toFixed(decimals)}, ${high.toFixed(decimals)}]`;
		return [
			`${number}${interval}`,
			...(withN ? [countText(n, missing)] : []),
			...(test ? [pText(test.p)] : []),
		].join(' ');
	};
}

const countText = (n: number, missing: number): string =>
	missing > 0 ? `(n = ${n}, ${missing} missing)` : `(n = ${n})`;

/** Columns n, missing and clusters; null where the estimates of some row differ in them. */
function countColumns(table: Table): TextColumn[] | null {
	const perRow = table.rows.map((row) => table.columns.map((c) => row[c.name]).filter(isEstimate));
	if (perRow.every((estimates) => estimates.length === 0)) return [];
	const shared = (read: (e: Estimate) => number | null): (number | null)[] | null => {
		const found = perRow.map((estimates) => [...new Set(estimates.map(read))]);
		return found.every((values) => values.length <= 1) ? found.map((values) => values[0] ?? null) : null;
	};
	const n = shared((e) => e.n);
	const missing = shared((e) => e.missing);
	if (!n || !missing) return null;
	const clusters = shared((e) => e.clusters);
	const column = (title: string, values: readonly (number | null)[]): TextColumn =>
		textColumn(
			title,
			values.map((value) => String(value ?? '–')),
			true,
		);
	return [
		column('n', n),
		...(missing.some((count) => count) ? [column('missing', missing)] : []),
		...(clusters?.some((count) => count !== null) ? [column('clusters', clusters)] : []),
	];
}

/** How the intervals were made: a line for each distinct method, with the columns that have it. */
function legend(table: Table): string[] {
	const found = tableLegend(table);
	if (!found) return [];
	const level = found.levels.length > 0 ? `${found.levels.join(', ')} intervals; ` : '';
	const tests = [...new Set(found.tests.map((name) => name.replace(/ \(.*\)$/, '')))];
	return [
		printable(`${level}${found.methods.join('; ')}${tests.length > 0 ? `; p: ${tests.join(', ')}` : ''}`),
	];
}

const GAP = 2;

const widthOf = (columns: readonly TextColumn[]): number =>
	columns.reduce((sum, column) => sum + column.width, 0) + GAP * Math.max(0, columns.length - 1);

/** Group columns cut, the widest first, until they leave half of the width to the values. */
function narrowed(groups: readonly TextColumn[], width: number): TextColumn[] {
	const columns = [...groups];
	while (widthOf(columns) > width / 2) {
		const widest = columns.reduce(
			(best, column, i) => (column.width > (columns[best] as TextColumn).width ? i : best),
			0,
		);
		const column = columns[widest] as TextColumn;
		if (column.width <= 8) break;
		columns[widest] = { ...column, width: column.width - 1 };
	}
	return columns;
}

/** Value columns shared out over blocks that each fit the width, with the groups repeated. */
function fitBlocks(
	groups: readonly TextColumn[],
	values: readonly TextColumn[],
	width: number,
): TextColumn[][] {
	const blocks: TextColumn[][] = [[...groups]];
	for (const value of values) {
		const block = blocks.at(-1) as TextColumn[];
		if (block.length > groups.length && widthOf([...block, value]) > width) blocks.push([...groups, value]);
		else block.push(value);
	}
	return blocks.map((block) => block.map((column) => ({ ...column, width: Math.min(column.width, width) })));
}

function blockText(columns: readonly TextColumn[], rows: number, colors: Paint): string {
	const line = (read: (column: TextColumn) => string): string =>
		columns
			.map((column) => padText(clipText(read(column), column.width), column.width, column.right))
			.join(' '.repeat(GAP))
			.trimEnd();
	const head = colors.bold(line((column) => column.title));
	const rule = colors.dim(columns.map((column) => '─'.repeat(column.width)).join(' '.repeat(GAP)));
	const body = Array.from({ length: rows }, (_, i) => line((column) => column.cells[i] ?? ''));
	return `${[head, rule, ...body].join('\n')}\n`;
}
