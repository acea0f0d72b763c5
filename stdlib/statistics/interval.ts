import type { Estimate } from '../values/estimate.ts';
import { normalQuantile, tCritical } from './distributions.ts';

export const LEVEL = 0.95;

export interface Interval {
	readonly low: number | null;
	readonly high: number | null;
}

const NONE: Interval = { low: null, high: null };

type Parts = Pick<Estimate, 'value' | 'n' | 'missing' | 'method'> & Partial<Estimate>;

/** An estimate from what is known of it; the rest is "not given", never zero. An infinite value has no known error. */
export const estimate = (parts: Parts): Estimate => ({
	kind: 'estimate',
	level: LEVEL,
	clusters: null,
	...parts,
	...(parts.value === null || Number.isFinite(parts.value)
		? { se: parts.se ?? null, low: parts.low ?? null, high: parts.high ?? null }
		: { se: null, low: null, high: null }),
});

/** What an aggregate gives for a group in which no row has a value. */
export const noValue = (missing: number, method: string, n = 0): Estimate =>
	estimate({ value: null, n, missing, method });

/**
 * value ± t·se with `df` degrees of freedom. The default for means: it is the normal interval for large groups and, unlike
 * it, keeps its coverage in small ones.
 */
export function tInterval(value: number, se: number | null, df: number, level = LEVEL): Interval {
	if (se === null || df < 1) return NONE;
	const half = tCritical(level, df) * se;
	return { low: value - half, high: value + half };
}

export function normalInterval(value: number | null, se: number | null, level = LEVEL): Interval {
	if (value === null || se === null) return NONE;
	const half = normalCritical(level) * se;
	return { low: value - half, high: value + half };
}

/** z with P(|Z| <= z) = level: 1.959964 for 0.95. */
export const normalCritical = (level: number): number => normalQuantile((1 + level) / 2);

/** Cuts an interval to the range that its quantity can have. */
export const within = (interval: Interval, low: number, high: number): Interval => ({
	low: interval.low === null ? null : Math.max(low, interval.low),
	high: interval.high === null ? null : Math.min(high, interval.high),
});
