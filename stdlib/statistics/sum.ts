import { define } from '../define.ts';
import type { Column } from '../values/column.ts';
import type { Estimate } from '../values/estimate.ts';
import { type Cells, numbersOf, quickMean } from './cells.ts';
import { estimate, noValue, tInterval } from './interval.ts';
import { average, standardError } from './moments.ts';

/** Sum of the cells that have a value; its standard error is n times that of the mean. */
export function sum(x: Cells<number | boolean>): Estimate {
	const { values, missing } = numbersOf(x);
	const n = values.length;
	if (n === 0) return noValue(missing, 'sum');
	const mean = average(values);
	const meanError = standardError(values, mean);
	const se = meanError === null ? null : meanError * n;
	return estimate({ value: mean * n, se, ...tInterval(mean * n, se, n - 1), n, missing, method: 't' });
}

export const sumDefinition = define<{ x: Column<number | boolean> }, Estimate>({
	name: 'sum',
	signature: 'sum(x: Column<Number? | Bool?>) -> Estimate',
	doc: 'Sum of a column; true counts 1. The standard error treats the rows as a sample of n: sd(n - 1)·√n. Missing cells are left out and counted, so a sum over rows with missing cells is too small by their share.',
	version: 1,
	acceptsMissing: true,
	run: ({ x }) => sum(x),
	point: ({ x }) => {
		const mean = quickMean(x);
		return mean === null ? null : mean * numbersOf(x).values.length;
	},
});
