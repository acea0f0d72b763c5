import test from 'ava';
import { openStore } from '../../../../kernel/engine/store/store.ts';
import { CallError } from '../../../../stdlib/models/provider.ts';
import { Missing } from '../../../../stdlib/values/missing.ts';
import { answerOf, requestOf, ScriptedProvider, scripted, settled, watch } from './scripted.ts';

test('a kept call comes back at once, costs nothing and is counted apart', async (t) => {
	const store = openStore(':memory:');
	const first = scripted({ store });
	const answer = first.caller.call(first.model, requestOf('q'));
	first.provider.pending[0]?.answer('yes');
	await answer;
	await first.caller.drain();

	const second = scripted({ store });
	t.deepEqual(second.caller.call(second.model, requestOf('q')), answerOf('yes'));
	t.is(second.provider.started, 0);
	t.like(second.caller.spent, { calls: 0, cached: 1, inputTokens: 0 });
	t.like(second.events[0], { type: 'call-finished', outcome: 'cached', usd: 0 });
});

test('a provider that answers at once is answered without a promise', (t) => {
	const { caller, model, provider } = scripted({ store: openStore(':memory:') });
	provider.reply = (request) => answerOf(`re: ${request.messages[0]?.content}`);
	t.deepEqual(caller.call(model, requestOf('q')), answerOf('re: q'));
	t.like(caller.spent, { calls: 1, inputTokens: 10, outputTokens: 5 });
});

test('n: 5 and then n: 8 make three new calls', (t) => {
	const store = openStore(':memory:');
	const { caller, model, provider } = scripted({ store });
	provider.reply = (_, call) => answerOf(`answer ${call}`);
	const draw = (n: number): unknown[] =>
		Array.from({ length: n }, (_, i) => caller.call(model, requestOf('q', { temperature: 1, seed: i }), i));
	const five = draw(5);
	t.is(provider.started, 5);
	const eight = draw(8);
	t.is(provider.started, 8);
	t.deepEqual(eight.slice(0, 5), five);
});

test('identical calls in flight are made once', async (t) => {
	const { caller, model, provider, events } = scripted();
	const calls = [0, 1, 2].map(() => caller.call(model, requestOf('q')));
	t.is(provider.started, 1);
	provider.pending[0]?.answer('yes');
	t.deepEqual(await Promise.all(calls), [answerOf('yes'), answerOf('yes'), answerOf('yes')]);
	t.deepEqual(
		events.flatMap((event) => (event.type === 'call-finished' ? [event.outcome] : [])),
		['done', 'shared', 'shared'],
	);
	t.like(caller.spent, { calls: 1, shared: 2, inputTokens: 10 });
});

test('identical calls of two steps are recorded for both', async (t) => {
	const store = openStore(':memory:');
	const { caller, model, provider } = scripted({ store });
	const a = caller.within('step a').call(model, requestOf('q'));
	const b = caller.within('step b').call(model, requestOf('q'));
	provider.pending[0]?.answer();
	await Promise.all([a, b]);
	const key = caller.callKey(model, requestOf('q'));
	t.deepEqual([...store.usedCalls(['step a'])], [key]);
	t.deepEqual([...store.usedCalls(['step b'])], [key]);
});

for (const finish of ['refusal', 'filter'] as const) {
	test(`an answer that ends with ${finish} is missing as refused, and kept`, (t) => {
		const { caller, model, provider } = scripted({ store: openStore(':memory:') });
		provider.reply = () => answerOf('I cannot help with that.', { inputTokens: 7, outputTokens: 6 }, finish);
		for (const _ of [1, 2]) {
			const outcome = caller.call(model, requestOf('q'));
			t.true(outcome instanceof Missing && outcome.reason === 'refused');
		}
		t.is(provider.started, 1);
		t.like(caller.spent, { refused: 1, failed: 0, cached: 1, outputTokens: 6 });
	});
}

test('a failed call is missing with the kind of its error, and is made again by the next run', async (t) => {
	const store = openStore(':memory:');
	const { caller, model, provider } = scripted({ store });
	provider.reply = () => {
		throw new CallError('bad-request', 'context is too long');
	};
	const outcome = await caller.call(model, requestOf('q'));
	t.deepEqual(outcome, new Missing('failed', 'context is too long', 'bad-request'));
	await caller.drain();
	t.is(store.stats().calls, 0);
});

test('a mistake of a provider is a failed call that says so', async (t) => {
	const { caller, model, provider } = scripted();
	provider.reply = async () => {
		throw new TypeError('x is not a function');
	};
	const outcome = await caller.call(model, requestOf('q'));
	t.true(outcome instanceof Missing && /TypeError: x is not a function/.test(outcome.message));
});

