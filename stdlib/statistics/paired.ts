import { tTwoSided } from './distributions.ts';
import { type Interval, LEVEL, normalInterval, tInterval } from './interval.ts';
import { average, variance } from './moments.ts';
import { wilsonInterval } from './wilson.ts';

export interface PairedDifference {
	/** Mean of a - b. */
	readonly difference: number;
	readonly n: number;
	/** sd(d)/√n; null for fewer than two pairs. */
	readonly se: number | null;
	/** √((var a + var b)/n): what the error would be if the pairing were thrown away. */
	readonly seUnpaired: number | null;
	readonly t: number | null;
	/** Two-sided, n - 1 degrees of freedom. */
	readonly p: number | null;
	readonly interval: Interval;
	readonly normalInterval: Interval;
	/** Pearson correlation of a and b, which is what pairing gains by; null where one does not vary. */
	readonly correlation: number | null;
}

/** Paired difference of means of two arrays of equal length, at least one pair. */
export function pairedDifference(a: Float64Array, b: Float64Array, level = LEVEL): PairedDifference {
	const d = a.map((x, i) => x - (b[i] as number));
	const n = d.length;
	const difference = average(d);
	const spread = variance(d, difference);
	const [varA, varB] = [variance(a), variance(b)];
	const se = spread === null ? null : Math.sqrt(spread / n);
	const t = se === null || se === 0 ? null : difference / se;
	return {
		difference,
		n,
		se,
		seUnpaired: varA === null || varB === null ? null : Math.sqrt((varA + varB) / n),
		t,
		p: t === null ? null : tTwoSided(t, n - 1),
		interval: tInterval(difference, se, n - 1, level),
		normalInterval: normalInterval(difference, se, level),
		correlation:
			varA && varB && spread !== null ? (varA + varB - spread) / (2 * Math.sqrt(varA * varB)) : null,
	};
}

export interface WelchTest {
	readonly t: number;
	readonly df: number;
	readonly p: number;
}

/** Welch's t test of two independent samples; null where no spread can be estimated. */
export function welch(a: Float64Array, b: Float64Array): WelchTest | null {
	const [varA, varB] = [variance(a), variance(b)];
	if (varA === null || varB === null || varA + varB === 0) return null;
	const [ea, eb] = [varA / a.length, varB / b.length];
	const t = (average(a) - average(b)) / Math.sqrt(ea + eb);
	const df = (ea + eb) ** 2 / (ea ** 2 / (a.length - 1) + eb ** 2 / (b.length - 1));
	return { t, df, p: tTwoSided(t, df) };
}

/** Outcomes of pairs: both right, only a, only b, neither. */
export interface PairCounts {
	readonly both: number;
	readonly onlyA: number;
	readonly onlyB: number;
	readonly neither: number;
}

/**
 * Interval for the difference of two paired proportions (Newcombe 1998, method 10). Unlike difference ± t·se it has a
 * width when no pair disagrees.
 */
export function pairedProportionsInterval(
	{ both, onlyA, onlyB, neither }: PairCounts,
	level = LEVEL,
): Interval {
	const n = both + onlyA + onlyB + neither;
	const [a, b] = [both + onlyA, both + onlyB];
	const [pa, pb] = [a / n, b / n];
	const [wa, wb] = [wilsonInterval(a, n, level), wilsonInterval(b, n, level)];
	const phi = pairCorrelation({ both, onlyA, onlyB, neither });
	const squareAdd = (x: number, y: number): number => Math.sqrt(Math.max(0, x * x - 2 * phi * x * y + y * y));
	return {
		low: pa - pb - squareAdd(pa - wa.low, wb.high - pb),
		high: pa - pb + squareAdd(wa.high - pa, pb - wb.low),
	};
}

/** Newcombe's φ with his correction for continuity, which only lowers positive correlations. */
function pairCorrelation({ both, onlyA, onlyB, neither }: PairCounts): number {
	const n = both + onlyA + onlyB + neither;
	const product = (both + onlyA) * (onlyB + neither) * (both + onlyB) * (onlyA + neither);
	if (product === 0) return 0;
	const plain = both * neither - onlyA * onlyB;
	const corrected = plain > 0 ? Math.max(plain - n / 2, 0) : plain;
	return corrected / Math.sqrt(product);
}
