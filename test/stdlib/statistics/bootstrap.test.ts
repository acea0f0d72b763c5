import test from 'ava';
import { randomStream } from '../../../stdlib/random.ts';
import { bcaInterval, bootstrap } from '../../../stdlib/statistics/bootstrap.ts';
import { quickMean } from '../../../stdlib/statistics/cells.ts';
import { mean } from '../../../stdlib/statistics/mean.ts';
import { normal } from '../../../stdlib/statistics/normal.ts';
import { sd } from '../../../stdlib/statistics/sd.ts';
import { type Column, NumberColumn } from '../../../stdlib/values/column.ts';
import type { Estimate } from '../../../stdlib/values/estimate.ts';
import type { Statistic } from '../../../stdlib/values/uncertainty.ts';
import { close } from './golden.ts';

const skewed = Float64Array.of(2.1, 3.4, 1.2, 8.9, 4.4, 2.2, 15.3, 3.3, 2.8, 6.1, 1.9, 4.0, 30.2, 2.5, 5.5);

function statistic(
	values: Float64Array,
	full: (x: Column<number>) => Estimate,
	point: (x: Column<number>) => number | null,
): Statistic {
	const column = new NumberColumn(values);
	return { n: values.length, missing: 0, full: full(column), at: (rows) => point(column.take(rows)) };
}

const ofMean = (values: Float64Array): Statistic => statistic(values, mean, quickMean);
const ofSd = (values: Float64Array): Statistic => statistic(values, sd, (x) => sd(x).value);

// scipy.stats.bootstrap with 1,000,000 resamples; ours have 40,000, so ends may be off by a percent or two.
const near = (t: Parameters<typeof close>[0], got: number | null, want: number): void =>
	close(t, got, want, 0.025);

test('the percentile interval of a skewed mean matches scipy', (t) => {
	const result = bootstrap({ n: 40_000, seed: 1 }).apply(ofMean(skewed));
	near(t, result.low, 3.28);
	near(t, result.high, 10.44);
	near(t, result.se, 1.8767771745922965);
	t.is(result.method, 'bootstrap percentile (40000)');
	t.is(result.value, mean(skewed).value);
});

test('the BCa interval of a skewed mean and of a standard deviation match scipy', (t) => {
	const ofTheMean = bootstrap({ n: 40_000, method: 'bca', seed: 1 }).apply(ofMean(skewed));
	near(t, ofTheMean.low, 3.7666666666666666);
	near(t, ofTheMean.high, 12.513333333333332);
	const ofTheSd = bootstrap({ n: 40_000, method: 'bca', seed: 1 }).apply(ofSd(skewed));
	near(t, ofTheSd.low, 2.6418247661868293);
	near(t, ofTheSd.high, 13.193189000239833);
});

test('bcaInterval on fixed resamples is exact', (t) => {
	const resamples = Float64Array.from({ length: 200 }, (_, i) => Math.sin(i * 1.7) + 0.3 * (i % 5)).sort();
	const leftOut = Float64Array.from(
		{ length: 15 },
		(_, i) => Math.cos(i) + (i % 3) * 0.2 + (i === 3 ? 0.5 : 0),
	);
	const { low, high } = bcaInterval(resamples, 0.7, leftOut, 0.95);
	// numpy and scipy.stats.norm: z0 = 0.12566134685507416, a = 0.025138684867973105
	close(t, low, -0.69786282, 1e-7);
	close(t, high, 2.14998709, 1e-7);
});

test('the same seed gives the same interval and another seed another', (t) => {
	const one = bootstrap({ n: 200, seed: 1 }).apply(ofMean(skewed));
	t.deepEqual(bootstrap({ n: 200, seed: 1 }).apply(ofMean(skewed)), one);
	t.notDeepEqual(bootstrap({ n: 200, seed: 2 }).apply(ofMean(skewed)), one);
});

