import test, { type ExecutionContext } from 'ava';
import { endpoint } from '../../../stdlib/models/environment.ts';
import { openai } from '../../../stdlib/models/openai.ts';
import { CallError, type ModelProvider, type SampleRequest } from '../../../stdlib/models/provider.ts';
import { EventParser } from '../../../stdlib/models/sse.ts';
import type { Message } from '../../../stdlib/values/prompt.ts';
import { type FaultServer, type FaultServerOptions, startFaultServer } from '../../helpers/fault-server.ts';

const never = new AbortController().signal;
const QUESTION: Message = { role: 'user', content: 'Which?' };

const sampleRequest = (change: Partial<SampleRequest> = {}): SampleRequest => ({
	kind: 'sample',
	messages: [QUESTION],
	temperature: 0.5,
	topP: 0.9,
	maxTokens: 8,
	stop: ['\n'],
	seed: 7,
	subjects: [],
	...change,
});

type Settings = Omit<Parameters<typeof openai>[0], 'name' | 'baseUrl'>;

async function serve(
	t: ExecutionContext,
	options: FaultServerOptions,
	settings: Settings = {},
): Promise<{ server: FaultServer; provider: ModelProvider }> {
	const server = await startFaultServer(options);
	t.teardown(() => server.close());
	return { server, provider: openai({ name: 'm', baseUrl: server.openaiUrl, ...settings }).provider };
}

const choose = (
	provider: ModelProvider,
	options: readonly string[],
	messages: readonly Message[] = [QUESTION],
	unconditional = false,
) =>
	Promise.resolve(
		provider.choose?.({ kind: 'choose', messages, options, unconditional, subjects: [] }, never),
	);

function close(
	t: ExecutionContext,
	actual: number | null | undefined,
	expected: number,
	tolerance = 1e-9,
): void {
	t.true(
		typeof actual === 'number' && Math.abs(actual - expected) <= tolerance,
		`${actual} is not ${expected}`,
	);
}

test('sample sends the protocol’s fields and reads text, finish and usage', async (t) => {
	const { server, provider } = await serve(t, {
		otherwise: { do: 'answer', text: 'blue', finish: 'length', usage: { input: 12, output: 3 } },
	});
	const result = await provider.sample?.(sampleRequest(), never);
	t.deepEqual(result, { text: 'blue', finish: 'length', usage: { inputTokens: 12, outputTokens: 3 } });
	t.is(server.requests[0]?.path, '/v1/chat/completions');
	t.deepEqual(server.requests[0]?.body, {
		model: 'm',
		messages: [QUESTION],
		max_tokens: 8,
		temperature: 0.5,
		top_p: 0.9,
		seed: 7,
		stop: ['\n'],
	});
});

test('top_k goes to servers that may know it, and is refused for OpenAI, whose API has none', async (t) => {
	for (const api of ['chat', 'completions'] as const) {
		const { server, provider } = await serve(t, {}, { api, extra: { top_k: 0 } });
		await provider.sample?.(sampleRequest({ topK: 40 }), never);
		t.is(server.requests[0]?.body.top_k, 40);
	}
	const before = process.env.OPENAI_API_KEY;
	process.env.OPENAI_API_KEY = 'planted';
	const official = openai({ name: 'gpt-4.1-mini', baseUrl: 'https://api.openai.com/v1' }).provider;
	if (before === undefined) delete process.env.OPENAI_API_KEY;
	else process.env.OPENAI_API_KEY = before;
	await t.throwsAsync(async () => official.sample?.(sampleRequest({ topK: 40 }), never), {
		instanceOf: CallError,
		message: /does not take top_k/,
	});
});

test('extra fields go into each request and into the identity', async (t) => {
	const { server, provider } = await serve(t, {}, { extra: { top_k: 0 } });
	await provider.sample?.(sampleRequest(), never);
	t.is(server.requests[0]?.body.top_k, 0);
	t.is(provider.identity.extra, '{"top_k":0}');
});

