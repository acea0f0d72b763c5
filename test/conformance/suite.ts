import test, { type ExecutionContext } from 'ava';
import {
	CallError,
	type ChooseResult,
	type ModelProvider,
	type SampleRequest,
	type SampleResult,
} from '../../stdlib/models/provider.ts';
import type { Message } from '../../stdlib/values/prompt.ts';
import type { Needed } from './servers.ts';

/** What a provider can be held to beyond its capabilities. */
export interface Traits {
	/** A seed decides a draw at temperature 1. */
	readonly seeds: boolean;
	/** A last assistant message is continued. */
	readonly prefill: boolean;
	/** Options of any length get their exact log-probability; else only those among the likeliest tokens. */
	readonly exactScores: boolean;
	/** Largest difference between log-probabilities of the same thing asked in two ways. */
	readonly tolerance: number;
	/** Writes at length, stops at stop texts, and counts tokens as a language model does. */
	readonly writes: boolean;
	/** Tokens that a prompt may have. */
	readonly context: number | null;
	/** A call that is not over within a millisecond, so that it can be called off. */
	readonly slow: boolean;
}

const never = new AbortController().signal;
const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string): Message => ({ role: 'assistant', content });

const drawing = (change: Partial<SampleRequest> = {}): SampleRequest => ({
	kind: 'sample',
	messages: [user('Tell me about the sea.')],
	temperature: 0,
	topP: 1,
	maxTokens: 12,
	stop: [],
	seed: 1,
	subjects: [],
	...change,
});

/**
 * What every model provider must do. Point it at one: `provide` is called once, and says why when the provider cannot be
 * had here; then the tests are skipped, or fail where CI is to run everything.
 */
