import { labelOf } from '../../stdlib/values/labelled.ts';
import { Missing } from '../../stdlib/values/missing.ts';

export interface Groups {
	/** Row numbers of each group, ascending; groups in the order in which their first rows appear. */
	readonly rows: readonly Int32Array[];
	/** Rows without a value in a key: they belong to no group. */
	readonly keyless: number;
}

/** A key's value a row, as small numbers: equal labels have equal numbers, -1 is missing. */
export function labelNumbers(length: number, read: (row: number) => unknown): Int32Array {
	const numbers = new Map<string | number | boolean | null, number>();
	const result = new Int32Array(length);
	for (let row = 0; row < length; row++) {
		const value = read(row);
		if (value instanceof Missing) {
			result[row] = -1;
			continue;
		}
		const label = labelOf(value);
		let number = numbers.get(label);
		if (number === undefined) {
			number = numbers.size;
			numbers.set(label, number);
		}
		result[row] = number;
	}
	return result;
}

/** Groups rows by the labels of their keys; no keys make one group of all rows, even of none. */
export function groupRows(length: number, keys: readonly Int32Array[]): Groups {
	if (keys.length === 0) return { rows: [Int32Array.from({ length }, (_, row) => row)], keyless: 0 };
	const groupOf = new Int32Array(length);
	const sizes: number[] = [];
	let keyless = 0;
	const groups = new Map<number, number>();
	const spans = keys.map((numbers) => numbers.reduce((max, number) => Math.max(max, number), 0) + 1);
	for (let row = 0; row < length; row++) {
		const combined = combine(keys, spans, row);
		if (combined < 0) {
			groupOf[row] = -1;
			keyless++;
			continue;
		}
		let group = groups.get(combined);
		if (group === undefined) {
			group = sizes.push(0) - 1;
			groups.set(combined, group);
		}
		groupOf[row] = group;
		sizes[group] = (sizes[group] as number) + 1;
	}
	return { rows: distribute(groupOf, sizes), keyless };
}

function combine(keys: readonly Int32Array[], spans: readonly number[], row: number): number {
	let combined = 0;
	for (let k = 0; k < keys.length; k++) {
		const number = (keys[k] as Int32Array)[row] as number;
		if (number < 0) return -1;
		combined = combined * (spans[k] as number) + number;
	}
	return combined;
}

function distribute(groupOf: Int32Array, sizes: readonly number[]): Int32Array[] {
	const rows = sizes.map((size) => new Int32Array(size));
	const filled = new Int32Array(sizes.length);
	for (let row = 0; row < groupOf.length; row++) {
		const group = groupOf[row] as number;
		if (group < 0) continue;
		(rows[group] as Int32Array)[filled[group] as number] = row;
		filled[group] = (filled[group] as number) + 1;
	}
	return rows;
}