test('a streamed answer is put together again', async (t) => {
	const { provider } = await serve(
		t,
		{ otherwise: { do: 'answer', text: 'grün und blau' } },
		{ stream: true },
	);
	t.deepEqual(await provider.sample?.(sampleRequest(), never), {
		text: 'grün und blau',
		finish: 'stop',
		usage: { inputTokens: 10, outputTokens: 13 },
	});
});

test('choose normalises nothing: it gives each option’s log-probability and what lies outside', async (t) => {
	const { server, provider } = await serve(t, {
		otherwise: { do: 'answer', top: { a: 0.5, b: 0.2, A: 0.1, The: 0.05 } },
	});
	const result = await choose(provider, ['a', 'b', 'c']);
	close(t, result?.logprobs[0], Math.log(0.5));
	close(t, result?.logprobs[1], Math.log(0.2));
	t.is(result?.logprobs[2], Number.NEGATIVE_INFINITY);
	close(t, result?.outside, 0.3);
	t.is(server.arrived, 1);
	t.like(server.requests[0]?.body, { logprobs: true, top_logprobs: 20, max_tokens: 1, temperature: 1 });
});

/** A model over texts: the probability of the next token after what the assistant has written so far. */
const SPELLING: Readonly<Record<string, Readonly<Record<string, number>>>> = {
	'': { ' (': 0.8, ' A': 0.1 },
	' (': { A: 0.6, B: 0.3, C: 0.1 },
	' (A': { ')': 0.9 },
	' (B': { ')': 0.95 },
};
const written = (messages: readonly Message[]): string =>
	messages.at(-1)?.role === 'assistant' ? (messages.at(-1)?.content ?? '') : '';

test('options that share a first token are followed to where they differ and to their end', async (t) => {
	const { server, provider } = await serve(t, {
		otherwise: { do: 'answer', top: (request) => SPELLING[written(request.body.messages)] ?? {} },
	});
	const result = await choose(provider, [' (A)', ' (B)']);
	close(t, result?.logprobs[0], Math.log(0.8 * 0.6 * 0.9));
	close(t, result?.logprobs[1], Math.log(0.8 * 0.3 * 0.95));
	t.deepEqual(result?.tokens, [3, 3]);
	// 0.2 leave at the bracket, 0.8 · 0.1 at the letter; the closing bracket tells nothing apart.
	close(t, result?.outside, 1 - 0.8 * 0.9);
	t.is(server.arrived, 4);
	t.true(server.requests.slice(1).every(({ body }) => body.continue_final_message === true));
});

test('the longest token that fits spells an option', async (t) => {
	const { provider } = await serve(t, {
		otherwise: { do: 'answer', top: { T: 0.3, True: 0.5, Tr: 0.1, False: 0.05 } },
	});
	const result = await choose(provider, ['True', 'False']);
	close(t, result?.logprobs[0], Math.log(0.5));
	t.deepEqual(result?.tokens, [1, 1]);
});

test('where answers cannot be continued, an option of several tokens is unsupported, with advice', async (t) => {
	const { provider } = await serve(
		t,
		{ otherwise: { do: 'answer', top: SPELLING[''] ?? {} } },
		{ prefill: 'instruction' },
	);
	const error = await t.throwsAsync(() => choose(provider, [' (A)', ' (B)']), { instanceOf: CallError });
	t.like(error, { kind: 'unsupported', retryable: false });
	t.regex(error.message, /by: sampling\(n: 20\)/);
});

test('a server without log-probabilities is unsupported, with advice', async (t) => {
	const { provider } = await serve(t, {});
	const error = await t.throwsAsync(() => choose(provider, ['a', 'b']), { instanceOf: CallError });
	t.is(error.kind, 'unsupported');
});

test('unconditional scores are of the same answer without the question', async (t) => {
	const { server, provider } = await serve(t, { otherwise: { do: 'answer', top: { a: 0.5, b: 0.5 } } });
	const result = await choose(
		provider,
		['a', 'b'],
		[QUESTION, { role: 'assistant', content: 'It is' }],
		true,
	);
	close(t, result?.unconditionalLogprobs?.[0], Math.log(0.5));
	t.deepEqual(server.requests[1]?.body.messages, [
		{ role: 'user', content: '' },
		{ role: 'assistant', content: 'It is' },
	]);
});

