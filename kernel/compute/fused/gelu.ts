import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../tfjs.ts';

const LN_DENSITY_AT_0 = -0.5 * Math.log(2 * Math.PI);

/**
 * x Φ(x), Φ the normal distribution function (Hendrycks & Gimpel 2016, exact form), with the gradient Φ(x) + x φ(x) from what
 * the forward pass has at hand: half of the passes over memory that its operations' own gradients take.
 */
export function gelu(tf: Tfjs, x: Tensor): Tensor {
	const made = tf.customGrad((of, save) => {
		const input = of as Tensor;
		const scaled: Tensor = tf.mul(input, Math.SQRT1_2);
		const below: Tensor = tf.add(tf.mul(tf.erf(scaled), 0.5), 0.5);
		(save as (tensors: Tensor[]) => void)([input, scaled, below]);
		return { value: tf.mul(input, below), gradFunc: (dy, saved) => slope(tf, dy, saved) };
	});
	return made(x);
}

/** (x/√2)² = x²/2, so that φ(x) is one exponential of one difference. */
function slope(tf: Tfjs, dy: Tensor, [x, scaled, below]: Tensor[]): Tensor {
	const density: Tensor = tf.exp(tf.sub(LN_DENSITY_AT_0, tf.square(scaled as Tensor)));
	return tf.mul(dy, tf.add(below as Tensor, tf.mul(x as Tensor, density)));
}
