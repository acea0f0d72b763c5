import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../tfjs.ts';
import { replaceGradient } from './replace.ts';

interface PoolAttrs {
	readonly filterSize: number | [number, number];
	readonly strides: number | [number, number];
	readonly pad: 'same' | 'valid' | number;
	readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * Average pooling divides by the inputs that a window holds; TensorFlow.js's gradient divides by the window's size, padding
 * counted. Scaled to what is right, except on TensorFlow's own kernels, which are.
 */
export function registerAvgPoolGradient(tf: Tfjs): void {
	replaceGradient(tf, 'AvgPool', ['x'], (dy, [x], attrs: PoolAttrs) => {
		const source = x as Tensor;
		const scaled = (): Tensor => {
			const ratios = windowRatios(tf, source.shape, attrs);
			return ratios && tf.getBackend() !== 'tensorflow' ? tf.mul(dy, ratios) : dy;
		};
		return {
			x: () =>
				tf.engine().runKernel('AvgPoolGrad', { dy: scaled(), input: source }, attrs as never) as Tensor,
		};
	});
}

/** Window size over inputs in the window: [1, outHeight, outWidth, 1]; null where it is 1 everywhere. */
function windowRatios(
	tf: Tfjs,
	shape: number[],
	{ filterSize, strides, pad, dimRoundingMode }: PoolAttrs,
): Tensor | null {
	const info = tf.backend_util.computePool2DInfo(
		shape as never,
		filterSize,
		strides,
		1,
		pad,
		dimRoundingMode,
	);
	const { padInfo } = info;
	const rows = held(info.outHeight, info.strideHeight, info.filterHeight, padInfo.top, info.inHeight);
	const columns = held(info.outWidth, info.strideWidth, info.filterWidth, padInfo.left, info.inWidth);
	const size = info.filterHeight * info.filterWidth;
	const ratios = rows.flatMap((row) => columns.map((column) => size / (row * column)));
	if (ratios.every((ratio) => ratio === 1)) return null;
	return tf.tensor(ratios, [1, info.outHeight, info.outWidth, 1], 'float32');
}

const held = (out: number, stride: number, extent: number, before: number, length: number): number[] =>
	Array.from({ length: out }, (_, i) => {
		const start = i * stride - before;
		return Math.min(start + extent, length) - Math.max(start, 0);
	});
