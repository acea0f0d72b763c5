import type { Estimate } from '../../stdlib/values/estimate.ts';

/** How the numbers of a column are written, the same in each of its cells. */
export interface EstimateStyle {
	readonly decimals: number;
	/** Positive values get a sign: the column is of differences. */
	readonly signed: boolean;
}

export const hasInterval = ({ low, high }: Estimate): boolean => low !== null && high !== null;

/** Whether value ± half width says the same as the interval, at the digits shown. */
export function isSymmetric({ value, low, high }: Estimate, decimals: number): boolean {
	if (value === null || low === null || high === null) return true;
	return Math.abs(high + low - 2 * value) <= 10 ** -decimals;
}

export function numberText(value: number, { decimals, signed }: EstimateStyle): string {
	const text = value.toFixed(decimals);
	return signed && value > 0 ? `+${text}` : text;
}

/** `p = 0.031`, `p < 0.001` */
export const pText = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`);

/** `95%` */
export const levelText = (level: number): string => `${Number((100 * level).toFixed(2))}%`;
