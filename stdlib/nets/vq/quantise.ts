import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { Tfjs } from '../../../kernel/compute/index.ts';

/** ‖z - e‖² of every latent [n, d] to every code [k, d]: [n, k]. */
export function squaredDistances(tf: Tfjs, latents: Tensor2D, codes: Tensor2D): Tensor2D {
	const own = tf.sum(tf.square(latents), 1, true);
	const theirs = tf.sum(tf.square(codes), 1);
	const products = tf.matMul(latents, codes, false, true);
	return tf.add(tf.sub(own, tf.mul(products, 2)), theirs) as Tensor2D;
}

/** Which code is nearest to each latent: int32 [n]. */
export const nearestCodes = (tf: Tfjs, latents: Tensor2D, codes: Tensor2D): Tensor =>
	tf.argMin(squaredDistances(tf, latents, codes), 1);

/** The nearest codes as rows of zeros with a one, [n, k]; no gradient passes. */
export function nearestOneHot(tf: Tfjs, latents: Tensor2D, codes: Tensor2D): Tensor2D {
	const pick = tf.customGrad((z, e) => ({
		value: tf.cast(
			tf.oneHot(nearestCodes(tf, z as Tensor2D, e as Tensor2D) as never, codes.shape[0]),
			'float32',
		),
		gradFunc: () => [tf.zerosLike(z as Tensor), tf.zerosLike(e as Tensor)],
	}));
	return pick(latents, codes) as Tensor2D;
}

/** The value as a constant: no gradient passes. */
export function stopGradient<T extends Tensor>(tf: Tfjs, x: T): T {
	const stop = tf.customGrad((value) => ({
		value: tf.clone(value as Tensor),
		gradFunc: () => tf.zerosLike(value as Tensor),
	}));
	return stop(x) as T;
}

/** Forward the quantised latents, backward as if they were the latents themselves (van den Oord et al. 2017, section 3.2). */
export function straightThrough(tf: Tfjs, latents: Tensor, quantised: Tensor): Tensor {
	const through = tf.customGrad((_z, q) => ({
		value: tf.clone(q as Tensor),
		gradFunc: (dy) => [dy, tf.zerosLike(q as Tensor)],
	}));
	return through(latents, quantised);
}

/** Mean over all numbers of (sg(z) - q)², which moves the codes, and of (z - sg(q))², which moves the encoder (equation 3). */
export function vqLosses(tf: Tfjs, latents: Tensor, quantised: Tensor) {
	return {
		codebook: tf.mean(tf.square(tf.sub(stopGradient(tf, latents), quantised))),
		commitment: tf.mean(tf.square(tf.sub(latents, stopGradient(tf, quantised)))),
	};
}

/** softmax((log q + g) / τ) over the last axis. */
export const gumbelSoftmax = (
	tf: Tfjs,
	logProbs: Tensor,
	noise: Tensor,
	temperature: Tensor | number,
): Tensor => tf.softmax(tf.div(tf.add(logProbs, noise), temperature));

/** ln k - entropy of each row of log-probabilities [n, k], in nats. */
export function klToUniform(tf: Tfjs, logProbs: Tensor2D): Tensor {
	return tf.sum(tf.mul(tf.exp(logProbs), tf.add(logProbs, Math.log(logProbs.shape[1]))), 1);
}
