import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { Tfjs } from '../../../kernel/compute/index.ts';

/** Moving averages of how many latents a code has and of their sum. */
export interface CodeAverages {
	/** [k] */
	readonly counts: Tensor;
	/** [k, d] */
	readonly sums: Tensor;
}

/** Keeps a code from being divided by nothing (Laplace smoothing of the counts). */
export const EMA_EPSILON = 1e-5;

/** The averages after a batch. `assigned` [n, k] says which code each latent [n, d] has. */
export function averagesAfter(
	tf: Tfjs,
	{ counts, sums }: CodeAverages,
	assigned: Tensor2D,
	latents: Tensor2D,
	decay: number,
): CodeAverages {
	const blend = (kept: Tensor, fresh: Tensor): Tensor =>
		tf.add(tf.mul(kept, decay), tf.mul(fresh, 1 - decay));
	return {
		counts: blend(counts, tf.sum(assigned, 0)),
		sums: blend(sums, tf.matMul(assigned, latents, true, false)),
	};
}

/** Codes as the mean of their latents, the counts smoothed (van den Oord et al. 2017, appendix A.1). */
export function averagedCodes(tf: Tfjs, { counts, sums }: CodeAverages): Tensor2D {
	const k = counts.shape[0] as number;
	const total = tf.sum(counts);
	const shares = tf.div(tf.add(counts, EMA_EPSILON), tf.add(total, k * EMA_EPSILON));
	return tf.div(sums, tf.expandDims(tf.mul(shares, total), 1)) as Tensor2D;
}
