import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../define.ts';
import { sizeOf } from '../../nets/graph.ts';
import type { TransformerConfig } from '../../nets/transformer/config.ts';
import type { WeightValue, WeightValues } from '../../nets/weights.ts';
import { LLAMA_PARTS } from './hugging-face-transformer.ts';
import type { LanguageModelConfig } from './language-model-family.ts';
import { transposed } from './rearrange.ts';

/**
 * Writes a decoder of the Llama family as a folder in Hugging Face's layout, its weights in half precision.
 * @throws {UserError} for a decoder that such a folder cannot describe
 */
export function writeHuggingFace(folder: string, model: LanguageModelConfig, weights: WeightValues): void {
	const { transformer, tokenizer, chatTemplate } = model;
	const config = llamaConfig(transformer, tokenizer.eos);
	mkdirSync(folder, { recursive: true });
	const write = (name: string, data: string | Uint8Array): void => writeFileSync(join(folder, name), data);
	write('config.json', jsonText(config));
	write('tokenizer.json', jsonText(tokenizer.json));
	write('tokenizer_config.json', jsonText(tokenizerConfig(model)));
	if (chatTemplate !== null) write('chat_template.jinja', chatTemplate);
	write('model.safetensors', halfTensors([...weights].map(([name, value]) => named(name, value))));
}

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, '\t')}\n`;

function llamaConfig(config: TransformerConfig, eos: number | null): object {
	const { positions, biases, gated, norm } = config;
	const plain =
		positions.kind === 'rope' && positions.scaling.kind === 'none' && norm.kind === 'rms' && gated;
	if (!plain || biases.queryKeyValue || biases.output || biases.feedForward)
		throw new UserError('only decoders of the Llama family without biases can be written as a folder');
	return {
		architectures: ['LlamaForCausalLM'],
		model_type: 'llama',
		vocab_size: config.vocabulary,
		hidden_size: config.width,
		intermediate_size: config.hidden,
		num_hidden_layers: config.layers,
		num_attention_heads: config.heads,
		num_key_value_heads: config.keyValueHeads,
		head_dim: config.headSize,
		max_position_embeddings: config.context,
		rms_norm_eps: norm.epsilon,
		rope_theta: positions.base,
		hidden_act: 'silu',
		tie_word_embeddings: config.tied,
		bos_token_id: null,
		eos_token_id: eos,
		torch_dtype: 'float16',
	};
}

/** The text of the token that ends what the model writes, by which the provider finds it. */
function tokenizerConfig({ tokenizer: { json, eos } }: LanguageModelConfig): object {
	const { added_tokens: added } = json as { added_tokens?: readonly { id: number; content: string }[] };
	const end = added?.find(({ id }) => id === eos)?.content ?? null;
	return { tokenizer_class: 'PreTrainedTokenizerFast', bos_token: null, eos_token: end };
}

/** Linear maps are [to, from] there. */
function named(name: string, value: WeightValue): readonly [string, WeightValue] {
	const parts = name.split('/');
	const [outer, part, kind] = parts as [string, string, string];
	if (parts.length < 3) return [OUTER[name] as string, value];
	const full = `model.layers.${outer.slice('block_'.length)}.${LLAMA_PARTS[part]}.weight`;
	if (kind !== 'kernel') return [full, value];
	const [from, to] = value.shape as [number, number];
	return [full, { shape: [to, from], data: transposed(value.data, from, to) }];
}

const OUTER: Readonly<Record<string, string>> = {
	token_embedding: 'model.embed_tokens.weight',
	'final_norm/gain': 'model.norm.weight',
	head: 'lm_head.weight',
};

const ALIGNMENT = 8;

/** One safetensors file of half-precision numbers. */
function halfTensors(tensors: readonly (readonly [string, WeightValue])[]): Uint8Array {
	const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
	let size = 0;
	for (const [name, { shape }] of tensors) {
		const bytes = 2 * sizeOf(shape);
		header[name] = { dtype: 'F16', shape, data_offsets: [size, size + bytes] };
		size += bytes;
	}
	const text = Buffer.from(JSON.stringify(header), 'utf8');
	const start = 8 + ALIGNMENT * Math.ceil(text.length / ALIGNMENT);
	const file = Buffer.alloc(start + size, ' ');
	file.writeBigUInt64LE(BigInt(start - 8));
	text.copy(file, 8);
	const view = new DataView(file.buffer, file.byteOffset + start, size);
	let at = 0;
	for (const [, { data }] of tensors) for (const value of data) view.setFloat16(2 * at++, value, true);
	return file;
}
