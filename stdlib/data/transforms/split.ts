import type { RunContext } from '../../context.ts';
import { define, UserError } from '../../define.ts';
import type { Random } from '../../random.ts';
import type { Data } from '../../values/data.ts';
import { pick } from './rows.ts';

/** Two parts of the rows, at random, each in its present order: `round(share · rows)` of them are for testing. */
export function trainTestSplit(
	data: Data,
	share: number,
	random: Random,
): { readonly train: Data; readonly test: Data } {
	if (!(share >= 0 && share <= 1))
		throw new UserError(`test must be a share between 0 and 1, found ${share}`, 'write test: 20%');
	const order = random.permutation(data.length);
	const testRows = Math.round(share * data.length);
	return {
		train: pick(data, order.slice(testRows).sort()),
		test: pick(data, order.slice(0, testRows).sort()),
	};
}

interface SplitArgs {
	readonly data: Data;
	readonly test: number;
	readonly seed?: number;
}

export const trainTestSplitDefinition = define({
	name: 'train_test_split',
	signature:
		'train_test_split(data: Data<R>, test: Number = 0.2, seed: Number = study) -> {train: Data<R>, test: Data<R>}',
	doc: 'Two parts of the rows that share none, at random: `test` is the share of rows for testing, from 0 to 1.',
	example: 'let parts = train_test_split(items, test: 20%)',
	version: 1,
	run: ({ data, test, seed }: SplitArgs, context: RunContext) =>
		trainTestSplit(data, test, context.random(seed ?? context.seed, 'train_test_split')),
});
