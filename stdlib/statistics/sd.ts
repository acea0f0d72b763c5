import { define } from '../define.ts';
import type { Column } from '../values/column.ts';
import type { Estimate } from '../values/estimate.ts';
import { type Cells, numbersOf } from './cells.ts';
import { estimate, LEVEL, normalCritical, noValue } from './interval.ts';
import { average, variance } from './moments.ts';

/**
 * Standard deviation with n - 1. Its standard error is √((m4 - m2²)/n) / (2s), which allows for heavy tails; the interval
 * is normal for ln s, so that it stays positive.
 */
export function sd(x: Cells<number | boolean>): Estimate {
	const { values, missing } = numbersOf(x);
	const n = values.length;
	if (n < 2) return noValue(missing, 'sd', n);
	const mean = average(values);
	const value = Math.sqrt(variance(values, mean) as number);
	if (value === 0) return estimate({ value, n, missing, method: 'sd (all rows are equal)' });
	let m2 = 0;
	let m4 = 0;
	for (const v of values) {
		const square = (v - mean) ** 2;
		m2 += square / n;
		m4 += (square * square) / n;
	}
	const se = Math.sqrt(Math.max(0, m4 - m2 * m2) / n) / (2 * value);
	const factor = Math.exp((normalCritical(LEVEL) * se) / value);
	return estimate({
		value,
		se,
		low: value / factor,
		high: value * factor,
		n,
		missing,
		method: 'normal, log scale',
	});
}

export const sdDefinition = define<{ x: Column<number | boolean> }, Estimate>({
	name: 'sd',
	signature: 'sd(x: Column<Number? | Bool?>) -> Estimate',
	doc: 'Standard deviation of a column, with n - 1. The standard error is by the delta method from the fourth moment; the interval is normal on the log scale. Missing cells are left out and counted.',
	version: 1,
	acceptsMissing: true,
	run: ({ x }) => sd(x),
	point: ({ x }) => {
		const { values } = numbersOf(x);
		const spread = values.length < 2 ? null : variance(values);
		return spread === null ? null : Math.sqrt(spread);
	},
});
