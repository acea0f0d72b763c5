import test, { type ExecutionContext } from 'ava';
import { anthropic } from '../../../stdlib/models/anthropic.ts';
import { openai } from '../../../stdlib/models/openai.ts';
import { CallError, type ModelProvider, type SampleRequest } from '../../../stdlib/models/provider.ts';
import { type Behaviour, type FaultServer, startFaultServer } from '../../helpers/fault-server.ts';

const KEY = 'planted-secret-0123456789abcdef';
process.env.OPENAI_API_KEY = KEY;
process.env.ANTHROPIC_API_KEY = KEY;

const never = new AbortController().signal;
const REQUEST: SampleRequest = {
	kind: 'sample',
	messages: [{ role: 'user', content: 'Hello?' }],
	temperature: 0,
	topP: 1,
	maxTokens: 8,
	stop: [],
	seed: 1,
	subjects: [],
};

/** Long enough for a busy machine, where it is not the waiting itself that is tested. */
const PATIENT = { timeoutSeconds: 30, stallSeconds: 30 };
const HASTY = { timeoutSeconds: 1, stallSeconds: 1 };

type Make = (server: FaultServer, waits?: typeof PATIENT) => ModelProvider;

const PROVIDERS: Readonly<Record<'openai' | 'openai streaming' | 'anthropic', Make>> = {
	openai: (server, waits = PATIENT) => openai({ name: 'm', baseUrl: server.openaiUrl, ...waits }).provider,
	'openai streaming': (server, waits = PATIENT) =>
		openai({ name: 'm', baseUrl: server.openaiUrl, stream: true, ...waits }).provider,
	anthropic: (server, waits = PATIENT) => anthropic({ name: 'm', baseUrl: server.origin, ...waits }).provider,
};

async function meet(
	t: ExecutionContext,
	make: Make,
	behaviour: Behaviour,
	waits = PATIENT,
): Promise<CallError> {
	const server = await startFaultServer({ otherwise: behaviour });
	t.teardown(() => server.close());
	const provider = make(server, waits);
	t.teardown(() => provider.close?.());
	const error = await t.throwsAsync(async () => provider.sample?.(REQUEST, never), { instanceOf: CallError });
	t.false(error.message.includes(KEY));
	return error;
}

for (const [name, make] of Object.entries(PROVIDERS)) {
	test(`${name}: 429 with Retry-After is a rate limit that says how long to wait`, async (t) => {
		const error = await meet(t, make, {
			do: 'status',
			status: 429,
			headers: { 'retry-after': '7' },
			message: 'slow down',
		});
		t.like(error, { kind: 'rate-limit', retryable: true, retryAfterMs: 7000, status: 429 });
		t.regex(error.message, /429: slow down/);
	});

	test(`${name}: Retry-After may be a date`, async (t) => {
		const date = new Date(Date.now() + 300_000).toUTCString();
		const { retryAfterMs } = await meet(t, make, {
			do: 'status',
			status: 503,
			headers: { 'retry-after': date },
		});
		t.true(retryAfterMs !== null && retryAfterMs > 200_000 && retryAfterMs <= 300_000);
	});

	test(`${name}: 429 without Retry-After leaves the wait to the engine`, async (t) => {
		t.like(await meet(t, make, { do: 'status', status: 429 }), { kind: 'rate-limit', retryAfterMs: null });
	});

	test(`${name}: 429 for want of credit is not tried again`, async (t) => {
		t.like(await meet(t, make, { do: 'status', status: 429, message: 'insufficient_quota' }), {
			kind: 'rate-limit',
			retryable: false,
		});
	});

	for (const status of [500, 503, 529]) {
		test(`${name}: ${status} is the server's error and may be tried again`, async (t) => {
			t.like(await meet(t, make, { do: 'status', status }), { kind: 'server', retryable: true, status });
		});
	}

	for (const [status, kind] of [
		[400, 'bad-request'],
		[401, 'auth'],
		[403, 'auth'],
		[404, 'unavailable'],
		[422, 'bad-request'],
	] as const) {
		test(`${name}: ${status} is ${kind} and is not tried again`, async (t) => {
			t.like(await meet(t, make, { do: 'status', status, message: 'no' }), {
				kind,
				retryable: false,
				status,
			});
		});
	}

	test(`${name}: a key that the server echoes in its error is not repeated`, async (t) => {
		const encoded = Buffer.from(KEY).toString('base64');
		const error = await meet(t, make, {
			do: 'status',
			status: 401,
			message: `Incorrect API key provided: ${KEY} (${encoded}), sk-ant-REDACTED, Bearer ${KEY}`,
		});
		t.false(error.message.includes(encoded));
		t.false(error.message.includes('abcdefghij'));
		t.regex(error.message, /Incorrect API key provided: \[redacted\]/);
	});

	test(`${name}: a connection cut in the middle of an answer is a network error`, async (t) => {
		const error = await meet(t, make, { do: 'cut' });
		t.like(error, { kind: 'network', retryable: true });
		t.regex(error.message, /cut the connection/);
	});

	test(`${name}: an answer that stalls ends in a timeout`, async (t) => {
		const error = await meet(t, make, { do: 'stall' }, HASTY);
		t.like(error, { kind: 'timeout', retryable: true });
		t.regex(error.message, /stopped in the middle of an answer for 1 s/);
	});

	test(`${name}: no answer at all ends in a timeout`, async (t) => {
		t.regex((await meet(t, make, { do: 'hang' }, HASTY)).message, /did not answer within 1 s/);
	});

	test(`${name}: HTML instead of an answer is malformed and quoted`, async (t) => {
		const error = await meet(t, make, { do: 'html' });
		t.is(error.kind, 'malformed');
		t.regex(error.message, /text\/html/);
	});

	test(`${name}: an answer of 20 MB is refused without reading it all`, async (t) => {
		const error = await meet(t, make, { do: 'huge', bytes: 20_000_000 });
		t.like(error, { kind: 'too-large', retryable: false });
		t.regex(error.message, /more than 8 MB/);
	});

	test(`${name}: nothing listening is a network error that asks for the server`, async (t) => {
		const server = await startFaultServer();
		await server.close();
		const provider = make(server);
		const error = await t.throwsAsync(async () => provider.sample?.(REQUEST, never), {
			instanceOf: CallError,
		});
		t.like(error, { kind: 'network', retryable: true });
		t.regex(error.message, /nothing listens at 127\.0\.0\.1/);
	});

	test(`${name}: abort ends a call at once with the abort's reason`, async (t) => {
		const server = await startFaultServer({ otherwise: { do: 'hang' } });
		t.teardown(() => server.close());
		const controller = new AbortController();
		const provider = make(server);
		const reason = new Error('stopped by the user');
		setTimeout(() => controller.abort(reason), 50);
		const started = performance.now();
		t.is(await t.throwsAsync(async () => provider.sample?.(REQUEST, controller.signal)), reason);
		t.true(performance.now() - started < 10_000);
	});
}

