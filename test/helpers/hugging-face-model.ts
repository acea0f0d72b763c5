import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TransformerConfig } from '../../stdlib/nets/transformer/config.ts';
import type { WeightValue, WeightValues } from '../../stdlib/nets/weights.ts';
import { encodeTensors } from '../../stdlib/training/safetensors.ts';

const LLAMA: Readonly<Record<string, string>> = {
	token_embedding: 'model.embed_tokens',
	final_norm: 'model.norm',
	head: 'lm_head',
	attention_norm: 'input_layernorm',
	feed_forward_norm: 'post_attention_layernorm',
	query: 'self_attn.q_proj',
	key: 'self_attn.k_proj',
	value: 'self_attn.v_proj',
	out: 'self_attn.o_proj',
	gate: 'mlp.gate_proj',
	up: 'mlp.up_proj',
	down: 'mlp.down_proj',
};

/** [rows, columns] to [columns, rows], written out the plain way. */
function turned({ shape, data }: WeightValue): WeightValue {
	const [rows, columns] = shape as [number, number];
	const made = new Float32Array(data.length);
	for (let i = 0; i < rows; i++)
		for (let j = 0; j < columns; j++) made[j * rows + i] = data[i * columns + j] as number;
	return { shape: [columns, rows], data: made };
}

/** Weights by our names, as Hugging Face's files of Llama and Qwen2 have them. */
function llamaTensors(weights: WeightValues): Map<string, WeightValue> {
	return new Map(
		[...weights].map(([name, value]) => {
			const parts = name.split('/');
			const [outer, part, kind] = parts as [string, string, string];
			if (parts.length < 3) return [`${LLAMA[outer]}.weight`, value];
			const full = `model.layers.${outer.slice('block_'.length)}.${LLAMA[part]}`;
			if (kind === 'bias') return [`${full}.bias`, value];
			return [`${full}.weight`, kind === 'kernel' ? turned(value) : value];
		}),
	);
}

/** GPT-2's names; queries, keys and values side by side. */
function gpt2Tensors(weights: WeightValues, { width, layers }: TransformerConfig): Map<string, WeightValue> {
	const at = (name: string): WeightValue => weights.get(name) as WeightValue;
	const made = new Map<string, WeightValue>([
		['transformer.wte.weight', at('token_embedding')],
		['transformer.wpe.weight', at('position_embedding')],
		['transformer.ln_f.weight', at('final_norm/gain')],
		['transformer.ln_f.bias', at('final_norm/bias')],
	]);
	for (let layer = 0; layer < layers; layer++) {
		const [block, to] = [`block_${layer}`, `transformer.h.${layer}`];
		for (const [ours, theirs] of [
			['attention_norm', 'ln_1'],
			['feed_forward_norm', 'ln_2'],
		]) {
			made.set(`${to}.${theirs}.weight`, at(`${block}/${ours}/gain`));
			made.set(`${to}.${theirs}.bias`, at(`${block}/${ours}/bias`));
		}
		for (const [ours, theirs] of [
			['out', 'attn.c_proj'],
			['up', 'mlp.c_fc'],
			['down', 'mlp.c_proj'],
		]) {
			made.set(`${to}.${theirs}.weight`, at(`${block}/${ours}/kernel`));
			made.set(`${to}.${theirs}.bias`, at(`${block}/${ours}/bias`));
		}
		for (const [kind, suffix, rows] of [
			['kernel', 'weight', width],
			['bias', 'bias', 1],
		] as const) {
			const data = new Float32Array(rows * 3 * width);
			['query', 'key', 'value'].forEach((part, third) => {
				const own = at(`${block}/${part}/${kind}`).data;
				for (let row = 0; row < rows; row++)
					data.set(own.subarray(row * width, (row + 1) * width), (row * 3 + third) * width);
			});
			const shape = rows === 1 ? [3 * width] : [rows, 3 * width];
			made.set(`${to}.attn.c_attn.${suffix}`, { shape, data });
		}
	}
	return made;
}

function settingsOf(config: TransformerConfig): object {
	const { positions } = config;
	if (positions.kind === 'learned')
		return {
			model_type: 'gpt2',
			architectures: ['GPT2LMHeadModel'],
			vocab_size: config.vocabulary,
			n_embd: config.width,
			n_layer: config.layers,
			n_head: config.heads,
			n_positions: config.context,
			n_inner: config.hidden,
			layer_norm_epsilon: config.norm.epsilon,
			activation_function: 'gelu_new',
			tie_word_embeddings: config.tied,
		};
	const { scaling } = positions;
	return {
		model_type: config.biases.queryKeyValue ? 'qwen2' : 'llama',
		architectures: [config.biases.queryKeyValue ? 'Qwen2ForCausalLM' : 'LlamaForCausalLM'],
		vocab_size: config.vocabulary,
		hidden_size: config.width,
		intermediate_size: config.hidden,
		num_hidden_layers: config.layers,
		num_attention_heads: config.heads,
		num_key_value_heads: config.keyValueHeads,
		max_position_embeddings: config.context,
		rms_norm_eps: config.norm.epsilon,
		rope_theta: positions.base,
		hidden_act: 'silu',
		tie_word_embeddings: config.tied,
		...(scaling.kind === 'llama3'
			? {
					rope_scaling: {
						rope_type: 'llama3',
						factor: scaling.factor,
						low_freq_factor: scaling.lowFrequencyFactor,
						high_freq_factor: scaling.highFrequencyFactor,
						original_max_position_embeddings: scaling.originalContext,
					},
				}
			: {}),
		...(scaling.kind === 'linear'
			? { rope_scaling: { type: 'linear', rope_type: 'linear', factor: scaling.factor } }
			: {}),
	};
}

/** Writes a model as a folder in Hugging Face's layout. */
export function writeHuggingFace(
	folder: string,
	config: TransformerConfig,
	weights: WeightValues,
	tokenizer: object,
): void {
	mkdirSync(folder, { recursive: true });
	const learned = config.positions.kind === 'learned';
	const tensors = learned ? gpt2Tensors(weights, config) : llamaTensors(weights);
	writeFileSync(
		join(folder, 'config.json'),
		JSON.stringify({ ...settingsOf(config), torch_dtype: 'float32' }),
	);
	writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
	writeFileSync(join(folder, 'model.safetensors'), encodeTensors({ tensors, metadata: { format: 'pt' } }));
}
