import test from 'ava';
import type { CallerOptions } from '../../../../kernel/engine/calls/caller.ts';
import { openStore } from '../../../../kernel/engine/store/store.ts';
import { CallError, type ProviderLimits } from '../../../../stdlib/models/provider.ts';
import { Missing } from '../../../../stdlib/values/missing.ts';
import { answerOf, NO_LIMITS, requestOf, ScriptedProvider, scripted, settled, watch } from './scripted.ts';

/** A caller whose model has answered twenty calls in a second each, and has one call open. */
async function withHistory(options: Partial<CallerOptions> = {}, limits: Partial<ProviderLimits> = {}) {
	const made = scripted({ hedge: true, provider: new ScriptedProvider({ limits }), ...options });
	const { caller, model, provider, clock } = made;
	for (let i = 0; i < 20; i++) watch(caller.call(model, requestOf(`q${i}`)));
	while (provider.pending.length > 0) {
		await clock.advance(1000);
		provider.answerAll();
		await settled();
	}
	const slow = watch(caller.call(model, requestOf('slow')));
	return { ...made, slow };
}

test('a call that takes longer than the recent ones is asked again, and the first answer wins', async (t) => {
	const store = openStore(':memory:');
	const { provider, clock, caller, slow } = await withHistory({ store });
	await clock.advance(999);
	t.is(provider.started, 21);
	await clock.advance(2);
	t.is(provider.started, 22);
	const [first, second] = provider.pending.slice();
	t.deepEqual(second?.request, first?.request);
	second?.answer('from the second');
	await settled();
	t.like(slow.value, { text: 'from the second' });
	t.true(first?.signal.aborted);
	t.is(provider.inFlight, 0);
	t.is(clock.pending, 0);
	t.like(caller.spent, { calls: 22, hedged: 1, failed: 0 });
	t.is(store.stats().calls, 21, 'the answer is kept once');
});

test('the first request may win too, and the second is aborted', async (t) => {
	const { provider, clock, slow } = await withHistory();
	await clock.advance(1001);
	const [first, second] = provider.pending.slice();
	first?.answer('from the first');
	await settled();
	t.like(slow.value, { text: 'from the first' });
	t.true(second?.signal.aborted);
	t.false(first?.signal.aborted);
});

test('without the option nothing is asked twice, nor is a model on this machine', async (t) => {
	const off = await withHistory({ hedge: false });
	const local = await withHistory({}, { adaptive: false });
	for (const { provider, clock } of [off, local]) {
		await clock.advance(300_000);
		t.is(provider.started, 21);
	}
});

test('of two requests the failed one is not the end of the call', async (t) => {
	const { provider, clock, slow } = await withHistory();
	await clock.advance(1001);
	const [first, second] = provider.pending.slice();
	first?.fail(new CallError('bad-request', 'no'));
	await settled();
	t.is(slow.value, undefined);
	second?.answer('yes after all');
	await settled();
	t.like(slow.value, { text: 'yes after all' });
});

test('a second request that fails as well is followed by the usual attempts', async (t) => {
	const { provider, clock, slow } = await withHistory({ maxAttempts: 2 });
	await clock.advance(1001);
	for (const call of provider.pending.slice()) call.fail(new CallError('server', 'server said 503'));
	await clock.advance(1000);
	t.is(provider.started, 23);
	provider.pending[0]?.fail(new CallError('server', 'server said 503'));
	await settled();
	t.deepEqual(slow.value, new Missing('failed', 'server said 503 (2 attempts)', 'server'));
});

test('a second request takes no room that another call waits for, and is sent when there is some', async (t) => {
	const full = await withHistory({}, { concurrency: { start: 1, max: 1 } });
	await full.clock.advance(5000);
	t.is(full.provider.started, 21, 'the only slot is taken');

	const { provider, clock, caller, model } = await withHistory({}, { concurrency: { start: 2, max: 2 } });
	const open = (): unknown[] => provider.pending.map((call) => call.request.messages[0]?.content);
	for (const q of ['other', 'waits']) watch(caller.call(model, requestOf(q)));
	await clock.advance(1001);
	t.deepEqual(open(), ['slow', 'other']);
	provider.pending[1]?.answer();
	await settled();
	t.deepEqual(open(), ['slow', 'waits']);
	provider.pending[1]?.answer();
	await settled();
	t.deepEqual(open(), ['slow', 'slow']);
});

test('both requests count: a budget of calls has room for the second or there is none', async (t) => {
	const without = await withHistory({ budget: { ...NO_LIMITS, calls: 21 } });
	await without.clock.advance(5000);
	t.is(without.provider.started, 21);
	without.provider.answerAll();
	await settled();
	t.deepEqual(without.slow.value, answerOf('yes'), 'and the run was not stopped');
	const { provider, clock, caller, model } = await withHistory({ budget: { ...NO_LIMITS, calls: 22 } });
	await clock.advance(5000);
	t.is(provider.started, 22);
	t.throws(() => caller.call(model, requestOf('one more')), { message: /budget of 22 calls/ });
});

test('what the aborted request may cost stays taken aside', async (t) => {
	const worst = Buffer.byteLength(
		'{"kind":"sample","messages":[{"role":"user","content":"slow"}],"temperature":0,"maxTokens":20,"stop":[],"sample":0}',
	);
	const spent = 20 * 15;
	const budget = { ...NO_LIMITS, tokens: spent + 2 * (worst + 20) + 14 };
	const { provider, clock, caller, model } = await withHistory({ budget });
	await clock.advance(1001);
	t.is(provider.started, 22);
	provider.pending[1]?.answer();
	await settled();
	// Were it given back, there would be room for one more.
	t.throws(() => caller.call(model, requestOf('more')), { message: /budget of [\d,]+ tokens/ });
});

test('a deadline ends both requests', async (t) => {
	const { provider, clock, slow } = await withHistory({ deadlineSeconds: 30 });
	await clock.advance(30_000);
	t.is(provider.started, 22);
	t.is(provider.inFlight, 0);
	t.deepEqual(slow.value, new Missing('failed', 'no answer within 30 s', 'timeout'));
	t.is(clock.pending, 0);
});
