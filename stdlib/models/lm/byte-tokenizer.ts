import type { TokenizerFile } from './stored-transformer.ts';

/** The token that ends a text. */
export const END = '<|end|>';
const END_ID = 256;

/** Bytes as byte-level tokenizers write them: printable ones as they are, the rest as characters from 256 on (Radford et al. 2019). */
export function byteTexts(): string[] {
	let next = 256;
	return Array.from({ length: 256 }, (_, byte) => {
		const printable = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
		return String.fromCodePoint(printable ? byte : next++);
	});
}

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };

/** A token a byte, numbered as the byte, and one that ends a text. */
export const BYTE_VOCABULARY = END_ID + 1;

/** The tokenizer of bytes, as tokenizer.json would describe it. */
export const byteTokenizerJson = (): Readonly<Record<string, unknown>> => ({
	version: '1.0',
	added_tokens: [
		{
			id: END_ID,
			content: END,
			special: true,
			single_word: false,
			lstrip: false,
			rstrip: false,
			normalized: false,
		},
	],
	normalizer: null,
	pre_tokenizer: byteLevel,
	post_processor: null,
	decoder: byteLevel,
	model: {
		type: 'BPE',
		vocab: Object.fromEntries([...byteTexts(), END].map((text, id) => [text, id])),
		merges: [],
	},
});

export const byteTokenizer = (): TokenizerFile => ({
	json: byteTokenizerJson(),
	bos: null,
	addBos: false,
	ends: new Set([END_ID]),
	eos: END_ID,
});
