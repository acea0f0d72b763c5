import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../tfjs.ts';
import { replaceGradient } from './replace.ts';

/** A kernel of `dy` and `y` that a backend may have for relu's gradient. */
export const RELU_GRADIENT = 'ReluGrad';

/**
 * Relu from its output, which the next layer holds anyway, so that its input need not be kept and can be computed in one
 * pass with the layer before.
 */
export function registerReluGradient(tf: Tfjs): void {
	const passed = (dy: Tensor, y: Tensor): Tensor =>
		tf.getKernel(RELU_GRADIENT, tf.getBackend())
			? (tf.engine().runKernel(RELU_GRADIENT, { dy, y }) as Tensor)
			: tf.where(tf.greater(y, 0), dy, tf.zerosLike(dy));
	replaceGradient(tf, 'Relu', [], (dy, [y]) => ({ x: () => passed(dy, y as Tensor) }), {
		outputsToSave: [true],
	});
	tf.registerGradient({
		kernelName: RELU_GRADIENT,
		inputsToSave: ['y'],
		gradFunc: (dz, [y]) => ({
			dy: () => passed(dz as Tensor, y as Tensor),
			y: () => tf.zerosLike(y as Tensor),
		}),
	});
}
