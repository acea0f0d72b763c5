import { define, UserError } from '../define.ts';
import { type Random, randomStream } from '../random.ts';
import type { Column } from '../values/column.ts';
import type { Estimate } from '../values/estimate.ts';
import type { Statistic, Uncertainty } from '../values/uncertainty.ts';
import type { Cells } from './cells.ts';
import { clustersOf, rowsByCluster } from './clusters.ts';
import { normalCdf, normalQuantile } from './distributions.ts';
import { type Interval, LEVEL } from './interval.ts';
import { average, variance } from './moments.ts';
import { quantileOf } from './quantile.ts';

export interface BootstrapOptions {
	/** Number of resamples. */
	readonly n?: number;
	/** Rows with one value here are drawn together. */
	readonly cluster?: Cells<unknown> | null;
	readonly method?: 'percentile' | 'bca';
	readonly level?: number;
	readonly seed: number;
}

/** What is drawn with replacement: rows, or clusters of rows. */
interface Units {
	readonly count: number;
	readonly clustered: boolean;
	/** Writes the rows of one draw of all units into the buffer and returns the part that is filled. */
	draw(random: Random): Int32Array;
	/** All rows except those of units `skip[from] … skip[to - 1]`. */
	without(skip: Int32Array, from: number, to: number): Int32Array;
}

/**
 * The bootstrap of Efron: the statistic is computed on `n` resamples of the rows (or of whole clusters). The standard
 * error is the spread of these values, the interval their percentiles, for `bca` corrected for bias and skewness
 * (Efron 1987).
 */
export function bootstrap(options: BootstrapOptions): Uncertainty {
	const { n = 2000, cluster = null, method = 'percentile', level = LEVEL, seed } = options;
	if (!Number.isInteger(n) || n < 2)
		throw new UserError(`a bootstrap needs a whole number of resamples, at least 2; found ${n}`);
	if (method !== 'percentile' && method !== 'bca') {
		throw new UserError(`no bootstrap method "${method}"`, 'use "percentile" or "bca"');
	}
	if (!(level > 0 && level < 1))
		throw new UserError(`a confidence level lies between 0 and 1, found ${level}`);
	return {
		kind: 'uncertainty',
		name: `bootstrap ${method}`,
		level,
		apply: (statistic) => {
			const units = cluster ? clusterUnits(cluster, statistic.n) : rowUnits(statistic.n);
			return resampled(statistic, units, { n, method, level, seed });
		},
	};
}

type Settings = Required<Pick<BootstrapOptions, 'n' | 'method' | 'level' | 'seed'>>;

function resampled(statistic: Statistic, units: Units, { n, method, level, seed }: Settings): Estimate {
	const { full } = statistic;
	const clusters = units.clustered ? units.count : null;
	const how = `bootstrap ${method}`;
	const tail = units.clustered ? ', clustered' : '';
	const bare = { ...full, clusters, level, se: null, low: null, high: null };
	if (full.value === null || units.count < 2)
		return { ...bare, method: `${how} (too few ${units.clustered ? 'clusters' : 'rows'})` };
	const values = replicates(statistic, units, n, randomStream(seed, 'bootstrap'));
	const drawn = values.length === n ? `${n}` : `${values.length} of ${n} resamples had a value`;
	if (values.length < 2) return { ...bare, method: `${how} (${drawn})${tail}` };
	const sorted = values.slice().sort();
	// Resamples that all agree say nothing about the error (ten right of ten is not 100% ± 0).
	if (sorted[0] === sorted.at(-1)) return { ...bare, method: `${how} (all resamples agree)${tail}` };
	const interval =
		method === 'bca'
			? bcaInterval(sorted, full.value, jackknife(statistic, units, seed), level)
			: percentileInterval(sorted, level);
	return {
		...bare,
		se: Math.sqrt(variance(values) as number),
		...interval,
		method: `${how} (${drawn})${tail}`,
	};
}

function replicates(statistic: Statistic, units: Units, n: number, random: Random): Float64Array {
	const values = new Float64Array(n);
	let kept = 0;
	for (let i = 0; i < n; i++) {
		const value = statistic.at(units.draw(random));
		if (value !== null && !Number.isNaN(value)) values[kept++] = value;
	}
	return values.subarray(0, kept);
}

export const percentileInterval = (sorted: Float64Array, level: number): Interval => ({
	low: quantileOf(sorted, (1 - level) / 2),
	high: quantileOf(sorted, (1 + level) / 2),
});

/**
 * Bias-corrected and accelerated interval (Efron 1987, eq. 2.3 and 6.6) from sorted bootstrap values and leave-one-out
 * values. Falls back to percentiles where all bootstrap values lie on one side of the estimate.
 */
export function bcaInterval(
	sorted: Float64Array,
	value: number,
	leftOut: Float64Array,
	level: number,
): Interval {
	const bias = normalQuantile(shareBelow(sorted, value));
	if (!Number.isFinite(bias)) return percentileInterval(sorted, level);
	const acceleration = accelerationOf(leftOut);
	const end = (share: number): number => {
		const shifted = bias + normalQuantile(share);
		return quantileOf(sorted, normalCdf(bias + shifted / (1 - acceleration * shifted)));
	};
	return { low: end((1 - level) / 2), high: end((1 + level) / 2) };
}

