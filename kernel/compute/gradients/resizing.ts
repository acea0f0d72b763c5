import type { Tensor } from '@tensorflow/tfjs';
import { bilinear, nearest, type ResizeAttrs, type Weights } from '../resize-weights.ts';
import type { Tfjs } from '../tfjs.ts';
import { replaceGradient } from './replace.ts';

/**
 * Resizing is a matrix product along each axis, and its gradient the transposed one. TensorFlow.js's own kernels for it
 * know no half pixels, and lose parts of the gradient where the nearest neighbour is taken.
 */
export function registerResizeGradients(tf: Tfjs): void {
	register(tf, 'ResizeBilinear', bilinear);
	register(tf, 'ResizeNearestNeighbor', nearest);
}

function register(tf: Tfjs, name: string, weights: Weights): void {
	replaceGradient(tf, name, ['images'], (dy, [images], attrs: ResizeAttrs) => ({
		images: () => transposed(tf, dy, (images as Tensor).shape as Shape4, attrs, weights),
	}));
}

type Shape4 = [number, number, number, number];

function transposed(
	tf: Tfjs,
	dy: Tensor,
	[n, h, w, c]: Shape4,
	attrs: ResizeAttrs,
	weights: Weights,
): Tensor {
	const [height, width] = attrs.size;
	const rows = tf.tensor(weights(h, height, attrs), [height, h], 'float32');
	const columns = tf.tensor(weights(w, width, attrs), [width, w], 'float32');
	const vertical = tf.matMul(rows, tf.reshape(dy, [n, height, width * c]), true, false);
	const lines = tf.reshape(vertical, [n * h, width, c]);
	return tf.reshape(tf.matMul(columns, lines, true, false), [n, h, w, c]);
}
