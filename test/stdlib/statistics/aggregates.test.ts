import test from 'ava';
import { UserError } from '../../../stdlib/define.ts';
import { randomStream } from '../../../stdlib/random.ts';
import { fleissKappa, krippendorffAlpha } from '../../../stdlib/statistics/agreement.ts';
import { auroc } from '../../../stdlib/statistics/auroc.ts';
import { ece } from '../../../stdlib/statistics/calibration-errors.ts';
import { kendall, pearson, spearman } from '../../../stdlib/statistics/correlation.ts';
import { count } from '../../../stdlib/statistics/count.ts';
import { max, min } from '../../../stdlib/statistics/extremes.ts';
import { statistics } from '../../../stdlib/statistics/index.ts';
import { mean } from '../../../stdlib/statistics/mean.ts';
import { quantile } from '../../../stdlib/statistics/quantile.ts';
import { brier, logLoss } from '../../../stdlib/statistics/scoring-rules.ts';
import { sd } from '../../../stdlib/statistics/sd.ts';
import { sum } from '../../../stdlib/statistics/sum.ts';
import { BoolColumn, NumberColumn, RefColumn, ValueColumn } from '../../../stdlib/values/column.ts';
import type { Estimate } from '../../../stdlib/values/estimate.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { close } from './golden.ts';

const gone = new Missing('refused', 'declined');
const skewed = [2.1, 3.4, 1.2, 8.9, 4.4, 2.2, 15.3, 3.3, 2.8, 6.1, 1.9, 4.0, 30.2, 2.5, 5.5];

test("mean of numbers has Student's interval", (t) => {
	const result = mean(skewed);
	// scipy.stats.t.interval(0.95, 14, mean, sd/√15)
	close(t, result.low, 2.086972096191899);
	close(t, result.high, 10.419694570474768);
	t.is(result.method, 't');
});

test("mean of true and false is a share with Wilson's interval", (t) => {
	const result = mean([true, true, true, true, true, true, true, true, true, true]);
	t.is(result.value, 1);
	t.is(result.high, 1);
	close(t, result.low, 0.7224672001371107);
	t.is(result.method, 'wilson');
});

test('missing cells are left out and counted, never zero', (t) => {
	const numbers = mean(
		new ValueColumn<number | null>([1, gone, 3, null, 5, Number.NaN]) as ValueColumn<number>,
	);
	t.like(numbers, { value: 3, n: 3, missing: 3 });
	const booleans = mean(new BoolColumn(Uint8Array.of(1, 0, 1, 0), new Map([[3, gone]])));
	t.like(booleans, { n: 3, missing: 1, method: 'wilson' });
	close(t, booleans.value, 2 / 3);
	t.like(pearson([1, 2, gone, 4], [2, null, 3, 4]), { n: 2, missing: 2 });
	t.like(mean([gone, gone]), { value: null, se: null, low: null, n: 0, missing: 2 });
	t.like(count([gone, 'a', null, 'b']), { value: 2, missing: 2 });
});

test('a cluster column is read for the rows that have a value', (t) => {
	const clusters = ['a', 'a', 'b', 'b', 'c', 'c'];
	const all = mean([1, 2, 4, 5, 9, 7], clusters);
	const some = mean([1, 2, 4, 5, 9, 7, gone], [...clusters, 'd']);
	t.deepEqual({ ...some, missing: 0 }, all);
	t.is(all.clusters, 3);
	const byRecord = mean(
		[1, 2, 4, 5, 9, 7],
		clusters.map((id) => ({ id })),
	);
	t.is(byRecord.se, all.se);
});

test('clusters that all agree leave a width, as many rows that agree do', (t) => {
	const right = [true, true, true, true, true, true];
	const result = mean(right, ['a', 'a', 'b', 'b', 'c', 'c']);
	t.like(result, { value: 1, high: 1, clusters: 3, n: 6 });
	// Wilson's interval of 3 of 3: 3/(3 + 1.96²).
	close(t, result.low, 3 / (3 + 1.959963984540054 ** 2));
	t.like(
		mean(
			right.map((x) => !x),
			[1, 1, 2, 2, 3, 3],
		),
		{ value: 0, low: 0 },
	);
	t.like(sum([true, true, true]), { value: 3, high: 3 });
	close(t, sum([true, true, true]).low, 9 / (3 + 1.959963984540054 ** 2));
});

