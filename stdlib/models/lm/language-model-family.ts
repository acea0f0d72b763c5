import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { softmaxCrossEntropy, type Tfjs } from '../../../kernel/compute/index.ts';
import type { WeightSpec } from '../../nets/layer-kind.ts';
import type { LayerSummary } from '../../nets/summary.ts';
import { MASKED } from '../../nets/transformer/blocks.ts';
import type { TransformerConfig } from '../../nets/transformer/config.ts';
import { decode, logitsOf, type TransformerPass } from '../../nets/transformer/forward.ts';
import { anglesOf } from '../../nets/transformer/rope.ts';
import { transformerWeights } from '../../nets/transformer/weight-specs.ts';
import { countWeights } from '../../nets/weights.ts';
import { mean } from '../../statistics/mean.ts';
import {
	type Architecture,
	type BatchTensors,
	type Family,
	registerFamily,
	type TrainingPass,
} from '../../training/family.ts';
import type { Estimate } from '../../values/estimate.ts';
import { decoderWork } from './decoder-work.ts';
import { adaptedWeights, adapter, type LowRank } from './low-rank.ts';
import type { TokenizerFile } from './stored-transformer.ts';

/** Everything of a trained language model but its weights. */
export interface LanguageModelConfig {
	readonly transformer: TransformerConfig;
	readonly tokenizer: Omit<TokenizerFile, 'ends'> & { readonly ends: readonly number[] };
	readonly chatTemplate: string | null;
	/** Adapters that are trained in place of the weights. */
	readonly lowRank: LowRank | null;
	/** What the training began from. */
	readonly base: { readonly name: string; readonly sha256: string };
}

export const languageModelConfig = ({ config }: Architecture): LanguageModelConfig =>
	config as LanguageModelConfig;

/** The decoder's weights, and its adapters where it has any. */
export const decoderWeights = (architecture: Architecture): WeightSpec[] => {
	const { transformer, lowRank } = languageModelConfig(architecture);
	return lowRank ? adaptedWeights(transformer, lowRank) : transformerWeights(transformer);
};

/** A line for the embedding, for each block and for what comes after them; parameters are those that are learned. */
export function decoderSummary(architecture: Architecture): LayerSummary[] {
	const { transformer } = languageModelConfig(architecture);
	const all = decoderWeights(architecture);
	return partsOf(transformer).map((layer) => {
		const own = all.filter(({ name }) => name === layer || name.startsWith(`${layer}/`));
		const operations = own.reduce(
			(sum, { name, shape }) => sum + (/(?:kernel|lora_[ab])$/.test(name) ? 2 * product(shape) : 0),
			0,
		);
		const parameters = countWeights(own);
		return { network: 'decoder', layer, shape: [transformer.width], parameters, operations };
	});
}

/** A decoder that learns what follows: the loss is the mean of -ln p over the tokens that are to be learned. */
export const languageModelFamily: Family = registerFamily({
	name: 'language_model',
	weights: decoderWeights,
	summary: decoderSummary,
	work: (architecture) => decoderWork(architecture, { column: 'tokens', rows: 1, scores: true }),
	parts: ['tokens'],
	measures: ['cross_entropy'],
	normalisers: ({ columns }) => ({ tokens: sumOf(columns.weights as Float32Array) }),
	loss(architecture, batch, pass) {
		const { tf } = pass;
		const weights = tf.reshape(batch.weights as Tensor, [-1]);
		const tokens = tf.sum(weights);
		const losses = tf.mul(tokenLosses(architecture, batch, pass), weights);
		const mean = tf.div(tf.sum(losses), tokens);
		return { loss: tf.mul(mean, pass.share('tokens')) as Scalar, parts: { tokens } };
	},
	async measure(architecture, { tf, pass, batches }) {
		const measured = new LearnedTokens();
		for await (const batch of batches()) {
			const found = tf.tidy(() => tokenLosses(architecture, batch, pass));
			await measured.add(found, batch);
			found.dispose();
		}
		return { cross_entropy: measured.mean };
	},
});

