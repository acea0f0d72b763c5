import { BoolColumn, type Column, NumberColumn, ValueColumn } from '../../values/column.ts';
import { Missing } from '../../values/missing.ts';
import type { CellType } from './cell-type.ts';

/** What a file does not have. One value for all cells: the place is the cell's own. */
export const ABSENT = new Missing('absent', 'the data has no value here');

/** Collects one column's cells, in 8 bytes a row for numbers and one for booleans. Cells must already fit the type. */
export interface ColumnBuilder {
	add(value: unknown): void;
	finish(): Column;
}

export function columnBuilder(type: CellType): ColumnBuilder {
	const kind = type.kind === 'option' ? type.inner.kind : type.kind;
	if (kind === 'number' || kind === 'prob') return new NumberBuilder();
	if (kind === 'bool') return new BoolBuilder();
	return new ValueBuilder();
}

class NumberBuilder implements ColumnBuilder {
	private values = new Float64Array(1024);
	private readonly missing = new Map<number, Missing>();
	private length = 0;

	add(value: unknown): void {
		if (this.length === this.values.length)
			this.values = grown(this.values, new Float64Array(this.length * 2));
		if (isAbsent(value)) this.missing.set(this.length, ABSENT);
		else this.values[this.length] = value as number;
		this.length++;
	}

	finish(): Column {
		return new NumberColumn(this.values.slice(0, this.length), this.missing);
	}
}

class BoolBuilder implements ColumnBuilder {
	private values = new Uint8Array(1024);
	private readonly missing = new Map<number, Missing>();
	private length = 0;

	add(value: unknown): void {
		if (this.length === this.values.length) this.values = grown(this.values, new Uint8Array(this.length * 2));
		if (isAbsent(value)) this.missing.set(this.length, ABSENT);
		else this.values[this.length] = value === true ? 1 : 0;
		this.length++;
	}

	finish(): Column {
		return new BoolColumn(this.values.slice(0, this.length), this.missing);
	}
}

class ValueBuilder implements ColumnBuilder {
	private readonly values: unknown[] = [];

	add(value: unknown): void {
		this.values.push(isAbsent(value) ? ABSENT : value);
	}

	finish(): Column {
		return new ValueColumn(this.values);
	}
}

const isAbsent = (value: unknown): boolean => value === null || value === undefined;

function grown<T extends Float64Array | Uint8Array>(from: T, to: T): T {
	to.set(from);
	return to;
}
