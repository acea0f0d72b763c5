import { define, UserError } from '../define.ts';
import { randomStream } from '../random.ts';
import type { Row } from '../values/data.ts';
import { type Estimate, isEstimate } from '../values/estimate.ts';
import { labelOf } from '../values/labelled.ts';
import type { RowFunction } from '../values/row-function.ts';
import type { Lineage, Table, TableColumn } from '../values/table.ts';
import { isGap } from './cells.ts';
import { Keys } from './clusters.ts';
import { LEVEL } from './interval.ts';
import { type PairedRows, pairRows } from './pair-rows.ts';
import { meanDifference, resampledDifference } from './paired-columns.ts';

export interface ContrastOptions {
	/** The condition to compare: one of the table's groups. */
	readonly on: RowFunction;
	/** Label of the level that the others are compared with. */
	readonly baseline: string;
	/** What makes two rows of different levels a pair. */
	readonly paired: RowFunction;
	/** Pairs with one value here hang together. */
	readonly cluster?: RowFunction | null;
	readonly level?: number;
	/** Resamples for columns that are not means of rows. */
	readonly resamples?: number;
	readonly seed: number;
}

/**
 * Every level of one condition against its baseline, within each combination of the other groups: level - baseline over
 * pairs. Means of rows are compared by their paired differences, other aggregates by a bootstrap over pairs.
 */
export function contrast(table: Table, options: ContrastOptions): Table {
	const { lineage } = table;
	if (!lineage)
		throw new UserError(
			`"${table.name}" was made from another table, so its rows cannot be paired`,
			'use contrast on the table that groups the rows',
		);
	const column = comparedColumn(table, lineage, options.on);
	const others = table.columns.filter((c) => c.role === 'group' && c.name !== column);
	const values = table.columns.filter((c) => c.role === 'value' && isNumeric(table.rows, c.name));
	const { pairs, lonely } = comparisons(table, column, others, options.baseline);
	const compare = comparer(lineage, options);
	const rows = pairs.map(({ base, level }) => {
		const name = (index: number): string => String(labelOf(table.rows[index]?.[column]));
		const row: Record<string, unknown> = {};
		for (const other of others) row[other.name] = table.rows[level]?.[other.name];
		// Read by expressions that name the condition; not shown, as the contrast says it.
		row[column] = table.rows[level]?.[column];
		row.contrast = `${name(level)} − ${name(base)}`;
		const paired = compare.pair(level, base);
		for (const { name: value } of values) {
			const gaps = Math.max(...[level, base].map((at) => missingIn(table.rows[at]?.[value])));
			row[value] = compare.column(value, paired, gaps);
		}
		return row;
	});
	const columns: TableColumn[] = [...others, { name: 'contrast', role: 'group' }, ...values];
	return {
		...table,
		columns,
		rows,
		notices: [...table.notices, ...noticesOf(table, values, lonely, options)],
		lineage: null,
	};
}

const missingIn = (cell: unknown): number => (isEstimate(cell) ? cell.missing : 0);

function isNumeric(rows: readonly Row[], name: string): boolean {
	return rows.every((row) => isEstimate(row[name]) || typeof row[name] === 'number' || isGap(row[name]));
}

/** The group column that `on` spells: the one whose label is that of `on` in every group. */
function comparedColumn(table: Table, lineage: Lineage, on: RowFunction): string {
	const groups = table.columns.filter((column) => column.role === 'group').map((column) => column.name);
	const fits = groups.filter((name) =>
		lineage.groups.every(
			(rows, i) => rows.length === 0 || labelOf(table.rows[i]?.[name]) === labelOf(on(rows[0] as number)),
		),
	);
	const found = fits.find((name) => name === on.label) ?? fits[0];
	if (found === undefined) {
		const named = on.label ? `\`${on.label}\`` : 'what `on` names';
		throw new UserError(
			`${named} is not one of the groups of "${table.name}"`,
			`it is grouped by ${groups.join(', ')}`,
		);
	}
	return found;
}

/** Positions of two rows of the table that are compared. */
interface Comparison {
	readonly base: number;
	readonly level: number;
}

