import { define, defineType, UserError } from '../define.ts';
import type { Data } from '../values/data.ts';
import { learnPairs, wordCounts } from './lm/byte-pairs.ts';
import { BYTE_VOCABULARY, byteTexts, byteTokenizerJson, END } from './lm/byte-tokenizer.ts';
import type { TokenizerFile } from './lm/stored-transformer.ts';
import { textAt } from './lm/trainable.ts';
import { requireWhole } from './whole-number.ts';

/** A tokenizer that was learnt from texts: tokenizer.json, and how messages become a text. */
export interface LearntTokenizer {
	readonly kind: 'tokenizer';
	readonly json: Readonly<Record<string, unknown>>;
	readonly vocabulary: number;
	readonly chatTemplate: string;
}

/** Begins what the model says. */
const ANSWER = '<|answer|>';
const ANSWER_ID = BYTE_VOCABULARY;

/** Messages a line each, so that two of a user are as one of two lines; what the model says stands between two tokens. */
export const TURNS = `{% for message in messages %}{% if message['role'] == 'assistant' %}${ANSWER}{{ message['content'] }}${END}{% else %}{{ message['content'] }}
{% endif %}{% endfor %}{% if add_generation_prompt %}${ANSWER}{% endif %}`;

interface BpeArgs {
	readonly on: Data;
	readonly vocabulary: number;
}

/** @throws {UserError} for a vocabulary that has no room for every byte */
export function bpe({ on, vocabulary }: BpeArgs): LearntTokenizer {
	const first = ANSWER_ID + 1;
	requireWhole('bpe', 'vocabulary', vocabulary, first);
	if (on.length === 0) throw new UserError('bpe: there are no texts to learn from');
	const pairs = learnPairs(wordCounts(textsOf(on)), byteTexts(), vocabulary - first);
	const bytes = byteTokenizerJson() as {
		readonly added_tokens: object[];
		readonly model: { readonly vocab: object };
	};
	const [end] = bytes.added_tokens;
	const learnt = [ANSWER, ...new Set(pairs.map(([left, right]) => left + right))];
	const vocab = {
		...bytes.model.vocab,
		...Object.fromEntries(learnt.map((text, i) => [text, ANSWER_ID + i])),
	};
	return {
		kind: 'tokenizer',
		vocabulary: ANSWER_ID + learnt.length,
		chatTemplate: TURNS,
		json: {
			...bytes,
			added_tokens: [end, { ...end, id: ANSWER_ID, content: ANSWER }],
			model: { ...bytes.model, vocab, merges: pairs.map(([left, right]) => `${left} ${right}`) },
		},
	};
}

function* textsOf(data: Data): Iterable<string> {
	for (let row = 0; row < data.length; row++) {
		yield textAt(data, 'prompt', row);
		yield textAt(data, 'completion', row);
	}
}

/** As the provider reads it. */
export const tokenizerFile = ({ json }: LearntTokenizer): TokenizerFile => ({
	json,
	bos: null,
	addBos: false,
	ends: new Set([BYTE_VOCABULARY - 1]),
	eos: BYTE_VOCABULARY - 1,
});

export const tokenizerType = defineType({
	name: 'Tokenizer',
	type: 'opaque',
	doc: 'How a text becomes numbers: `bpe(…)`.',
});

export const bpeDefinition = define<BpeArgs, LearntTokenizer>({
	name: 'bpe',
	signature: 'bpe(on: Data<{prompt: Text, completion: Text}>, vocabulary: Number = 768) -> Tokenizer',
	doc: 'A tokenizer for `transformer`, learnt from texts: bytes, and pieces of words that are joined from the most frequent pairs on. Any text can be written in it. vocabulary is the most tokens; fewer where every word of the texts is one. Its models read messages a line each, and begin to answer at a token of its own.',
	cite: 'Sennrich et al. 2016 (arXiv:1508.07909), algorithm 1; over bytes as in Radford et al. 2019, section 2.2',
	example: 'model tiny = transformer(layers: 2, width: 64, tokenizer: bpe(texts, vocabulary: 512))',
	version: 1,
	run: bpe,
});
