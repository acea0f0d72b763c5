import { define, UserError } from '../define.ts';
import { isTensorValue, type TensorValue } from '../values/tensor.ts';
import { showShape } from './graph.ts';

/** Mean over all values of the squared difference. */
export function meanSquaredError(a: TensorValue, b: TensorValue): number {
	if (!isTensorValue(a) || !isTensorValue(b)) throw new UserError('mse compares two images');
	if (a.shape.join() !== b.shape.join())
		throw new UserError(
			`mse compares two images of one shape, not ${showShape(a.shape)} and ${showShape(b.shape)}`,
		);
	let sum = 0;
	for (let i = 0; i < a.data.length; i++) sum += ((a.data[i] as number) - (b.data[i] as number)) ** 2;
	return sum / a.data.length;
}

interface TwoImages {
	readonly a: TensorValue;
	readonly b: TensorValue;
}

export const imageErrorDefinitions = [
	define({
		name: 'mse',
		signature: [
			'mse(a: Image[h, w, c], b: Image[h, w, c]) -> Number',
			'mse(a: Tensor[n], b: Tensor[n]) -> Number',
		],
		doc: 'Mean squared error: the mean over all values of the squared difference.',
		version: 1,
		run: ({ a, b }: TwoImages) => meanSquaredError(a, b),
	}),
	define({
		name: 'psnr',
		signature: 'psnr(a: Image[h, w, c], b: Image[h, w, c], peak: Number = 1) -> Number',
		doc: 'Peak signal-to-noise ratio in decibels: 10 log₁₀(peak² / mean squared error); infinite for equal images.',
		version: 1,
		run: ({ a, b, peak }: TwoImages & { readonly peak: number }) =>
			10 * Math.log10(peak ** 2 / meanSquaredError(a, b)),
	}),
];