/** Losses of the tokens that are to be learned, batch after batch. */
export class LearnedTokens {
	private readonly losses: number[] = [];
	private readonly texts: number[] = [];
	private row = 0;

	/** @param found a loss for each place of the batch */
	async add(found: Tensor, { weights, segments }: BatchTensors): Promise<void> {
		const [rows, length] = (weights as Tensor).shape as [number, number];
		const [values, learned, of] = await Promise.all(
			[found, weights as Tensor, segments as Tensor].map((tensor) => tensor.data()),
		);
		values?.forEach((value, i) => {
			if (learned?.[i] !== 1) return;
			this.losses.push(value);
			this.texts.push((this.row + Math.floor(i / length)) * length + (of?.[i] as number));
		});
		this.row += rows;
	}

	/** Tokens of one text hang together. */
	get mean(): Estimate {
		return mean(this.losses, this.texts);
	}
}

const sumOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);

const product = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);

const partsOf = ({ layers, positions, tied }: TransformerConfig): string[] => [
	'token_embedding',
	...(positions.kind === 'learned' ? ['position_embedding'] : []),
	...Array.from({ length: layers }, (_, layer) => `block_${layer}`),
	'final_norm',
	...(tied ? [] : ['head']),
];

/** -ln p of each place's label: [rows × length]. */
const tokenLosses = (architecture: Architecture, batch: BatchTensors, pass: TrainingPass): Tensor =>
	labelLosses(packedStates(architecture, batch, pass), batch);

export interface PackedStates {
	readonly through: TransformerPass;
	/** [rows × length, width] */
	readonly hidden: Tensor;
}

export const labelLosses = ({ through, hidden }: PackedStates, { labels }: BatchTensors): Tensor =>
	softmaxCrossEntropy(
		through.tf,
		logitsOf(through, hidden) as never,
		through.tf.reshape(through.tf.cast(labels as Tensor, 'int32'), [-1]),
	);

/** The states of packed texts, which do not see each other. */
export function packedStates(
	architecture: Architecture,
	batch: BatchTensors,
	pass: TrainingPass,
): PackedStates {
	const { tf } = pass;
	const { transformer, lowRank } = languageModelConfig(architecture);
	const int = (name: string): Tensor => tf.cast(batch[name] as Tensor, 'int32');
	const through: TransformerPass = {
		tf,
		config: transformer,
		weight: pass.weight,
		watch: pass.watch,
		adapt: lowRank ? adapter(tf, pass.weight, lowRank) : undefined,
	};
	const { hidden } = decode(through, {
		tokens: int('tokens'),
		positions: int('positions'),
		angles: anglesAt(tf, transformer, int('positions')),
		mask: segmentMask(tf, batch.segments as Tensor),
	});
	return { through, hidden };
}

function anglesAt(tf: Tfjs, { positions: kind }: TransformerConfig, positions: Tensor) {
	if (kind.kind !== 'rope') return null;
	const [rows, length] = positions.shape as [number, number];
	const { cos, sin, pairs } = anglesOf(kind, length);
	const at = (values: Float32Array): Tensor =>
		tf.reshape(tf.gather(tf.tensor2d(values, [length, pairs]), tf.reshape(positions, [-1])), [
			rows,
			1,
			length,
			pairs,
		]);
	return { cos: at(cos), sin: at(sin) };
}

/** A place sees itself and what is before it in its own segment: [rows, 1, 1, length, length]. */
function segmentMask(tf: Tfjs, segments: Tensor): Tensor {
	const [rows, length] = segments.shape as [number, number];
	const same = tf.equal(tf.reshape(segments, [rows, length, 1]), tf.reshape(segments, [rows, 1, length]));
	const before = tf.tensor2d(
		Float32Array.from({ length: length * length }, (_, i) => (i % length <= Math.floor(i / length) ? 1 : 0)),
		[length, length],
	);
	const seen = tf.mul(tf.cast(same, 'float32'), before);
	return tf.reshape(tf.mul(tf.sub(1, seen), MASKED), [rows, 1, 1, length, length]);
}
