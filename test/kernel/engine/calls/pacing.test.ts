import test from 'ava';
import fc from 'fast-check';
import { CallError } from '../../../../stdlib/models/provider.ts';
import { Missing } from '../../../../stdlib/values/missing.ts';
import { answerOf, requestOf, ScriptedProvider, scripted, settled, watch } from './scripted.ts';

const tooMany = (retryAfterMs: number | null = null): CallError =>
	new CallError('rate-limit', 'too many requests', { status: 429, retryAfterMs });

const limitsOf = (events: readonly { type: string }[]): number[] =>
	events.flatMap((event) =>
		event.type === 'concurrency' ? [(event as unknown as { limit: number }).limit] : [],
	);

test('a freed slot starts the next call at once, in the order of asking', async (t) => {
	const provider = new ScriptedProvider({ limits: { concurrency: { start: 2, max: 2 }, adaptive: false } });
	const { caller, model } = scripted({ provider });
	for (const q of ['a', 'b', 'c', 'd']) watch(caller.call(model, requestOf(q)));
	const open = (): unknown[] => provider.pending.map((call) => call.request.messages[0]?.content);
	t.deepEqual(open(), ['a', 'b']);
	provider.pending[1]?.answer();
	await settled();
	t.deepEqual(open(), ['a', 'c']);
	provider.pending[0]?.answer();
	await settled();
	t.deepEqual(open(), ['c', 'd']);
});

test('there are never more calls in flight than the limit, whatever answers come in whatever order', async (t) => {
	const outcomes = fc.array(fc.record({ at: fc.nat(), kind: fc.constantFrom('ok', '429', '500') }), {
		maxLength: 60,
	});
	await fc.assert(
		fc.asyncProperty(fc.integer({ min: 1, max: 8 }), outcomes, async (start, script) => {
			const provider = new ScriptedProvider({ limits: { concurrency: { start, max: 12 } } });
			const { caller, model, events, clock } = scripted({ provider });
			for (let i = 0; i < 40; i++) watch(caller.call(model, requestOf(`q${i}`)));
			let allowed = start;
			for (const { at, kind } of script) {
				const call = provider.pending[at % Math.max(1, provider.pending.length)];
				if (kind === 'ok') call?.answer();
				else call?.fail(kind === '429' ? tooMany() : new CallError('server', '500'));
				const before = provider.inFlight;
				await settled();
				allowed = limitsOf(events).at(-1) ?? start;
				// A cut does not stop calls in flight; it starts no new ones.
				if (provider.inFlight > Math.max(allowed, before)) return false;
				await clock.advance(1000);
				if (provider.inFlight > Math.max(limitsOf(events).at(-1) ?? start, before)) return false;
			}
			return provider.peak <= 12;
		}),
		{ numRuns: 60 },
	);
	t.pass();
});

test('success at the limit raises it, success below it does not', async (t) => {
	const provider = new ScriptedProvider({ limits: { concurrency: { start: 2, max: 100 } } });
	const { caller, model, events } = scripted({ provider });
	watch(caller.call(model, requestOf('alone')));
	provider.answerAll();
	await settled();
	t.deepEqual(limitsOf(events), []);
	for (let i = 0; i < 50; i++) watch(caller.call(model, requestOf(`q${i}`)));
	provider.pending[0]?.answer();
	await settled();
	t.deepEqual(limitsOf(events), [3]);
	t.is(provider.inFlight, 3);
});

test('fifty rate limits at once cut the limit once', async (t) => {
	const provider = new ScriptedProvider({ limits: { concurrency: { start: 50, max: 100 } } });
	const { caller, model, events } = scripted({ provider });
	for (let i = 0; i < 50; i++) watch(caller.call(model, requestOf(`q${i}`)));
	for (const call of provider.pending.slice()) call.fail(tooMany());
	await settled();
	t.deepEqual(limitsOf(events), [25]);
});