test('a prefill is sent as a message to continue, or asked for in the user’s message', async (t) => {
	const messages: Message[] = [QUESTION, { role: 'assistant', content: 'The answer is (' }];
	const given = await serve(t, {});
	await given.provider.sample?.(sampleRequest({ messages }), never);
	t.deepEqual(given.server.requests[0]?.body.messages, messages);

	const asked = await serve(
		t,
		{ otherwise: { do: 'answer', text: 'The answer is (a)' } },
		{ prefill: 'instruction' },
	);
	t.is((await asked.provider.sample?.(sampleRequest({ messages }), never))?.text, 'a)');
	const sent = asked.server.requests[0]?.body.messages;
	t.is(sent.length, 1);
	t.regex(sent[0].content, /^Which\?\n\n.*Write only what comes next.*\nThe answer is \($/s);
	t.is(asked.provider.identity.prefill, 'instruction');
});

test('completions: the messages become one text, the template’s end of turn stops', async (t) => {
	const { server, provider } = await serve(t, {}, { api: 'completions', template: 'dialogue' });
	await provider.sample?.(
		sampleRequest({ messages: [QUESTION, { role: 'assistant', content: 'It is' }] }),
		never,
	);
	t.is(server.requests[0]?.path, '/v1/completions');
	t.is(server.requests[0]?.body.prompt, '\n\nHuman: Which?\n\nAssistant: It is');
	t.deepEqual(server.requests[0]?.body.stop, ['\n', '\n\nHuman:']);
});

test('completions: an option is scored by the echoed log-probabilities of its own tokens', async (t) => {
	const echo = (prompt: string): unknown => {
		const tokens = prompt.endsWith('(A)') ? ['Q', ' (', 'A', ')', 'x'] : ['Q', ' (', 'B', ')', 'x'];
		return {
			choices: [
				{
					text: tokens.join(''),
					finish_reason: 'length',
					logprobs: {
						tokens,
						token_logprobs: [null, -0.5, prompt.endsWith('(A)') ? -1 : -2, -0.25, -9],
						text_offset: [0, 1, 3, 4, 5],
					},
				},
			],
			usage: { prompt_tokens: 4, completion_tokens: 1 },
		};
	};
	const server = await startFaultServer({
		script: ({ body }) => ({ do: 'raw', body: JSON.stringify(echo(body.prompt)) }),
	});
	t.teardown(() => server.close());
	const { provider } = openai({
		name: 'm',
		baseUrl: server.openaiUrl,
		api: 'completions',
		template: 'plain',
	});
	const result = await choose(provider, [' (A)', ' (B)'], [{ role: 'user', content: 'Q' }]);
	t.deepEqual(result?.logprobs, [-1.75, -2.75]);
	t.deepEqual(result?.tokens, [3, 3]);
	close(t, result?.outside, 1 - Math.exp(-1.5) - Math.exp(-2.5));
});

test('completions: where the prompt’s end is joined with an option, all are scored from that place on', async (t) => {
	// The tokeniser has "(A" and "(B" but no "(C".
	const spelled: Readonly<
		Record<string, readonly [tokens: string[], logprobs: (number | null)[], offsets: number[]]>
	> = {
		'Q (A': [
			['Q ', '(A', 'x'],
			[null, -1, -9],
			[0, 2, 4],
		],
		'Q (B': [
			['Q ', '(B', 'x'],
			[null, -2, -9],
			[0, 2, 4],
		],
		'Q (C': [
			['Q ', '(', 'C', 'x'],
			[null, -0.5, -1, -9],
			[0, 2, 3, 4],
		],
	};
	const server = await startFaultServer({
		script: ({ body }) => {
			const [tokens, token_logprobs, text_offset] = spelled[body.prompt] ?? [[], [], []];
			const logprobs = { tokens, token_logprobs, text_offset };
			const choices = [{ text: tokens.join(''), finish_reason: 'length', logprobs }];
			return {
				do: 'raw',
				body: JSON.stringify({ choices, usage: { prompt_tokens: 3, completion_tokens: 1 } }),
			};
		},
	});
	t.teardown(() => server.close());
	const { provider } = openai({
		name: 'm',
		baseUrl: server.openaiUrl,
		api: 'completions',
		template: 'plain',
	});
	const prompt: Message[] = [{ role: 'user', content: 'Q (' }];
	const result = await choose(provider, ['A', 'B', 'C'], prompt);
	t.deepEqual(result?.logprobs, [-1, -2, -1.5]);
	t.is(result?.outside, null, 'what else could follow the bracket is not known');
	const separate = await choose(provider, ['C'], prompt);
	t.deepEqual(separate?.logprobs, [-1]);
	close(t, separate?.outside, 1 - Math.exp(-1));
});

test('the key goes to the vendor, to the environment’s host and to this machine only', (t) => {
	const env = {
		OPENAI_API_KEY: 'secret',
		OPENAI_BASE_URL: 'https://gateway.example/v1',
		OPENAI_API_KEY_OPENROUTER_AI: 'other',
	};
	const key = (url: string | null, from = env): string | null =>
		endpoint('OPENAI', 'https://api.openai.com/v1', url, from).key;
	t.is(key(null), 'secret');
	t.is(key('https://api.openai.com/v1'), 'secret');
	t.is(key('http://localhost:8000/v1'), 'secret');
	t.is(key('https://gateway.example/other'), 'secret');
	t.is(key('https://openrouter.ai/api/v1'), 'other');
	t.is(key('https://attacker.example/v1'), null);
	t.is(key('http://127.0.0.1.attacker.example/v1'), null);
	t.is(key('https://api.openai.com.attacker.example/v1'), null);
});

test('without a key OpenAI’s own models say which variable is missing', async (t) => {
	const before = process.env.OPENAI_API_KEY;
	delete process.env.OPENAI_API_KEY;
	const { provider } = openai({ name: 'gpt-4.1-mini', baseUrl: 'https://api.openai.com/v1' });
	const error = await t.throwsAsync(async () => provider.prepare?.(never), { instanceOf: CallError });
	t.is(error.kind, 'auth');
	t.regex(error.message, /OPENAI_API_KEY is not set/);
	if (before !== undefined) process.env.OPENAI_API_KEY = before;
});

test('identity names the server that a program names and holds no key', (t) => {
	process.env.OPENAI_API_KEY = 'planted-secret-0123456789abcdef';
	const named = openai({ name: 'm', baseUrl: 'http://localhost:8000/v1' }).provider.identity;
	t.deepEqual(named, {
		provider: 'openai',
		model: 'm',
		prefill: 'assistant',
		base_url: 'http://localhost:8000/v1',
	});
	t.deepEqual(openai({ name: 'gpt-4.1-mini' }).provider.identity, {
		provider: 'openai',
		model: 'gpt-4.1-mini',
		prefill: 'instruction',
	});
	t.false(openai({ name: 'o3-mini' }).provider.capabilities.has('logprob'));
	t.throws(() => openai({ name: 'm', baseUrl: 'http://me:secret@host/v1' }), {
		name: 'UserError',
		message: /name or password/,
	});
});

test('events come out whole however their bytes are cut', (t) => {
	const bytes = Buffer.from(
		'data: {"a":"grün"}\r\n\r\n: comment\nevent: x\ndata: one\ndata: two\n\ndata:last',
	);
	for (let size = 1; size < bytes.length; size++) {
		const events: string[] = [];
		const parser = new EventParser((data) => events.push(data));
		for (let at = 0; at < bytes.length; at += size) parser.feed(bytes.subarray(at, at + size));
		parser.end();
		t.deepEqual(events, ['{"a":"grün"}', 'one\ntwo', 'last'], `in pieces of ${size}`);
	}
});

test('concurrency starts at a quarter of its limit, at 16 where that is fewer, and never above the limit', (t) => {
	const starts = [8, 64, 200].map(
		(concurrency) => openai({ name: 'm', concurrency }).provider.limits.concurrency,
	);
	t.deepEqual(starts, [
		{ start: 8, max: 8 },
		{ start: 16, max: 64 },
		{ start: 50, max: 200 },
	]);
});
