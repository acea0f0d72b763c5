import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../tfjs.ts';
import { replaceGradient } from './replace.ts';

/** Gradients that TensorFlow.js returns in the broadcast shape, summed back to the input's. */
export function registerBroadcastGradients(tf: Tfjs): void {
	const both = (
		name: string,
		partial: (dy: Tensor, a: Tensor, b: Tensor) => readonly [Tensor, Tensor],
	): void =>
		replaceGradient(tf, name, ['a', 'b'], (dy, [a, b]) => {
			const [x, y] = [a as Tensor, b as Tensor];
			return {
				a: () => sumTo(tf, partial(dy, x, y)[0], x.shape),
				b: () => sumTo(tf, partial(dy, x, y)[1], y.shape),
			};
		});
	const mask = (dy: Tensor, condition: Tensor): Tensor => tf.mul(dy, tf.cast(condition, 'float32'));
	both('Maximum', (dy, a, b) => [mask(dy, tf.greaterEqual(a, b)), mask(dy, tf.less(a, b))]);
	both('Minimum', (dy, a, b) => [mask(dy, tf.lessEqual(a, b)), mask(dy, tf.greater(a, b))]);
	both('SquaredDifference', (dy, a, b) => {
		const slope: Tensor = tf.mul(dy, tf.mul(tf.sub(a, b), 2));
		return [slope, tf.neg(slope)];
	});
	registerMatMulGradient(tf);
}

interface MatMulAttrs {
	readonly transposeA: boolean;
	readonly transposeB: boolean;
}

function registerMatMulGradient(tf: Tfjs): void {
	replaceGradient(tf, 'BatchMatMul', ['a', 'b'], (dy, [a, b], { transposeA, transposeB }: MatMulAttrs) => {
		const [x, y] = [a as Tensor, b as Tensor];
		const left = (): Tensor =>
			transposeA ? tf.matMul(y, dy, transposeB, true) : tf.matMul(dy, y, false, !transposeB);
		const right = (): Tensor =>
			transposeB ? tf.matMul(dy, x, true, transposeA) : tf.matMul(x, dy, !transposeA, false);
		return { a: () => sumTo(tf, left(), x.shape), b: () => sumTo(tf, right(), y.shape) };
	});
}

/** Sums the axes along which a shape was broadcast. */
export function sumTo(tf: Tfjs, x: Tensor, shape: number[]): Tensor {
	const axes = tf.backend_util.getReductionAxes(shape, x.shape);
	return axes.length === 0 ? x : tf.reshape(tf.sum(x, axes), shape);
}
