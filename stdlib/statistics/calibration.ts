import { UserError } from '../define.ts';
import { type Random, randomStream } from '../random.ts';
import type { Choice } from '../values/choice.ts';
import type { Estimate } from '../values/estimate.ts';
import { type Cells, pairsOf, toProbability } from './cells.ts';
import { estimate, LEVEL, noValue } from './interval.ts';
import { variance } from './moments.ts';
import { quantileOf } from './quantile.ts';
import { sortedOrder } from './ranks.ts';

/** Bins of equal width over 0…1, or of equal numbers of rows. */
export type Binning = 'width' | 'mass';

export interface CalibrationBin {
	readonly count: number;
	/** Null for an empty bin of equal width. */
	readonly meanP: number | null;
	readonly meanY: number | null;
}

/** Stated probabilities in rising order, ties by position, with their outcomes as 0 and 1. */
export interface Stated {
	readonly p: Float64Array;
	readonly y: Float64Array;
	readonly missing: number;
}

export function statedOf(p: Cells<number | Choice>, correct: Cells<boolean | number>): Stated {
	const pairs = pairsOf(p, correct, toProbability);
	const order = sortedOrder(pairs.x);
	return {
		p: Float64Array.from(order, (i) => pairs.x[i] as number),
		y: Float64Array.from(order, (i) => pairs.y[i] as number),
		missing: pairs.missing,
	};
}

/**
 * The calibration chart's bins. `width`: row in bin min(floor(p·k), k - 1). `mass`: consecutive groups of the sorted rows,
 * the first n mod k of them one row longer, none of them empty.
 */
export function calibrationBins(stated: Stated, bins = 10, binning: Binning = 'mass'): CalibrationBin[] {
	const sums = new BinSums(checkedBins(bins), checkedBinning(binning));
	sums.fill(stated, null, stated.p.length);
	return sums.list();
}

function checkedBins(bins: number): number {
	if (!Number.isInteger(bins) || bins < 1)
		throw new UserError(`bins is a whole number from 1, found ${bins}`);
	return bins;
}

function checkedBinning(binning: string): Binning {
	if (binning === 'width' || binning === 'mass') return binning;
	throw new UserError(
		`no binning "${binning}"`,
		'use "width" (bins of equal width) or "mass" (bins of equal counts)',
	);
}

/** Sums by bin, reused by every resample. */
class BinSums {
	private readonly counts: Float64Array;
	private readonly sumP: Float64Array;
	private readonly sumY: Float64Array;
	private readonly bins: number;
	private readonly binning: Binning;

	constructor(bins: number, binning: Binning) {
		this.bins = bins;
		this.binning = binning;
		this.counts = new Float64Array(bins);
		this.sumP = new Float64Array(bins);
		this.sumY = new Float64Array(bins);
	}

	/** `weights` says how often each sorted row counts (null: once); `n` is their sum. */
	fill({ p, y }: Stated, weights: Int32Array | null, n: number): void {
		this.counts.fill(0);
		this.sumP.fill(0);
		this.sumY.fill(0);
		let seen = 0;
		for (let i = 0; i < p.length; i++) {
			let weight = weights ? (weights[i] as number) : 1;
			// A row drawn several times can lie across the border of two bins of equal mass.
			while (weight > 0) {
				const bin = this.binOf(p[i] as number, seen, n);
				const part = this.binning === 'width' ? weight : Math.min(weight, this.massEnd(bin, n) - seen);
				this.counts[bin] = (this.counts[bin] as number) + part;
				this.sumP[bin] = (this.sumP[bin] as number) + part * (p[i] as number);
				this.sumY[bin] = (this.sumY[bin] as number) + part * (y[i] as number);
				seen += part;
				weight -= part;
			}
		}
	}

	private binOf(p: number, position: number, n: number): number {
		if (this.binning === 'width') return Math.min(Math.floor(p * this.bins), this.bins - 1);
		const size = Math.floor(n / this.bins);
		const longer = n % this.bins;
		const inLonger = longer * (size + 1);
		return position < inLonger
			? Math.floor(position / (size + 1))
			: longer + Math.floor((position - inLonger) / size);
	}

	private massEnd(bin: number, n: number): number {
		return (bin + 1) * Math.floor(n / this.bins) + Math.min(bin + 1, n % this.bins);
	}

	list(): CalibrationBin[] {
		const all = Array.from(this.counts, (count, i) => ({
			count,
			meanP: count === 0 ? null : (this.sumP[i] as number) / count,
			meanY: count === 0 ? null : (this.sumY[i] as number) / count,
		}));
		return this.binning === 'mass' ? all.filter((bin) => bin.count > 0) : all;
	}

