import { randomUUID } from 'node:crypto';
import test from 'ava';
import { anthropic } from '../../../stdlib/models/anthropic.ts';
import { CallError } from '../../../stdlib/models/provider.ts';
import { litellmProxy, llamaServer, type RunningServer } from '../servers.ts';
import { providerSuite, skip } from '../suite.ts';

/** The proxy's own, made for this run. */
const KEY = `sk-${randomUUID()}`;
process.env.ANTHROPIC_API_KEY = KEY;

const servers: RunningServer[] = [];
test.after.always(() => {
	for (const server of servers) server.stop();
});

providerSuite(
	'litellm, Anthropic protocol',
	async () => {
		const model = await llamaServer();
		if ('missing' in model) return model;
		servers.push(model.here);
		const proxy = await litellmProxy(model.here.origin, KEY);
		if ('missing' in proxy) return proxy;
		servers.push(proxy.here);
		return { here: anthropic({ name: 'smol', baseUrl: proxy.here.origin, concurrency: 4 }).provider };
	},
	{ seeds: false, prefill: false, exactScores: false, tolerance: 0, writes: true, context: 1024, slow: true },
);

test.serial('a wrong key is an error of the key, which is not repeated', async (t) => {
	const proxy = servers[1];
	if (!proxy) return skip(t, 'no proxy');
	const wrong = `sk-${randomUUID()}`;
	process.env.ANTHROPIC_API_KEY = wrong;
	const { provider } = anthropic({ name: 'smol', baseUrl: proxy.origin });
	process.env.ANTHROPIC_API_KEY = KEY;
	const request = {
		kind: 'sample' as const,
		messages: [{ role: 'user' as const, content: 'Hi' }],
		temperature: 0,
		topP: 1,
		maxTokens: 2,
		stop: [],
		seed: 0,
		subjects: [],
	};
	const error = await t.throwsAsync(async () => provider.sample?.(request, new AbortController().signal), {
		instanceOf: CallError,
	});
	// Without a database of keys, litellm calls an unknown one a bad request.
	t.true(['auth', 'bad-request'].includes(error.kind), error.kind);
	t.false(error.retryable);
	t.false(error.message.includes(wrong.slice(3)));
});