for (const name of ['openai', 'anthropic'] as const) {
	test(`${name}: broken JSON is malformed`, async (t) => {
		const error = await meet(t, PROVIDERS[name], { do: 'malformed' });
		t.like(error, { kind: 'malformed', retryable: true });
		t.regex(error.message, /broken JSON/);
	});

	test(`${name}: an error inside a 200 is told`, async (t) => {
		const error = await meet(t, PROVIDERS[name], {
			do: 'raw',
			body: JSON.stringify({ error: { message: 'the model is loading' } }),
		});
		t.is(error.kind, 'malformed');
		t.regex(error.message, /the model is loading/);
	});

	test(`${name}: a refusal finishes as one`, async (t) => {
		const server = await startFaultServer({
			otherwise: { do: 'answer', finish: 'refusal', text: 'I would rather not.' },
		});
		t.teardown(() => server.close());
		t.like(await PROVIDERS[name](server).sample?.(REQUEST, never), {
			finish: 'refusal',
			text: 'I would rather not.',
		});
	});

	test(`${name}: a key that turns up in an answer is not passed on`, async (t) => {
		const server = await startFaultServer({ otherwise: { do: 'answer', text: `your key is ${KEY}` } });
		t.teardown(() => server.close());
		t.like(await PROVIDERS[name](server).sample?.(REQUEST, never), { text: 'your key is [redacted]' });
	});

	test(`${name}: connections are kept and each carries one request at a time`, async (t) => {
		const server = await startFaultServer({ latencyMs: 10 });
		t.teardown(() => server.close());
		const provider = PROVIDERS[name](server);
		for (let round = 0; round < 3; round++) {
			await Promise.all(Array.from({ length: 20 }, () => provider.sample?.(REQUEST, never)));
			// An answer is here before its connection is seen to be free.
			await new Promise((resolve) => setTimeout(resolve, 200));
		}
		t.is(server.answered, 60);
		t.is(server.maxInFlight, 20);
		t.true(server.connections < 40, `${server.connections} connections`);
	});
}

test('openai: an empty list of choices is malformed', async (t) => {
	const error = await meet(t, PROVIDERS.openai, { do: 'empty' });
	t.is(error.kind, 'malformed');
	t.regex(error.message, /choices: no choice/);
});

test('openai streaming: a stream that ends early is a network error', async (t) => {
	const error = await meet(t, PROVIDERS['openai streaming'], {
		do: 'raw',
		contentType: 'text/event-stream',
		body: 'data: {"choices":[{"delta":{"content":"half"}}]}\n\n',
	});
	t.is(error.kind, 'network');
});
