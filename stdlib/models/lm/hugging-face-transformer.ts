import { join } from 'node:path';
import type { TransformerConfig } from '../../nets/transformer/config.ts';
import { transformerWeights } from '../../nets/transformer/weight-specs.ts';
import type { WeightValue } from '../../nets/weights.ts';
import { type HuggingFaceFamily, huggingFaceConfig } from './hugging-face-config.ts';
import { huggingFaceTokenizer } from './hugging-face-tokenizer.ts';
import { jsonAt, textAt, weightFiles } from './model-folder.ts';
import { transposed } from './rearrange.ts';
import { safetensorsHeader } from './safetensors-header.ts';
import type { StoredTransformer } from './stored-transformer.ts';
import { TensorReader } from './tensor-reader.ts';

/** Opens a folder in Hugging Face's layout. @throws {UserError} for files that are missing, damaged or not known here */
export function openHuggingFace(folder: string): StoredTransformer {
	const { family, config } = huggingFaceConfig(jsonAt(folder, 'config.json'), join(folder, 'config.json'));
	const { tokenizer, chatTemplate } = huggingFaceTokenizer(
		{
			tokenizer: jsonAt(folder, 'tokenizer.json'),
			tokenizerConfig: jsonAt(folder, 'tokenizer_config.json'),
			generationConfig: jsonAt(folder, 'generation_config.json'),
			chatTemplate: textAt(folder, 'chat_template.jinja'),
		},
		folder,
	);
	const weights = new Shards(weightFiles(folder), family);
	return {
		path: folder,
		config,
		tokenizer,
		chatTemplate,
		weights: () => weightsOf(config, family, weights),
		close: () => weights.close(),
	};
}

/** The tensors of all files of a model. */
class Shards {
	private readonly readers: readonly TensorReader[];
	/** What all names begin with: files of GPT-2 have it or have it not. */
	private readonly prefix: string;

	constructor(paths: readonly string[], family: HuggingFaceFamily) {
		this.readers = paths.map((path) => new TensorReader(path, safetensorsHeader(path)));
		const full = family === 'gpt2' ? 'transformer.' : 'model.';
		const first = family === 'gpt2' ? 'wte.weight' : 'embed_tokens.weight';
		this.prefix = this.readerOf(full + first) ? full : '';
	}

	read(name: string, shape: readonly number[]): Float32Array {
		const full = name === 'lm_head.weight' ? name : this.prefix + name;
		const reader = this.readerOf(full) ?? (this.readers[0] as TensorReader);
		return reader.read(full, shape);
	}

	close(): void {
		for (const reader of this.readers) reader.close();
	}

	private readerOf(name: string): TensorReader | undefined {
		return this.readers.find((reader) => reader.shapeOf(name) !== null);
	}
}

function* weightsOf(
	config: TransformerConfig,
	family: HuggingFaceFamily,
	weights: Shards,
): Iterable<readonly [string, WeightValue]> {
	const names = family === 'gpt2' ? GPT2 : LLAMA;
	for (const { name, shape } of transformerWeights(config)) {
		const parts = name.split('/');
		const data =
			parts.length < 3
				? weights.read(names.outer[name] as string, shape)
				: names.block(config, weights, parts as [string, string, string], shape);
		yield [name, { shape, data }];
	}
}

interface Names {
	readonly outer: Readonly<Record<string, string>>;
	block(
		config: TransformerConfig,
		weights: Shards,
		parts: readonly [block: string, part: string, kind: string],
		shape: readonly number[],
	): Float32Array;
}

const numberOf = (block: string): string => block.slice('block_'.length);

/** Parts of a block by their names in files. */
export const LLAMA_PARTS: Readonly<Record<string, string>> = {
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

/** Linear maps are [to, from]. */
const LLAMA: Names = {
	outer: { token_embedding: 'embed_tokens.weight', 'final_norm/gain': 'norm.weight', head: 'lm_head.weight' },
	block(_, weights, [block, part, kind], shape) {
		const name = `layers.${numberOf(block)}.${LLAMA_PARTS[part]}.${kind === 'bias' ? 'bias' : 'weight'}`;
		if (kind !== 'kernel') return weights.read(name, shape);
		const [from, to] = shape as [number, number];
		return transposed(weights.read(name, [to, from]), to, from);
	},
};

const GPT2_PARTS: Readonly<Record<string, string>> = {
	attention_norm: 'ln_1',
	feed_forward_norm: 'ln_2',
	out: 'attn.c_proj',
	up: 'mlp.c_fc',
	down: 'mlp.c_proj',
};

/** Linear maps are [from, to], those to queries, keys and values side by side. */
const GPT2: Names = {
	outer: {
		token_embedding: 'wte.weight',
		position_embedding: 'wpe.weight',
		'final_norm/gain': 'ln_f.weight',
		'final_norm/bias': 'ln_f.bias',
		head: 'lm_head.weight',
	},
	block({ width }, weights, [block, part, kind], shape) {
		const at = `h.${numberOf(block)}`;
		const suffix = kind === 'bias' ? 'bias' : 'weight';
		const third = ['query', 'key', 'value'].indexOf(part);
		if (third < 0) return weights.read(`${at}.${GPT2_PARTS[part]}.${suffix}`, shape);
		const joint = weights.read(`${at}.attn.c_attn.${suffix}`, [...shape.slice(0, -1), 3 * width]);
		return columnsOf(joint, 3 * width, third * width, width);
	},
};

/** Columns `from` to `from + count` of rows of `width` numbers. */
function columnsOf(values: Float32Array, width: number, from: number, count: number): Float32Array {
	const rows = values.length / width;
	const made = new Float32Array(rows * count);
	for (let row = 0; row < rows; row++)
		made.set(values.subarray(row * width + from, row * width + from + count), row * count);
	return made;
}
