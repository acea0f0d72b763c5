import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../tfjs.ts';

/** What a backend may have: the result and 1/√(variance + ε) in one pass. */
export const STANDARDISE = 'Standardise';

/**
 * (x - mean) / √(variance + ε) over the last axis, the variance that of the population: a layer norm before gain and bias
 * (Ba et al. 2016). The gradient is made of the result, so that nothing else is kept.
 */
export function standardised(tf: Tfjs, x: Tensor, epsilon: number): Tensor {
	const made = tf.customGrad((of, save) => {
		const [value, inverse] = tf.getKernel(STANDARDISE, tf.getBackend())
			? (tf.engine().runKernel(STANDARDISE, { x: of as Tensor }, { epsilon }) as Tensor[])
			: composed(tf, of as Tensor, epsilon);
		(save as (tensors: Tensor[]) => void)([value as Tensor, inverse as Tensor]);
		return { value: value as Tensor, gradFunc: (dy, saved) => slope(tf, dy, saved) };
	});
	return made(x);
}

function composed(tf: Tfjs, x: Tensor, epsilon: number): [Tensor, Tensor] {
	const centred: Tensor = tf.sub(x, tf.mean(x, -1, true));
	const variance: Tensor = tf.mean(tf.square(centred), -1, true);
	const inverse: Tensor = tf.rsqrt(tf.add(variance, epsilon));
	return [tf.mul(centred, inverse), inverse];
}

/** The gradient less its part along the mean and its part along the result. */
function slope(tf: Tfjs, dy: Tensor, [value, inverse]: Tensor[]): Tensor {
	const y = value as Tensor;
	const along: Tensor = tf.mul(y, tf.mean(tf.mul(dy, y), -1, true));
	const across: Tensor = tf.sub(tf.sub(dy, tf.mean(dy, -1, true)), along);
	return tf.mul(across, inverse as Tensor);
}
