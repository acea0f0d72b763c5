import { define } from '../define.ts';
import type { Column } from '../values/column.ts';
import type { Estimate } from '../values/estimate.ts';
import { type Cells, type Numbers, numbersOf, quickMean } from './cells.ts';
import { clusteredErrors, clustersOf } from './clusters.ts';
import { estimate, noValue, tInterval, within } from './interval.ts';
import { average, standardError } from './moments.ts';
import { proportion, wilsonInterval } from './wilson.ts';

/**
 * Mean of numbers, or share of true. Standard error: sd(n - 1)/√n for numbers, √(p(1 - p)/n) with a Wilson interval for
 * true and false; with `cluster`, rows of one cluster are taken to hang together (CR1) and the interval uses t with one
 * degree of freedom less than clusters.
 */
export function mean(x: Cells<number | boolean>, cluster?: Cells<unknown> | null): Estimate {
	const numbers = numbersOf(x);
	if (numbers.values.length === 0) return noValue(numbers.missing, 'mean');
	if (cluster) return clusteredMean(numbers, cluster);
	return numbers.boolean ? proportion(numbers) : plainMean(numbers);
}

function plainMean({ values, missing, boolean }: Numbers): Estimate {
	const value = average(values);
	const n = values.length;
	const se = standardError(values, value);
	const interval = tInterval(value, se, n - 1);
	return estimate({ value, se, ...(boolean ? within(interval, 0, 1) : interval), n, missing, method: 't' });
}

function clusteredMean({ values, rows, missing, boolean }: Numbers, cluster: Cells<unknown>): Estimate {
	const value = average(values);
	const clusters = clustersOf(cluster, rows);
	const residuals = values.map((x) => x - value);
	const se = clusteredErrors(residuals, clusters).cr1;
	const rest = { value, se, n: values.length, missing, clusters: clusters.count };
	// Where all rows agree their spread says nothing of the error (ten right of ten is not 100% ± 0).
	if (boolean && se !== null && (value === 0 || value === 1)) {
		const interval = wilsonInterval(value * clusters.count, clusters.count);
		return estimate({ ...rest, ...interval, method: 'wilson, a cluster counted once' });
	}
	const interval = tInterval(value, se, clusters.count - 1);
	return estimate({
		...rest,
		...(boolean ? within(interval, 0, 1) : interval),
		method: 't, clustered (CR1)',
	});
}

export const meanDefinition = define<{ x: Column<number | boolean>; cluster?: Column | null }, Estimate>({
	name: 'mean',
	signature: 'mean(x: Column<Number? | Bool?>, cluster: Column<Any>?) -> Estimate',
	doc: "Mean of a column of numbers, or share of true in a column of true and false. The standard error is sd(n - 1)/√n for numbers and √(p(1 - p)/n) for true and false; the 95% interval is from t with n - 1 degrees of freedom, and Wilson's for true and false. With `cluster`, rows with the same value there are one cluster: the error is the cluster-robust CR1 and the interval uses t with clusters - 1 degrees of freedom; where every row is true, or none, it is Wilson's with each cluster counted once. Missing cells are left out and counted.",
	cite: 'Miller 2024, arXiv:2411.00640; Cameron & Miller 2015',
	example: 'accuracy = mean(correct, cluster: x.question_index)',
	version: 2,
	acceptsMissing: true,
	run: ({ x, cluster }) => mean(x, cluster),
	point: ({ x }) => quickMean(x),
});
