import test from 'ava';
import type { RunContext } from '../../../stdlib/context.ts';
import { type ChooseBy, chooseDefinition, logprobBy, samplingBy } from '../../../stdlib/models/choose.ts';
import type {
	ChooseResult,
	ModelProvider,
	ModelRequest,
	SampleRequest,
	SampleResult,
} from '../../../stdlib/models/provider.ts';
import { sampleDefinition } from '../../../stdlib/models/sample.ts';
import { logprobDefinition } from '../../../stdlib/models/score.ts';
import { simulated } from '../../../stdlib/models/simulated.ts';
import { randomStream } from '../../../stdlib/random.ts';
import { Choice } from '../../../stdlib/values/choice.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { ModelHandle } from '../../../stdlib/values/model.ts';
import { Prompt } from '../../../stdlib/values/prompt.ts';

interface Called {
	readonly request: ModelRequest;
	readonly sample: number | undefined;
}

/** A context whose calls go straight to `answer`. */
function contextWith(
	answer: (request: ModelRequest, sample: number | undefined) => unknown,
	seed = 0,
	repeat?: string,
): RunContext & { readonly calls: Called[] } {
	const calls: Called[] = [];
	return {
		calls,
		signal: new AbortController().signal,
		seed,
		...(repeat === undefined ? {} : { repeat }),
		call: (_model, request, sample) => {
			calls.push({ request, sample });
			return answer(request, sample) as never;
		},
		random: randomStream,
		resolvePath: (path) => path,
	};
}

function modelWith(capabilities: ModelProvider['capabilities']): ModelHandle {
	return new ModelHandle({
		identity: { provider: 'test', model: 'test' },
		capabilities,
		parameters: null,
		notice: null,
		limits: {
			concurrency: { start: 1, max: 1 },
			requestsPerMinute: null,
			tokensPerMinute: null,
			adaptive: false,
		},
	});
}

const SCORES = modelWith(new Set(['sample', 'choose', 'logprob']));
const WRITES = modelWith(new Set(['sample', 'choose']));
const usage = { inputTokens: 1, outputTokens: 1 };
const scored = (logprobs: number[], change: Partial<ChooseResult> = {}): ChooseResult => ({
	logprobs,
	tokens: logprobs.map(() => 1),
	outside: 0.1,
	usage,
	...change,
});
const says = (text: string, finish: SampleResult['finish'] = 'stop'): SampleResult => ({
	text,
	finish,
	usage,
});

const chooseWith = (context: RunContext, model: ModelHandle, options: readonly string[], by?: ChooseBy) =>
	chooseDefinition.run({ model, prompt: 'Which?', options, ...(by ? { by } : {}) }, context);
const DRAWING = { temperature: 1, top_p: 1, max_tokens: 256, seed: 5 };

function close(
	t: { true(ok: boolean, message?: string): unknown },
	actual: readonly number[],
	expected: readonly number[],
): void {
	t.true(
		actual.length === expected.length &&
			actual.every((x, i) => Math.abs(x - (expected[i] as number)) < 1e-12),
		`${actual} is not ${expected}`,
	);
}

const by = (normalise: string): ChooseBy =>
	logprobBy.run(
		{ normalise },
		contextWith(() => null),
	) as ChooseBy;

test('choose by log-probability normalises over the options and keeps what lies outside', (t) => {
	const choice = chooseWith(
		contextWith(() => scored([Math.log(0.6), Math.log(0.2)])),
		SCORES,
		['yes', 'no'],
	);
	t.true(choice instanceof Choice);
	close(t, (choice as Choice).probs, [0.75, 0.25]);
	t.like(choice, { outside: 0.1, method: { by: 'logprob', normalise: 'raw' } });
});

test('each normalisation divides what it says', (t) => {
	const result = scored([-2, -3], { tokens: [1, 3], unconditionalLogprobs: [-1, -4] });
	const probs = (normalise: string): readonly number[] =>
		(
			chooseWith(
				contextWith(() => result),
				SCORES,
				['ab', 'abé'],
				by(normalise),
			) as Choice
		).probs;
	const softmax = (a: number, b: number): number[] => [1 / (1 + Math.exp(b - a)), 1 / (1 + Math.exp(a - b))];
	close(t, probs('raw'), softmax(-2, -3));
	close(t, probs('token'), softmax(-2, -1));
	close(t, probs('byte'), softmax(-2 / 2, -3 / 4));
	close(t, probs('unconditional'), softmax(-2 + 1, -3 + 4));
});