test('no rows, one row and rows that are all missing have no error, and say how many there are', (t) => {
	const [none, missing]: (Missing | number)[][] = [[], [gone, gone]];
	for (const statistic of [mean, sum, sd, min, max] as const) {
		t.like(statistic(none as number[]), { value: null, se: null, low: null, high: null, n: 0, missing: 0 });
		t.like(statistic(missing as number[]), {
			value: null,
			se: null,
			low: null,
			high: null,
			n: 0,
			missing: 2,
		});
	}
	for (const statistic of [mean, sum] as const)
		t.like(statistic([3]), { value: 3, se: null, low: null, high: null, n: 1 });
	t.is(auroc([], []).method, 'delong');
	t.is(auroc([0.5], [true]).method, 'delong (only right rows)');
	t.like(ece([0.5], [true]), { value: 0.5, se: null, n: 1 });
	t.like(krippendorffAlpha([]), { value: null, n: 0 });
	t.like(krippendorffAlpha([['a', 'a']]), { value: null, n: 1 });
	t.like(mean([1, Number.POSITIVE_INFINITY]), {
		value: Number.POSITIVE_INFINITY,
		se: null,
		low: null,
		high: null,
	});
});

test('one cluster has no standard error', (t) => {
	t.like(mean([1, 2, 3], ['a', 'a', 'a']), { value: 2, se: null, low: null, high: null, clusters: 1 });
});

test('sum, sd, min and max report n and, where there is one, an error', (t) => {
	t.like(sum([1, 2, 3, gone]), { value: 6, n: 3, missing: 1 });
	close(t, sum([1, 2, 3]).se, Math.sqrt(3));
	close(t, sd(skewed).value, 7.523474374693295);
	t.like(sd([4]), { value: null, n: 1 });
	t.like(min([3, 1, 2]), { value: 1, n: 3, low: null });
	t.like(max([3, 1, 2, gone]), { value: 3, missing: 1 });
});

test('sd: the delta-method error is near the spread of samples', (t) => {
	const random = randomStream(1, 'sd test');
	const draw = (): number[] => Array.from({ length: 200 }, () => random.normal() ** 2);
	const values = Array.from({ length: 400 }, () => sd(draw()));
	const spread = sd(values.map((estimate) => estimate.value as number)).value as number;
	const stated = mean(values.map((estimate) => estimate.se as number)).value as number;
	t.true(Math.abs(stated / spread - 1) < 0.15, `${stated} against ${spread}`);
});

test('median has the distribution-free interval and the bootstrap error in closed form', (t) => {
	const result = quantile(skewed, 0.5);
	t.is(result.value, 3.4);
	// scipy.stats.quantile_test(x, p=0.5).confidence_interval(0.95)
	t.is(result.low, 2.2);
	t.is(result.high, 6.1);
	// Exact bootstrap variance of the middle order statistic, from scipy.stats.beta; a million resamples give 0.916.
	close(t, result.se, 0.9191498551033537, 1e-9);
	t.like(quantile([1, 2, 3], 0.5), { value: 2, low: null, high: null });
	t.is(quantile([1, 2, 3, 4], 0.25).value, 1.75);
	t.throws(() => quantile([1], 1.5), { instanceOf: UserError });
});

test("auroc has DeLong's standard error", (t) => {
	const score = [0.41, 0.9, 0.35, 0.8, 0.1, 0.7, 0.35, 0.65, 0.2, 0.55, 0.9, 0.5];
	const right = [0, 1, 0, 1, 0, 1, 1, 1, 0, 0, 1, 0].map((y) => y === 1);
	const result = auroc(score, right);
	// numpy, from the definition: placements of each row against the other class, with ties one half
	close(t, result.value, 0.9027777777777778);
	close(t, result.se, 0.10281530846289859);
	t.true((result.low as number) > 0.4 && (result.high as number) < 1);
});

