import { define } from '../define.ts';
import type { Column } from '../values/column.ts';
import type { Estimate } from '../values/estimate.ts';
import { type Cells, type Numbers, numbersOf, quickMean } from './cells.ts';
import { estimate, LEVEL, normalCritical, noValue } from './interval.ts';
import { average } from './moments.ts';

/** Wilson's score interval for a proportion, without continuity correction (Wilson 1927). */
export function wilsonInterval(successes: number, n: number, level = LEVEL): { low: number; high: number } {
	const z2 = normalCritical(level) ** 2;
	const p = successes / n;
	const centre = (p + z2 / (2 * n)) / (1 + z2 / n);
	const half = (Math.sqrt(z2) / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
	// The ends are exactly 0 and 1 there; rounding would leave 1e-17.
	return { low: successes === 0 ? 0 : centre - half, high: successes === n ? 1 : centre + half };
}

/** Share of true with Wilson's interval; the standard error is √(p(1 - p)/n). */
export function wilson(x: Cells<boolean>, level = LEVEL): Estimate {
	const numbers = numbersOf(x);
	return numbers.values.length === 0 ? noValue(numbers.missing, 'wilson') : proportion(numbers, level);
}

export function proportion(
	{ values, missing }: Pick<Numbers, 'values' | 'missing'>,
	level = LEVEL,
): Estimate {
	const n = values.length;
	const value = average(values);
	const interval = wilsonInterval(Math.round(value * n), n, level);
	return estimate({
		value,
		se: Math.sqrt((value * (1 - value)) / n),
		...interval,
		level,
		n,
		missing,
		method: 'wilson',
	});
}

export const wilsonDefinition = define<{ x: Column<boolean>; level: number }, Estimate>({
	name: 'wilson',
	signature: 'wilson(x: Column<Bool?>, level: Number = 0.95) -> Estimate',
	doc: "Share of true with Wilson's score interval at `level`, without continuity correction. The standard error is √(p(1 - p)/n). Missing cells are left out and counted.",
	cite: 'Wilson 1927, J. Am. Stat. Assoc. 22:209',
	example: 'accuracy = wilson(correct, level: 0.9)',
	version: 1,
	acceptsMissing: true,
	run: ({ x, level }) => wilson(x, level),
	point: ({ x }) => quickMean(x),
});