test('an option that could not be seen has probability 0; when none could, the choice is missing', (t) => {
	const choice = chooseWith(
		contextWith(() => scored([-1, Number.NEGATIVE_INFINITY])),
		SCORES,
		['a', 'b'],
	);
	t.deepEqual((choice as Choice).probs, [1, 0]);
	const none = chooseWith(
		contextWith(() => scored([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])),
		SCORES,
		['a', 'b'],
	);
	t.like(none, { reason: 'unparsed' });
});

test('without log-probabilities choose asks 20 times and counts', (t) => {
	const answers = ['(a)', 'The answer is (b).', '(a)', 'no idea whatsoever'];
	const context = contextWith((_request, sample) => says(answers[(sample ?? 0) % 4] as string));
	const choice = chooseWith(context, WRITES, ['a', 'b']) as Choice;
	t.is(context.calls.length, 20);
	t.deepEqual(
		context.calls.map(({ sample }) => sample),
		Array.from({ length: 20 }, (_, i) => i),
	);
	close(t, choice.probs, [10 / 15, 5 / 15]);
	t.like(choice, { outside: 0.25, method: { by: 'sampling', n: 20 } });
});

test('more draws begin with the same ones', (t) => {
	const seeds = (n: number): number[] => {
		const context = contextWith(() => says('a'));
		chooseWith(
			context,
			WRITES,
			['a', 'b'],
			samplingBy.run({ n, temperature: 1, max_tokens: 8 }, context) as ChooseBy,
		);
		return context.calls.map(({ request }) => (request as SampleRequest).seed);
	};
	t.deepEqual(seeds(8).slice(0, 5), seeds(5));
	t.is(new Set(seeds(8)).size, 8);
});

test('answers that cannot be read, refusals and failed calls are three different reasons', (t) => {
	const choice = (answer: SampleResult | Missing) =>
		chooseWith(
			contextWith(() => answer),
			WRITES,
			['a', 'b'],
		);
	t.like(choice(says('hm')), { reason: 'unparsed' });
	t.like(choice(says('', 'refusal')), { reason: 'refused' });
	t.like(choice(new Missing('refused', 'no')), { reason: 'refused' });
	const failed = new Missing('failed', 'connection lost', 'network');
	t.is(choice(failed), failed);
});

test('failed draws are left out of the shares, not counted as outside', (t) => {
	const context = contextWith((_request, sample) =>
		(sample ?? 0) < 15 ? new Missing('failed', 'lost', 'network') : says('a'),
	);
	t.like(chooseWith(context, WRITES, ['a', 'b']), {
		probs: [1, 0],
		outside: 0,
		method: { by: 'sampling', n: 5 },
	});
});

test('a choice of a promise is a promise, and of a kept call it is not', async (t) => {
	const kept = chooseWith(
		contextWith(() => scored([-1, -2])),
		SCORES,
		['a', 'b'],
	);
	t.false(kept instanceof Promise);
	const made = chooseWith(
		contextWith(async () => scored([-1, -2])),
		SCORES,
		['a', 'b'],
	);
	t.true(made instanceof Promise);
	t.deepEqual(await made, kept);
});

test('options must be there, once each and not empty', (t) => {
	for (const options of [[], ['a', 'a'], ['a', '']]) {
		t.throws(
			() =>
				chooseWith(
					contextWith(() => null),
					SCORES,
					options,
				),
			{ name: 'UserError' },
		);
	}
});

