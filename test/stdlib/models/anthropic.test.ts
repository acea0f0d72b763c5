import test from 'ava';
import { anthropic, refusesPrefill } from '../../../stdlib/models/anthropic.ts';
import { CallError, type SampleRequest } from '../../../stdlib/models/provider.ts';
import { startFaultServer } from '../../helpers/fault-server.ts';

const never = new AbortController().signal;
const REQUEST: SampleRequest = {
	kind: 'sample',
	messages: [
		{ role: 'system', content: 'Be brief.' },
		{ role: 'user', content: 'Which?' },
		{ role: 'assistant', content: 'The answer is (' },
	],
	temperature: 0.5,
	topP: 1,
	maxTokens: 8,
	stop: ['\n'],
	seed: 7,
	subjects: [],
};

test('sample sends the system text apart, the prefill last, and reads text, finish and usage', async (t) => {
	process.env.ANTHROPIC_API_KEY = 'planted';
	const server = await startFaultServer({
		otherwise: { do: 'answer', text: 'a)', finish: 'length', usage: { input: 12, output: 3 } },
	});
	t.teardown(() => server.close());
	const { provider } = anthropic({ name: 'claude-haiku-4-5', baseUrl: server.origin });
	t.deepEqual(await provider.sample?.(REQUEST, never), {
		text: 'a)',
		finish: 'length',
		usage: { inputTokens: 12, outputTokens: 3 },
	});
	const [request] = server.requests;
	t.is(request?.path, '/v1/messages');
	t.like(request?.headers, { 'x-api-key': 'planted', 'anthropic-version': '2023-06-01' });
	t.deepEqual(request?.body, {
		model: 'claude-haiku-4-5',
		max_tokens: 8,
		system: 'Be brief.',
		messages: REQUEST.messages.slice(1),
		stop_sequences: ['\n'],
		temperature: 0.5,
	});
});

test('models that refuse a prefill are asked for it in the user’s message', async (t) => {
	const server = await startFaultServer({ otherwise: { do: 'answer', text: 'The answer is (b)' } });
	t.teardown(() => server.close());
	const { provider } = anthropic({ name: 'claude-opus-4-6', baseUrl: server.origin });
	t.is((await provider.sample?.(REQUEST, never))?.text, 'b)');
	t.is(server.requests[0]?.body.messages.length, 1);
	t.is(provider.identity.prefill, 'instruction');
});

test('which models refuse a prefill', (t) => {
	const able = [
		'claude-3-5-sonnet-20241022',
		'claude-2.1',
		'claude-sonnet-4-20250514',
		'claude-opus-4-1',
		'claude-haiku-4-5',
		'claude-sonnet-4-5-20250929',
		'llama',
	];
	const unable = [
		'claude-opus-4-6',
		'claude-sonnet-4-6',
		'claude-opus-5-5',
		'claude-fable-5-1',
		'claude-opus-4-7-20260401',
	];
	t.deepEqual(able.filter(refusesPrefill), []);
	t.deepEqual(
		unable.filter((name) => !refusesPrefill(name)),
		[],
	);
});

test('top_k is sent where it is given', async (t) => {
	const server = await startFaultServer({ otherwise: { do: 'answer', text: 'a)' } });
	t.teardown(() => server.close());
	const { provider } = anthropic({ name: 'claude-haiku-4-5', baseUrl: server.origin });
	await provider.sample?.({ ...REQUEST, topK: 40 }, never);
	t.is(server.requests[0]?.body.top_k, 40);
});

test('a temperature above 1 is refused before a call is made', async (t) => {
	const server = await startFaultServer();
	t.teardown(() => server.close());
	const { provider } = anthropic({ name: 'm', baseUrl: server.origin });
	const error = await t.throwsAsync(async () => provider.sample?.({ ...REQUEST, temperature: 1.4 }, never), {
		instanceOf: CallError,
	});
	t.is(error.kind, 'unsupported');
	t.is(server.arrived, 0);
});
