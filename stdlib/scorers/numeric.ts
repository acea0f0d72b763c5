import { oneOf } from '../data/words.ts';
import { define, UserError } from '../define.ts';
import { Missing } from '../values/missing.ts';

/** Digits, with commas between thousands or without, a decimal part, an exponent; a minus that is no subtraction. */
const NUMBER =
	/(?<![\p{L}\p{N}.)])([-−]?)[$€£]?((?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(e[-+]?\d+)?/giu;

/** All the numbers that stand in a text, in order. "1,163" is 1163 and "10-20" is 10 and 20. */
export function numbersIn(text: string): number[] {
	return Array.from(text.matchAll(NUMBER), ([, sign, digits = '', exponent = '']) => {
		const size = Number(digits.replaceAll(',', '') + exponent);
		return sign ? -size : size;
	});
}

const WHICH = ['first', 'last'] as const;

/** The first or last number of a text; missing, as unparsed, when there is none. */
export function numberIn(text: string, which: string = 'last'): number | Missing {
	const end = oneOf(which, WHICH, 'which');
	return (
		numbersIn(text).at(end === 'first' ? 0 : -1) ??
		new Missing('unparsed', 'there is no number in the answer')
	);
}

export interface Tolerance {
	/** Largest difference allowed. */
	readonly absolute?: number;
	/** Largest difference allowed as a share of the target's size. */
	readonly relative?: number;
}

/** Whether two numbers are near enough; exactly equal without a tolerance. */
export const isNear = (
	value: number,
	target: number,
	{ absolute = 0, relative = 0 }: Tolerance = {},
): boolean => Math.abs(value - target) <= Math.max(absolute, relative * Math.abs(target));

interface NumberArgs {
	readonly answer: string;
	readonly which?: string;
}

export const numberDefinition = define({
	name: 'number_in',
	signature: 'number_in(answer: Text, which: Text = "last") -> Number',
	doc: 'The "last" or "first" number of a text, thousands commas allowed; missing when there is none.',
	example: 'value = number_in(answer)',
	version: 1,
	run: ({ answer, which }: NumberArgs) => numberIn(answer, which),
});

interface NumericArgs extends NumberArgs {
	readonly target: number | string;
	readonly tolerance?: number;
	readonly relative?: number;
}

const OPTIONS = 'tolerance: Number = 0, relative: Number = 0, which: Text = "last"';

export const numericDefinition = define({
	name: 'numeric',
	signature: [
		`numeric(answer: Text, target: Number, ${OPTIONS}) -> Bool`,
		`numeric(answer: Text, target: Text, ${OPTIONS}) -> Bool`,
	],
	doc:
		'Whether the last (or first) number of an answer is the target, within `tolerance`, or within `relative` times the size of the target. A ' +
		'target that is text stands for its own last number. An answer without a number is missing, not wrong.',
	example: 'correct = numeric(answer, 1163)',
	version: 1,
	run: ({ answer, target, tolerance = 0, relative = 0, which }: NumericArgs) => {
		const wanted = typeof target === 'number' ? target : numberIn(target);
		if (wanted instanceof Missing) throw new UserError(`the target ${JSON.stringify(target)} has no number`);
		const value = numberIn(answer, which);
		return value instanceof Missing ? value : isNear(value, wanted, { absolute: tolerance, relative });
	},
});
