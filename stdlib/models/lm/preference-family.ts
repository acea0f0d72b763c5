import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../../../kernel/compute/index.ts';
import { constantWeight, kernelWeight, type WeightSpec } from '../../nets/layer-kind.ts';
import { causalMask } from '../../nets/transformer/blocks.ts';
import { decode } from '../../nets/transformer/forward.ts';
import { preferenceLosses } from '../../nets/transformer/losses.ts';
import { anglesOf } from '../../nets/transformer/rope.ts';
import { countWeights } from '../../nets/weights.ts';
import { mean } from '../../statistics/mean.ts';
import {
	type Architecture,
	type BatchTensors,
	type Family,
	registerFamily,
	type TrainingPass,
} from '../../training/family.ts';
import { decoderSummary, decoderWeights, languageModelConfig } from './language-model-family.ts';
import { adapter } from './low-rank.ts';

/** Columns of a pair: tokens of both texts, the places of their last ones, and the probability that the first is preferred. */
export const PAIR_COLUMNS = ['first', 'second', 'first_last', 'second_last', 'preferred'] as const;

const headOf = (width: number): WeightSpec[] => [
	kernelWeight([width, 1], width, 'reward/kernel'),
	constantWeight('reward/bias', 1, 0),
];

/** What a pass through a preference model needs. */
export type RewardPass = Pick<TrainingPass, 'tf' | 'weight' | 'watch'>;

/**
 * A number for each text: a linear map of the state at its last token.
 * @param tokens int32 [rows, length], padded after the text; @param last int32 [rows]
 * @returns [rows]
 */
export function rewards(architecture: Architecture, tokens: Tensor, last: Tensor, pass: RewardPass): Tensor {
	const { tf, weight, watch } = pass;
	const { transformer: config, lowRank } = languageModelConfig(architecture);
	const [rows, length] = tokens.shape as [number, number];
	const adapt = lowRank ? adapter(tf, weight, lowRank) : undefined;
	const { hidden } = decode(
		{ tf, config, weight, watch, adapt },
		{
			tokens,
			positions: tf.tile(tf.reshape(tf.range(0, length, 1, 'int32'), [1, length]), [rows, 1]),
			angles: anglesUpTo(tf, config, length),
			// What is over stands behind the text, where its tokens do not look.
			mask: causalMask(tf, length),
		},
	);
	const at = tf.add(tf.mul(tf.range(0, rows, 1, 'int32'), tf.scalar(length, 'int32')), last);
	const states = tf.gather(hidden, tf.cast(at, 'int32'));
	return tf.reshape(tf.add(tf.matMul(states, weight('reward/kernel')), weight('reward/bias')), [rows]);
}

/** Cosines and sines of places from 0, or null where positions are learned. */
export function anglesUpTo(
	tf: Tfjs,
	{ positions }: ReturnType<typeof languageModelConfig>['transformer'],
	length: number,
) {
	if (positions.kind !== 'rope') return null;
	const { cos, sin, pairs } = anglesOf(positions, length);
	return { cos: tf.tensor2d(cos, [length, pairs]), sin: tf.tensor2d(sin, [length, pairs]) };
}

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
		...headOf(languageModelConfig(architecture).transformer.width),
	],
	summary(architecture) {
		const { width } = languageModelConfig(architecture).transformer;
		const head = { network: 'decoder', layer: 'reward', shape: [1], operations: 2 * width };
		return [...decoderSummary(architecture), { ...head, parameters: countWeights(headOf(width)) }];
	},
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
