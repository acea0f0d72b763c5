import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { Tfjs } from '../../kernel/compute/index.ts';
import type { Optimizer } from './optimizer.ts';

/** Accumulators that an optimiser keeps beside each weight. */
export const slotsOf = (optimizer: Optimizer): readonly string[] => {
	if (optimizer.rule === 'sgd') return optimizer.momentum > 0 ? ['velocity'] : [];
	return ['first_moment', 'second_moment'];
};

export interface Update {
	readonly weight: Variable;
	readonly gradient: Tensor;
	readonly slots: readonly Variable[];
	/** Whether weight decay applies to it. */
	readonly decays: boolean;
}

/**
 * Moves weights by one step.
 * @param moment of this step, see `momentOf`
 */
export function applyUpdates(
	tf: Tfjs,
	optimizer: Optimizer,
	updates: readonly Update[],
	moment: Moment,
): void {
	tf.tidy(() => {
		for (const update of updates) {
			if (optimizer.rule === 'sgd') descend(tf, optimizer, update, moment);
			else adapt(tf, optimizer, update, moment);
		}
	});
}

/** Numbers that change from step to step: tensors, so that a compiled step takes them as inputs. */
export interface Moment<Of = Tensor> {
	readonly rate: Of;
	/** Adam's bias corrections, folded as in section 2 of the paper: rate / (1 - beta1ᵗ), and 1 / (1 - beta2ᵗ). */
	readonly scaledRate: Of;
	readonly secondScale: Of;
	/** What decoupled weight decay leaves. */
	readonly kept: Of;
}

/**
 * @param rate the learning rate of this step
 * @param step number of the step, from 1
 */
export function momentOf(optimizer: Optimizer, rate: number, step: number): Moment<number> {
	const { beta1, beta2 } = optimizer.rule === 'sgd' ? { beta1: 0, beta2: 0 } : optimizer;
	return {
		rate,
		scaledRate: rate / (1 - beta1 ** step),
		secondScale: 1 / (1 - beta2 ** step),
		kept: 1 - rate * optimizer.weightDecay,
	};
}

function adapt(
	tf: Tfjs,
	optimizer: Extract<Optimizer, { rule: 'adam' | 'adamw' }>,
	{ weight, gradient, slots, decays }: Update,
	{ scaledRate, secondScale, kept }: Moment,
): void {
	const { rule, beta1, beta2, epsilon, weightDecay } = optimizer;
	const decay = decays && weightDecay > 0;
	const g = decay && rule === 'adam' ? tf.add(gradient, tf.mul(weight, weightDecay)) : gradient;
	const [first, second] = slots as [Variable, Variable];
	const m = tf.add(tf.mul(first, beta1), tf.mul(g, 1 - beta1));
	const v = tf.add(tf.mul(second, beta2), tf.mul(tf.square(g), 1 - beta2));
	const from = decay && rule === 'adamw' ? tf.mul(weight, kept) : weight;
	const denominator = tf.add(tf.sqrt(tf.mul(v, secondScale)), epsilon);
	first.assign(m);
	second.assign(v);
	weight.assign(tf.sub(from, tf.div(tf.mul(m, scaledRate), denominator)));
}

function descend(
	tf: Tfjs,
	optimizer: Extract<Optimizer, { rule: 'sgd' }>,
	{ weight, gradient, slots, decays }: Update,
	{ rate }: Moment,
): void {
	const { momentum, nesterov, weightDecay } = optimizer;
	const g = decays && weightDecay > 0 ? tf.add(gradient, tf.mul(weight, weightDecay)) : gradient;
	const [velocity] = slots;
	if (!velocity) {
		weight.assign(tf.sub(weight, tf.mul(g, rate)));
		return;
	}
	const v = tf.add(tf.mul(velocity, momentum), g);
	velocity.assign(v);
	weight.assign(tf.sub(weight, tf.mul(nesterov ? tf.add(g, tf.mul(v, momentum)) : v, rate)));
}

/** √ of the sum of all squared gradients. */
export const globalNorm = (tf: Tfjs, gradients: readonly Tensor[]): Tensor =>
	tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))));

/** Gradients scaled down together where their global norm is above `limit`, as in PyTorch's `clip_grad_norm_`. */
export function clipped(tf: Tfjs, gradients: readonly Tensor[], norm: Tensor, limit: number): Tensor[] {
	const scale = tf.minimum(tf.div(limit, tf.add(norm, 1e-6)), 1);
	return gradients.map((gradient) => tf.mul(gradient, scale));
}
