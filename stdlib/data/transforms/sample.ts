import type { RunContext } from '../../context.ts';
import { define } from '../../define.ts';
import type { Random } from '../../random.ts';
import type { Data } from '../../values/data.ts';
import { groupedCount, groupRows, pick, type RowFunction, wholeNumber } from './rows.ts';

/**
 * `n` rows drawn without replacement, in their present order; all of them when there are no more. With the same random
 * stream a larger n only adds rows.
 */
export function sample(data: Data, n: number, random: Random): Data {
	if (wholeNumber(n, 'n') >= data.length) return data;
	return pick(data, random.permutation(data.length).slice(0, n).sort());
}

/**
 * `n` rows of each group, drawn without replacement, in their present order; the whole group when it has no more. Each
 * group has its own random stream, so that a group more or less changes no other's draw.
 */
export function stratified(
	data: Data,
	by: RowFunction,
	n: number,
	random: (stratum: string) => Random,
): Data {
	const count = wholeNumber(n, 'n');
	const kept: number[] = [];
	for (const [key, rows] of groupRows(data, by)) {
		if (rows.length <= count) {
			kept.push(...rows);
			continue;
		}
		const order = random(key).permutation(rows.length).slice(0, count);
		for (const place of order) kept.push(rows[place] as number);
	}
	return pick(data, Int32Array.from(kept).sort());
}

interface SampleArgs {
	readonly data: Data;
	readonly n: number;
	readonly seed?: number;
}

export const sampleDefinition = define({
	name: 'sample',
	signature: 'sample(data: Data<R>, n: Number, seed: Number = study) -> Data<R>',
	doc:
		'n rows drawn without replacement, in their present order; all rows when there are no more than n. With the same seed a larger n ' +
		'keeps the rows of the smaller and adds some.',
	example: 'questions |> sample(300, seed: 1)',
	version: 1,
	run: ({ data, n, seed }: SampleArgs, context: RunContext) => {
		if (n > data.length) context.notice?.(`sample: ${n} rows were asked for, there are ${data.length}`);
		return sample(data, n, context.random(seed ?? context.seed, 'sample'));
	},
});

interface StratifiedArgs {
	readonly data: Data;
	readonly by: RowFunction;
	readonly n: number;
	readonly seed?: number;
}

export const stratifiedDefinition = define({
	name: 'stratified',
	signature: 'stratified(data: Data<R>, by: R -> Any, n: Number, seed: Number = study) -> Data<R>',
	doc:
		'n rows of each group that `by` makes, drawn without replacement, in their present order; a group of no more than n stays whole. ' +
		'Each group is drawn from a stream of its own: adding a group changes no other. Rows whose group is missing are left out.',
	example: 'items |> stratified(by: category, n: 200, seed: 0)',
	version: 1,
	run: ({ data, by, n, seed }: StratifiedArgs, context: RunContext) => {
		const drawn = stratified(data, by, n, (stratum) =>
			context.random(seed ?? context.seed, `stratified ${stratum}`),
		);
		sayLeftOut('stratified', data.length - groupedCount(groupRows(data, by)), context);
		return drawn;
	},
});

/** Rows that a transform cannot place are left out, which is said. */
export function sayLeftOut(name: string, count: number, context: RunContext): void {
	if (count > 0) context.notice?.(`${name}: ${count} rows without a value were left out`);
}