test('a provider is prepared once, before its first call', async (t) => {
	const provider = new ScriptedProvider();
	let prepared = 0;
	let ready = (): void => {};
	provider.prepare = () => {
		prepared++;
		return new Promise((resolve) => {
			ready = resolve;
		});
	};
	const { caller, model } = scripted({ provider });
	const calls = ['a', 'b'].map((q) => caller.call(model, requestOf(q)));
	await settled();
	t.is(provider.started, 0);
	ready();
	await settled();
	t.is(provider.started, 2);
	provider.answerAll();
	await Promise.all(calls);
	t.is(prepared, 1);
});

test('kept calls need no prepared provider', (t) => {
	const store = openStore(':memory:');
	const first = scripted({ store });
	first.provider.reply = () => answerOf('yes');
	first.caller.call(first.model, requestOf('q'));
	const provider = new ScriptedProvider();
	provider.prepare = () => Promise.reject(new CallError('auth', 'OPENAI_API_KEY is not set'));
	const second = scripted({ store, provider });
	t.deepEqual(second.caller.call(second.model, requestOf('q')), answerOf('yes'));
});

test('when preparing fails, every call of the model is missing with that reason, and nothing is sent', async (t) => {
	const provider = new ScriptedProvider();
	provider.prepare = () => Promise.reject(new CallError('auth', 'OPENAI_API_KEY is not set'));
	const { caller, model } = scripted({ provider });
	const first = await caller.call(model, requestOf('a'));
	const later = await caller.call(model, requestOf('b'));
	const expected = new Missing('failed', 'OPENAI_API_KEY is not set', 'auth');
	t.deepEqual([first, later], [expected, expected]);
	t.is(provider.started, 0);
});

test('stop lets calls in flight finish and rejects those that wait', async (t) => {
	const store = openStore(':memory:');
	const provider = new ScriptedProvider({ limits: { concurrency: { start: 2, max: 2 } } });
	const { caller, model } = scripted({ store, provider });
	const calls = ['a', 'b', 'c'].map((q) => watch(caller.call(model, requestOf(q))));
	const reason = new Error('enough');
	caller.stop(reason);
	await settled();
	t.is(calls[2]?.error, reason);
	t.throws(() => caller.call(model, requestOf('d')), { is: reason });
	provider.answerAll();
	await caller.drain();
	t.deepEqual(calls[0]?.value, answerOf('yes'));
	t.is(store.stats().calls, 2);
});

test('abort rejects everything at once, tells the provider, and leaves no timer behind', async (t) => {
	const { caller, model, provider, controller, clock } = scripted();
	const flying = watch(caller.call(model, requestOf('a')));
	const signal = provider.pending[0]?.signal;
	const backingOff = watch(caller.call(model, requestOf('b')));
	provider.pending[1]?.fail(new CallError('server', '503'));
	await settled();
	const reason = new Error('interrupted');
	controller.abort(reason);
	await settled();
	t.is(flying.error, reason);
	t.is(backingOff.error, reason);
	t.true(signal?.aborted);
	t.is(clock.pending, 0);
	t.throws(() => caller.call(model, requestOf('c')), { is: reason });
	await caller.drain();
});

test('the answer of a call that was given up is kept all the same: it was paid for', async (t) => {
	const store = openStore(':memory:');
	const { caller, model, provider, controller } = scripted({ store });
	let answer = (_: unknown): void => {};
	provider.reply = () => new Promise((resolve) => (answer = resolve as typeof answer));
	const call = watch(caller.call(model, requestOf('q')));
	controller.abort(new Error('interrupted'));
	await settled();
	t.truthy(call.error);
	answer(answerOf('late'));
	await settled();
	t.like(store.getCall(caller.callKey(model, requestOf('q'))), { outcome: answerOf('late') });
});

test('replay makes no call, and says what the cassette lacks', (t) => {
	const { caller, model, provider } = scripted({ store: openStore(':memory:'), mode: 'replay' });
	const outcome = caller.call(model, requestOf('q'));
	t.true(outcome instanceof Missing && outcome.code === 'not-in-cassette');
	t.is(provider.started, 0);
});

test('a store that fails stops the run, and the answer in hand is written when there is room again', async (t) => {
	const store = openStore(':memory:');
	const failing = Object.create(store) as typeof store;
	failing.putCall = () => {
		throw new Error('the disk is full');
	};
	const { caller, model, provider } = scripted({ store: failing });
	const call = watch(caller.call(model, requestOf('q')));
	provider.pending[0]?.answer();
	await settled();
	t.is((call.error as Error).message, 'the disk is full');
	t.throws(() => caller.call(model, requestOf('r')), { message: 'the disk is full' });
});
