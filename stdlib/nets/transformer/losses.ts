import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import { softmaxCrossEntropy, type Tfjs } from '../../../kernel/compute/index.ts';

/** Natural log-probability of each label: [n] for logits [n, classes] and int32 labels [n]. */
export const labelLogprobs = (tf: Tfjs, logits: Tensor, labels: Tensor): Tensor =>
	tf.neg(softmaxCrossEntropy(tf, logits as Tensor2D, labels));

/** Σ weight × -ln p(label) / Σ weight over places; places of weight 0 (the prompt, padding) count for nothing. */
export function causalLoss(tf: Tfjs, logits: Tensor, labels: Tensor, weights: Tensor): Scalar {
	const losses = tf.mul(softmaxCrossEntropy(tf, logits as Tensor2D, labels), weights);
	return tf.div(tf.sum(losses), tf.sum(weights));
}

/** -t ln σ(a - b) - (1 - t) ln σ(b - a) a pair; t is the probability that the first is preferred (Bradley & Terry 1952). */
export function preferenceLosses(tf: Tfjs, first: Tensor, second: Tensor, preferred: Tensor): Tensor {
	const margin = tf.sub(first, second);
	const won = tf.mul(preferred, tf.softplus(tf.neg(margin)));
	return tf.add(won, tf.mul(tf.sub(1, preferred), tf.softplus(margin)));
}

export interface DpoLogprobs {
	readonly chosen: Tensor;
	readonly rejected: Tensor;
	/** The same texts' log-probabilities under the model before training. */
	readonly referenceChosen: Tensor;
	readonly referenceRejected: Tensor;
}

/**
 * -t ln σ(β h) - (1 - t) ln σ(-β h) a pair, h = (policy - reference) of chosen less that of rejected; t is the probability
 * that chosen is preferred: 1, or 1 - s with smoothing s (Rafailov et al. 2023, arXiv:2305.18290, eq. 7).
 */
export function dpoLosses(tf: Tfjs, logprobs: DpoLogprobs, beta: number, preferred: Tensor): Tensor {
	const { chosen, rejected, referenceChosen, referenceRejected } = logprobs;
	const h = tf.sub(tf.sub(chosen, referenceChosen), tf.sub(rejected, referenceRejected));
	return preferenceLosses(tf, tf.mul(h, beta), tf.zerosLike(h), preferred);
}
