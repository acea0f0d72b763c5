import { define } from '../define.ts';

interface NumberArgs {
	readonly x: number;
}

/** Half away from zero, as one rounds by hand; exact for decimals that a double only nears (1.005 to two digits is 1.01). */
export function round(x: number, digits = 0): number {
	const size = Math.abs(x);
	// Numbers that are written with an exponent cannot be shifted as text, and are far from where halves matter.
	if (String(size).includes('e')) return size > 1 ? x : Math.round(x * 10 ** digits) / 10 ** digits;
	return Math.sign(x) * Number(`${Math.round(Number(`${size}e${digits}`))}e${-digits}`);
}

const scalar = (name: string, doc: string, example: string, compute: (x: number) => number) =>
	define({
		name,
		signature: `${name}(x: Number) -> Number`,
		doc,
		example,
		version: 1,
		run: ({ x }: NumberArgs) => compute(x),
	});

export const numberFunctions = [
	scalar('abs', 'The size of a number, without its sign.', 'abs(a - b)', Math.abs),
	scalar('sqrt', 'The square root.', 'sqrt(variance)', Math.sqrt),
	scalar('exp', 'e to the power of a number.', 'exp(logprob)', Math.exp),
	scalar('log', 'The natural logarithm.', 'log(p)', Math.log),
	scalar('floor', 'The largest whole number that is not above.', 'floor(x.score)', Math.floor),
	scalar('ceil', 'The smallest whole number that is not below.', 'ceil(x.score)', Math.ceil),
	define({
		name: 'round',
		signature: 'round(x: Number, digits: Number = 0) -> Number',
		doc: 'The nearest number with that many digits after the point; halves go away from zero.',
		example: 'round(accuracy, digits: 2)',
		version: 1,
		run: ({ x, digits = 0 }: NumberArgs & { readonly digits?: number }) => round(x, digits),
	}),
];
