import type { Tensor } from '@tensorflow/tfjs';
import { softmaxCrossEntropy } from '../../../kernel/compute/index.ts';
import { causalMask } from '../../nets/transformer/blocks.ts';
import { decode, logitsOf, type TransformerPass } from '../../nets/transformer/forward.ts';
import { type DpoLogprobs, dpoLosses } from '../../nets/transformer/losses.ts';
import { mean } from '../../statistics/mean.ts';
import {
	type Architecture,
	type BatchTensors,
	type Family,
	registerFamily,
	type TrainingPass,
} from '../../training/family.ts';
import { anglesUpTo } from './angles.ts';
import { decoderWork } from './decoder-work.ts';
import { decoderSummary, decoderWeights, languageModelConfig } from './language-model-family.ts';
import { adapter } from './low-rank.ts';

/** Columns of a pair of completions: tokens, labels and what is learned of both; the probability that the first is preferred. */
export const COMPLETION_COLUMNS = [
	'first',
	'first_labels',
	'first_weights',
	'second',
	'second_labels',
	'second_weights',
	'preferred',
] as const;

/** The model before training is kept beside it under this name; adapters need no copy, as the weights beside them stay. */
export const REFERENCE = 'reference/';

const betaOf = ({ config }: Architecture): number => (config as { readonly beta: number }).beta;

/** ln p of each row's learned labels, summed: [rows]. */
function sequenceLogprobs(through: TransformerPass, tokens: Tensor, labels: Tensor, weights: Tensor): Tensor {
	const { tf, config } = through;
	const [rows, length] = tokens.shape as [number, number];
	const { hidden } = decode(through, {
		tokens,
		positions: tf.tile(tf.reshape(tf.range(0, length, 1, 'int32'), [1, length]), [rows, 1]),
		angles: anglesUpTo(tf, config, length),
		mask: causalMask(tf, length),
	});
	const losses = softmaxCrossEntropy(tf, logitsOf(through, hidden) as never, tf.reshape(labels, [-1]));
	return tf.neg(tf.sum(tf.mul(tf.reshape(losses, [rows, length]), weights), 1));
}

/** Log-probabilities of both completions under the model and under the one that it began from, in a pass each. */
function pairLogprobs(architecture: Architecture, batch: BatchTensors, pass: TrainingPass): DpoLogprobs {
	const { tf, weight, watch } = pass;
	const { transformer: config, lowRank } = languageModelConfig(architecture);
	const both = (name: string): Tensor =>
		tf.concat([batch[`first${name}`] as Tensor, batch[`second${name}`] as Tensor], 0);
	const [tokens, labels] = [tf.cast(both(''), 'int32'), tf.cast(both('_labels'), 'int32')];
	const of = (through: TransformerPass): [Tensor, Tensor] =>
		tf.split(sequenceLogprobs(through, tokens, labels, both('_weights')), 2) as [Tensor, Tensor];
	const adapt = lowRank ? adapter(tf, weight, lowRank) : undefined;
	const [chosen, rejected] = of({ tf, config, weight, watch, adapt });
	const before = (name: string): Tensor => weight(lowRank ? name : `${REFERENCE}${name}`);
	const [referenceChosen, referenceRejected] = of({ tf, config, weight: before });
	return { chosen, rejected, referenceChosen, referenceRejected };
}

/** Losses of pairs, and 1 where the preferred text gained more. */
function pairLosses(architecture: Architecture, batch: BatchTensors, pass: TrainingPass): [Tensor, Tensor] {
	const { tf } = pass;
	const logprobs = pairLogprobs(architecture, batch, pass);
	const preferred = batch.preferred as Tensor;
	const gained = tf.greater(
		tf.sub(logprobs.chosen, logprobs.referenceChosen),
		tf.sub(logprobs.rejected, logprobs.referenceRejected),
	);
	const right = tf.cast(tf.equal(gained, tf.greater(preferred, 0.5)), 'float32');
	return [dpoLosses(tf, logprobs, betaOf(architecture), preferred), right];
}

/** A decoder that learns from preferences without a model of rewards. */
export const dpoFamily: Family = registerFamily({
	name: 'dpo',
	weights(architecture) {
		const own = decoderWeights(architecture);
		if (languageModelConfig(architecture).lowRank) return own;
		const kept = own.map((spec) => ({ ...spec, name: `${REFERENCE}${spec.name}`, trainable: false }));
		return [...own, ...kept];
	},
	summary: decoderSummary,
	work: (architecture) =>
		decoderWork(architecture, { column: 'first', rows: 2, references: 1, scores: true }),
	parts: ['accuracy'],
	measures: ['preference_loss', 'eval_accuracy'],
	loss(architecture, batch, pass) {
		const [losses, right] = pairLosses(architecture, batch, pass);
		return { loss: pass.tf.mean(losses), parts: { accuracy: pass.tf.mean(right) } };
	},
	async measure(architecture, { tf, pass, batches }) {
		const losses: number[] = [];
		const right: boolean[] = [];
		for await (const batch of batches()) {
			const [found, hits] = tf.tidy(() => pairLosses(architecture, batch, pass));
			losses.push(...(await found.data()));
			for (const hit of await hits.data()) right.push(hit === 1);
			tf.dispose([found, hits]);
		}
		return { preference_loss: mean(losses), eval_accuracy: mean(right) };
	},
});