	/** Gaps |mean p - mean y| summed up by the error's rule, over bins that are not empty. */
	error(error: CalibrationError, n: number): number {
		let sum = 0;
		for (let i = 0; i < this.bins; i++) {
			const count = this.counts[i] as number;
			if (count === 0) continue;
			const gap = Math.abs((this.sumP[i] as number) - (this.sumY[i] as number)) / count;
			if (error === 'ece') sum += (count / n) * gap;
			else if (error === 'rms') sum += (count / n) * gap * gap;
			else sum = Math.max(sum, gap);
		}
		return error === 'rms' ? Math.sqrt(sum) : sum;
	}
}

export type CalibrationError = 'ece' | 'rms' | 'max';

export interface CalibrationOptions {
	readonly bins?: number;
	readonly binning?: Binning;
	readonly seed?: number;
}

/** The bare error, for resampling from outside. */
export function calibrationPoint(
	error: CalibrationError,
	stated: Stated,
	bins: number,
	binning: Binning,
): number | null {
	const n = stated.p.length;
	if (n === 0) return null;
	const sums = new BinSums(checkedBins(bins), checkedBinning(binning));
	sums.fill(stated, null, n);
	return sums.error(error, n);
}

/**
 * A calibration error with a bootstrap over rows, since it has no closed-form error. Binned errors are biased upwards, and
 * their resamples once more by about as much, so the interval is the basic one, 2·value - percentiles: it takes that bias
 * off, where percentiles would double it. It begins at 0 where rows of a perfectly calibrated model with the same stated
 * probabilities would often show an error this large (Bröcker & Smith 2007): there no bootstrap reaches 0 by itself.
 */
export function calibrationEstimate(
	error: CalibrationError,
	stated: Stated,
	options: Required<CalibrationOptions>,
): Estimate {
	const { bins, binning, seed } = options;
	const value = calibrationPoint(error, stated, bins, binning);
	const n = stated.p.length;
	const { missing } = stated;
	const how = `equal ${binning}, ${bins} bins`;
	if (value === null) return noValue(missing, how);
	const tail = (1 - LEVEL) / 2;
	const sorted = resample(error, stated, options, drawRows(n, randomStream(seed, 'calibration bootstrap')));
	if (n < 2 || sorted[0] === sorted.at(-1)) return estimate({ value, n, missing, method: how });
	const perfect = resample(
		error,
		stated,
		options,
		drawOutcomes(stated, randomStream(seed, 'calibration null')),
	);
	const fitsPerfect = value <= quantileOf(perfect, 1 - tail);
	return estimate({
		value,
		se: Math.sqrt(variance(sorted) as number),
		low: fitsPerfect ? 0 : Math.max(0, 2 * value - quantileOf(sorted, 1 - tail)),
		high: Math.min(1, Math.max(2 * value - quantileOf(sorted, tail), 0)),
		n,
		missing,
		method: `${how}; bootstrap basic (${sorted.length})`,
	});
}

/** Enough for two digits of a standard error; fewer where a resample costs much. */
const resamplesFor = (n: number): number => (n <= 20_000 ? 1000 : 200);

/** What one resample is scored on; the arrays are reused by the next. */
interface Resample {
	readonly rows: Stated;
	readonly weights: Int32Array | null;
}

/** Errors of many resamples, sorted. */
function resample(
	error: CalibrationError,
	stated: Stated,
	{ bins, binning }: Required<CalibrationOptions>,
	draw: (stated: Stated) => Resample,
): Float64Array {
	const n = stated.p.length;
	const sums = new BinSums(bins, binning);
	return Float64Array.from({ length: resamplesFor(n) }, () => {
		const { rows, weights } = draw(stated);
		sums.fill(rows, weights, n);
		return sums.error(error, n);
	}).sort();
}

function drawRows(n: number, random: Random): (stated: Stated) => Resample {
	const weights = new Int32Array(n);
	return (rows) => {
		weights.fill(0);
		for (let i = 0; i < n; i++) {
			const drawn = random.below(n);
			weights[drawn] = (weights[drawn] as number) + 1;
		}
		return { rows, weights };
	};
}

/** Outcomes that a perfectly calibrated model would have had. */
function drawOutcomes({ p, missing }: Stated, random: Random): () => Resample {
	const y = new Float64Array(p.length);
	return () => {
		for (let i = 0; i < y.length; i++) y[i] = random.next() < (p[i] as number) ? 1 : 0;
		return { rows: { p, y, missing }, weights: null };
	};
}
