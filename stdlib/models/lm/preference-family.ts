import type { Tensor } from '@tensorflow/tfjs';
import { preferenceLosses } from '../../nets/transformer/losses.ts';
import { countWeights } from '../../nets/weights.ts';
import { mean } from '../../statistics/mean.ts';
import {
	type Architecture,
	type BatchTensors,
	type Family,
	registerFamily,
	type TrainingPass,
} from '../../training/family.ts';
import { decoderWork } from './decoder-work.ts';
import { decoderSummary, decoderWeights, languageModelConfig } from './language-model-family.ts';
import { type HeadPass, scalarHead, valuesAtEnd } from './scalar-head.ts';

/** Columns of a pair: tokens of both texts, the places of their last ones, and the probability that the first is preferred. */
export const PAIR_COLUMNS = ['first', 'second', 'first_last', 'second_last', 'preferred'] as const;

export const REWARD_HEAD = 'reward';

/** A number for each text, see `valuesAtEnd`. */
const rewards = (architecture: Architecture, tokens: Tensor, last: Tensor, pass: HeadPass): Tensor =>
	valuesAtEnd(architecture, REWARD_HEAD, tokens, last, pass);

/** Rewards of the first and the second text of each pair, in one pass over both. */
function pairRewards(architecture: Architecture, batch: BatchTensors, pass: TrainingPass): [Tensor, Tensor] {
	const { tf } = pass;
	const both = (a: string, b: string): Tensor =>
		tf.cast(tf.concat([batch[a] as Tensor, batch[b] as Tensor], 0), 'int32');
	const all = rewards(architecture, both('first', 'second'), both('first_last', 'second_last'), pass);
	return tf.split(all, 2) as [Tensor, Tensor];
}

/** A decoder with a scalar head that learns which of two texts is preferred. */
export const preferenceFamily: Family = registerFamily({
	name: 'preference_model',
	weights: (architecture) => [
		...decoderWeights(architecture),
		...scalarHead(REWARD_HEAD, languageModelConfig(architecture).transformer.width),
	],
	summary(architecture) {
		const { width } = languageModelConfig(architecture).transformer;
		const head = { network: 'decoder', layer: REWARD_HEAD, shape: [1], operations: 2 * width };
		return [
			...decoderSummary(architecture),
			{ ...head, parameters: countWeights(scalarHead(REWARD_HEAD, width)) },
		];
	},
	work: (architecture) => decoderWork(architecture, { column: 'first', rows: 2, scores: false }),
	parts: ['accuracy'],
	measures: ['preference_loss', 'eval_accuracy'],
	loss(architecture, batch, pass) {
		const { tf } = pass;
		const preferred = batch.preferred as Tensor;
		const [first, second] = pairRewards(architecture, batch, pass);
		const right = tf.equal(tf.greater(first, second), tf.greater(preferred, 0.5));
		return {
			loss: tf.mean(preferenceLosses(tf, first, second, preferred)),
			parts: { accuracy: tf.mean(tf.cast(right, 'float32')) },
		};
	},
	async measure(architecture, { tf, pass, batches }) {
		const losses: number[] = [];
		const right: boolean[] = [];
		for await (const batch of batches()) {
			const [found, hits] = tf.tidy(() => {
				const preferred = batch.preferred as Tensor;
				const [first, second] = pairRewards(architecture, batch, pass);
				const hit = tf.equal(tf.greater(first, second), tf.greater(preferred, 0.5));
				return [preferenceLosses(tf, first, second, preferred), tf.cast(hit, 'float32')] as [Tensor, Tensor];
			});
			losses.push(...(await found.data()));
			for (const hit of await hits.data()) right.push(hit === 1);
			tf.dispose([found, hits]);
		}
		return { preference_loss: mean(losses), eval_accuracy: mean(right) };
	},
});
