import { z } from 'zod';
import { UserError } from '../../define.ts';
import {
	type RopeScaling,
	type TransformerConfig,
	transformerConfig,
} from '../../nets/transformer/config.ts';

const count = z.number().int().positive();
const positive = z.number().positive();

const scalingSchema = z
	.object({
		rope_type: z.string().optional(),
		type: z.string().optional(),
		factor: positive.optional(),
		low_freq_factor: positive.optional(),
		high_freq_factor: positive.optional(),
		original_max_position_embeddings: count.optional(),
		rope_theta: positive.optional(),
	})
	.nullish();

const llamaSchema = z.object({
	model_type: z.enum(['llama', 'qwen2']),
	vocab_size: count,
	hidden_size: count,
	intermediate_size: count,
	num_hidden_layers: count,
	num_attention_heads: count,
	num_key_value_heads: count.nullish(),
	head_dim: count.nullish(),
	max_position_embeddings: count,
	rms_norm_eps: positive,
	rope_theta: positive.nullish(),
	rope_scaling: scalingSchema,
	rope_parameters: scalingSchema,
	hidden_act: z.literal('silu'),
	attention_bias: z.boolean().optional(),
	mlp_bias: z.boolean().optional(),
	tie_word_embeddings: z.boolean().optional(),
	use_sliding_window: z.literal(false).optional(),
});

const gpt2Schema = z.object({
	model_type: z.literal('gpt2'),
	vocab_size: count,
	n_embd: count,
	n_layer: count,
	n_head: count,
	n_positions: count,
	n_inner: count.nullish(),
	layer_norm_epsilon: positive,
	activation_function: z.enum(['gelu_new', 'gelu', 'gelu_pytorch_tanh']),
	tie_word_embeddings: z.boolean().optional(),
});

export type HuggingFaceFamily = 'llama' | 'gpt2';

/** A model's config.json. @throws {UserError} for an architecture that is not known, or a setting that is not computed */
export function huggingFaceConfig(
	json: unknown,
	path: string,
): { readonly family: HuggingFaceFamily; readonly config: TransformerConfig } {
	if (json === null) throw new UserError(`there is no file ${path}`, 'lm needs it beside the weights');
	const type = z.object({ model_type: z.string() }).safeParse(json);
	const name = type.success ? type.data.model_type : 'none that it names';
	if (name === 'gpt2') return { family: 'gpt2', config: gpt2Config(parse(gpt2Schema, json, path), path) };
	if (name === 'llama' || name === 'qwen2')
		return { family: 'llama', config: llamaConfig(parse(llamaSchema, json, path), path) };
	throw new UserError(
		`${path} describes a model of the architecture ${name}, which lm cannot compute`,
		'lm computes gpt2, llama, qwen2',
	);
}

function parse<T>(schema: z.ZodType<T>, json: unknown, path: string): T {
	const found = schema.safeParse(json);
	if (found.success) return found.data;
	const [issue] = found.error.issues;
	throw new UserError(
		`${path} describes a model that lm cannot compute: ${issue?.path.join('.')}: ${issue?.message}`,
	);
}

function gpt2Config(json: z.infer<typeof gpt2Schema>, path: string): TransformerConfig {
	const { n_embd: width, n_head: heads, activation_function: activation } = json;
	return transformerConfig(
		{
			vocabulary: json.vocab_size,
			width,
			layers: json.n_layer,
			heads,
			keyValueHeads: heads,
			headSize: width / heads,
			hidden: json.n_inner ?? 4 * width,
			context: json.n_positions,
			norm: { kind: 'layer', epsilon: json.layer_norm_epsilon },
			positions: { kind: 'learned' },
			activation: activation === 'gelu' ? 'gelu' : 'gelu_tanh',
			gated: false,
			biases: { queryKeyValue: true, output: true, feedForward: true },
			tied: json.tie_word_embeddings ?? true,
		},
		path,
	);
}

function llamaConfig(json: z.infer<typeof llamaSchema>, path: string): TransformerConfig {
	const heads = json.num_attention_heads;
	const headSize = json.head_dim ?? json.hidden_size / heads;
	const scaling = json.rope_parameters ?? json.rope_scaling;
	const biased = json.attention_bias ?? false;
	return transformerConfig(
		{
			vocabulary: json.vocab_size,
			width: json.hidden_size,
			layers: json.num_hidden_layers,
			heads,
			keyValueHeads: json.num_key_value_heads ?? heads,
			headSize,
			hidden: json.intermediate_size,
			context: json.max_position_embeddings,
			norm: { kind: 'rms', epsilon: json.rms_norm_eps },
			positions: {
				kind: 'rope',
				base: json.rope_parameters?.rope_theta ?? json.rope_theta ?? 10_000,
				size: headSize,
				scaling: scalingOf(scaling, path),
			},
			activation: 'silu',
			gated: true,
			biases: {
				queryKeyValue: json.model_type === 'qwen2' || biased,
				output: json.model_type === 'llama' && biased,
				feedForward: json.mlp_bias ?? false,
			},
			tied: json.tie_word_embeddings ?? false,
		},
		path,
	);
}

function scalingOf(scaling: z.infer<typeof scalingSchema>, path: string): RopeScaling {
	const kind = scaling?.rope_type ?? scaling?.type ?? 'default';
	if (!scaling || kind === 'default') return { kind: 'none' };
	const needed = (name: Exclude<keyof typeof scaling, 'rope_type' | 'type'>): number => {
		const found = scaling[name];
		if (found === undefined) throw new UserError(`${path} stretches rotary positions without saying ${name}`);
		return found;
	};
	if (kind === 'linear') return { kind, factor: needed('factor') };
	if (kind === 'llama3')
		return {
			kind,
			factor: needed('factor'),
			lowFrequencyFactor: needed('low_freq_factor'),
			highFrequencyFactor: needed('high_freq_factor'),
			originalContext: needed('original_max_position_embeddings'),
		};
	throw new UserError(`${path} stretches rotary positions by ${kind}, which lm cannot compute`);
}
