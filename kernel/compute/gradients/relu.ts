import type { Tfjs } from '../tfjs.ts';
import { replaceGradient } from './replace.ts';

/**
 * Relu from its output, which the next layer holds anyway, so that its input need not be kept and can be computed in one
 * pass with the layer before.
 */
export function registerReluGradient(tf: Tfjs): void {
	replaceGradient(
		tf,
		'Relu',
		[],
		(dy, [y]) => ({ x: () => tf.where(tf.greater(y as typeof dy, 0), dy, tf.zerosLike(dy)) }),
		{ outputsToSave: [true] },
	);
}
