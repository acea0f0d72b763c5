import { Choice } from '../../../stdlib/values/choice.ts';
import { BoolColumn, type Column, NumberColumn, ValueColumn } from '../../../stdlib/values/column.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { plain } from '../evaluate/operations.ts';
import { describe } from '../evaluate/shapes.ts';
import { ChoiceColumnBuilder } from './choice-builder.ts';

/** A column in the making: rows arrive in any order, each once. */
export interface ColumnBuilder {
	/** Keeps a cell and returns it as kept: a value of the wrong type is a failed cell. */
	set(row: number, value: unknown): unknown;
	/** Rows `from` to before `to`, all of which have arrived. */
	part(from: number, to: number): Column;
	/** The finished column; rows that never arrived become `unset`. */
	finish(unset: Missing): Column;
}

/** The narrowest builder for a type in Assay's syntax. */
export function columnBuilder(type: string, length: number): ColumnBuilder {
	if (NUMBERS.has(type)) return new NumberColumnBuilder(length, type);
	if (type === 'Bool') return new BoolColumnBuilder(length);
	if (/^Choice\b(?!.*\?$)/.test(type)) return new ChoiceColumnBuilder(length);
	if (type === 'Text') return new ValueColumnBuilder(length, (value) => typeof value === 'string', type);
	return new ValueColumnBuilder(length, () => true, type);
}

const NUMBERS: ReadonlySet<string> = new Set(['Number', 'Prob', 'Duration', 'Money']);

export const mismatch = (type: string, value: unknown): Missing =>
	new Missing('failed', `expected ${type}, found ${describe(value)}`, 'row-error');

const NONE = new Missing('absent', 'there is no value here');
const NOT_A_NUMBER = new Missing('failed', 'the result is not a number (NaN)', 'row-error');

/** NaN marks rows that have not arrived: it is never a value, since an undefined result is a failed cell. */
class NumberColumnBuilder implements ColumnBuilder {
	private readonly values: Float64Array;
	private readonly missing = new Map<number, Missing>();
	private readonly type: string;

	constructor(length: number, type: string) {
		this.values = new Float64Array(length).fill(Number.NaN);
		this.type = type;
	}

	set(row: number, value: unknown): unknown {
		const bare = plain(value);
		if (typeof bare === 'number' && !Number.isNaN(bare)) {
			this.values[row] = bare;
			return bare;
		}
		const gap = this.gapFor(bare);
		this.missing.set(row, gap);
		return gap;
	}

	part(from: number, to: number): Column {
		return new NumberColumn(this.values.slice(from, to), gapsWithin(this.missing, from, to));
	}

	finish(unset: Missing): Column {
		for (let row = 0; row < this.values.length; row++) {
			if (Number.isNaN(this.values[row]) && !this.missing.has(row)) this.missing.set(row, unset);
		}
		return new NumberColumn(this.values, this.missing);
	}

	private gapFor(value: unknown): Missing {
		if (value instanceof Missing) return value;
		if (value === null || value === undefined) return NONE;
		return typeof value === 'number' ? NOT_A_NUMBER : mismatch(this.type, value);
	}
}

class BoolColumnBuilder implements ColumnBuilder {
	private static readonly UNSET = 255;
	private readonly values: Uint8Array;
	private readonly missing = new Map<number, Missing>();

	constructor(length: number) {
		this.values = new Uint8Array(length).fill(BoolColumnBuilder.UNSET);
	}

	set(row: number, value: unknown): unknown {
		const bare = plain(value);
		if (typeof bare === 'boolean') {
			this.values[row] = bare ? 1 : 0;
			return bare;
		}
		const gap = bare instanceof Missing ? bare : (bare ?? null) === null ? NONE : mismatch('Bool', bare);
		this.values[row] = 0;
		this.missing.set(row, gap);
		return gap;
	}

	part(from: number, to: number): Column {
		return new BoolColumn(this.values.slice(from, to), gapsWithin(this.missing, from, to));
	}

	finish(unset: Missing): Column {
		for (let row = 0; row < this.values.length; row++) {
			if (this.values[row] !== BoolColumnBuilder.UNSET) continue;
			this.values[row] = 0;
			this.missing.set(row, unset);
		}
		return new BoolColumn(this.values, this.missing);
	}
}

class ValueColumnBuilder implements ColumnBuilder {
	private readonly values: unknown[];
	private readonly accepts: (value: unknown) => boolean;
	private readonly type: string;

	constructor(length: number, accepts: (value: unknown) => boolean, type: string) {
		this.values = new Array(length);
		this.accepts = accepts;
		this.type = type;
	}

	set(row: number, value: unknown): unknown {
		const cell = value === undefined ? null : value;
		// A label is kept, since it is what groups and legends show.
		const kept = cell instanceof Missing || this.accepts(plain(cell)) ? cell : mismatch(this.type, cell);
		this.values[row] = kept;
		return kept;
	}

	part(from: number, to: number): Column {
		return new ValueColumn(this.values.slice(from, to));
	}

	finish(unset: Missing): Column {
		for (let row = 0; row < this.values.length; row++)
			if (this.values[row] === undefined) this.values[row] = unset;
		return new ValueColumn(this.values);
	}
}

/** Gaps of some of the rows, numbered from the first of them. */
export function gapsWithin(
	missing: ReadonlyMap<number, Missing>,
	from: number,
	to: number,
): Map<number, Missing> {
	const gaps = new Map<number, Missing>();
	for (const [row, gap] of missing) if (row >= from && row < to) gaps.set(row - from, gap);
	return gaps;
}

/** The narrowest column that holds these values. */
export function columnOf(values: readonly unknown[]): Column {
	const type = commonType(values);
	if (type === null) return new ValueColumn(values);
	const builder = columnBuilder(type, values.length);
	for (let row = 0; row < values.length; row++) builder.set(row, values[row]);
	return builder.finish(NONE);
}

/** `Number`, `Bool` or `Choice` when every value is one or missing, and at least one is not. */
function commonType(values: readonly unknown[]): string | null {
	let common: string | null = null;
	for (const value of values) {
		if (value instanceof Missing) continue;
		const type = typeName(value);
		if (type === null || (common !== null && type !== common)) return null;
		common = type;
	}
	return common;
}

function typeName(value: unknown): string | null {
	if (typeof value === 'number' && !Number.isNaN(value)) return 'Number';
	if (typeof value === 'boolean') return 'Bool';
	return value instanceof Choice ? 'Choice' : null;
}