test('auroc of classes that separate entirely still has a width', (t) => {
	const result = auroc([0.9, 0.8, 0.7, 0.2, 0.1], [true, true, true, false, false]);
	t.is(result.value, 1);
	t.is(result.high, 1);
	t.true((result.low as number) < 0.8);
	t.like(auroc([0.1, 0.2], [true, true]), { value: null, n: 2 });
});

test("correlations have Fisher's interval, and a perfect one has none", (t) => {
	// r = 0.5, n = 60: the interval quoted for the Winogender metric is about 0.28 to 0.67.
	const z = (r: number, n: number, sign: number): number =>
		Math.tanh(Math.atanh(r) + (sign * 1.959963984540054) / Math.sqrt(n - 3));
	const random = randomStream(2, 'correlation');
	const x = Array.from({ length: 60 }, () => random.normal());
	const y = x.map((v) => v + 1.7 * random.normal());
	const result = pearson(x, y);
	close(t, result.low, z(result.value as number, 60, -1));
	close(t, result.high, z(result.value as number, 60, 1));
	t.like(spearman([1, 2, 3, 4, 5], [10, 20, 30, 40, 50]), { value: 1, low: null, high: null });
	t.like(pearson([1, 2, 3, 4], [5, 5, 5, 5]), { value: null, n: 4 });
});

test('a perfect correlation is exactly 1 whatever rounding says, and claims no error', (t) => {
	for (let n = 5; n <= 60; n++) {
		const x = Array.from({ length: n }, (_, i) => i);
		const y = x.map((v) => -0.1 * v + 0.7);
		for (const statistic of [pearson, spearman, kendall]) {
			t.like(statistic(x, x), { value: 1, se: null, low: null, high: null, n });
			t.like(statistic(x, y), { value: -1, se: null, low: null, high: null, n });
		}
	}
});

test("Kendall's test corrects for ties", (t) => {
	const result = kendall([1, 2, 2, 3, 4, 4, 4, 5, 6, 7], [2, 1, 3, 3, 5, 4, 4, 4, 7, 6]);
	// scipy.stats.kendalltau(method='asymptotic')
	close(t, result.value, 0.7804878048780488);
	close(t, result.test?.p, 0.002970544137651877);
});

test("Krippendorff's alpha matches the reference example on three scales", (t) => {
	const raters = [
		[null, null, null, null, null, 3, 4, 1, 2, 1, 1, 3, 3, null, 3],
		[1, null, 2, 1, 3, 3, 4, 3, null, null, null, null, null, null, null],
		[null, null, 2, 1, 3, 4, 4, null, 2, 1, 1, 3, 3, null, 4],
	];
	const items = Array.from({ length: 15 }, (_, i) => raters.map((rater) => rater[i] ?? null));
	// The `krippendorff` package of PyPI on the example of its documentation.
	close(t, krippendorffAlpha(items).value, 0.691358024691358);
	close(t, krippendorffAlpha(items, { scale: 'ordinal' }).value, 0.8067214199413153);
	close(t, krippendorffAlpha(items, { scale: 'interval' }).value, 0.8108448928121059);
	const nominal = krippendorffAlpha(items);
	t.like(nominal, { n: 12, missing: 3 });
	t.true((nominal.low as number) < 0.691 && 0.691 < (nominal.high as number));
	t.throws(() => krippendorffAlpha([['a', 'b']], { scale: 'ordinal' }), { message: /numbers/ });
});

