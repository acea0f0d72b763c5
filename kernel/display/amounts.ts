/** Counts, money and tokens as the terminal and the report write them. */

export const count = (value: number): string => value.toLocaleString('en-US');

export const counted = (value: number, noun: string, nouns = `${noun}s`): string =>
	`${count(value)} ${value === 1 ? noun : nouns}`;

/** Short: `950`, `12.3k`, `4.6M`. */
export function compactCount(value: number): string {
	if (value < 1000) return String(Math.round(value));
	// 999,950 would round to "1000.0k".
	if (value < 999_950) return `${(value / 1000).toFixed(1)}k`;
	if (value < 999_950_000) return `${(value / 1e6).toFixed(1)}M`;
	return `${(value / 1e9).toFixed(1)}G`;
}

/** US dollars; small amounts keep the digits that say something. */
export function dollars(usd: number): string {
	if (usd === 0) return '$0';
	if (usd < 0.0001) return '< $0.0001';
	return `$${usd.toLocaleString('en-US', { minimumFractionDigits: usd < 1 ? 4 : 2, maximumFractionDigits: usd < 1 ? 4 : 2 })}`;
}

/** What calls cost when the price of some of them is not known. */
export function spending(usd: number, unpriced: number): string {
	if (unpriced === 0) return dollars(usd);
	return usd === 0 ? 'price unknown' : `${dollars(usd)} + ${counted(unpriced, 'call')} of unknown price`;
}
