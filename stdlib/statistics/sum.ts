import { define } from '../define.ts';
import type { Column } from '../values/column.ts';
import type { Estimate } from '../values/estimate.ts';
import { type Cells, numbersOf, quickMean } from './cells.ts';
import { estimate, noValue, tInterval } from './interval.ts';
import { average, standardError } from './moments.ts';
import { proportion } from './wilson.ts';

/** Sum of the cells that have a value; its standard error and interval are n times those of the mean. */
export function sum(x: Cells<number | boolean>): Estimate {
	const numbers = numbersOf(x);
	const { values, missing } = numbers;
	const n = values.length;
	if (n === 0) return noValue(missing, 'sum');
	if (numbers.boolean) return times(proportion(numbers), n);
	const mean = average(values);
	const meanError = standardError(values, mean);
	const se = meanError === null ? null : meanError * n;
	return estimate({ value: mean * n, se, ...tInterval(mean * n, se, n - 1), n, missing, method: 't' });
}

/** An estimate of which everything is known, n times as large. */
const times = (one: Estimate, n: number): Estimate => ({
	...one,
	value: Math.round((one.value as number) * n),
	se: (one.se as number) * n,
	low: (one.low as number) * n,
	high: (one.high as number) * n,
});

export const sumDefinition = define<{ x: Column<number | boolean> }, Estimate>({
	name: 'sum',
	signature: 'sum(x: Column<Number? | Bool?>) -> Estimate',
	doc: 'Sum of a column; true counts 1. The standard error treats the rows as a sample of n: sd(n - 1)·√n for numbers, and for true and false √(n·p(1 - p)) with n times the interval of Wilson. Missing cells are left out and counted, so a sum over rows with missing cells is too small by their share.',
	version: 2,
	acceptsMissing: true,
	run: ({ x }) => sum(x),
	point: ({ x }) => {
		const mean = quickMean(x);
		return mean === null ? null : mean * numbersOf(x).values.length;
	},
});