test('a rate limit of a call that started after the cut cuts again', async (t) => {
	const provider = new ScriptedProvider({ limits: { concurrency: { start: 8, max: 100 } } });
	const { caller, model, events, clock } = scripted({ provider });
	for (let i = 0; i < 8; i++) watch(caller.call(model, requestOf(`q${i}`)));
	for (const call of provider.pending.slice()) call.fail(tooMany());
	await clock.advance(2000);
	t.is(provider.inFlight, 4);
	for (const call of provider.pending.slice()) call.fail(tooMany());
	await settled();
	t.deepEqual(limitsOf(events), [4, 2]);
});

test('a failing server does not cut the limit, and pauses its growth', async (t) => {
	const provider = new ScriptedProvider({ limits: { concurrency: { start: 4, max: 100 } } });
	const { caller, model, events, clock } = scripted({ provider });
	for (let i = 0; i < 40; i++) watch(caller.call(model, requestOf(`q${i}`)));
	provider.pending[0]?.fail(new CallError('server', '503'));
	await settled();
	provider.answerAll();
	await settled();
	t.deepEqual(limitsOf(events), []);
	await clock.advance(11_000);
	provider.answerAll();
	await settled();
	t.true(limitsOf(events).length > 0);
});

test('a local model has all its slots from the start and does not adapt', async (t) => {
	const provider = new ScriptedProvider({ limits: { concurrency: { start: 1, max: 3 }, adaptive: false } });
	const { caller, model, events } = scripted({ provider });
	for (let i = 0; i < 10; i++) watch(caller.call(model, requestOf(`q${i}`)));
	t.is(provider.inFlight, 3);
	provider.answerAll();
	await settled();
	t.is(provider.inFlight, 3);
	t.deepEqual(limitsOf(events), []);
});

test('Retry-After is waited for in full', async (t) => {
	const { caller, model, provider, clock, events } = scripted();
	const call = watch(caller.call(model, requestOf('q')));
	provider.pending[0]?.fail(tooMany(7000));
	await clock.advance(6999);
	t.is(provider.started, 1);
	await clock.advance(600);
	t.is(provider.started, 2);
	provider.answerAll();
	await settled();
	t.deepEqual(call.value, answerOf('yes'));
	t.like(
		events.find((event) => event.type === 'retry'),
		{ attempt: 1, reason: 'too many requests' },
	);
});

test('a Retry-After beyond the deadline fails the call at once and says so', async (t) => {
	const { caller, model, provider } = scripted({ deadlineSeconds: 60 });
	const call = watch(caller.call(model, requestOf('q')));
	provider.pending[0]?.fail(tooMany(3_600_000));
	await settled();
	t.true(call.value instanceof Missing);
	t.like(call.value, {
		code: 'rate-limit',
		message: 'too many requests; it asks to wait 3600 s, which is longer than a call may take',
	});
});

test('waits between attempts grow twofold under full jitter, the same in every run', async (t) => {
	const waits = async (): Promise<number[]> => {
		const { caller, model, provider, clock, events } = scripted({ maxAttempts: 7 });
		provider.reply = async () => {
			throw new CallError('server', '500');
		};
		watch(caller.call(model, requestOf('q')));
		await clock.advance(200_000);
		return events.flatMap((event) => (event.type === 'retry' ? [event.waitMs] : []));
	};
	const first = await waits();
	t.is(first.length, 6);
	first.forEach((ms, i) => {
		t.true(ms >= 0 && ms < 500 * 2 ** i, `${ms} after attempt ${i + 1}`);
	});
	t.is(new Set(first).size, 6);
	t.deepEqual(await waits(), first);
});

test('after its attempts a call is missing with the kind of the last failure', async (t) => {
	const { caller, model, provider, clock } = scripted({ maxAttempts: 3 });
	provider.reply = async () => {
		throw new CallError('server', 'server said 503');
	};
	const call = watch(caller.call(model, requestOf('q')));
	await clock.advance(60_000);
	t.is(provider.started, 3);
	t.deepEqual(call.value, new Missing('failed', 'server said 503 (3 attempts)', 'server'));
	t.like(caller.spent, { calls: 3, failed: 1 });
});

