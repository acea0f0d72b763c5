import type { RunContext } from '../../context.ts';
import { define } from '../../define.ts';
import type { Data } from '../../values/data.ts';
import { groupedCount, groupRows, pick, type RowFunction } from './rows.ts';
import { sayLeftOut } from './sample.ts';

/** As many rows of each group as the smallest has: the first ones of each, in their present order. */
export function balanced(data: Data, by: RowFunction): Data {
	const groups = [...groupRows(data, by).values()];
	const size = groups.reduce((least, rows) => Math.min(least, rows.length), Number.POSITIVE_INFINITY);
	return pick(data, Int32Array.from(groups.flatMap((rows) => rows.slice(0, size))).sort());
}

interface BalancedArgs {
	readonly data: Data;
	readonly by: RowFunction;
}

export const balancedDefinition = define({
	name: 'balanced',
	signature: 'balanced(data: Data<R>, by: R -> Any) -> Data<R>',
	doc:
		'As many rows of each group as the smallest group has, by dropping the last rows of the others: after `confident` these are the least ' +
		'confident ones; after `shuffle` any. The order stays. Rows whose group is missing are left out.',
	example: 'power |> balanced(by: agree)',
	version: 1,
	run: ({ data, by }: BalancedArgs, context: RunContext) => {
		sayLeftOut('balanced', data.length - groupedCount(groupRows(data, by)), context);
		return balanced(data, by);
	},
});
