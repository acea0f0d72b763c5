import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import { createCaller } from '../../../../kernel/engine/calls/caller.ts';
import type { RunEvent } from '../../../../kernel/engine/events.ts';
import { openStore } from '../../../../kernel/engine/store/store.ts';
import { abortSignalOf } from '../../../../stdlib/models/call-signal.ts';
import { CallError, type ModelProvider, type SampleRequest } from '../../../../stdlib/models/provider.ts';
import { Missing } from '../../../../stdlib/values/missing.ts';
import { ModelHandle } from '../../../../stdlib/values/model.ts';
import { answerOf, NO_LIMITS, requestOf } from './scripted.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, number: number) => void;

/** A server that answers as the test says, and a caller whose provider asks it. */
async function serve(
	answer: Answer,
	options: { concurrency: number; calls?: number; deadlineSeconds?: number },
) {
	const seen = { requests: 0, open: 0, peak: 0 };
	const server = createServer((request, response) => {
		const number = seen.requests++;
		seen.open++;
		seen.peak = Math.max(seen.peak, seen.open);
		response.on('close', () => {
			seen.open--;
		});
		request.resume().on('end', () => answer(request, response, number));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	const provider: ModelProvider = {
		identity: { provider: 'scripted', model: 'served' },
		capabilities: new Set(['sample']),
		parameters: null,
		notice: null,
		limits: {
			concurrency: { start: options.concurrency, max: options.concurrency },
			requestsPerMinute: null,
			tokensPerMinute: null,
			adaptive: true,
		},
		sample: (request, signal) => ask(url, request, abortSignalOf(signal)),
	};
	const events: RunEvent[] = [];
	const store = openStore(':memory:');
	const controller = new AbortController();
	const caller = createCaller({
		store,
		budget: { ...NO_LIMITS, calls: options.calls ?? null },
		onEvent: (event) => events.push(event),
		signal: controller.signal,
		deadlineSeconds: options.deadlineSeconds ?? 60,
	});
	const close = (): void => {
		server.closeAllConnections();
		server.close();
		store.close();
	};
	return { seen, events, store, caller, controller, model: new ModelHandle(provider), close };
}

async function ask(url: string, request: SampleRequest, signal: AbortSignal) {
	let response: Response;
	try {
		response = await fetch(url, { method: 'POST', body: JSON.stringify(request.messages), signal });
	} catch (error) {
		throw new CallError('network', (error as Error).message);
	}
	if (response.status === 429) {
		throw new CallError('rate-limit', '429', {
			retryAfterMs: Number(response.headers.get('retry-after')) * 1000,
		});
	}
	if (response.status >= 500) throw new CallError('server', `${response.status}`);
	return answerOf(await response.text());
}

const refuse = (response: ServerResponse): void => {
	response.writeHead(429, { 'retry-after': '0' }).end();
};

test('a storm of rate limits is answered by one cut, and every call is answered in the end', async (t) => {
	const held: ServerResponse[] = [];
	const { seen, events, caller, model, close } = await serve(
		(_, response, number) => {
			if (number >= 50) response.end('yes');
			else if (held.push(response) === 50) held.forEach(refuse);
		},
		{ concurrency: 50 },
	);
	const answers = await Promise.all(
		Array.from({ length: 120 }, (_, i) => caller.call(model, requestOf(`q${i}`))),
	);
	t.true(answers.every((answer) => !(answer instanceof Missing) && answer.text === 'yes'));
	const cuts = events.filter((event) => event.type === 'concurrency' && event.limit < 50);
	t.like(cuts[0], { limit: 25 });
	t.true(cuts.every((event) => event.type === 'concurrency' && event.limit >= 25));
	t.is(seen.requests, 170);
	t.is(seen.peak, 50);
	close();
});

test('the server never sees more requests at once than the limit, nor more in all than the budget', async (t) => {
	const { seen, caller, model, close } = await serve(
		(_, response, number) => {
			setTimeout(() => (number % 7 === 3 ? response.writeHead(500).end() : response.end('yes')), number % 5);
		},
		{ concurrency: 10, calls: 100 },
	);
	const calls = Array.from({ length: 200 }, async (_, i) => caller.call(model, requestOf(`q${i}`)));
	const outcomes = await Promise.allSettled(calls);
	await caller.drain();
	t.true(outcomes.some((outcome) => outcome.status === 'rejected'));
	t.is(seen.requests, 100);
	t.true(seen.peak <= 10, `${seen.peak} at once`);
	const answered = outcomes.filter((outcome) => outcome.status === 'fulfilled').length;
	t.is(answered, 100 - Math.floor((100 + 3) / 7));
	close();
});

test('connections that are cut are tried again', async (t) => {
	const { caller, model, close } = await serve(
		(request, response, number) => {
			if (number === 0) request.socket.destroy();
			else response.end('yes');
		},
		{ concurrency: 2 },
	);
	t.like(await caller.call(model, requestOf('q')), { text: 'yes' });
	close();
});

test('an interrupted run closes its connections at once', async (t) => {
	const { seen, caller, controller, model, close } = await serve(() => {}, { concurrency: 5 });
	const calls = Array.from({ length: 8 }, (_, i) => caller.call(model, requestOf(`q${i}`)));
	while (seen.open < 5) await new Promise((resolve) => setTimeout(resolve, 5));
	const started = performance.now();
	controller.abort(new Error('interrupted'));
	const outcomes = await Promise.allSettled(calls);
	t.true(
		outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason.message === 'interrupted'),
	);
	t.true(performance.now() - started < 1000);
	while (seen.open > 0) await new Promise((resolve) => setTimeout(resolve, 5));
	t.is(seen.requests, 5);
	close();
});

test('a body that stalls ends with the deadline', async (t) => {
	const { caller, model, close } = await serve((_, response) => void response.write('ye'), {
		concurrency: 2,
		deadlineSeconds: 0.2,
	});
	t.like(await caller.call(model, requestOf('q')), { reason: 'failed', code: 'timeout' });
	close();
});
