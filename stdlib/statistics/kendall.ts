export interface KendallCounts {
	/** Concordant minus discordant pairs. */
	readonly score: number;
	/** All n(n - 1)/2 pairs. */
	readonly pairs: number;
	readonly tiedX: number;
	readonly tiedY: number;
	/** Variance of the score when x and y are independent, with ties (Kendall 1970, eq. 4.4). */
	readonly variance: number;
}

/** Pair counts by merge sort, n log n (Knight 1966). */
export function kendallCounts(x: Float64Array, y: Float64Array): KendallCounts {
	const n = x.length;
	const order = Uint32Array.from(x, (_, i) => i).sort(
		(a, b) => (x[a] as number) - (x[b] as number) || (y[a] as number) - (y[b] as number),
	);
	const xs = Float64Array.from(order, (i) => x[i] as number);
	const ys = Float64Array.from(order, (i) => y[i] as number);
	const bothTied = tieSizes(n, (i) => xs[i] === xs[i - 1] && ys[i] === ys[i - 1]);
	const xTies = tieSizes(n, (i) => xs[i] === xs[i - 1]);
	const discordant = countInversions(ys);
	const yTies = tieSizes(n, (i) => ys[i] === ys[i - 1]);
	const pairs = (n * (n - 1)) / 2;
	const [tiedX, tiedY, tiedBoth] = [pairsIn(xTies), pairsIn(yTies), pairsIn(bothTied)];
	const score = pairs - tiedX - tiedY + tiedBoth - 2 * discordant;
	return { score, pairs, tiedX, tiedY, variance: nullVariance(n, xTies, yTies) };
}

/** Sizes of runs of equal values in a sorted order. */
function tieSizes(n: number, sameAsBefore: (i: number) => boolean): number[] {
	const sizes: number[] = [];
	let size = 1;
	for (let i = 1; i <= n; i++) {
		if (i < n && sameAsBefore(i)) size++;
		else {
			if (size > 1) sizes.push(size);
			size = 1;
		}
	}
	return sizes;
}

const pairsIn = (sizes: readonly number[]): number => total(sizes, (t) => (t * (t - 1)) / 2);
const total = (sizes: readonly number[], term: (t: number) => number): number =>
	sizes.reduce((sum, t) => sum + term(t), 0);

function nullVariance(n: number, xTies: readonly number[], yTies: readonly number[]): number {
	const cubic = (t: number): number => t * (t - 1) * (2 * t + 5);
	const pair = (t: number): number => t * (t - 1);
	const triple = (t: number): number => t * (t - 1) * (t - 2);
	const main = (cubic(n) - total(xTies, cubic) - total(yTies, cubic)) / 18;
	const twos = (total(xTies, pair) * total(yTies, pair)) / (2 * pair(n));
	const threes = n < 3 ? 0 : (total(xTies, triple) * total(yTies, triple)) / (9 * triple(n));
	return main + twos + threes;
}

/** Sorts the values in place and counts the pairs that were out of order. */
function countInversions(values: Float64Array): number {
	const spare = new Float64Array(values.length);
	let inversions = 0;
	for (let width = 1; width < values.length; width *= 2) {
		for (let from = 0; from + width < values.length; from += 2 * width) {
			inversions += merge(values, spare, from, from + width, Math.min(from + 2 * width, values.length));
		}
	}
	return inversions;
}

function merge(values: Float64Array, spare: Float64Array, from: number, middle: number, to: number): number {
	let [left, right, out, inversions] = [from, middle, from, 0];
	while (left < middle && right < to) {
		if ((values[left] as number) <= (values[right] as number)) spare[out++] = values[left++] as number;
		else {
			inversions += middle - left;
			spare[out++] = values[right++] as number;
		}
	}
	while (left < middle) spare[out++] = values[left++] as number;
	while (right < to) spare[out++] = values[right++] as number;
	values.set(spare.subarray(from, to), from);
	return inversions;
}
