import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../tfjs.ts';
import { replaceGradient } from './replace.ts';

interface ReduceAttrs {
	readonly axis?: number | number[];
}

/** Sum and Mean: their gradients are broadcast, where TensorFlow.js multiplies them by a tensor of ones. */
export function registerReductionGradients(tf: Tfjs): void {
	const axes = (x: Tensor, { axis }: ReduceAttrs): number[] =>
		tf.util.parseAxisParam(axis as number[], x.shape);
	const spread = (dy: Tensor, x: Tensor, attrs: ReduceAttrs): Tensor => {
		const reduced = axes(x, attrs);
		const kept = x.shape.map((dim, i) => (reduced.includes(i) ? 1 : dim));
		return tf.broadcastTo(tf.reshape(dy, kept), x.shape);
	};
	replaceGradient(tf, 'Sum', ['x'], (dy, [x], attrs: ReduceAttrs) => ({
		x: () => spread(dy, x as Tensor, attrs),
	}));
	replaceGradient(tf, 'Mean', ['x'], (dy, [x], attrs: ReduceAttrs) => ({
		x: () => {
			const source = x as Tensor;
			const count = axes(source, attrs).reduce((n, axis) => n * (source.shape[axis] as number), 1);
			return spread(tf.div(dy, count), source, attrs);
		},
	}));
}
