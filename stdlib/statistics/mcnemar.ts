import { binomialCdf, chiSquareTail } from './distributions.ts';

export interface McNemar {
	/** Exact two-sided binomial p value: the one to report. */
	readonly exact: number;
	/** (b - c)²/(b + c), one degree of freedom. */
	readonly chiSquare: number;
	readonly p: number;
	/** (max(|b - c| - 1, 0))²/(b + c). */
	readonly chiSquareCorrected: number;
	readonly pCorrected: number;
}

/** McNemar's test of paired outcomes from the two discordant counts (McNemar 1947). */
export function mcnemar(onlyA: number, onlyB: number): McNemar {
	const n = onlyA + onlyB;
	if (n === 0) return { exact: 1, chiSquare: 0, p: 1, chiSquareCorrected: 0, pCorrected: 1 };
	const difference = Math.abs(onlyA - onlyB);
	const chiSquare = difference ** 2 / n;
	const chiSquareCorrected = Math.max(difference - 1, 0) ** 2 / n;
	return {
		exact: Math.min(1, 2 * binomialCdf(Math.min(onlyA, onlyB), n, 0.5)),
		chiSquare,
		p: chiSquareTail(chiSquare, 1),
		chiSquareCorrected,
		pCorrected: chiSquareTail(chiSquareCorrected, 1),
	};
}
