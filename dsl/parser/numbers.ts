import type { NumberUnit } from '../ast.ts';

interface Suffix {
	readonly scale: number;
	readonly unit: NumberUnit;
}

/** Durations are kept in seconds. */
export const suffixes: ReadonlyMap<string, Suffix> = new Map([
	['k', { scale: 1e3, unit: 'number' }],
	['M', { scale: 1e6, unit: 'number' }],
	['%', { scale: 0.01, unit: 'percent' }],
	['ms', { scale: 0.001, unit: 'duration' }],
	['s', { scale: 1, unit: 'duration' }],
	['min', { scale: 60, unit: 'duration' }],
	['h', { scale: 3600, unit: 'duration' }],
	['d', { scale: 86_400, unit: 'duration' }],
]);

/** What people write who come from elsewhere. */
const meant: ReadonlyMap<string, string> = new Map([
	['K', 'k'],
	['m', 'min'],
	['mn', 'min'],
	['mins', 'min'],
	['minute', 'min'],
	['minutes', 'min'],
	['sec', 's'],
	['secs', 's'],
	['second', 's'],
	['seconds', 's'],
	['S', 's'],
	['hr', 'h'],
	['hrs', 'h'],
	['hour', 'h'],
	['hours', 'h'],
	['H', 'h'],
	['day', 'd'],
	['days', 'd'],
	['msec', 'ms'],
	['mil', 'M'],
	['mio', 'M'],
	['million', 'M'],
	['thousand', 'k'],
	['percent', '%'],
]);

export type NumberReading =
	| { readonly kind: 'number'; readonly value: number; readonly unit: NumberUnit }
	| {
			readonly kind: 'unknown-suffix';
			readonly suffix: string;
			readonly suggestion: string | null;
			readonly value: number;
	  }
	| { readonly kind: 'misplaced-underscore'; readonly value: number }
	| { readonly kind: 'too-large' };

const numberPattern = /(\$?)(\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?)(%|[A-Za-z_]\w*)?/y;

/** Reads the number literal at `offset`; there is a digit there, or `$` and a digit. */
export function readNumber(
	text: string,
	offset: number,
): { readonly raw: string; readonly reading: NumberReading } {
	numberPattern.lastIndex = offset;
	const match = numberPattern.exec(text) as RegExpExecArray;
	return { raw: match[0], reading: interpret(match[1] === '$', match[2] as string, match[3] ?? null) };
}

function interpret(money: boolean, digits: string, suffix: string | null): NumberReading {
	const bare = Number(digits.replaceAll('_', ''));
	if (suffix !== null && /^_/.test(suffix)) return { kind: 'misplaced-underscore', value: bare };
	if (/__|_(?!\d)|_$/.test(digits)) return { kind: 'misplaced-underscore', value: bare };
	const found = suffix === null ? undefined : suffixes.get(suffix);
	const fits = suffix === null || (found !== undefined && (!money || found.unit === 'number'));
	if (!fits) {
		const suggestion = meant.get(suffix) ?? null;
		return { kind: 'unknown-suffix', suffix, suggestion: money ? null : suggestion, value: bare };
	}
	const value = scaled(digits.replaceAll('_', ''), bare, found?.scale ?? 1);
	if (!Number.isFinite(value)) return { kind: 'too-large' };
	return { kind: 'number', value, unit: money ? 'money' : (found?.unit ?? 'number') };
}

/** The nearest double to what was written: `0.7%` is 0.007, which `0.7 * 0.01` is not. */
function scaled(digits: string, bare: number, scale: number): number {
	const power = Math.log10(scale);
	return Number.isInteger(power) && !/[eE]/.test(digits) ? Number(`${digits}e${power}`) : bare * scale;
}
