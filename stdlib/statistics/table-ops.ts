import { UserError } from '../define.ts';
import { isEstimate } from '../values/estimate.ts';
import { labelOf } from '../values/labelled.ts';
import { isMissing } from '../values/missing.ts';
import type { RowFunction } from '../values/row-function.ts';
import type { Table } from '../values/table.ts';
import { isGap } from './cells.ts';

/** The rows for which the condition is true; a condition without a value keeps no row. */
export const whereTable = (table: Table, condition: RowFunction): Table =>
	pick(
		table,
		positions(table).filter((row) => condition(row) === true),
	);

/** Rows in order of a number, an estimate's value or a label; equal ones keep their order, rows without a value come last. */
export function sortTable(table: Table, by: RowFunction, descending = false): Table {
	const keys = positions(table).map((row) => sortKey(by(row)));
	const sign = descending ? -1 : 1;
	const order = positions(table).sort((a, b) => {
		const [x, y] = [keys[a] ?? null, keys[b] ?? null];
		if (x === null || y === null) return (x === null ? 1 : 0) - (y === null ? 1 : 0) || a - b;
		return sign * compare(x, y) || a - b;
	});
	return pick(table, order);
}

/** The first n rows. */
export function takeTable(table: Table, n: number): Table {
	if (!Number.isInteger(n) || n < 0) throw new UserError(`take needs a whole number of rows, found ${n}`);
	return pick(table, positions(table).slice(0, n));
}

const positions = (table: Table): number[] => table.rows.map((_, i) => i);

/** Groups keep their rows of the source, so that a part of a table can still be contrasted. */
function pick(table: Table, rows: readonly number[]): Table {
	const { lineage } = table;
	return {
		...table,
		rows: rows.map((i) => table.rows[i] as Table['rows'][number]),
		lineage: lineage && { ...lineage, groups: rows.map((i) => lineage.groups[i] as Int32Array) },
	};
}

type SortKey = string | number | null;

function sortKey(value: unknown): SortKey {
	const plain = isEstimate(value) ? value.value : isMissing(value) ? null : labelOf(value);
	return isGap(plain) ? null : typeof plain === 'boolean' ? Number(plain) : (plain as string | number);
}

function compare(a: string | number, b: string | number): number {
	if (typeof a === 'number' && typeof b === 'number') return a - b;
	const [x, y] = [String(a), String(b)];
	return x < y ? -1 : x > y ? 1 : 0;
}
