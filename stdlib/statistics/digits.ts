import type { Estimate } from '../values/estimate.ts';

type Bounds = Pick<Estimate, 'value' | 'low' | 'high'>;

/**
 * Decimals that numbers with these intervals deserve: as many as show the first digit of the typical half width, and two
 * at least where all values lie within -1…1. Without an interval up to four significant digits are shown, less where less is exact.
 */
export function decimalsFor(estimates: readonly Bounds[]): number {
	const known = estimates.filter((e) => e.value !== null);
	const halves = known
		.map(({ low, high }) => (low === null || high === null ? 0 : (high - low) / 2))
		.filter((half) => half > 0)
		.sort((a, b) => a - b);
	const largest = Math.max(0, ...known.map((e) => Math.abs(e.value as number)));
	const least = largest > 0 && largest <= 1 ? 2 : 0;
	const half = halves[halves.length >> 1];
	if (half === undefined)
		return fewestDecimals(
			known.map((e) => e.value as number),
			largest,
			least,
		);
	return clamp(Math.ceil(-Math.log10(half) - 1e-9), least);
}

function fewestDecimals(values: readonly number[], largest: number, least: number): number {
	if (values.every(Number.isInteger)) return 0;
	const most = clamp(4 - Math.ceil(Math.log10(largest || 1)), least);
	for (let decimals = least; decimals < most; decimals++) {
		if (values.every((value) => Math.abs(value - Number(value.toFixed(decimals))) < 1e-12)) return decimals;
	}
	return most;
}

const clamp = (decimals: number, least: number): number => Math.min(8, Math.max(least, decimals));

/** A number for people: at most `digits` significant ones, whole numbers in full. */
export function shortNumber(value: number, digits = 4): string {
	if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
	return String(Number(value.toPrecision(digits)));
}
