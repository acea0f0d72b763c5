import { UserError } from '../../define.ts';
import type { Data } from '../../values/data.ts';
import { Labelled, labelOf } from '../../values/labelled.ts';
import { isMissing } from '../../values/missing.ts';
import type { Table } from '../../values/table.ts';

/** An expression over columns, by row number. */
export type RowFunction<T = unknown> = (row: number) => T;

export const isTable = (value: unknown): value is Table =>
	typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'table';

/** The rows whose numbers are listed, in that order. */
export const pick = (data: Data, rows: readonly number[] | Int32Array): Data =>
	data.take(Int32Array.from(rows));

/** A number of rows that somebody asked for. */
export function wholeNumber(value: number, name: string): number {
	if (Number.isInteger(value) && value >= 0) return value;
	throw new UserError(`${name} must be a whole number of rows, found ${value}`);
}

/** What tells groups apart: equal text and numbers are one group, 1 and "1" are two. Null for a missing value. */
export function groupKey(value: unknown): string | null {
	const plain = value instanceof Labelled ? value.name : value;
	if (isMissing(plain) || plain === null || plain === undefined) return null;
	const label = labelOf(plain);
	return `${typeof label} ${label}`;
}

/** Row numbers by group, groups in the order of their first row; rows without a value are in none. */
export function groupRows(data: Data, by: RowFunction): Map<string, number[]> {
	const groups = new Map<string, number[]>();
	for (let row = 0; row < data.length; row++) {
		const key = groupKey(by(row));
		if (key === null) continue;
		const rows = groups.get(key);
		if (rows) rows.push(row);
		else groups.set(key, [row]);
	}
	return groups;
}

export const groupedCount = (groups: ReadonlyMap<string, readonly number[]>): number => {
	let count = 0;
	for (const rows of groups.values()) count += rows.length;
	return count;
};
