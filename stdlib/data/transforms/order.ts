import type { RunContext } from '../../context.ts';
import { define, UserError } from '../../define.ts';
import { sortTable, takeTable } from '../../statistics/table-ops.ts';
import type { Data } from '../../values/data.ts';
import { isEstimate } from '../../values/estimate.ts';
import { labelOf } from '../../values/labelled.ts';
import { isMissing } from '../../values/missing.ts';
import type { Table } from '../../values/table.ts';
import { isTable, pick, type RowFunction, wholeNumber } from './rows.ts';

/** Rows in the order of a number, a text (by code unit) or false before true; equal ones keep their order, missing ones come last. */
export function sort(data: Data, by: RowFunction, descending = false): Data {
	const keys = Array.from({ length: data.length }, (_, row) => sortKey(by(row)));
	const kinds = new Set(keys.filter((key) => key !== null).map((key) => typeof key));
	if (kinds.size > 1)
		throw new UserError(
			`rows cannot be put in order by both ${[...kinds].join(' and ')}`,
			'sort by one kind of value',
		);
	const sign = descending ? -1 : 1;
	const order = Array.from({ length: data.length }, (_, row) => row).sort((a, b) => {
		const [x, y] = [keys[a] ?? null, keys[b] ?? null];
		if (x === null || y === null) return (x === null ? 1 : 0) - (y === null ? 1 : 0) || a - b;
		return x < y ? -sign : x > y ? sign : a - b;
	});
	return pick(data, order);
}

function sortKey(value: unknown): string | number | boolean | null {
	if (isMissing(value) || Number.isNaN(value)) return null;
	return isEstimate(value) ? value.value : labelOf(value);
}

/** The first n rows. */
export const take = (data: Data, n: number): Data =>
	wholeNumber(n, 'n') >= data.length
		? data
		: pick(
				data,
				Array.from({ length: n }, (_, row) => row),
			);

/** All but the first n rows. */
export const skip = (data: Data, n: number): Data =>
	pick(
		data,
		Array.from({ length: Math.max(0, data.length - wholeNumber(n, 'n')) }, (_, i) => n + i),
	);

interface SortArgs {
	readonly data: Data | Table;
	readonly by: RowFunction;
	readonly descending?: boolean;
}

export const sortDefinition = define({
	name: 'sort',
	signature: [
		'sort(data: Data<R>, by: R -> Any, descending: Bool = false) -> Data<R>',
		'sort(data: Table<R>, by: R -> Any, descending: Bool = false) -> Table<R>',
	],
	doc: "Rows in order of a number, an estimate's value, a text or a truth value. Equal ones keep their order; missing ones come last.",
	example: 'bias |> sort(by: s, descending: true)',
	version: 1,
	run: ({ data, by, descending = false }: SortArgs) =>
		isTable(data) ? sortTable(data, by, descending) : sort(data, by, descending),
});

interface CountArgs {
	readonly data: Data | Table | readonly unknown[];
	readonly n: number;
}

export const takeDefinition = define({
	name: 'take',
	signature: [
		'take(data: Data<R>, n: Number) -> Data<R>',
		'take(data: Table<R>, n: Number) -> Table<R>',
		'take(data: List<T>, n: Number) -> List<T>',
	],
	doc: 'The first n rows or elements; all when there are no more.',
	example: 'items |> take(10)',
	version: 1,
	run: ({ data, n }: CountArgs) => {
		if (isTable(data)) return takeTable(data, n);
		return Array.isArray(data) ? data.slice(0, wholeNumber(n, 'n')) : take(data as Data, n);
	},
});

export const skipDefinition = define({
	name: 'skip',
	signature: ['skip(data: Data<R>, n: Number) -> Data<R>', 'skip(data: List<T>, n: Number) -> List<T>'],
	doc: 'All but the first n rows or elements.',
	example: 'items |> skip(10)',
	version: 1,
	run: ({ data, n }: CountArgs) =>
		Array.isArray(data) ? data.slice(wholeNumber(n, 'n')) : skip(data as Data, n),
});

interface ShuffleArgs {
	readonly data: Data;
	readonly seed?: number;
}

export const shuffleDefinition = define({
	name: 'shuffle',
	signature: 'shuffle(data: Data<R>, seed: Number = study) -> Data<R>',
	doc: 'The rows in a random order that the seed determines.',
	example: 'items |> shuffle(seed: 1)',
	version: 1,
	run: ({ data, seed }: ShuffleArgs, context: RunContext) =>
		data.take(context.random(seed ?? context.seed, 'shuffle').permutation(data.length)),
});
