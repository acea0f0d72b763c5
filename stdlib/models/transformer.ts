import { createHash } from 'node:crypto';
import { define, UserError } from '../define.ts';
import { type TransformerConfig, transformerConfig } from '../nets/transformer/config.ts';
import { transformerWeights } from '../nets/transformer/weight-specs.ts';
import { countWeights, initialWeights, type WeightValue } from '../nets/weights.ts';
import { randomStream } from '../random.ts';
import { type LearntTokenizer, tokenizerFile } from './bpe.ts';
import { BYTE_VOCABULARY, byteTokenizer } from './lm/byte-tokenizer.ts';
import { LM_DEFAULTS, type LmSource } from './lm/provider.ts';
import { LanguageModelHandle } from './lm/trainable.ts';
import { tinyNotice } from './local-weights.ts';
import { requireWhole } from './whole-number.ts';

interface TransformerArgs {
	readonly layers: number;
	readonly width: number;
	readonly heads: number;
	readonly context: number;
	readonly tokenizer?: LearntTokenizer | null;
	readonly spread?: number;
	readonly seed: number;
}

/** Channels inside of SwiGLU for as many weights as four times the width without a gate (Shazeer 2020), in steps of 16. */
const hiddenOf = (width: number): number => 16 * Math.ceil((8 * width) / 3 / 16);

function configOf({ layers, width, heads, context, tokenizer }: TransformerArgs): TransformerConfig {
	for (const [name, value] of Object.entries({ layers, width, heads, context }))
		requireWhole('transformer', name, value);
	const headSize = width / heads;
	if (!Number.isInteger(headSize) || headSize % 2 !== 0)
		throw new UserError(
			`transformer: ${heads} heads cannot share a width of ${width}`,
			'the width is a multiple of twice the heads',
		);
	return transformerConfig(
		{
			vocabulary: tokenizer?.vocabulary ?? BYTE_VOCABULARY,
			width,
			layers,
			heads,
			keyValueHeads: heads,
			headSize,
			hidden: hiddenOf(width),
			context,
			norm: { kind: 'rms', epsilon: 1e-5 },
			positions: { kind: 'rope', base: 10_000, size: headSize, scaling: { kind: 'none' } },
			activation: 'silu',
			gated: true,
			biases: { queryKeyValue: false, output: false, feedForward: false },
			tied: true,
		},
		'transformer',
	);
}

/** Of weights as they are drawn (Radford et al. 2019). */
const SPREAD = 0.02;

/** Gains stay at 1. */
function spreadOut(weights: Map<string, WeightValue>, factor: number): Map<string, WeightValue> {
	for (const [name, { data }] of weights)
		if (factor !== 1 && !name.endsWith('gain'))
			for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) * factor;
	return weights;
}

/** A language model whose weights are drawn. @throws {UserError} for sizes that make none */
export function transformer(args: TransformerArgs): LanguageModelHandle {
	const config = configOf(args);
	const { tokenizer, spread = SPREAD } = args;
	if (!(Number.isFinite(spread) && spread > 0))
		throw new UserError(`transformer: spread is ${spread}, but must be a number above 0`);
	const specs = transformerWeights(config);
	const parameters = countWeights(specs);
	const settings = JSON.stringify([
		config,
		args.seed,
		...(tokenizer || spread !== SPREAD ? [tokenizer ?? null, spread] : []),
	]);
	const source: LmSource = {
		identity: {
			provider: 'lm',
			model: `transformer-${args.layers}x${args.width}`,
			revision: createHash('sha256').update(settings).digest('hex'),
		},
		parameters,
		notice: `untrained: ${tinyNotice(parameters) ?? 'its weights are drawn'}`,
		open: async () => ({
			path: 'transformer',
			config,
			tokenizer: tokenizer ? tokenizerFile(tokenizer) : byteTokenizer(),
			chatTemplate: tokenizer?.chatTemplate ?? null,
			weights: () =>
				spreadOut(
					initialWeights(specs, (name) => randomStream(args.seed, `initial/${name}`)),
					spread / SPREAD,
				),
			close: () => undefined,
		}),
	};
	return new LanguageModelHandle(source, { ...LM_DEFAULTS, context: args.context });
}

export const transformerDefinition = define<TransformerArgs, LanguageModelHandle>({
	name: 'transformer',
	signature:
		'transformer(layers: Number = 4, width: Number = 128, heads: Number = 4, context: Number = 256, tokenizer: Tokenizer?, spread: Number = 0.02, seed: Number = study) -> Model<sample, choose, logprob, embed, train>',
	doc: 'A language model that nobody has trained, for `train`: a decoder of the Llama family over the tokens of `tokenizer`, or over bytes, a token a byte and one that ends a text. context is the most tokens of a prompt and its answer. Without a tokenizer messages are read one after another, without a chat template, so that a prompt stands before its completion as it is written. Weights are drawn with a standard deviation of `spread` under the seed; narrow models learn much faster from about 1 / √width.',
	cite: 'Radford et al. 2019, section 2.3; Touvron et al. 2023 (arXiv:2302.13971), section 2.2',
	example: 'model tiny = transformer(layers: 2, width: 64)',
	version: 1,
	run: transformer,
});
