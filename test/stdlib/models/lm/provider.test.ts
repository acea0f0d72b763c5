import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { UserError } from '../../../../stdlib/define.ts';
import { lm } from '../../../../stdlib/models/lm.ts';
import {
	CallError,
	type ChooseRequest,
	type EmbedRequest,
	type LogprobRequest,
	type ModelProvider,
	type SampleRequest,
} from '../../../../stdlib/models/provider.ts';
import { tinyModel } from '../../../helpers/tiny-model.ts';

const never = new AbortController().signal;
const folder = tinyModel();
/** The provider's methods, each as a promise. */
const asking = (model: ModelProvider) => ({
	sample: async (request: SampleRequest, signal = never) =>
		(model.sample as NonNullable<ModelProvider['sample']>)(request, signal),
	choose: async (request: ChooseRequest) =>
		(model.choose as NonNullable<ModelProvider['choose']>)(request, never),
	logprob: async (request: LogprobRequest) =>
		(model.logprob as NonNullable<ModelProvider['logprob']>)(request, never),
	embed: async (request: EmbedRequest) =>
		(model.embed as NonNullable<ModelProvider['embed']>)(request, never),
});

const provider = lm({ model: folder, context: 256 }).provider;
const ask = asking(provider);

const drawing = (change: Partial<SampleRequest> = {}): SampleRequest => ({
	kind: 'sample',
	messages: [{ role: 'user', content: 'Hello' }],
	temperature: 1,
	topP: 1,
	maxTokens: 24,
	stop: [],
	seed: 1,
	subjects: [],
	...change,
});

test('a folder is a model with an identity that follows its files, and a notice that it is tiny', (t) => {
	t.is(provider.identity.provider, 'lm');
	t.regex(provider.identity.revision ?? '', /^[0-9a-f]{64}$/);
	const other = lm({ model: tinyModel({ tied: false }) }).provider;
	t.not(other.identity.revision, provider.identity.revision);
	t.is(lm({ model: tinyModel() }).provider.identity.revision, provider.identity.revision);
	t.is(provider.parameters, 257 * 32 + 2 * (2 * 32 * 32 + 2 * 32 * 16 + 3 * 32 * 48 + 2 * 32) + 32);
	t.regex(provider.notice ?? '', /tiny model/);
});

test('sample, choose, logprob and embed answer, and agree with each other', async (t) => {
	const messages = drawing().messages;
	const sampled = await ask.sample(drawing());
	t.deepEqual(await ask.sample(drawing()), sampled);
	t.true(sampled.usage.outputTokens >= 1 && sampled.usage.outputTokens <= 24);
	const options = ['ab', 'ac', 'b'];
	const chosen = await ask.choose({ kind: 'choose', messages, options, unconditional: true, subjects: [] });
	t.deepEqual(chosen.tokens, [2, 2, 1]);
	for (const [i, completion] of options.entries()) {
		const { logprob } = await ask.logprob({ kind: 'logprob', messages, completion, subjects: [] });
		t.true(Math.abs(logprob - (chosen.logprobs[i] as number)) < 1e-5, `${logprob} ${chosen.logprobs[i]}`);
	}
	const inside = chosen.logprobs.reduce((sum, logprob) => sum + Math.exp(logprob), 0);
	t.true(Math.abs(1 - inside - (chosen.outside as number)) < 1e-6);
	t.is((await ask.embed({ kind: 'embed', text: 'Hello' })).vector.length, 32);
});

test('a stop text ends a text before it, and one token is enough of max_tokens', async (t) => {
	const whole = await ask.sample(drawing({ temperature: 0 }));
	const stop = whole.text.slice(4, 6);
	const stopped = await ask.sample(drawing({ temperature: 0, stop: [stop] }));
	t.is(stopped.text, whole.text.slice(0, whole.text.indexOf(stop)));
	t.is(stopped.finish, 'stop');
	const one = await ask.sample(drawing({ maxTokens: 1 }));
	t.deepEqual([one.finish, one.usage.outputTokens], ['length', 1]);
});

test('the likeliest token is all that top_k = 1 leaves, at any temperature; more leave more', async (t) => {
	const likeliest = await ask.sample(drawing({ temperature: 0 }));
	t.is((await ask.sample(drawing({ temperature: 5, topK: 1, seed: 9 }))).text, likeliest.text);
	t.not((await ask.sample(drawing({ temperature: 5, topK: 200, seed: 9 }))).text, likeliest.text);
});

test('more texts than are written at once are all written, each as it would be alone', async (t) => {
	const narrow = asking(lm({ model: folder, context: 256, parallel: 3 }).provider);
	const requests = Array.from({ length: 10 }, (_, seed) => drawing({ seed, maxTokens: 5 + 4 * seed }));
	const together = await Promise.all(requests.map((request) => narrow.sample(request)));
	for (const [i, request] of requests.entries()) t.deepEqual(await ask.sample(request), together[i]);
});

test('a call can be called off while it runs, and others go on', async (t) => {
	const calling = new AbortController();
	const reason = new Error('enough');
	const called = ask.sample(drawing({ maxTokens: 200, seed: 5 }), calling.signal);
	const other = ask.sample(drawing({ maxTokens: 40, seed: 6 }));
	setTimeout(() => calling.abort(reason), 20);
	t.is(await t.throwsAsync(called), reason);
	t.deepEqual(await other, await ask.sample(drawing({ maxTokens: 40, seed: 6 })));
	t.is(await t.throwsAsync(ask.sample(drawing(), calling.signal)), reason, 'and before it runs');
});

test('what does not fit the context, or has no tokens, is an error that says so', async (t) => {
	const long = drawing({ messages: [{ role: 'user', content: 'x'.repeat(300) }] });
	await t.throwsAsync(ask.sample(long), {
		instanceOf: CallError,
		message: /300 tokens and 24 may follow/,
	});
	await t.throwsAsync(ask.embed({ kind: 'embed', text: '' }), { message: /no tokens/ });
});

test('a text that looks like a token with a meaning stays text', async (t) => {
	const { usage } = await ask.sample(
		drawing({ messages: [{ role: 'user', content: '<|end|>' }], maxTokens: 1 }),
		never,
	);
	t.is(usage.inputTokens, '<|end|>'.length);
});

test('a model that is not there, and settings that make no sense, are refused with what to do', (t) => {
	t.throws(() => lm({ model: 'no-such-model' }), {
		instanceOf: UserError,
		message: /no model "no-such-model"/,
	});
	t.throws(() => lm({ model: './none/here' }), { instanceOf: UserError, message: /there is no file/ });
	t.throws(() => lm({ model: mkdtempSync(join(tmpdir(), 'assay-empty-')) }), {
		message: /has no model.safetensors/,
	});
	t.throws(() => lm({ model: folder, parallel: 0 }), { message: /parallel is 0/ });
});
