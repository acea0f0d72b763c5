import { define, UserError } from '../define.ts';
import { randomStream } from '../random.ts';
import type { Column } from '../values/column.ts';
import type { Estimate } from '../values/estimate.ts';
import { labelOf } from '../values/labelled.ts';
import { percentileInterval } from './bootstrap.ts';
import { type Cells, cellAt, isGap } from './cells.ts';
import { estimate, LEVEL, noValue } from './interval.ts';
import { variance } from './moments.ts';

/** The ratings that one item got, one a rater; missing and none are ratings not given. */
export type Ratings = readonly unknown[];

export type Scale = 'nominal' | 'ordinal' | 'interval';

/**
 * How often each value was given to each item: row-major, items × values. Items with fewer than two ratings are left out,
 * since nothing in them can agree.
 */
interface Counts {
	readonly items: number;
	readonly values: readonly (string | number | boolean)[];
	readonly counts: Float64Array;
	/** Ratings of each item. */
	readonly totals: Float64Array;
	readonly leftOut: number;
}

function countRatings(items: Cells<Ratings>): Counts {
	const kept: (string | number | boolean)[][] = [];
	for (let i = 0; i < items.length; i++) {
		const cell = cellAt(items, i);
		if (isGap(cell)) continue;
		if (!Array.isArray(cell)) throw new UserError('agreement needs a list of ratings an item, one a rater');
		const given = cell
			.filter((rating) => !isGap(rating))
			.map((rating) => labelOf(rating) as string | number | boolean);
		if (given.length >= 2) kept.push(given);
	}
	const values = [...new Set(kept.flat())].sort((a, b) =>
		typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1,
	);
	const at = new Map(values.map((value, i) => [value, i]));
	const counts = new Float64Array(kept.length * values.length);
	kept.forEach((ratings, item) => {
		for (const rating of ratings) {
			const cell = item * values.length + (at.get(rating) as number);
			counts[cell] = (counts[cell] as number) + 1;
		}
	});
	return {
		items: kept.length,
		values,
		counts,
		totals: Float64Array.from(kept, (ratings) => ratings.length),
		leftOut: items.length - kept.length,
	};
}

/** Squared distance of two values, given how often each value occurs among pairable ratings. */
type Distance = (a: number, b: number) => number;

function distanceOf(scale: Scale, values: Counts['values'], frequency: Float64Array): Distance {
	if (scale === 'nominal') return (a, b) => (a === b ? 0 : 1);
	if (!values.every((value) => typeof value === 'number' || typeof value === 'boolean')) {
		throw new UserError(`an ${scale} scale needs ratings that are numbers`, 'use scale: "nominal" for names');
	}
	if (scale === 'interval') return (a, b) => (Number(values[a]) - Number(values[b])) ** 2;
	const below = new Float64Array(frequency.length + 1);
	frequency.forEach((f, i) => {
		below[i + 1] = (below[i] as number) + f;
	});
	return (a, b) => {
		const [low, high] = a < b ? [a, b] : [b, a];
		const between = (below[high + 1] as number) - (below[low] as number);
		return (between - ((frequency[low] as number) + (frequency[high] as number)) / 2) ** 2;
	};
}

/** 1 - observed/expected disagreement (Krippendorff 2011); null where all ratings are one value. `weights`: times an item counts. */
function alphaOf(
	{ items, values, counts, totals }: Counts,
	scale: Scale,
	weights: Float64Array | null,
): number | null {
	const k = values.length;
	const frequency = new Float64Array(k);
	for (let i = 0; i < items; i++) {
		const weight = weights ? (weights[i] as number) : 1;
		for (let c = 0; c < k; c++)
			frequency[c] = (frequency[c] as number) + weight * (counts[i * k + c] as number);
	}
	const distance = distanceOf(scale, values, frequency);
	let observed = 0;
	for (let i = 0; i < items; i++) {
		const weight = (weights ? (weights[i] as number) : 1) / ((totals[i] as number) - 1);
		if (weight > 0) observed += weight * disagreement(counts.subarray(i * k, (i + 1) * k), distance);
	}
	const n = frequency.reduce((sum, f) => sum + f, 0);
	const expected = disagreement(frequency, distance) / (n - 1);
	return expected > 0 ? 1 - observed / expected : null;
}

/** Σ over ordered pairs of values of count · count · distance. */
function disagreement(counts: Float64Array, distance: Distance): number {
	let sum = 0;
	for (let a = 0; a < counts.length; a++) {
		if (counts[a] === 0) continue;
		for (let b = a + 1; b < counts.length; b++) {
			if (counts[b] !== 0) sum += 2 * (counts[a] as number) * (counts[b] as number) * distance(a, b);
		}
	}
	return sum;
}

/** Fleiss' κ of items that all have the same number of ratings (Fleiss 1971). */
function kappaOf({ items, values, counts, totals }: Counts, weights: Float64Array | null): number | null {
	const k = values.length;
	const raters = totals[0] as number;
	const shares = new Float64Array(k);
	let [observed, n] = [0, 0];
	for (let i = 0; i < items; i++) {
		const weight = weights ? (weights[i] as number) : 1;
		n += weight;
		let squares = 0;
		for (let c = 0; c < k; c++) {
			const count = counts[i * k + c] as number;
			shares[c] = (shares[c] as number) + weight * count;
			squares += count * count;
		}
		observed += (weight * (squares - raters)) / (raters * (raters - 1));
	}
	const expected = shares.reduce((sum, count) => sum + (count / (n * raters)) ** 2, 0);
	return expected < 1 ? (observed / n - expected) / (1 - expected) : null;
}

