import { UserError } from '../../define.ts';
import { type TransformerConfig, transformerConfig } from '../../nets/transformer/config.ts';
import { transformerWeights } from '../../nets/transformer/weight-specs.ts';
import type { WeightValue } from '../../nets/weights.ts';
import { countParameters } from '../gguf-file.ts';
import { GGUF_STORAGES } from './dequantise.ts';
import { type GgufMetadata, numberAt, textAt } from './gguf-metadata.ts';
import { ggufTokenizer } from './gguf-tokenizer.ts';
import { halvesFromPairs, transposed } from './rearrange.ts';
import type { StoredTransformer } from './stored-transformer.ts';
import { type StoredTensor, TensorReader } from './tensor-reader.ts';

/** Architectures that one decoder computes, with where they differ. */
const ARCHITECTURES: Readonly<Record<string, Family>> = {
	llama: { kind: 'llama', pairs: true, bias: false },
	qwen2: { kind: 'llama', pairs: false, bias: true },
	gpt2: { kind: 'gpt2' },
};

type Family =
	| {
			readonly kind: 'llama';
			/** Whether queries and keys lie as neighbouring pairs. */
			readonly pairs: boolean;
			readonly bias: boolean;
	  }
	| { readonly kind: 'gpt2' };

/** Opens a GGUF file. @throws {UserError} for one that is damaged, or of an architecture that is not known here */
export async function openGguf(path: string): Promise<StoredTransformer> {
	// Walks the header with bounds before it is parsed: a header that lies would make the parser read without end.
	countParameters(path);
	const { metadata: typed, tensorInfos, tensorDataOffset } = await parsedHeader(path);
	const metadata: GgufMetadata = { ...typed };
	const family = familyOf(metadata, path);
	const stored = tensorInfos.map((info) => storedTensor(info, Number(tensorDataOffset), path));
	const reader = new TensorReader(path, stored);
	try {
		const config = configOf(metadata, family, reader);
		return {
			path,
			config,
			tokenizer: ggufTokenizer(metadata, path),
			chatTemplate: textAt(metadata, 'tokenizer.chat_template'),
			weights: () => weightsOf(config, family, reader),
			close: () => reader.close(),
		};
	} catch (error) {
		reader.close();
		throw error;
	}
}

async function parsedHeader(path: string) {
	const { gguf } = await import('@huggingface/gguf');
	try {
		return await gguf(path, { allowLocalFile: true });
	} catch (error) {
		throw new UserError(`${path}: its header cannot be read: ${(error as Error).message}`, null, error);
	}
}

function familyOf(metadata: GgufMetadata, path: string): Family {
	const architecture = String(metadata['general.architecture']);
	const family = Object.hasOwn(ARCHITECTURES, architecture) ? ARCHITECTURES[architecture] : undefined;
	if (family) return family;
	throw new UserError(
		`${path} holds a model of the architecture ${architecture}, which lm cannot compute`,
		`lm computes ${Object.keys(ARCHITECTURES).join(', ')}; gguf("…") runs everything that llama.cpp knows`,
	);
}

interface TensorInfo {
	readonly name: string;
	readonly shape: readonly (bigint | number)[];
	readonly dtype: number;
	readonly offset: bigint | number;
}

function storedTensor({ name, shape, dtype, offset }: TensorInfo, dataOffset: number, path: string) {
	const storage = GGUF_STORAGES.get(dtype);
	if (!storage)
		throw new UserError(
			`in ${path} the tensor ${name} is stored in a way that lm cannot read (ggml type ${dtype})`,
			`lm reads ${[...GGUF_STORAGES.values()].map((kind) => kind.name).join(', ')}`,
		);
	// GGUF writes the innermost dimension first.
	const outermostFirst = shape.map(Number).reverse();
	return {
		name,
		shape: outermostFirst,
		storage,
		offset: dataOffset + Number(offset),
	} satisfies StoredTensor;
}

