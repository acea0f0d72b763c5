import test from 'ava';
import { openCompute } from '../../../../kernel/compute/index.ts';
import { DeviceModel } from '../../../../stdlib/models/lm/device-model.ts';
import { Passes } from '../../../../stdlib/models/lm/passes.ts';
import { type ScoreQuestion, scoreOptions } from '../../../../stdlib/models/lm/scoring.ts';
import { beginRows, type WriteRequest, writeWindow } from '../../../../stdlib/models/lm/writing.ts';
import { causalMask } from '../../../../stdlib/nets/transformer/blocks.ts';
import { decode, logitsOf } from '../../../../stdlib/nets/transformer/forward.ts';
import { anglesOf } from '../../../../stdlib/nets/transformer/rope.ts';
import { randomStream } from '../../../../stdlib/random.ts';
import { near } from '../../../helpers/golden.ts';
import { tinyConfig, tinyWeights } from '../../../helpers/tiny-model.ts';

const { tf } = await openCompute();
const config = tinyConfig();
const weights = tinyWeights(config);
const model = new DeviceModel(tf, config, weights, config.context);
const fresh = (): Passes => new Passes(model, 2 ** 26);
const nothing = (): void => undefined;
const signal = new AbortController().signal;

const random = randomStream(3, 'prompts');
const tokens = (length: number): number[] => Array.from({ length }, () => random.below(256));
const shared = tokens(130);
const PROMPTS = [
	tokens(1),
	tokens(5),
	tokens(64),
	tokens(65),
	tokens(150),
	tokens(200),
	[...shared, ...tokens(3)],
	[...shared, ...tokens(40)],
	[...shared, ...tokens(41)],
];
const OPTIONS = [[5, 6, 7], [8], [5, 9], [5, 6, 7, 10]];

/** ln p of each token, by one plain pass over the whole text. */
async function plainly(prompt: readonly number[], option: readonly number[]): Promise<number[]> {
	const text = [...prompt, ...option];
	const time = text.length;
	const { positions } = config;
	if (positions.kind !== 'rope') throw new Error('unexpected');
	const { cos, sin, pairs } = anglesOf(positions, time);
	const pass = {
		tf,
		config,
		weight: (name: string) => {
			const { shape, data } = weights.get(name) as { shape: number[]; data: Float32Array };
			return tf.tensor(data, shape);
		},
	};
	const { hidden } = decode(pass, {
		tokens: tf.tensor2d(text, [1, time], 'int32'),
		positions: tf.range(0, time, 1, 'int32').reshape([1, time]),
		angles: { cos: tf.tensor(cos, [time, pairs]), sin: tf.tensor(sin, [time, pairs]) },
		mask: causalMask(tf, time),
	});
	const logprobs = (await tf.logSoftmax(logitsOf(pass, hidden)).array()) as number[][];
	return option.map((token, i) => logprobs[prompt.length - 1 + i]?.[token] as number);
}

const score = (questions: readonly ScoreQuestion[]) => scoreOptions(fresh(), questions, nothing);

test('options are scored as one pass over the whole text scores them, whatever their lengths', async (t) => {
	const found = await score(PROMPTS.map((prompt) => ({ prompt, options: OPTIONS })));
	for (const [i, prompt] of PROMPTS.entries())
		for (const [j, option] of OPTIONS.entries())
			near(t, found[i]?.[j] ?? [], await plainly(prompt, option), `prompt ${i}, option ${j}`);
});

test('a score is the same to the last bit, alone and beside others', async (t) => {
	const together = await score(PROMPTS.map((prompt) => ({ prompt, options: OPTIONS })));
	for (const [i, prompt] of PROMPTS.entries())
		t.deepEqual((await score([{ prompt, options: OPTIONS }]))[0], together[i], `prompt ${i}`);
});

test('a score is the same to the last bit when the prompt’s beginning is known already', async (t) => {
	const passes = fresh();
	const question = { prompt: PROMPTS[8] as number[], options: OPTIONS };
	await scoreOptions(passes, [{ prompt: PROMPTS[7] as number[], options: [[1]] }], nothing);
	t.deepEqual(await scoreOptions(passes, [question], nothing), await score([question]));
});

const request = (prompt: readonly number[], change: Partial<WriteRequest> = {}): WriteRequest => ({
	prompt,
	temperature: 1,
	topP: 1,
	topK: null,
	maxTokens: 40,
	seed: prompt.length,
	isDone: () => false,
	signal,
	...change,
});

async function write(requests: readonly WriteRequest[]): Promise<(readonly number[])[]> {
	const passes = fresh();
	const rows = await beginRows(passes, requests, nothing);
	while (rows.some(({ open }) => open))
		await writeWindow(
			passes,
			rows.filter(({ open }) => open),
			async () => undefined,
		);
	return rows.map(({ written }) => written);
}

test('a text depends on its own prompt and seed, not on what is written beside it', async (t) => {
	const together = await write(PROMPTS.map((prompt) => request(prompt)));
	t.true(together.every(({ length }) => length === 40));
	for (const [i, prompt] of PROMPTS.entries())
		t.deepEqual((await write([request(prompt)]))[0], together[i], `prompt ${i}`);
	const [other] = await write([request(PROMPTS[4] as number[], { seed: 1 })]);
	t.notDeepEqual(other, together[4]);
});

test('at temperature 0 every token is the likeliest after what was written, over several windows', async (t) => {
	const prompt = PROMPTS[3] as number[];
	const [written] = await write([request(prompt, { temperature: 0 })]);
	const [scored] = await score([{ prompt, options: [written as number[]] }]);
	for (const [i, token] of (written as number[]).entries()) {
		const others = Array.from({ length: 257 }, (_, other) => [other]);
		const [found] = await score([
			{ prompt: [...prompt, ...(written as number[]).slice(0, i)], options: others },
		]);
		const best = (found as number[][]).reduce(
			(most, [logprob], other) =>
				(logprob as number) > ((found as number[][])[most]?.[0] as number) ? other : most,
			0,
		);
		t.is(token, best, `token ${i}`);
		near(t, [scored?.[0]?.[i] as number], [found?.[token]?.[0] as number], `token ${i}`);
	}
});

test('a draw follows the probabilities: a thousand draws of one token', async (t) => {
	const prompt = PROMPTS[1] as number[];
	const draws = 1_000;
	const written = await write(
		Array.from({ length: draws }, (_, seed) => request(prompt, { seed, maxTokens: 1, temperature: 0.7 })),
	);
	const counts = new Map<number, number>();
	for (const [token] of written) counts.set(token as number, (counts.get(token as number) ?? 0) + 1);
	const options = Array.from({ length: 257 }, (_, token) => [token]);
	const [found] = await score([{ prompt, options }]);
	const weightsAt = (found as number[][]).map(([logprob]) => Math.exp((logprob as number) / 0.7));
	const total = weightsAt.reduce((sum, weight) => sum + weight, 0);
	// Pearson's statistic over tokens expected at least five times and all others together: its mean is the cells less one.
	let [statistic, cells, restSeen, restExpected] = [0, 0, draws, draws];
	for (const [token, weight] of weightsAt.entries()) {
		const expected = (draws * weight) / total;
		if (expected < 5) continue;
		const seen = counts.get(token) ?? 0;
		statistic += (seen - expected) ** 2 / expected;
		restSeen -= seen;
		restExpected -= expected;
		cells++;
	}
	statistic += (restSeen - restExpected) ** 2 / Math.max(1, restExpected);
	t.true(cells > 5);
	t.true(Math.abs(statistic - cells) < 5 * Math.sqrt(2 * cells), `${statistic} over ${cells} cells`);
});