export function providerSuite(
	name: string,
	provide: () => Promise<Needed<ModelProvider>>,
	traits: Traits,
): void {
	let needed: Promise<Needed<ModelProvider>> | null = null;

	const check = (
		title: string,
		body: (t: ExecutionContext, provider: ModelProvider) => Promise<void> | void,
	): void => {
		test.serial(`${name}: ${title}`, async (t) => {
			needed ??= provide();
			const found = await needed;
			if ('missing' in found) return skip(t, found.missing);
			await body(t, found.here);
		});
	};
	const sample = (
		provider: ModelProvider,
		change: Partial<SampleRequest> = {},
		signal = never,
	): Promise<SampleResult> =>
		Promise.resolve(provider.sample?.(drawing(change), signal) as SampleResult | Promise<SampleResult>);
	const choose = (
		provider: ModelProvider,
		messages: readonly Message[],
		options: readonly string[],
		unconditional = false,
	): Promise<ChooseResult> =>
		Promise.resolve(
			provider.choose?.(
				{ kind: 'choose', messages, options, unconditional, subjects: [] },
				never,
			) as ChooseResult,
		);

	test.after.always(async () => {
		const found = await needed;
		if (found && 'here' in found) await found.here.close?.();
	});

	check('its identity is plain data without a secret', (t, { identity }) => {
		t.true(identity.provider.length > 0 && identity.model.length > 0);
		t.deepEqual(JSON.parse(JSON.stringify(identity)), identity);
		for (const secret of [process.env.OPENAI_API_KEY, process.env.ANTHROPIC_API_KEY]) {
			if (secret) t.false(JSON.stringify(identity).includes(secret));
		}
	});

	check('it has the methods of its capabilities', (t, provider) => {
		for (const capability of ['sample', 'logprob', 'embed'] as const) {
			t.is(typeof provider[capability] === 'function', provider.capabilities.has(capability), capability);
		}
		t.is(typeof provider.choose === 'function', provider.capabilities.has('logprob'));
		const { start, max } = provider.limits.concurrency;
		t.true(start >= 1 && max >= start);
	});

	check('sample returns text, how it ended and what it used', async (t, provider) => {
		const { text, finish, usage } = await sample(provider);
		t.true(text.length > 0);
		t.true(['stop', 'length'].includes(finish));
		t.true(usage.inputTokens > 0 && usage.outputTokens > 0);
	});

	check(
		'at temperature 0 the same prompt gets the same text, whatever the seed and whatever runs beside it',
		async (t, provider) => {
			const first = await sample(provider, { seed: 1 });
			const others = await Promise.all([2, 3, 4].map((seed) => sample(provider, { seed })));
			for (const { text } of others) t.is(text, first.text);
		},
	);

	if (traits.seeds) {
		check('at temperature 1 a seed decides the text, and seeds differ', async (t, provider) => {
			const draw = async (seed: number): Promise<string> =>
				(await sample(provider, { temperature: 1, seed })).text;
			const once = await Promise.all([11, 12, 13, 14].map(draw));
			const again = await Promise.all([11, 12, 13, 14].map(draw));
			t.deepEqual(again, once);
			t.true(new Set(once).size > 1);
		});
	}

	if (traits.writes) {
		check('max_tokens ends an answer as one that is too long', async (t, provider) => {
			const { finish, usage } = await sample(provider, { maxTokens: 3 });
			t.is(finish, 'length');
			t.true(usage.outputTokens <= 3);
		});

		check('a stop text ends an answer and is not part of it', async (t, provider) => {
			const { text } = await sample(provider, { maxTokens: 24 });
			const word = text.trim().split(/\s+/)[3] as string;
			const stopped = await sample(provider, { maxTokens: 24, stop: [word] });
			t.is(stopped.finish, 'stop');
			t.is(stopped.text.trimEnd(), text.slice(0, text.indexOf(word)).trimEnd());
		});

		check('a system message and text beyond ASCII arrive', async (t, provider) => {
			const messages = [{ role: 'system' as const, content: 'Répète “größe” 日本 🌊.' }, user('Größe? 🌊')];
			t.is(typeof (await sample(provider, { messages })).text, 'string');
		});
	}

	if (traits.prefill) {
		check('a last assistant message is continued', async (t, provider) => {
			const messages = [user('Count to ten.'), assistant('1, 2, 3, 4, 5,')];
			const { text } = await sample(provider, { messages });
			t.regex(text, /^\s*6/);
		});
	}

	if (traits.slow) {
		check(
			'a call can be called off before and while it runs, with the reason that was given',
			async (t, provider) => {
				const reason = new Error('called off');
				t.is(await t.throwsAsync(sample(provider, {}, AbortSignal.abort(reason))), reason);
				const controller = new AbortController();
				setTimeout(() => controller.abort(reason), 60);
				t.is(
					await t.throwsAsync(sample(provider, { maxTokens: 400, temperature: 1 }, controller.signal)),
					reason,
				);
				t.true((await sample(provider)).text.length > 0, 'and the next call works');
			},
		);
	}

	if (traits.context !== null) {
		const words = traits.context * 2;
		check('a prompt longer than the context is an error and no answer', async (t, provider) => {
			const error = await t.throwsAsync(sample(provider, { messages: [user('word '.repeat(words))] }), {
				instanceOf: CallError,
			});
			// A server that has begun to stream can only break off.
			t.true(['too-large', 'bad-request', 'server', 'network'].includes(error.kind), error.kind);
			t.true((await sample(provider)).text.length > 0, 'and the next call works');
		});
	}

	scoring(check, choose, traits);
}

type Check = (
	title: string,
	body: (t: ExecutionContext, provider: ModelProvider) => Promise<void> | void,
) => void;
type Choose = (
	provider: ModelProvider,
	messages: readonly Message[],
	options: readonly string[],
	unconditional?: boolean,
) => Promise<ChooseResult>;