function comparisons(
	table: Table,
	column: string,
	others: readonly TableColumn[],
	baseline: string,
): { pairs: Comparison[]; lonely: number } {
	const levelOf = (row: Row | undefined): string => String(labelOf(row?.[column]));
	const restOf = (row: Row): string => JSON.stringify(others.map((other) => labelOf(row[other.name])));
	const bases = new Map<string, number>();
	table.rows.forEach((row, i) => {
		if (levelOf(row) === baseline) bases.set(restOf(row), i);
	});
	if (bases.size === 0) {
		const levels = [...new Set(table.rows.map(levelOf))];
		throw new UserError(
			`no group of "${table.name}" has ${column} "${baseline}"`,
			`the levels are ${levels.map((l) => `"${l}"`).join(', ')}`,
		);
	}
	const pairs: Comparison[] = [];
	let lonely = 0;
	table.rows.forEach((row, level) => {
		if (levelOf(row) === baseline) return;
		const base = bases.get(restOf(row));
		if (base === undefined) lonely++;
		else pairs.push({ base, level });
	});
	return { pairs, lonely };
}

function noticesOf(
	table: Table,
	values: readonly TableColumn[],
	lonely: number,
	{ baseline }: ContrastOptions,
): string[] {
	const dropped = table.columns.filter((c) => c.role === 'value' && !values.includes(c)).map((c) => c.name);
	return [
		...(lonely > 0
			? [`${lonely} ${lonely === 1 ? 'group has' : 'groups have'} no "${baseline}" to be compared with`]
			: []),
		...(dropped.length > 0 ? [`not numbers, so not compared: ${dropped.join(', ')}`] : []),
	];
}

interface Comparer {
	pair(level: number, base: number): PairedRows;
	/** `gaps`: rows that the column itself leaves out. */
	column(name: string, paired: PairedRows, gaps: number): Estimate;
}

function comparer(lineage: Lineage, options: ContrastOptions): Comparer {
	const { paired, cluster = null, level = LEVEL, resamples = 2000, seed } = options;
	const pairKeys = new Keys();
	const clusterKeys = new Keys();
	const keyOf = (row: number): number => pairKeys.number(paired(row));
	const clusterOf = cluster ? (row: number): number => clusterKeys.number(cluster(row)) : null;
	// Keys are numbered while rows are read, so the same row must be asked once only: a missing key is new every time.
	const numbers = lineage.groups.map((rows) => Int32Array.from(rows, keyOf));
	return {
		pair: (a, b) =>
			pairRows(
				{ rows: lineage.groups[a] as Int32Array, keys: numbers[a] as Int32Array },
				{ rows: lineage.groups[b] as Int32Array, keys: numbers[b] as Int32Array },
				pairKeys.count,
				clusterOf,
			),
		column: (name, rows, gaps) => {
			const cells = lineage.rowValues(name);
			if (cells) return meanDifference(cells, rows, level);
			const evaluate = (indices: Int32Array): number | null => {
				const result = lineage.evaluate(name, indices);
				return isEstimate(result) ? result.value : result;
			};
			const missing = rows.incomplete + gaps;
			const random = randomStream(seed, 'contrast');
			return resampledDifference(evaluate, rows, { level, resamples, missing, random });
		},
	};
}

interface ContrastArgs extends ContrastOptions {
	readonly table: Table;
	readonly level: number;
	readonly resamples: number;
}

export const contrastDefinition = define<ContrastArgs, Table>({
	name: 'contrast',
	signature:
		'contrast(table: Table<R, S>, on: S -> Any, baseline: Text, paired: S -> Any, cluster: (S -> Any)?, level: Number = 0.95, resamples: Number = 2000, seed: Number = study) -> Table<{...R, contrast: Text}>',
	doc: "Compares every level of the condition `on` with `baseline`, within each combination of the other groups, over rows that agree in `paired`. Each column becomes the difference level - baseline with its own standard error over pairs, 95% interval, number of pairs and test: for a mean of true and false (also by wilson) McNemar's exact test and Newcombe's interval, for other means the paired t test, for other aggregates a bootstrap over pairs. Several rows of one pair are averaged first. Pairs with a missing side are left out and counted. With `cluster`, pairs of one cluster are taken to hang together.",
	cite: 'McNemar 1947; Newcombe 1998, Stat. Med. 17:2635; Miller 2024, arXiv:2411.00640',
	example: 'table effect = contrast(bias, on: c, baseline: "Q", paired: x)',
	version: 2,
	run: ({ table, ...options }) => contrast(table, options),
});