const RESAMPLES = 1000;

function withBootstrap(
	counts: Counts,
	name: string,
	seed: number,
	compute: (weights: Float64Array | null) => number | null,
): Estimate {
	const { items, leftOut: missing } = counts;
	if (items === 0) return noValue(missing, name);
	const value = compute(null);
	if (value === null) return noValue(missing, `${name} (all ratings are one value)`, items);
	const values: number[] = [];
	const random = randomStream(seed, `bootstrap ${name}`);
	const weights = new Float64Array(items);
	for (let r = 0; r < RESAMPLES; r++) {
		weights.fill(0);
		for (let i = 0; i < items; i++) {
			const drawn = random.below(items);
			weights[drawn] = (weights[drawn] as number) + 1;
		}
		const drawn = compute(weights);
		if (drawn !== null) values.push(drawn);
	}
	const sorted = Float64Array.from(values).sort();
	if (sorted.length < 2 || sorted[0] === sorted.at(-1))
		return estimate({ value, n: items, missing, method: `${name} (all resamples agree)` });
	const drawn =
		sorted.length === RESAMPLES ? `${RESAMPLES}` : `${sorted.length} of ${RESAMPLES} resamples had a value`;
	return estimate({
		value,
		se: Math.sqrt(variance(sorted) as number),
		...percentileInterval(sorted, LEVEL),
		n: items,
		missing,
		method: `${name}; bootstrap percentile over items (${drawn})`,
	});
}

export interface AlphaOptions {
	readonly scale?: Scale;
	readonly seed?: number;
}

/**
 * Krippendorff's α of items' ratings: 1 is perfect agreement, 0 what chance gives. Raters may leave items out; items with
 * fewer than two ratings are not pairable and are counted as missing. The interval is a bootstrap over items.
 */
export function krippendorffAlpha(
	items: Cells<Ratings>,
	{ scale = 'nominal', seed = 0 }: AlphaOptions = {},
): Estimate {
	const checked = checkedScale(scale);
	const counts = countRatings(items);
	return withBootstrap(counts, `krippendorff alpha, ${checked}`, seed, (weights) =>
		alphaOf(counts, checked, weights),
	);
}

function checkedScale(scale: string): Scale {
	if (scale === 'nominal' || scale === 'ordinal' || scale === 'interval') return scale;
	throw new UserError(`no scale "${scale}"`, 'use "nominal", "ordinal" or "interval"');
}

/** Fleiss' κ; every item must have the same number of ratings, at least two. */
export function fleissKappa(items: Cells<Ratings>, { seed = 0 }: { readonly seed?: number } = {}): Estimate {
	const counts = countRatings(items);
	if (counts.totals.some((total) => total !== counts.totals[0])) {
		throw new UserError(
			"Fleiss' kappa needs the same number of ratings for every item",
			'use krippendorff_alpha, which allows missing ratings',
		);
	}
	return withBootstrap(counts, 'fleiss kappa', seed, (weights) => kappaOf(counts, weights));
}

export const krippendorffAlphaDefinition = define<
	{ ratings: Column<Ratings>; scale: Scale; seed: number },
	Estimate
>({
	name: 'krippendorff_alpha',
	signature:
		'krippendorff_alpha(ratings: Column<List<Any>>, scale: Text = "nominal", seed: Number = study) -> Estimate',
	doc: 'Krippendorff\'s alpha of a column of lists of ratings, one rating a rater: 1 is perfect agreement, 0 what chance gives. `scale` is "nominal", "ordinal" or "interval". Raters may leave items out; items with fewer than two ratings are counted as missing. The interval is a bootstrap over items.',
	cite: "Krippendorff 2011, Computing Krippendorff's alpha-reliability",
	example: 'agreement = krippendorff_alpha(verdicts)',
	version: 1,
	acceptsMissing: true,
	run: ({ ratings, scale, seed }) => krippendorffAlpha(ratings, { scale, seed }),
	point: ({ ratings, scale }) => {
		const counts = countRatings(ratings);
		return counts.items === 0 ? null : alphaOf(counts, checkedScale(scale), null);
	},
});

export const fleissKappaDefinition = define<{ ratings: Column<Ratings>; seed: number }, Estimate>({
	name: 'fleiss_kappa',
	signature: 'fleiss_kappa(ratings: Column<List<Any>>, seed: Number = study) -> Estimate',
	doc: "Fleiss' kappa of a column of lists of ratings: 1 is perfect agreement, 0 what chance gives. Every item needs the same number of ratings. The interval is a bootstrap over items.",
	cite: 'Fleiss 1971, Psychol. Bull. 76:378',
	version: 1,
	acceptsMissing: true,
	run: ({ ratings, seed }) => fleissKappa(ratings, { seed }),
	point: ({ ratings }) => {
		const counts = countRatings(ratings);
		return counts.items === 0 ? null : kappaOf(counts, null);
	},
});