test('sample gives text, or n numbered draws with seeds of their own', (t) => {
	const context = contextWith((_request, sample) => says(`draw ${sample}`));
	t.is(sampleDefinition.run({ model: WRITES, prompt: 'Hi', ...DRAWING }, context), 'draw 0');
	t.deepEqual(sampleDefinition.run({ model: WRITES, prompt: 'Hi', n: 3, ...DRAWING }, context), [
		'draw 0',
		'draw 1',
		'draw 2',
	]);
	const seeds = context.calls.map(({ request }) => (request as SampleRequest).seed);
	t.is(seeds[0], seeds[1]);
	t.is(new Set(seeds).size, 3);
});

test('top_k goes into the request where it is given', (t) => {
	const context = contextWith(() => says('x'));
	sampleDefinition.run({ model: WRITES, prompt: 'Hi', ...DRAWING, top_k: 40 }, context);
	sampleDefinition.run({ model: WRITES, prompt: 'Hi', ...DRAWING, top_k: null }, context);
	t.is((context.calls[0]?.request as SampleRequest).topK, 40);
	t.false('topK' in (context.calls[1]?.request as SampleRequest));
});

test('repeats draw anew, and at temperature 0 nothing depends on seeds', (t) => {
	const seed = (repeat: string | undefined, temperature: number, root = 5): number => {
		const context = contextWith(() => says(''), 0, repeat);
		sampleDefinition.run({ model: WRITES, prompt: 'Hi', ...DRAWING, temperature, seed: root }, context);
		const [called] = context.calls;
		return called?.request.kind === 'sample' ? called.request.seed : Number.NaN;
	};
	t.is(new Set([seed(undefined, 1), seed('0', 1), seed('1', 1), seed('1', 1, 6)]).size, 4);
	t.is(seed('1', 1), seed('1', 1));
	t.is(new Set([seed('0', 0), seed('1', 0, 6)]).size, 1);
});

test('a refusal is a missing text', (t) => {
	t.like(
		sampleDefinition.run(
			{ model: WRITES, prompt: 'Hi', ...DRAWING },
			contextWith(() => says('I cannot', 'refusal')),
		),
		{ reason: 'refused' },
	);
});

test('a temperature, top_p or number of tokens that makes no sense is refused with a sentence', (t) => {
	for (const change of [
		{ temperature: -1 },
		{ top_p: 0 },
		{ top_p: 2 },
		{ top_k: 0 },
		{ top_k: 1.5 },
		{ max_tokens: 0 },
		{ n: 0.5 },
	]) {
		t.throws(
			() =>
				sampleDefinition.run(
					{ model: WRITES, prompt: 'Hi', ...DRAWING, ...change },
					contextWith(() => says('')),
				),
			{ name: 'UserError' },
		);
	}
});

test('logprob is the number that the model gives', (t) => {
	const context = contextWith(() => ({ logprob: -3.5, tokens: 2, usage }));
	t.is(
		logprobDefinition.run(
			{ model: SCORES, prompt: new Prompt([{ role: 'user', content: 'Hi' }]), completion: ' there' },
			context,
		),
		-3.5,
	);
	t.like(context.calls[0]?.request, { kind: 'logprob', completion: ' there' });
});

test('choosing by sampling from the simulated responder approaches what it states', (t) => {
	const model = simulated({ accuracy: 0.6, seed: 3 });
	const row = { letters: ['a', 'b', 'c'], choices: ['x', 'y', 'z'], answer: 'b' };
	const prompt = new Prompt(
		[
			{ role: 'user', content: 'Which?\n(a) x\n(b) y\n(c) z' },
			{ role: 'assistant', content: 'The answer is (' },
		],
		[row],
	);
	const signal = new AbortController().signal;
	const context = contextWith((request) =>
		request.kind === 'sample'
			? model.provider.sample?.(request, signal)
			: model.provider.choose?.(request as never, signal),
	);
	const stated = chooseDefinition.run({ model, prompt, options: row.letters }, context) as Choice;
	const drawn = chooseDefinition.run(
		{
			model,
			prompt,
			options: row.letters,
			by: samplingBy.run({ n: 4000, temperature: 1, max_tokens: 8 }, context) as ChooseBy,
		},
		context,
	) as Choice;
	stated.probs.forEach((p, i) => {
		t.true(Math.abs(p - (drawn.probs[i] as number)) < 0.03);
	});
});