/** Ties count one half, so that a statistic with few distinct values is not called biased. */
function shareBelow(sorted: Float64Array, value: number): number {
	let below = 0;
	for (const x of sorted) below += x < value ? 1 : x === value ? 0.5 : 0;
	return below / sorted.length;
}

function accelerationOf(leftOut: Float64Array): number {
	const mean = average(leftOut);
	let squares = 0;
	let cubes = 0;
	for (const x of leftOut) {
		squares += (mean - x) ** 2;
		cubes += (mean - x) ** 3;
	}
	return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

/** Leaving out one at a time costs n² row reads, so past this many units random blocks are left out instead. */
const JACKKNIFE_BLOCKS = 1000;

/** The statistic without each unit, or without each of 1000 random blocks of units: both estimate the same skewness. */
function jackknife(statistic: Statistic, units: Units, seed: number): Float64Array {
	const blocks = Math.min(units.count, JACKKNIFE_BLOCKS);
	const order =
		blocks === units.count
			? Int32Array.from({ length: blocks }, (_, i) => i)
			: randomStream(seed, 'bootstrap jackknife').permutation(units.count);
	const values: number[] = [];
	for (let b = 0; b < blocks; b++) {
		const from = Math.floor((b * units.count) / blocks);
		const to = Math.floor(((b + 1) * units.count) / blocks);
		const value = statistic.at(units.without(order, from, to));
		if (value !== null && !Number.isNaN(value)) values.push(value);
	}
	return Float64Array.from(values);
}

function rowUnits(count: number): Units {
	const buffer = new Int32Array(count);
	return {
		count,
		clustered: false,
		draw: (random) => {
			for (let i = 0; i < count; i++) buffer[i] = random.below(count);
			return buffer;
		},
		without: (skip, from, to) => {
			const left = new Uint8Array(count);
			for (let i = from; i < to; i++) left[skip[i] as number] = 1;
			let kept = 0;
			for (let row = 0; row < count; row++) if (left[row] === 0) buffer[kept++] = row;
			return buffer.subarray(0, kept);
		},
	};
}

function clusterUnits(keys: Cells<unknown>, n: number): Units {
	if (keys.length !== n)
		throw new UserError(`the cluster column has ${keys.length} rows and the statistic ${n}`);
	const clusters = clustersOf(keys);
	const { starts, rows } = rowsByCluster(clusters);
	const { count } = clusters;
	let largest = 0;
	for (let c = 0; c < count; c++)
		largest = Math.max(largest, (starts[c + 1] as number) - (starts[c] as number));
	let buffer = new Int32Array(Math.min(2 * n, largest * count));
	const append = (cluster: number, at: number): number => {
		const end = starts[cluster + 1] as number;
		let place = at;
		if (place + largest > buffer.length) buffer = grown(buffer, place + largest);
		for (let i = starts[cluster] as number; i < end; i++) buffer[place++] = rows[i] as number;
		return place;
	};
	return {
		count,
		clustered: true,
		draw: (random) => {
			let filled = 0;
			for (let i = 0; i < count; i++) filled = append(random.below(count), filled);
			return buffer.subarray(0, filled);
		},
		without: (skip, from, to) => {
			const left = new Uint8Array(count);
			for (let i = from; i < to; i++) left[skip[i] as number] = 1;
			let filled = 0;
			for (let c = 0; c < count; c++) if (left[c] === 0) filled = append(c, filled);
			return buffer.subarray(0, filled);
		},
	};
}

function grown(buffer: Int32Array<ArrayBuffer>, least: number): Int32Array<ArrayBuffer> {
	const larger = new Int32Array(Math.max(least, buffer.length * 2));
	larger.set(buffer);
	return larger;
}

interface BootstrapArgs {
	readonly n: number;
	readonly cluster?: Column | null;
	readonly method: 'percentile' | 'bca';
	readonly level: number;
	readonly seed: number;
}

export const bootstrapDefinition = define<BootstrapArgs, Uncertainty>({
	name: 'bootstrap',
	signature:
		'bootstrap(n: Number = 2000, cluster: Column<Any>?, method: Text = "percentile", level: Number = 0.95, seed: Number = study) -> Uncertainty',
	doc: 'Attaches a bootstrap to an aggregate: the aggregate is computed again on `n` resamples of the rows, or of whole clusters where `cluster` is given. The standard error is the spread of these values; the interval is their percentiles, or with `method: "bca"` corrected for bias and skewness. The same seed gives the same resamples.',
	cite: 'Efron & Tibshirani 1993; Efron 1987, J. Am. Stat. Assoc. 82:171',
	example: 'accuracy = mean(correct) ± bootstrap(2000, cluster: x.question_index)',
	completions: { method: ['percentile', 'bca'] },
	version: 1,
	acceptsMissing: true,
	run: (args) => bootstrap(args),
});
