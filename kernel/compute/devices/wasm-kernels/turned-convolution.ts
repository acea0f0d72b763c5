import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { Tfjs } from '../../tfjs.ts';
import type { Geometry } from './windows.ts';

/**
 * Whether the gradient by the input is itself a convolution without gaps: of the gradient, with the filter turned round. The
 * backend convolves faster than any loop here.
 */
export const isTurnedConvolution = ({ strideHeight, strideWidth, padInfo, ...info }: Geometry): boolean =>
	strideHeight === 1 &&
	strideWidth === 1 &&
	info.dilationHeight === 1 &&
	info.dilationWidth === 1 &&
	Math.max(padInfo.top, padInfo.bottom) < info.filterHeight &&
	Math.max(padInfo.left, padInfo.right) < info.filterWidth;

/** The gradient with the margin that lets the turned filter meet every input. */
export function withMargin(tf: Tfjs, dy: Tensor, { filterHeight, filterWidth, padInfo }: Geometry): Tensor4D {
	const [down, across] = [filterHeight - 1, filterWidth - 1];
	return tf.pad(dy, [
		[0, 0],
		[down - padInfo.top, down - padInfo.bottom],
		[across - padInfo.left, across - padInfo.right],
		[0, 0],
	]) as Tensor4D;
}