test('what cannot get better is not tried again', async (t) => {
	const { caller, model, provider, clock } = scripted();
	provider.reply = async () => {
		throw new CallError('auth', 'the key is not valid');
	};
	watch(caller.call(model, requestOf('q')));
	await clock.advance(60_000);
	t.is(provider.started, 1);
});

test('a call that never answers ends at its deadline, is aborted, and frees its slot', async (t) => {
	const provider = new ScriptedProvider({ limits: { concurrency: { start: 1, max: 1 } } });
	const { caller, model, clock } = scripted({ provider, deadlineSeconds: 30 });
	const stuck = watch(caller.call(model, requestOf('stuck')));
	const next = watch(caller.call(model, requestOf('next')));
	const signal = provider.pending[0]?.signal;
	await clock.advance(30_000);
	t.true(signal?.aborted);
	t.deepEqual(stuck.value, new Missing('failed', 'no answer within 30 s', 'timeout'));
	provider.answerAll();
	await settled();
	t.deepEqual(next.value, answerOf('yes'));
	t.is(clock.pending, 0);
});

test('a deadline within a later attempt leaves what the server said last', async (t) => {
	const { caller, model, provider, clock } = scripted({ deadlineSeconds: 30 });
	const call = watch(caller.call(model, requestOf('q')));
	provider.pending[0]?.fail(new CallError('server', 'server said 503'));
	await clock.advance(30_000);
	t.is(provider.started, 2);
	t.deepEqual(
		call.value,
		new Missing(
			'failed',
			'server said 503; no other answer before the deadline of 30 s (2 attempts)',
			'server',
		),
	);
});

test('a call that waits between attempts gives its slot to others', async (t) => {
	const provider = new ScriptedProvider({ limits: { concurrency: { start: 1, max: 1 } } });
	const { caller, model } = scripted({ provider });
	watch(caller.call(model, requestOf('a')));
	watch(caller.call(model, requestOf('b')));
	provider.pending[0]?.fail(tooMany(5000));
	await settled();
	t.deepEqual(
		provider.pending.map((call) => call.request.messages[0]?.content),
		['b'],
	);
});

test('requests a minute are spread over the minute', async (t) => {
	const provider = new ScriptedProvider({ limits: { requestsPerMinute: 60, adaptive: false } });
	provider.reply = async () => answerOf('yes');
	const { caller, model, clock } = scripted({ provider });
	for (let i = 0; i < 100; i++) watch(caller.call(model, requestOf(`q${i}`)));
	await clock.advance(0);
	t.is(provider.started, 1);
	await clock.advance(30_000);
	t.is(provider.started, 31);
	await clock.advance(60_000);
	t.is(provider.started, 91);
});

test('tokens a minute are kept in the long run, though answers take fewer than they may', async (t) => {
	const provider = new ScriptedProvider({ limits: { tokensPerMinute: 6000, adaptive: false } });
	provider.reply = async () => answerOf('yes', { inputTokens: 100, outputTokens: 100 });
	const { caller, model, clock } = scripted({ provider });
	for (let i = 0; i < 200; i++) watch(caller.call(model, requestOf(`q${i}`, { maxTokens: 1000 })));
	await clock.advance(120_000);
	// Two minutes allow 12,000 tokens: 60 calls of 200.
	t.true(provider.started >= 50 && provider.started <= 65, `${provider.started} calls`);
});

test('two models are paced apart', async (t) => {
	const slow = new ScriptedProvider({
		identity: { model: 'slow' },
		limits: { concurrency: { start: 1, max: 1 } },
	});
	const fast = new ScriptedProvider({ identity: { model: 'fast' } });
	const a = scripted({ provider: slow });
	watch(a.caller.call(a.model, requestOf('q')));
	watch(a.caller.call(a.model, requestOf('r')));
	const other = scripted({ provider: fast }).model;
	watch(a.caller.call(other, requestOf('q')));
	t.is(slow.inFlight, 1);
	t.is(fast.inFlight, 1);
});