test('resampling clusters gives the clustered error, rows the naive one', (t) => {
	const random = randomStream(4, 'clusters');
	const cluster = Int32Array.from({ length: 600 }, (_, i) => Math.floor(i / (i < 300 ? 5 : 10)));
	const shift = new Map<number, number>();
	for (const c of cluster) if (!shift.has(c)) shift.set(c, random.normal());
	const values = Float64Array.from(cluster, (c) => (shift.get(c) as number) + 0.5 * random.normal());
	const keys = Array.from(cluster, (c) => `question ${c}`);
	const clustered = bootstrap({ n: 3000, cluster: keys, seed: 1 }).apply(ofMean(values));
	const analytic = mean(values, keys);
	close(t, clustered.se, analytic.se as number, 0.06);
	t.is(clustered.clusters, 60);
	t.is(clustered.method, 'bootstrap percentile (3000), clustered');
	const rows = bootstrap({ n: 3000, seed: 1 }).apply(ofMean(values));
	close(t, rows.se, mean(values).se as number, 0.06);
	t.true((clustered.se as number) > 1.5 * (rows.se as number));
});

test('BCa of clusters leaves out whole clusters, and blocks of rows where there are many', (t) => {
	const keys = Array.from(skewed, (_, i) => i);
	const byRow = bootstrap({ n: 2000, method: 'bca', seed: 1 }).apply(ofMean(skewed));
	const byCluster = bootstrap({ n: 2000, method: 'bca', cluster: keys, seed: 1 }).apply(ofMean(skewed));
	t.is(byCluster.low, byRow.low);
	t.is(byCluster.high, byRow.high);
	const random = randomStream(6, 'many');
	const many = Float64Array.from({ length: 3000 }, () => random.normal() ** 4);
	const result = bootstrap({ n: 400, method: 'bca', seed: 1 }).apply(ofMean(many));
	const plain = bootstrap({ n: 400, seed: 1 }).apply(ofMean(many));
	t.true(
		(result.low as number) > (plain.low as number),
		'skewness to the right moves the interval to the right',
	);
});

test('groups too small or too equal for a bootstrap have no interval rather than a false one', (t) => {
	t.like(bootstrap({ seed: 1 }).apply(ofMean(Float64Array.of(3))), { value: 3, low: null, se: null });
	t.like(bootstrap({ seed: 1 }).apply(ofMean(Float64Array.of(1, 1, 1))), { value: 1, low: null, se: null });
	t.like(bootstrap({ seed: 1 }).apply(ofMean(new Float64Array(0))), { value: null, n: 0 });
});

test('resamples without a value are left out and said', (t) => {
	const fragile: Statistic = {
		...ofMean(skewed),
		at: (rows) => (rows.includes(0) ? 1 + (rows[0] as number) : null),
	};
	const { method } = bootstrap({ n: 500, seed: 1 }).apply(fragile);
	t.regex(method, /\((\d+) of 500 resamples had a value\)/);
});

test('normal gives value ± 1.96·se, and refuses an aggregate without an error', (t) => {
	const result = normal(0.95).apply(ofMean(skewed));
	close(t, result.high, (result.value as number) + 1.959963984540054 * (result.se as number));
	t.is(result.method, 'normal');
	const bare: Statistic = { ...ofMean(skewed), full: { ...mean(skewed), se: null } };
	t.throws(() => normal(0.95).apply(bare), { message: /no standard error/ });
});

test('options that make no sense are refused in words', (t) => {
	t.throws(() => bootstrap({ n: 1, seed: 0 }), { message: /at least 2/ });
	t.throws(() => bootstrap({ method: 'bcaa' as 'bca', seed: 0 }), { message: /bcaa/ });
	t.throws(() => bootstrap({ cluster: ['a'], seed: 0 }).apply(ofMean(skewed)), {
		message: /cluster column has 1 rows/,
	});
});

test('2000 resamples of the mean of 10,000 rows take no more than a few seconds', (t) => {
	const random = randomStream(1, 'speed');
	const values = Float64Array.from({ length: 10_000 }, () => random.next());
	const before = performance.now();
	bootstrap({ seed: 1 }).apply(ofMean(values));
	const seconds = (performance.now() - before) / 1000;
	t.log(`${seconds.toFixed(2)} s`);
	t.true(seconds < 6);
});
