import { byteTokenizerJson } from '../../stdlib/models/lm/byte-tokenizer.ts';
import type { WeightValue } from '../../stdlib/nets/weights.ts';
import { tinyConfig, tinyWeights } from './tiny-model.ts';

/** How a file differs from a sound one. */
export interface GgufParts {
	readonly architecture: string;
	/** Shapes that the header gives in place of the true ones, innermost dimension first. */
	readonly shapes: Readonly<Record<string, readonly number[]>>;
	/** ggml's number of the tensors' storage. */
	readonly type: number;
	readonly without: string;
	readonly tokenizer: string;
	readonly pre: string;
}

const u32 = (value: number): Buffer => {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value);
	return bytes;
};
const u64 = (value: number): Buffer => {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64LE(BigInt(value));
	return bytes;
};
const f32 = (value: number): Buffer => {
	const bytes = Buffer.alloc(4);
	bytes.writeFloatLE(value);
	return bytes;
};
const text = (value: string): Buffer => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
const list = (type: number, items: readonly Buffer[]): Buffer =>
	Buffer.concat([u32(type), u64(items.length), ...items]);

const NAMES: Readonly<Record<string, string>> = {
	token_embedding: 'token_embd',
	final_norm: 'output_norm',
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

const config = tinyConfig();

/** [from, to] as rows by `to`; queries and keys as neighbouring pairs, as llama.cpp's converter puts them. */
function stored(part: string, { shape, data }: WeightValue): WeightValue {
	const [from, to] = shape as [number, number];
	const paired = part === 'query' || part === 'key';
	const half = config.headSize / 2;
	const made = new Float32Array(data.length);
	for (let row = 0; row < to; row++) {
		const [head, within] = [Math.floor(row / config.headSize), row % config.headSize];
		const source = paired
			? head * config.headSize + (within % 2 === 0 ? within / 2 : half + (within - 1) / 2)
			: row;
		for (let i = 0; i < from; i++) made[row * from + i] = data[i * to + source] as number;
	}
	return { shape: [to, from], data: made };
}

function tensors(): [string, WeightValue][] {
	return [...tinyWeights(config)].map(([name, value]) => {
		const [outer, part, kind] = name.split('/') as [string, string?, string?];
		if (!part || !outer.startsWith('block_')) return [`${NAMES[outer]}.weight`, value];
		const full = `blk.${outer.slice('block_'.length)}.${NAMES[part]}.weight`;
		return [full, kind === 'kernel' ? stored(part, value) : value];
	});
}

/** The tiny model as a GGUF file (version 3, F32). */
export function ggufBytes(parts: Partial<GgufParts> = {}): Buffer {
	const { architecture = 'llama', shapes = {}, type = 0, without, tokenizer = 'gpt2', pre = 'gpt-2' } = parts;
	const { vocab } = byteTokenizerJson().model as { readonly vocab: Readonly<Record<string, number>> };
	const tokens = Object.keys(vocab);
	const entries: [string, number, Buffer][] = [
		['general.architecture', 8, text(architecture)],
		...(
			[
				['block_count', config.layers],
				['context_length', 256],
				['embedding_length', config.width],
				['feed_forward_length', config.hidden],
				['attention.head_count', config.heads],
				['attention.head_count_kv', config.keyValueHeads],
			] as const
		).map(([key, value]): [string, number, Buffer] => [`${architecture}.${key}`, 4, u32(value)]),
		[`${architecture}.attention.layer_norm_rms_epsilon`, 12, doubleOf(config.norm.epsilon)],
		[`${architecture}.rope.freq_base`, 6, f32(10_000)],
		['tokenizer.ggml.model', 8, text(tokenizer)],
		['tokenizer.ggml.pre', 8, text(pre)],
		['tokenizer.ggml.tokens', 9, list(8, tokens.map(text))],
		[
			'tokenizer.ggml.token_type',
			9,
			list(
				5,
				tokens.map((_, id) => u32(id === 256 ? 3 : 1)),
			),
		],
		['tokenizer.ggml.merges', 9, list(8, [])],
		['tokenizer.ggml.eos_token_id', 4, u32(256)],
	];
	const kept = tensors().filter(([name]) => name !== without);
	let offset = 0;
	const infos = kept.map(([name, { shape, data }]) => {
		const dims = shapes[name] ?? [...shape].reverse();
		const info = Buffer.concat([text(name), u32(dims.length), ...dims.map(u64), u32(type), u64(offset)]);
		offset += Math.ceil(data.byteLength / 32) * 32;
		return info;
	});
	const header = Buffer.concat([
		Buffer.from('GGUF'),
		u32(3),
		u64(kept.length),
		u64(entries.length),
		...entries.flatMap(([key, kind, value]) => [text(key), u32(kind), value]),
		...infos,
	]);
	const padded = (bytes: Buffer): Buffer =>
		Buffer.concat([bytes, Buffer.alloc(Math.ceil(bytes.length / 32) * 32 - bytes.length)]);
	return Buffer.concat([
		padded(header),
		...kept.map(([, { data }]) => padded(Buffer.from(data.buffer, data.byteOffset, data.byteLength))),
	]);
}

function doubleOf(value: number): Buffer {
	const bytes = Buffer.alloc(8);
	bytes.writeDoubleLE(value);
	return bytes;
}
