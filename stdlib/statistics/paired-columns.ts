import type { Random } from '../random.ts';
import type { Column } from '../values/column.ts';
import type { Estimate } from '../values/estimate.ts';
import { percentileInterval } from './bootstrap.ts';
import { toNumber } from './cells.ts';
import { clusteredErrors, clustersOf, rowsByCluster } from './clusters.ts';
import { tTwoSided } from './distributions.ts';
import { estimate, noValue, tInterval } from './interval.ts';
import { mcnemar } from './mcnemar.ts';
import { variance } from './moments.ts';
import type { PairedRows, Side } from './pair-rows.ts';
import { type PairCounts, pairedDifference, pairedProportionsInterval } from './paired.ts';

/** Difference of two means of rows over their pairs. */
export function meanDifference(cells: Column, paired: PairedRows, level: number): Estimate {
	const a = sideMeans(cells, paired.level, paired.keyCount);
	const b = sideMeans(cells, paired.base, paired.keyCount);
	const kept = paired.complete.map((_, i) => i).filter((i) => hasBoth(a, b, paired.complete[i] as number));
	const missing = paired.complete.length - kept.length + paired.incomplete;
	if (kept.length === 0) return noValue(missing, 'paired');
	const keys = kept.map((i) => paired.complete[i] as number);
	const levels = Float64Array.from(keys, (key) => (a.sums[key] as number) / (a.counts[key] as number));
	const bases = Float64Array.from(keys, (key) => (b.sums[key] as number) / (b.counts[key] as number));
	const { clusters } = paired;
	const binary = a.binary && b.binary;
	if (clusters)
		return clusteredDifference(
			{ levels, bases, clusters: kept.map((i) => clusters[i] as number), binary },
			missing,
			level,
		);
	return binary
		? binaryDifference(levels, bases, missing, level)
		: plainDifference(levels, bases, missing, level);
}

interface SideMeans {
	readonly sums: Float64Array;
	/** Rows with a value, by key. */
	readonly counts: Int32Array;
	/** Every value is true or false, and no key has two. */
	readonly binary: boolean;
}

function sideMeans(cells: Column, { rows, keys }: Side, keyCount: number): SideMeans {
	const sums = new Float64Array(keyCount);
	const counts = new Int32Array(keyCount);
	let binary = true;
	for (let i = 0; i < rows.length; i++) {
		const cell = cells.get(rows[i] as number);
		const value = toNumber(cell);
		if (Number.isNaN(value)) continue;
		const key = keys[i] as number;
		binary &&= typeof cell === 'boolean' && counts[key] === 0;
		sums[key] = (sums[key] as number) + value;
		counts[key] = (counts[key] as number) + 1;
	}
	return { sums, counts, binary };
}

const hasBoth = (a: SideMeans, b: SideMeans, key: number): boolean =>
	(a.counts[key] as number) > 0 && (b.counts[key] as number) > 0;

function plainDifference(a: Float64Array, b: Float64Array, missing: number, level: number): Estimate {
	const { difference, se, p, interval, n } = pairedDifference(a, b, level);
	const test = p === null ? {} : { test: { name: 'paired t', p } };
	return estimate({ value: difference, se, ...interval, level, n, missing, method: 'paired t', ...test });
}

function binaryDifference(a: Float64Array, b: Float64Array, missing: number, level: number): Estimate {
	const counts = outcomes(a, b);
	const { onlyA, onlyB } = counts;
	const { difference, se, n } = pairedDifference(a, b, level);
	const test = { name: `McNemar, exact (${onlyA} against ${onlyB})`, p: mcnemar(onlyA, onlyB).exact };
	const interval = pairedProportionsInterval(counts, level);
	return estimate({
		value: difference,
		se,
		...interval,
		level,
		n,
		missing,
		method: 'newcombe, paired',
		test,
	});
}

function outcomes(a: Float64Array, b: Float64Array): PairCounts {
	const counts = { both: 0, onlyA: 0, onlyB: 0, neither: 0 };
	for (let i = 0; i < a.length; i++) counts[outcome(a[i] as number, b[i] as number)]++;
	return counts;
}

const outcome = (a: number, b: number): keyof PairCounts =>
	a === 1 ? (b === 1 ? 'both' : 'onlyA') : b === 1 ? 'onlyB' : 'neither';

/** Both sides of the pairs that have both, with the cluster of each. */
interface ClusteredPairs {
	readonly levels: Float64Array;
	readonly bases: Float64Array;
	readonly clusters: ArrayLike<number>;
	/** Every value is true or false. */
	readonly binary: boolean;
}

function clusteredDifference(pairs: ClusteredPairs, missing: number, level: number): Estimate {
	const { levels: a, bases: b, binary } = pairs;
	const clusters = clustersOf(Float64Array.from(pairs.clusters));
	const { difference, n } = pairedDifference(a, b, level);
	const se = clusteredErrors(
		a.map((x, i) => x - (b[i] as number) - difference),
		clusters,
	).cr1;
	const df = clusters.count - 1;
	const rest = { value: difference, se, level, n, missing, clusters: clusters.count };
	// Where all pairs differ alike, or none does, their spread says nothing of the error.
	if (binary && se !== null && a.every((x, i) => x - (b[i] as number) === difference)) {
		const interval = pairedProportionsInterval(shrunk(outcomes(a, b), clusters.count / n), level);
		return estimate({ ...rest, ...interval, method: 'newcombe, paired, a cluster counted once' });
	}
	const test =
		se === null || se === 0
			? {}
			: { test: { name: 'paired t, clustered', p: tTwoSided(difference / se, df) } };
	const interval = tInterval(difference, se, df, level);
	return estimate({ ...rest, ...interval, method: 'paired t, clustered (CR1)', ...test });
}