test("Fleiss' kappa matches the worked example of 14 raters", (t) => {
	const table = [
		[0, 0, 0, 0, 14],
		[0, 2, 6, 4, 2],
		[0, 0, 3, 5, 6],
		[0, 3, 9, 2, 0],
		[2, 2, 8, 1, 1],
		[7, 7, 0, 0, 0],
		[3, 2, 6, 3, 0],
		[2, 5, 3, 2, 2],
		[6, 5, 2, 1, 0],
		[0, 2, 2, 3, 7],
	];
	const items = table.map((row) => row.flatMap((times, value) => Array<number>(times).fill(value)));
	// statsmodels.stats.inter_rater.fleiss_kappa
	close(t, fleissKappa(items).value, 0.20993070442195522);
	t.throws(
		() =>
			fleissKappa([
				[1, 2],
				[1, 2, 3],
			]),
		{ message: /same number/ },
	);
});

test('the interval of ece covers zero for a calibrated model and the truth for an overconfident one', (t) => {
	const covered = (chance: (p: number) => number, truth: number): number => {
		const random = randomStream(5, `ece ${truth}`);
		let hits = 0;
		for (let run = 0; run < 60; run++) {
			const p = Array.from({ length: 300 }, () => random.next());
			const right = p.map((x) => random.next() < chance(x));
			const { low, high } = ece(p, right, { seed: run });
			if ((low as number) <= truth && truth <= (high as number)) hits++;
		}
		return hits / 60;
	};
	t.true(covered((p) => p, 0) > 0.88);
	// |p - (p - 0.15)| over p > 0.15, and p below: 0.15·0.85 + 0.15²/2 = 0.13875
	t.true(covered((p) => Math.max(0, p - 0.15), 0.13875) > 0.82);
});

test('a probability outside 0 to 1 is named', (t) => {
	const error = t.throws(() => ece([87, 50], [true, false]), { instanceOf: UserError });
	t.regex(error?.message ?? '', /87/);
	t.regex(error?.help ?? '', /percent/);
});

test('scores against an answer refuse a name that is no option', (t) => {
	t.throws(() => brier([0.2, 0.3], ['a', 'b'] as never), { instanceOf: UserError });
	// One certain mistake costs -ln(1e-15) and not infinity.
	close(t, logLoss([0], [true]).value, 34.538776394910684);
});

test('point gives the same value as run for every aggregate, on every kind of column', (t) => {
	const random = randomStream(3, 'points');
	const n = 40;
	const p = Float64Array.from({ length: n }, () => random.next());
	const y = Uint8Array.from(p, (x) => (random.next() < x ? 1 : 0));
	const indices = Int32Array.from({ length: n }, () => random.below(n));
	const columns = {
		number: new RefColumn(new NumberColumn(p, new Map([[3, gone]])), indices),
		bool: new BoolColumn(y, new Map([[5, gone]])).take(indices),
		ratings: new ValueColumn(Array.from(y, (v, i) => [v, y[(i + 1) % n], i % 3])),
	};
	const args: Record<string, Record<string, unknown>> = {
		quantile: { x: columns.number, p: 0.3 },
		wilson: { x: columns.bool, level: 0.95 },
		auroc: { score: columns.number, correct: columns.bool },
		brier: { p: columns.number, truth: columns.bool },
		log_loss: { p: columns.number, truth: columns.bool },
		krippendorff_alpha: { ratings: columns.ratings, scale: 'nominal', seed: 0 },
		fleiss_kappa: { ratings: columns.ratings, seed: 0 },
	};
	for (const name of ['ece', 'rms_calibration', 'max_calibration']) {
		args[name] = { p: columns.number, correct: columns.bool, bins: 7, binning: 'mass', seed: 0 };
	}
	for (const name of ['pearson', 'spearman', 'kendall']) args[name] = { x: columns.number, y: columns.bool };
	for (const name of ['mean', 'sum', 'count', 'median', 'sd', 'min', 'max'])
		args[name] = { x: columns.number };
	for (const definition of statistics) {
		const given = args[definition.name];
		if (!given || !definition.point) continue;
		const full = definition.run(given, undefined as never) as Estimate;
		t.true(full.n > 0, definition.name);
		close(t, definition.point(given), full.value as number, 1e-12, 1e-15, definition.name);
	}
	t.is(
		statistics.filter((definition) => definition.point).length,
		Object.keys(args).length + 1,
		'all but bbq_bias',
	);
});
