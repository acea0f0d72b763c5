import { UserError } from '../define.ts';
import { Data } from '../values/data.ts';
import { isEstimate } from '../values/estimate.ts';
import { labelOf } from '../values/labelled.ts';
import { isMissing } from '../values/missing.ts';
import type { RowFunction } from '../values/row-function.ts';
import type { Table } from '../values/table.ts';

/** What a figure is drawn from. */
export type Source = Data | Table;

/** An axis in a notebook cell may also be a column's name. */
export type Axis = RowFunction | string;

export const lengthOf = (source: Source): number =>
	source instanceof Data ? source.length : source.rows.length;

export function noticesOf(source: Source): readonly string[] {
	if (!(source instanceof Data)) return source.notices;
	return [...new Set(source.provenance.map((from) => from.notice).filter((notice) => notice !== null))];
}

/** The axis as a function of the row, with the words that name it. */
export function axisOf(source: Source, axis: Axis): { readonly at: RowFunction; readonly name: string } {
	if (typeof axis === 'function') return { at: axis, name: axis.label ?? '' };
	if (source instanceof Data) {
		const column = source.columns.get(axis);
		if (column) return { at: (row) => column.get(row), name: axis };
	} else if (source.columns.some((column) => column.name === axis)) {
		return { at: (row) => source.rows[row]?.[axis], name: axis };
	}
	const names =
		source instanceof Data ? [...source.columns.keys()] : source.columns.map((column) => column.name);
	throw new UserError(`no column "${axis}"`, `there are ${names.join(', ')}`);
}

/** What a row of a table is about, for a notice; null for rows of data, which have no name. */
export function rowName(source: Source, row: number): string | null {
	if (source instanceof Data) return null;
	const groups = source.columns.filter((column) => column.role === 'group');
	const labels = groups
		.map((column) => labelOf(source.rows[row]?.[column.name]))
		.filter((label) => label !== null);
	return labels.join(', ') || null;
}

/** The models and data behind the picture. */
export function originOf(source: Source): string {
	if (!(source instanceof Data)) return source.models.join(', ');
	return [...new Set(source.provenance.map((from) => from.name))].join(', ');
}

/** A value as a number with its interval, where it has one. */
export interface Measure {
	readonly value: number | null;
	readonly low: number | null;
	readonly high: number | null;
	/** Rows behind the number, where it is an estimate. */
	readonly n: number | null;
	readonly level: number | null;
}

const NOTHING: Measure = { value: null, low: null, high: null, n: null, level: null };

/** Reads a number, a truth value as 0 or 1, or an estimate; throws for text and other things that have no height. */
export function measureOf(cell: unknown, name: string): Measure {
	if (isEstimate(cell)) return cell;
	if (typeof cell === 'number') return Number.isFinite(cell) ? { ...NOTHING, value: cell } : NOTHING;
	if (typeof cell === 'boolean') return { ...NOTHING, value: cell ? 1 : 0 };
	if (isAbsent(cell)) return NOTHING;
	const shown = String(labelOf(cell));
	throw new UserError(
		`${name ? `\`${name}\`` : 'this axis'} must be numbers, but a row has "${shown.length > 40 ? `${shown.slice(0, 40)}…` : shown}"`,
		'draw names on the x axis or as color',
	);
}

export const isAbsent = (cell: unknown): boolean => cell === null || cell === undefined || isMissing(cell);
