import { define, UserError } from '../define.ts';
import type { Column } from '../values/column.ts';
import type { Estimate } from '../values/estimate.ts';
import { type Cells, numbersOf } from './cells.ts';
import { betaRegularised, binomialCdf } from './distributions.ts';
import { estimate, type Interval, LEVEL, noValue } from './interval.ts';

/** Quantile by linear interpolation between order statistics (Hyndman & Fan's type 7); `sorted` is not empty. */
export function quantileOf(sorted: Float64Array, p: number): number {
	const at = p * (sorted.length - 1);
	const below = Math.floor(at);
	const low = sorted[below] as number;
	const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
	return low + (at - below) * (high - low);
}

/** Quantile with an interval between order statistics, which assumes nothing of the distribution. */
export function quantile(x: Cells<number>, p: number): Estimate {
	if (!(p >= 0 && p <= 1)) throw new UserError(`a quantile is a number between 0 and 1, found ${p}`);
	const { values, missing } = numbersOf(x);
	const n = values.length;
	if (n === 0) return noValue(missing, 'order statistics');
	const sorted = values.slice().sort();
	const interval = orderInterval(sorted, p);
	const method =
		interval.low === null ? 'order statistics (too few rows for a 95% interval)' : 'order statistics';
	return estimate({
		value: quantileOf(sorted, p),
		se: maritzJarrett(sorted, p),
		...interval,
		n,
		missing,
		method,
	});
}

/** The narrowest central pair of order statistics that covers the quantile with at least `level`. */
function orderInterval(sorted: Float64Array, p: number, level = LEVEL): Interval {
	const n = sorted.length;
	const tail = (1 - level) / 2;
	const lower = largestRank(n, p, tail);
	const upper = smallestRank(n, p, 1 - tail);
	if (lower < 1 || upper > n) return { low: null, high: null };
	return { low: sorted[lower - 1] as number, high: sorted[upper - 1] as number };
}

/** Largest r with P(B <= r - 1) <= tail, 0 when there is none; B is binomial(n, p). */
function largestRank(n: number, p: number, tail: number): number {
	let [low, high] = [0, n];
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (binomialCdf(middle - 1, n, p) <= tail) low = middle;
		else high = middle - 1;
	}
	return low;
}

/** Smallest s with P(B <= s - 1) >= share, n + 1 when there is none. */
function smallestRank(n: number, p: number, share: number): number {
	let [low, high] = [1, n + 1];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (middle <= n && binomialCdf(middle - 1, n, p) < share) low = middle + 1;
		else high = middle;
	}
	return low > n || binomialCdf(low - 1, n, p) < share ? n + 1 : low;
}

/**
 * Maritz & Jarrett (1978): the standard deviation of the quantile's order statistic when rows are drawn from the sample
 * itself, which is what a bootstrap of endless length would give. Ranks between two rows are interpolated.
 */
function maritzJarrett(sorted: Float64Array, p: number): number | null {
	const n = sorted.length;
	if (n < 2 || p <= 0 || p >= 1) return null;
	const a = p * (n + 1);
	const b = (1 - p) * (n + 1);
	// Weights beyond ten standard deviations of the rank are zero in double precision.
	const reach = 10 * Math.sqrt(n * p * (1 - p)) + 10;
	const from = Math.max(0, Math.floor(a - reach));
	const to = Math.min(n, Math.ceil(a + reach));
	let first = 0;
	let second = 0;
	let before = betaRegularised(from / n, a, b);
	for (let i = from; i < to; i++) {
		const after = betaRegularised((i + 1) / n, a, b);
		const x = sorted[i] as number;
		first += (after - before) * x;
		second += (after - before) * x * x;
		before = after;
	}
	return Math.sqrt(Math.max(0, second - first * first));
}

export const quantileDefinition = define<{ x: Column<number>; p: number }, Estimate>({
	name: 'quantile',
	signature: 'quantile(x: Column<Number?>, p: Number) -> Estimate',
	doc: 'Quantile of a column, interpolated linearly (type 7). The 95% interval lies between two order statistics and holds for any distribution; the standard error is by Maritz & Jarrett. Missing cells are left out and counted.',
	cite: 'Hyndman & Fan 1996; Maritz & Jarrett 1978',
	example: 'p90 = quantile(seconds, 0.9)',
	version: 1,
	acceptsMissing: true,
	run: ({ x, p }) => quantile(x, p),
	point: ({ x, p }) => pointQuantile(x, p),
});

export const medianDefinition = define<{ x: Column<number> }, Estimate>({
	name: 'median',
	signature: 'median(x: Column<Number?>) -> Estimate',
	doc: 'Median of a column, with an interval between order statistics that holds for any distribution. Missing cells are left out and counted.',
	cite: 'Maritz & Jarrett 1978',
	version: 1,
	acceptsMissing: true,
	run: ({ x }) => quantile(x, 0.5),
	point: ({ x }) => pointQuantile(x, 0.5),
});

function pointQuantile(x: Cells<number>, p: number): number | null {
	const { values } = numbersOf(x);
	return values.length === 0 ? null : quantileOf(values.slice().sort(), p);
}
