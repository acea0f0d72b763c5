import { z } from 'zod';
import { UserError } from '../../define.ts';
import { type GgufMetadata, numberAt, textAt } from './gguf-metadata.ts';
import type { TokenizerFile } from './stored-transformer.ts';

/** What a text is cut into before pairs are merged, by the name that GGUF files give it. */
const byteLevel = (useRegex: boolean) => ({
	type: 'ByteLevel',
	add_prefix_space: false,
	trim_offsets: true,
	use_regex: useRegex,
});

const splitBy = (regex: string) => ({
	type: 'Sequence',
	pretokenizers: [
		{ type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false },
		byteLevel(false),
	],
});

const wordsWithDigits = (digits: string): string =>
	`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

const PRE_TOKENIZERS: Readonly<Record<string, object>> = {
	'gpt-2': byteLevel(true),
	smollm: {
		type: 'Sequence',
		pretokenizers: [{ type: 'Digits', individual_digits: true }, byteLevel(true)],
	},
	'llama-bpe': splitBy(wordsWithDigits('\\p{N}{1,3}')),
	qwen2: splitBy(wordsWithDigits('\\p{N}')),
};

const CONTROL = 3;
const USER_DEFINED = 4;

/** Texts of tokens that end a turn or a text in the families that are known here. */
const ENDS: ReadonlySet<string> = new Set([
	'<|endoftext|>',
	'<|im_end|>',
	'<|eot_id|>',
	'<|end_of_text|>',
	'<|end|>',
	'</s>',
]);

const vocabularySchema = z.object({
	'tokenizer.ggml.tokens': z.array(z.string()).min(1),
	'tokenizer.ggml.merges': z.array(z.string()),
	'tokenizer.ggml.token_type': z.array(z.number()),
});

/** The tokenizer of a GGUF file's metadata, as tokenizer.json would describe it. */
export function ggufTokenizer(metadata: GgufMetadata, path: string): TokenizerFile {
	const model = textAt(metadata, 'tokenizer.ggml.model');
	if (model !== 'gpt2')
		throw new UserError(
			`${path} cuts text into tokens by ${model ?? 'nothing that it names'}, where lm knows byte-level pairs (gpt2)`,
			'gguf("…") runs it with llama.cpp',
		);
	const found = vocabularySchema.safeParse(metadata);
	if (!found.success)
		throw new UserError(`${path} has no whole vocabulary: ${found.error.issues[0]?.message}`);
	const tokens = found.data['tokenizer.ggml.tokens'];
	const types = found.data['tokenizer.ggml.token_type'];
	const eos = numberAt(metadata, 'tokenizer.ggml.eos_token_id');
	const ends = new Set(tokens.flatMap((text, id) => (types[id] === CONTROL && ENDS.has(text) ? [id] : [])));
	for (const id of [eos, numberAt(metadata, 'tokenizer.ggml.eot_token_id')]) if (id !== null) ends.add(id);
	return {
		json: tokenizerJson(tokens, types, found.data['tokenizer.ggml.merges'], preTokenizer(metadata, path)),
		bos: numberAt(metadata, 'tokenizer.ggml.bos_token_id'),
		addBos: metadata['tokenizer.ggml.add_bos_token'] === true,
		ends,
		eos,
	};
}

function preTokenizer(
	metadata: GgufMetadata,
	path: string,
): { readonly name: string; readonly json: object } {
	const name = textAt(metadata, 'tokenizer.ggml.pre') ?? 'gpt-2';
	const json = Object.hasOwn(PRE_TOKENIZERS, name) ? PRE_TOKENIZERS[name] : undefined;
	if (json) return { name, json };
	throw new UserError(
		`${path} cuts text into words by "${name}", which lm does not know`,
		`lm knows ${Object.keys(PRE_TOKENIZERS).join(', ')}; gguf("…") runs it with llama.cpp`,
	);
}

function tokenizerJson(
	tokens: readonly string[],
	types: readonly number[],
	merges: readonly string[],
	pre: { readonly name: string; readonly json: object },
): Record<string, unknown> {
	const added = tokens.flatMap((content, id) => {
		const type = types[id];
		if (type !== CONTROL && type !== USER_DEFINED) return [];
		const special = type === CONTROL;
		return [{ id, content, special, single_word: false, lstrip: false, rstrip: false, normalized: false }];
	});
	return {
		version: '1.0',
		added_tokens: added,
		normalizer: null,
		pre_tokenizer: pre.json,
		post_processor: null,
		decoder: byteLevel(true),
		model: {
			type: 'BPE',
			vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
			merges,
			byte_fallback: false,
			ignore_merges: pre.name === 'llama-bpe',
		},
	};
}
