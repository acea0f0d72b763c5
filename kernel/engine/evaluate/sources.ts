import type { Column } from '../../../stdlib/values/column.ts';
import { RefColumn, ValueColumn, ViewColumn } from '../../../stdlib/values/column.ts';
import { Data, type Row } from '../../../stdlib/values/data.ts';
import { Labelled } from '../../../stdlib/values/labelled.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { isTable } from '../../../stdlib/values/table.ts';
import { Fault } from './fault.ts';
import { plain } from './operations.ts';
import { describe } from './shapes.ts';

/** What a `for` goes over, as a column: rows, list items, labelled record fields. */
export function sourceColumn(value: unknown, labelled: boolean, loc: number | null): Column {
	const source = plain(value);
	if (source instanceof Missing) throw new Fault(`there is nothing to go over: ${source.message}`, loc);
	if (Array.isArray(source)) return new ValueColumn(source);
	if (source instanceof Data) {
		DATA_OF_ROWS.set(source.rows, source);
		return source.rows;
	}
	if (isTable(source)) return new ValueColumn(source.rows);
	if (labelled && typeof source === 'object' && source !== null) {
		return new ValueColumn(Object.entries(source).map(([name, item]) => new Labelled(name, item)));
	}
	throw new Fault(`a for goes over a list, a record or a data set, found ${describe(source)}`, loc);
}

const DATA_OF_ROWS = new WeakMap<Column, Data>();

/**
 * A variable that goes over a data set, its rows made once and not at every look: equal rows are then the same object.
 * Any other column is given back.
 */
export function remembered(column: Column): Column {
	if (!(column instanceof RefColumn && DATA_OF_ROWS.has(column.source))) return column;
	const { source, indices } = column;
	const made = new Map<number, unknown>();
	return new ViewColumn(column.length, (row) => {
		const index = indices[row] as number;
		if (!made.has(index)) made.set(index, source.get(index));
		return made.get(index);
	});
}

/**
 * When a column's values are rows of a data set, `column.field` read without making the rows: which column of the data
 * set it is, and at which of its places each row looks. Null otherwise.
 */
export function fieldColumn(column: Column, field: string): RefColumn<unknown> | null {
	if (!(column instanceof RefColumn)) return null;
	const values = DATA_OF_ROWS.get(column.source)?.columns.get(field);
	return values ? new RefColumn(values, column.indices) : null;
}

export const countColumn = (length: number): Column<number> => new ViewColumn(length, (i) => i);

/** A table's rows as a data set, so that what reads rows by name works on both. */
export function dataOf(value: unknown): Data | null {
	const source = plain(value);
	if (source instanceof Data) return source;
	if (!isTable(source)) return null;
	return Data.fromRows(
		source.rows as readonly Row[],
		[],
		source.columns.map((column) => column.name),
	);
}

export function repeatCount(value: unknown, loc: number | null): number {
	const count = plain(value);
	if (typeof count === 'number' && Number.isInteger(count) && count >= 0) return count;
	throw new Fault(`repeat takes a whole number from 0, found ${describe(count)}`, loc);
}