function configOf(metadata: GgufMetadata, family: Family, reader: TensorReader): TransformerConfig {
	const architecture = metadata['general.architecture'] as string;
	const optional = (name: string): number | null => numberAt(metadata, `${architecture}.${name}`);
	const needed = (name: string): number => {
		const found = optional(name);
		if (found === null) throw new UserError(`${reader.path} does not say its ${architecture}.${name}`);
		return found;
	};
	const [width, heads] = [needed('embedding_length'), needed('attention.head_count')];
	const shared = {
		vocabulary: reader.shapeOf('token_embd.weight')?.[0] ?? 0,
		width,
		layers: needed('block_count'),
		heads,
		hidden: needed('feed_forward_length'),
		context: needed('context_length'),
		tied: reader.shapeOf('output.weight') === null,
	};
	if (family.kind === 'gpt2')
		return transformerConfig(
			{
				...shared,
				keyValueHeads: heads,
				headSize: width / heads,
				norm: { kind: 'layer', epsilon: needed('attention.layer_norm_epsilon') },
				positions: { kind: 'learned' },
				activation: 'gelu_tanh',
				gated: false,
				biases: { queryKeyValue: true, output: true, feedForward: true },
			},
			reader.path,
		);
	const headSize = optional('attention.key_length') ?? width / heads;
	return transformerConfig(
		{
			...shared,
			keyValueHeads: optional('attention.head_count_kv') ?? heads,
			headSize,
			norm: { kind: 'rms', epsilon: needed('attention.layer_norm_rms_epsilon') },
			positions: {
				kind: 'rope',
				base: optional('rope.freq_base') ?? 10_000,
				size: optional('rope.dimension_count') ?? headSize,
				scaling: scalingOf(metadata, architecture, reader),
			},
			activation: 'silu',
			gated: true,
			biases: { queryKeyValue: family.bias, output: false, feedForward: false },
		},
		reader.path,
	);
}

type Scaling = Extract<TransformerConfig['positions'], { kind: 'rope' }>['scaling'];

function scalingOf(metadata: GgufMetadata, architecture: string, reader: TensorReader): Scaling {
	const divisors = reader.shapeOf('rope_freqs.weight');
	if (divisors) return { kind: 'divisors', divisors: [...reader.read('rope_freqs.weight', divisors)] };
	const kind = textAt(metadata, `${architecture}.rope.scaling.type`) ?? 'none';
	if (kind === 'none') return { kind };
	if (kind === 'linear')
		return { kind, factor: numberAt(metadata, `${architecture}.rope.scaling.factor`) ?? 1 };
	throw new UserError(`${reader.path} stretches rotary positions by ${kind}, which lm cannot compute`);
}

function* weightsOf(
	config: TransformerConfig,
	family: Family,
	reader: TensorReader,
): Iterable<readonly [string, WeightValue]> {
	for (const { name, shape } of transformerWeights(config)) {
		const parts = name.split('/');
		const data =
			parts.length < 3
				? reader.read(outerName(name), shape)
				: blockWeight(config, family, reader, parts as [string, string, string], shape);
		yield [name, { shape, data }];
	}
}

function outerName(name: string): string {
	const names: Readonly<Record<string, string>> = {
		token_embedding: 'token_embd.weight',
		position_embedding: 'position_embd.weight',
		'final_norm/gain': 'output_norm.weight',
		'final_norm/bias': 'output_norm.bias',
		head: 'output.weight',
	};
	return names[name] as string;
}

const BLOCK_NAMES: Readonly<Record<string, string>> = {
	attention_norm: 'attn_norm',
	feed_forward_norm: 'ffn_norm',
	query: 'attn_q',
	key: 'attn_k',
	value: 'attn_v',
	out: 'attn_output',
	gate: 'ffn_gate',
	up: 'ffn_up',
	down: 'ffn_down',
};

function blockWeight(
	config: TransformerConfig,
	family: Family,
	reader: TensorReader,
	[block, part, kind]: readonly [string, string, string],
	shape: readonly number[],
): Float32Array {
	const prefix = `blk.${block.slice('block_'.length)}`;
	const suffix = kind === 'bias' ? 'bias' : 'weight';
	if (family.kind === 'gpt2' && part in THIRDS)
		return jointThird(config, reader, `${prefix}.attn_qkv.${suffix}`, THIRDS[part] as number, kind);
	const name = `${prefix}.${BLOCK_NAMES[part]}.${suffix}`;
	if (kind !== 'kernel') return reader.read(name, shape);
	const [from, to] = shape as [number, number];
	const rows = reader.read(name, [to, from]);
	const pairs = family.kind === 'llama' && family.pairs && (part === 'query' || part === 'key');
	const heads = part === 'query' ? config.heads : config.keyValueHeads;
	return transposed(pairs ? halvesFromPairs(rows, heads, from) : rows, to, from);
}

/** GPT-2 keeps the maps to queries, keys and values as one. */
const THIRDS: Readonly<Record<string, number>> = { query: 0, key: 1, value: 2 };

function jointThird(
	{ width }: TransformerConfig,
	reader: TensorReader,
	name: string,
	third: number,
	kind: string,
): Float32Array {
	if (kind === 'bias') return reader.read(name, [3 * width]).slice(third * width, (third + 1) * width);
	const size = width * width;
	const rows = reader.read(name, [3 * width, width]).subarray(third * size, (third + 1) * size);
	return transposed(rows, width, width);
}
