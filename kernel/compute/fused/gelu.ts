import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../tfjs.ts';

/** ln of twice the normal density at 0. */
const LN_TWICE_DENSITY = Math.LN2 - 0.5 * Math.log(2 * Math.PI);

/**
 * x Φ(x), Φ the normal distribution function (Hendrycks & Gimpel 2016, exact form), with the gradient Φ(x) + x φ(x) from what
 * the forward pass has at hand: half of the passes over memory that its operations' own gradients take. The halves stand
 * outermost, where a matrix product before or after takes them in.
 */
export function gelu(tf: Tfjs, x: Tensor): Tensor {
	const made = tf.customGrad((of, save) => {
		const input = of as Tensor;
		const scaled: Tensor = tf.mul(input, Math.SQRT1_2);
		const twice: Tensor = tf.add(tf.erf(scaled), 1);
		(save as (tensors: Tensor[]) => void)([input, scaled, twice]);
		return { value: tf.mul(tf.mul(input, twice), 0.5), gradFunc: (dy, saved) => slope(tf, dy, saved) };
	});
	return made(x);
}

/** (x/√2)² = x²/2, so that φ(x) is one exponential of one difference. */
function slope(tf: Tfjs, dy: Tensor, [x, scaled, twice]: Tensor[]): Tensor {
	const density: Tensor = tf.exp(tf.sub(LN_TWICE_DENSITY, tf.square(scaled as Tensor)));
	return tf.mul(tf.mul(dy, 0.5), tf.add(twice as Tensor, tf.mul(x as Tensor, density)));
}
