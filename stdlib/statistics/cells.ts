import { UserError } from '../define.ts';
import { Choice } from '../values/choice.ts';
import { BoolColumn, type Column, NumberColumn } from '../values/column.ts';
import { isEstimate } from '../values/estimate.ts';
import { Labelled } from '../values/labelled.ts';
import { Missing } from '../values/missing.ts';

/** A column, or plain values from a notebook cell. */
export type Cells<T> = Column<T> | readonly (T | Missing | null)[] | Float64Array;

export const cellAt = (cells: Cells<unknown>, row: number): unknown =>
	'get' in cells ? cells.get(row) : cells[row];

/** None and NaN have no value either: they are left out and counted like a missing cell. */
export const isGap = (cell: unknown): boolean =>
	cell === null || cell === undefined || cell instanceof Missing || Number.isNaN(cell);

/** A cell as a number, true and false as 1 and 0; NaN where it has no value. */
export function toNumber(cell: unknown): number {
	if (typeof cell === 'number') return cell;
	if (typeof cell === 'boolean') return cell ? 1 : 0;
	if (isGap(cell)) return Number.NaN;
	if (cell instanceof Labelled) return toNumber(cell.value);
	if (isEstimate(cell)) return cell.value ?? Number.NaN;
	throw new UserError(
		`a number is needed here, but a row has ${describeCell(cell)}`,
		'use a column of numbers or of true and false',
	);
}

/** A probability, or the probability of a choice's best option; NaN where it has no value. */
export function toProbability(cell: unknown): number {
	const p = cell instanceof Choice ? cell.bestProb : toNumber(cell);
	if (p < 0 || p > 1) {
		throw new UserError(
			`a probability lies between 0 and 1, but a row has ${p}`,
			p <= 100 && p > 1 ? 'divide percentages by 100' : null,
		);
	}
	return p;
}

/** A score of any range, or the probability of a choice's best option. */
export const toScore = (cell: unknown): number => (cell instanceof Choice ? cell.bestProb : toNumber(cell));

const describeCell = (cell: unknown): string =>
	typeof cell === 'string'
		? `the text "${cell.length > 40 ? `${cell.slice(0, 40)}…` : cell}"`
		: cell instanceof Choice
			? 'a Choice'
			: 'something else';

/** The numbers of the rows that have one. */
export interface Numbers {
	readonly values: Float64Array;
	/** Row of each value, or null when no row is missing. */
	readonly rows: Int32Array | null;
	readonly missing: number;
	/** True when every value was true or false. */
	readonly boolean: boolean;
}

export function numbersOf(cells: Cells<unknown>, read: (cell: unknown) => number = toNumber): Numbers {
	const length = cells.length;
	const values = new Float64Array(length);
	const rows = new Int32Array(length);
	const boolean = new BooleanWatch();
	let n = 0;
	for (let row = 0; row < length; row++) {
		const cell = cellAt(cells, row);
		const value = read(cell);
		if (Number.isNaN(value)) continue;
		boolean.see(cell);
		values[n] = value;
		rows[n++] = row;
	}
	const missing = length - n;
	return missing === 0
		? { values, rows: null, missing, boolean: boolean.all }
		: { values: values.subarray(0, n), rows: rows.subarray(0, n), missing, boolean: boolean.all };
}

class BooleanWatch {
	private seen = false;
	private other = false;

	see(cell: unknown): void {
		if (typeof cell === 'boolean') this.seen = true;
		else this.other = true;
	}

	get all(): boolean {
		return this.seen && !this.other;
	}
}

/** Two columns' numbers over the rows in which both have one. */
export interface Pairs {
	readonly x: Float64Array;
	readonly y: Float64Array;
	readonly missing: number;
}

export function pairsOf(
	xs: Cells<unknown>,
	ys: Cells<unknown>,
	readX: (cell: unknown) => number = toNumber,
	readY: (cell: unknown) => number = toNumber,
): Pairs {
	if (xs.length !== ys.length)
		throw new UserError(`the columns have ${xs.length} and ${ys.length} rows; a pair needs both`);
	const x = new Float64Array(xs.length);
	const y = new Float64Array(xs.length);
	let n = 0;
	for (let row = 0; row < xs.length; row++) {
		const a = readX(cellAt(xs, row));
		const b = readY(cellAt(ys, row));
		if (Number.isNaN(a) || Number.isNaN(b)) continue;
		x[n] = a;
		y[n++] = b;
	}
	return { x: x.subarray(0, n), y: y.subarray(0, n), missing: xs.length - n };
}

/** Mean over the cells that have a value, without allocating: what a bootstrap calls thousands of times. */
export function quickMean(cells: Cells<unknown>): number | null {
	if (cells instanceof NumberColumn && cells.missing.size === 0) return meanOf(cells.values);
	if (cells instanceof BoolColumn && cells.missing.size === 0) return meanOf(cells.values);
	let sum = 0;
	let n = 0;
	for (let row = 0; row < cells.length; row++) {
		const value = toNumber(cellAt(cells, row));
		if (Number.isNaN(value)) continue;
		sum += value;
		n++;
	}
	return n === 0 ? null : sum / n;
}

function meanOf(values: Float64Array | Uint8Array): number | null {
	let sum = 0;
	for (let i = 0; i < values.length; i++) sum += values[i] as number;
	// A NaN cell has no value; the careful loop leaves it out.
	if (Number.isNaN(sum)) return quickMean(Array.from(values));
	return values.length === 0 ? null : sum / values.length;
}