function scoring(check: Check, choose: Choose, traits: Traits): void {
	const { tolerance } = traits;
	const can = (provider: ModelProvider): boolean => provider.capabilities.has('logprob');
	const close = (
		t: ExecutionContext,
		a: number | undefined,
		b: number | undefined,
		within = tolerance,
	): void => {
		t.true(
			a !== undefined && b !== undefined && Math.abs(a - b) <= within,
			`${a} and ${b} are further apart than ${within}`,
		);
	};
	const question = [user('Answer with one word: is the sea wet, Yes or No?')];

	check('options have log-probabilities that leave the rest outside', async (t, provider) => {
		if (!can(provider)) return void t.pass();
		const { logprobs, tokens, outside, usage } = await choose(provider, question, ['Yes', 'No']);
		t.is(logprobs.length, 2);
		t.true(tokens.every((count) => count >= 1));
		t.true(logprobs.every((logprob) => logprob <= 0));
		close(t, logprobs.reduce((sum, logprob) => sum + Math.exp(logprob), 0) + (outside ?? 0), 1, 1e-3);
		t.true(usage.inputTokens > 0);
	});

	check(
		'an option’s log-probability depends on neither the order nor, for a language model, the other options',
		async (t, provider) => {
			if (!can(provider)) return void t.pass();
			const forward = await choose(provider, question, ['Yes', 'No']);
			const backward = await choose(provider, question, ['No', 'Yes']);
			if (traits.writes) close(t, forward.logprobs[0], backward.logprobs[1]);
			else t.is(forward.logprobs.length, backward.logprobs.length);
		},
	);

	check('the same choice is the same again, alone and beside others', async (t, provider) => {
		if (!can(provider)) return void t.pass();
		const first = await choose(provider, question, ['Yes', 'No']);
		const others = await Promise.all(
			[1, 2, 3].map((i) => choose(provider, i === 2 ? [user('Is ice hot?')] : question, ['Yes', 'No'])),
		);
		close(t, others[0]?.logprobs[0], first.logprobs[0]);
		close(t, others[2]?.logprobs[1], first.logprobs[1]);
	});

	if (!traits.exactScores) return;

	const place = [user('What is the capital of France?'), assistant('The capital of France is')];
	const logprob = async (
		provider: ModelProvider,
		messages: readonly Message[],
		completion: string,
	): Promise<number> =>
		(
			await (provider.logprob?.({ kind: 'logprob', messages, completion, subjects: [] }, never) as Promise<{
				logprob: number;
			}>)
		).logprob;

	check('choose and logprob give the same number', async (t, provider) => {
		const { logprobs } = await choose(provider, place, [' Paris', ' Rome']);
		close(t, await logprob(provider, place, ' Paris'), logprobs[0]);
		t.true((logprobs[0] as number) > (logprobs[1] as number));
	});

	check(
		'the log-probability of a text is that of its beginning and of its end after it',
		async (t, provider) => {
			const whole = await logprob(provider, place, ' Paris, of course');
			const begin = await logprob(provider, place, ' Paris,');
			const end = await logprob(
				provider,
				[place[0] as Message, assistant('The capital of France is Paris,')],
				' of course',
			);
			close(t, whole, begin + end, Math.max(tolerance, 0.02));
		},
	);

	check('options that share tokens are told apart', async (t, provider) => {
		const messages = [
			user('Which is bigger?\n(A) the sun\n(B) the moon\n(C) an apple'),
			assistant('The answer is'),
		];
		const { logprobs, tokens, outside } = await choose(provider, messages, [' (A)', ' (B)', ' (C)']);
		t.is(new Set(logprobs).size, 3);
		t.true(tokens.every((count) => count >= 2));
		t.true((outside as number) > 0 && (outside as number) < 1);
	});

	check('unconditional scores are of the options without the question', async (t, provider) => {
		const asked = await choose(provider, place, [' Paris', ' Rome'], true);
		const other = await choose(
			provider,
			[user('What is the capital of Italy?'), place[1] as Message],
			[' Paris', ' Rome'],
			true,
		);
		close(t, asked.unconditionalLogprobs?.[0], other.unconditionalLogprobs?.[0]);
	});
}

/** Absent is a reason to skip here, and a failure where everything is to run. */
export function skip(t: ExecutionContext, reason: string): void {
	if (process.env.CI === 'true') {
		t.fail(reason);
	} else {
		t.log(`skipped: ${reason}`);
		t.pass();
	}
}