const shrunk = ({ both, onlyA, onlyB, neither }: PairCounts, factor: number): PairCounts => ({
	both: both * factor,
	onlyA: onlyA * factor,
	onlyB: onlyB * factor,
	neither: neither * factor,
});

export interface ResampleOptions {
	readonly level: number;
	readonly resamples: number;
	/** Pairs and rows that are left out. */
	readonly missing: number;
	readonly random: Random;
}

/** Difference of any aggregate over complete pairs; pairs, or clusters of them, are drawn with replacement. */
export function resampledDifference(
	evaluate: (rows: Int32Array) => number | null,
	paired: PairedRows,
	options: ResampleOptions,
): Estimate {
	const { level, resamples, missing, random } = options;
	const units = drawUnits(paired);
	const whole = units.all();
	const value = minus(evaluate(whole.level), evaluate(whole.base));
	const n = paired.complete.length;
	const clusters = paired.clusters ? units.count : null;
	if (value === null) return { ...noValue(missing, 'paired bootstrap', n), level, clusters };
	const values: number[] = [];
	for (let i = 0; i < resamples && units.count > 1; i++) {
		const rows = units.draw(random);
		const drawn = minus(evaluate(rows.level), evaluate(rows.base));
		if (drawn !== null) values.push(drawn);
	}
	const sorted = Float64Array.from(values).sort();
	if (sorted.length < 2 || sorted[0] === sorted.at(-1)) {
		return estimate({ value, level, n, missing, clusters, method: 'paired bootstrap (all resamples agree)' });
	}
	const drawn =
		values.length === resamples ? `${resamples}` : `${values.length} of ${resamples} resamples had a value`;
	return estimate({
		value,
		se: Math.sqrt(variance(sorted) as number),
		...percentileInterval(sorted, level),
		level,
		n,
		missing,
		clusters,
		method: `paired bootstrap percentile (${drawn})${clusters === null ? '' : ', clustered'}`,
		test: { name: 'paired bootstrap', p: bootstrapP(sorted) },
	});
}

const minus = (a: number | null, b: number | null): number | null =>
	a === null || b === null || Number.isNaN(a - b) ? null : a - b;

/** Twice the smaller share of resampled differences on either side of zero, each with one added: never exactly 0. */
function bootstrapP(values: Float64Array): number {
	let [below, above] = [1, 1];
	for (const value of values) {
		if (value <= 0) below++;
		if (value >= 0) above++;
	}
	return Math.min(1, (2 * Math.min(below, above)) / (values.length + 1));
}

interface TwoSides {
	readonly level: Int32Array;
	readonly base: Int32Array;
}

interface DrawUnits {
	readonly count: number;
	/** Rows of the source in complete pairs. */
	all(): TwoSides;
	/** Rows of as many units as there are, drawn with replacement; the arrays are reused by the next draw. */
	draw(random: Random): TwoSides;
}

function drawUnits(paired: PairedRows): DrawUnits {
	const { unitOf, count } = numberUnits(paired);
	const level = new SideRows(paired.level, unitOf, count);
	const base = new SideRows(paired.base, unitOf, count);
	return {
		count,
		all: () => ({ level: level.rows, base: base.rows }),
		draw: (random) => {
			level.clear();
			base.clear();
			for (let i = 0; i < count; i++) {
				const unit = random.below(count);
				level.add(unit);
				base.add(unit);
			}
			return { level: level.filled(), base: base.filled() };
		},
	};
}

/** Unit of each pair key, -1 for keys that are no complete pair. */
function numberUnits({ complete, clusters, keyCount }: PairedRows): { unitOf: Int32Array; count: number } {
	const unitOf = new Int32Array(keyCount).fill(-1);
	const numbering = clusters ? clustersOf(Float64Array.from(clusters)) : null;
	for (let i = 0; i < complete.length; i++)
		unitOf[complete[i] as number] = numbering ? (numbering.of[i] as number) : i;
	return { unitOf, count: numbering ? numbering.count : complete.length };
}

/** One side's source rows by unit, and a growing buffer of the rows drawn. */
class SideRows {
	readonly rows: Int32Array;
	private readonly starts: Int32Array;
	private buffer: Int32Array;
	private length = 0;

	constructor(side: Side, unitOf: Int32Array, count: number) {
		const kept = side.keys.map((_, i) => i).filter((i) => (unitOf[side.keys[i] as number] as number) >= 0);
		const of = kept.map((i) => unitOf[side.keys[i] as number] as number);
		const grouped = rowsByCluster({ of, count });
		this.starts = grouped.starts;
		this.rows = grouped.rows.map((position) => side.rows[kept[position] as number] as number);
		this.buffer = new Int32Array(this.rows.length * 2);
	}

	clear(): void {
		this.length = 0;
	}

	add(unit: number): void {
		const from = this.starts[unit] as number;
		const to = this.starts[unit + 1] as number;
		if (this.length + to - from > this.buffer.length) {
			const larger = new Int32Array(2 * this.buffer.length + to - from);
			larger.set(this.buffer);
			this.buffer = larger;
		}
		for (let i = from; i < to; i++) this.buffer[this.length++] = this.rows[i] as number;
	}

	filled(): Int32Array {
		return this.buffer.subarray(0, this.length);
	}
}
