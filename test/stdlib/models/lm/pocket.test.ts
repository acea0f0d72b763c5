import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { bpe, tokenizerFile } from '../../../../stdlib/models/bpe.ts';
import { learnPairs, wordCounts } from '../../../../stdlib/models/lm/byte-pairs.ts';
import { Tokenizer } from '../../../../stdlib/models/lm/tokenizer.ts';
import { LanguageModelHandle } from '../../../../stdlib/models/lm/trainable.ts';
import { writeHuggingFace } from '../../../../stdlib/models/lm/write-hugging-face.ts';
import { lm } from '../../../../stdlib/models/lm.ts';
import type { ModelProvider } from '../../../../stdlib/models/provider.ts';
import { transformer } from '../../../../stdlib/models/transformer.ts';
import { TrainedModel } from '../../../../stdlib/training/trained-model.ts';
import { Data } from '../../../../stdlib/values/data.ts';
import { labelOf } from '../../../../stdlib/values/labelled.ts';
import { tinyWeights } from '../../../helpers/tiny-model.ts';

const never = new AbortController().signal;

const TEXTS = Data.fromRows([
	{ prompt: 'Which is the lowest of the new lows?', completion: 'The lowest' },
	{ prompt: 'Which is newer?', completion: 'The newest of the new' },
]);
const words = bpe({ on: TEXTS, vocabulary: 290 });

test('pairs are joined as in the example of Sennrich et al. 2016', (t) => {
	const written = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
	const counts = new Map([
		['low', 5],
		['lower', 2],
		['newest', 6],
		['widest', 3],
	]);
	// Algorithm 1 without the sign for the end of a word: e s, es t, l o, lo w come first (nine, nine, seven, seven times).
	t.deepEqual(learnPairs(counts, written, 4), [
		['e', 's'],
		['es', 't'],
		['l', 'o'],
		['lo', 'w'],
	]);
});

test('words are cut as the tokenizer cuts them', (t) => {
	t.deepEqual(
		[...wordCounts(["It's (b) 42,\n\n  a cat"]).keys()],
		['It', "'s", ' (', 'b', ')', ' 42', ',', '\n\n ', ' a', ' cat'],
	);
});

test('a learnt tokenizer writes any text and reads it back', (t) => {
	const tokenizer = new Tokenizer(tokenizerFile(words));
	t.true(tokenizer.encode('lowest newest', false).length < 8, 'what was seen is short');
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), (text) => {
			t.is(tokenizer.decode(tokenizer.encode(text, false)), text);
		}),
	);
});

/** A drawn model whose weights are spread enough for it to have opinions. */
function opinionated(): LanguageModelHandle {
	const drawn = transformer({ layers: 2, width: 32, heads: 2, context: 128, tokenizer: words, seed: 1 });
	const { source, settings } = drawn;
	const open = async () => {
		const stored = await source.open();
		return { ...stored, weights: () => tinyWeights(stored.config) };
	};
	return new LanguageModelHandle(
		{ ...source, open, identity: { ...source.identity, revision: 'opinionated' } },
		settings,
	);
}

const logprobs = async (model: LanguageModelHandle): Promise<readonly number[]> => {
	const { provider } = model;
	const { choose } = provider as Required<ModelProvider>;
	const messages = [
		{ role: 'user' as const, content: 'Which is the newest?' },
		{ role: 'user' as const, content: 'Say (a) or (b).' },
		{ role: 'assistant' as const, content: 'The answer is (' },
	];
	const options = ['a', 'b', 'lowest', 'The newest one'];
	const found = await choose.call(
		provider,
		{ kind: 'choose', messages, options, unconditional: false, subjects: [] },
		never,
	);
	return found.logprobs;
};

test('a model written in half precision says what it said, within what half precision leaves out', async (t) => {
	const model = opinionated();
	const folder = join(mkdtempSync(join(tmpdir(), 'assay-half-')), 'model');
	const stored = await model.source.open();
	writeHuggingFace(folder, await model.described(), new Map(stored.weights()));
	const [before, after] = [await logprobs(model), await logprobs(lm({ model: folder }))];
	t.true(Math.max(...before) - Math.min(...before) > 1, 'it has opinions');
	// A weight is off by at most 2^-11 of itself; scores of some ten are then off by some hundredths.
	for (const [i, value] of before.entries())
		t.true(Math.abs(value - (after[i] as number)) < 0.05, `${value} ${after[i]}`);
	t.notDeepEqual(before, after);
});

test('a trained model in a row of a table is called by its name, not written out with its weights', (t) => {
	const parts = { architecture: {} as never, weights: new Map(), history: [], notices: [] };
	t.is(labelOf(new TrainedModel({ ...parts, name: 'pocket_2m' })), 'pocket_2m');
	t.is(labelOf({ name: 'a record', n: 1 }), '{"name":"a record","n":1}');
});

test('a wider spread draws the same weights wider, gains stay at 1, and what is drawn without it stays the same model', async (t) => {
	const sizes = { layers: 1, width: 32, heads: 2, context: 32, seed: 3 };
	const weightsOf = async (more: object) =>
		new Map((await transformer({ ...sizes, ...more }).source.open()).weights());
	const [plain, wide] = [await weightsOf({}), await weightsOf({ spread: 0.1 })];
	for (const [name, { data }] of wide) {
		const factor = name.endsWith('gain') ? 1 : 5;
		t.true(
			data.every((value, i) => Math.abs(value - factor * (plain.get(name)?.data[i] as number)) < 1e-6),
			name,
		);
	}
	const revision = (more: object) => transformer({ ...sizes, ...more }).source.identity.revision;
	t.is(revision({ spread: 0.02, tokenizer: null }), revision({}));
	t.not(revision({ spread: 0.1 }), revision({}));
	t.throws(() => transformer({ ...sizes, spread: 0 }), { message: /spread is 0/ });
});
