import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { preferenceLosses } from '../../nets/transformer/losses.ts';
import { countWeights } from '../../nets/weights.ts';
import { mean } from '../../statistics/mean.ts';
import {
	type Architecture,
	type BatchTensors,
	type Family,
	type Losses,
	registerFamily,
	type TrainingPass,
} from '../../training/family.ts';
import { decoderWork } from './decoder-work.ts';
import {
	decoderSummary,
	decoderWeights,
	LearnedTokens,
	labelLosses,
	languageModelConfig,
	type PackedStates,
	packedStates,
} from './language-model-family.ts';
import { headValues, scalarHead } from './scalar-head.ts';

export const VALUE_HEAD = 'value';

/** How much the loss of completions counts beside the head's. */
const completionWeight = ({ config }: Architecture): number =>
	(config as { readonly completionWeight: number }).completionWeight;

const headOf = (architecture: Architecture) =>
	scalarHead(VALUE_HEAD, languageModelConfig(architecture).transformer.width);

const sumOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);

/** Logits of what is known: [rows × length]. */
const logitsAt = ({ hidden }: PackedStates, pass: TrainingPass): Tensor =>
	headValues(pass, VALUE_HEAD, hidden);

/** -t ln p - (1 - t) ln(1 - p), p = σ(logit): [rows × length]. */
function knownLosses(logits: Tensor, { known }: BatchTensors, { tf }: TrainingPass): Tensor {
	return preferenceLosses(tf, logits, tf.zerosLike(logits), tf.reshape(known as Tensor, [-1]));
}

/** Σ weight × loss / Σ weight, or 0 where nothing weighs. */
function weightedMean({ tf }: TrainingPass, losses: Tensor, weights: Tensor): Tensor {
	const flat = tf.reshape(weights, [-1]);
	return tf.div(tf.sum(tf.mul(losses, flat)), tf.maximum(tf.sum(flat), 1));
}

/**
 * A decoder with a scalar head beside its output: σ of the head's number at a prompt's last token is the probability that the
 * answer is known. The loss is the cross-entropy of that against the given probability, plus that of completions times a
 * weight (Kadavath et al. 2022, arXiv:2207.05221, section 5).
 */
export const valueHeadFamily: Family = registerFamily({
	name: 'value_head',
	weights: (architecture) => [...decoderWeights(architecture), ...headOf(architecture)],
	summary(architecture) {
		const { width } = languageModelConfig(architecture).transformer;
		const head = { network: 'decoder', layer: VALUE_HEAD, shape: [1], operations: 2 * width };
		return [...decoderSummary(architecture), { ...head, parameters: countWeights(headOf(architecture)) }];
	},
	work: (architecture) =>
		decoderWork(architecture, { column: 'tokens', rows: 1, scores: completionWeight(architecture) > 0 }),
	parts: ['known_loss', 'completion_loss'],
	measures: ['p_ik_loss', 'p_ik_brier', 'cross_entropy'],
	normalisers: ({ columns }) => ({
		known: sumOf(columns.known_weights as Float32Array),
		tokens: sumOf(columns.weights as Float32Array),
	}),
	loss(architecture, batch, pass): Losses {
		const { tf } = pass;
		const states = packedStates(architecture, batch, pass);
		const ofKnown = knownLosses(logitsAt(states, pass), batch, pass);
		const known = tf.mul(
			weightedMean(pass, ofKnown, batch.known_weights as Tensor),
			pass.share('known'),
		) as Scalar;
		const weight = completionWeight(architecture);
		if (weight === 0) return { loss: known, parts: { known_loss: known } };
		const ofTokens = weightedMean(pass, labelLosses(states, batch), batch.weights as Tensor);
		const completion = tf.mul(ofTokens, pass.share('tokens'));
		return {
			loss: tf.add(known, tf.mul(completion, weight)),
			parts: { known_loss: known, completion_loss: completion },
		};
	},
	async measure(architecture, { tf, pass, batches }) {
		const losses: number[] = [];
		const squares: number[] = [];
		const written = new LearnedTokens();
		const hasCompletions = completionWeight(architecture) > 0;
		for await (const batch of batches()) {
			const found = tf.tidy(() => {
				const states = packedStates(architecture, batch, pass);
				const logits = logitsAt(states, pass);
				const off = tf.sub(tf.sigmoid(logits), tf.reshape(batch.known as Tensor, [-1]));
				const labels = hasCompletions ? [labelLosses(states, batch)] : [];
				return [knownLosses(logits, batch, pass), tf.square(off), ...labels];
			});
			const [loss, square, weights] = await Promise.all(
				[found[0] as Tensor, found[1] as Tensor, batch.known_weights as Tensor].map((tensor) =>
					tensor.data(),
				),
			);
			weights?.forEach((weight, i) => {
				if (weight !== 1) return;
				losses.push(loss?.[i] as number);
				squares.push(square?.[i] as number);
			});
			if (found[2]) await written.add(found[2], batch);
			tf.dispose(found);
		}
		const measures = { p_ik_loss: mean(losses), p_ik_brier: mean(squares) };
		return hasCompletions ? { ...measures, cross_entropy: written.mean } : measures;
	},
});
