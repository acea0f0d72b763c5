import test from 'ava';
import fc from 'fast-check';
import { BudgetExceeded } from '../../../../kernel/engine/calls/budget.ts';
import type { PriceTable } from '../../../../kernel/engine/calls/prices.ts';
import { openStore } from '../../../../kernel/engine/store/store.ts';
import { UserError } from '../../../../stdlib/define.ts';
import { CallError, type SampleResult } from '../../../../stdlib/models/provider.ts';
import { answerOf, NO_LIMITS, requestOf, ScriptedProvider, scripted, settled, watch } from './scripted.ts';

/** A dollar a token, so that money and tokens are one number. */
const dollarAToken: PriceTable = {
	asOf: '2026-01-01',
	usd: (_, { inputTokens, outputTokens }) => inputTokens + outputTokens,
};

test('neither tokens nor money nor calls are ever overshot, however many calls run at once', async (t) => {
	const scenario = fc.record({
		limit: fc.constantFrom('usd' as const, 'tokens' as const),
		allowed: fc.integer({ min: 0, max: 3000 }),
		calls: fc.integer({ min: 0, max: 12 }),
		start: fc.integer({ min: 1, max: 20 }),
		answers: fc.array(
			fc.record({ at: fc.nat(), fails: fc.boolean(), output: fc.integer({ min: 0, max: 20 }) }),
			{
				maxLength: 60,
			},
		),
	});
	await fc.assert(
		fc.asyncProperty(scenario, async ({ limit, allowed, calls, start, answers }) => {
			const provider = new ScriptedProvider({ limits: { concurrency: { start, max: 20 } } });
			const open: { resolve(result: SampleResult): void; reject(error: Error): void; words: number }[] = [];
			let consumed = 0;
			provider.reply = (request) =>
				new Promise((resolve, reject) => {
					open.push({ resolve, reject, words: request.messages[0]?.content.length ?? 0 });
				});
			const budget = { ...NO_LIMITS, [limit]: allowed, calls };
			const { caller, model } = scripted({ provider, budget, prices: dollarAToken });
			for (let i = 0; i < 30; i++) {
				try {
					watch(caller.call(model, requestOf(`question ${i}`)));
				} catch (error) {
					if (!(error instanceof BudgetExceeded)) throw error;
				}
			}
			for (const { at, fails, output } of answers) {
				const [call] = open.splice(at % Math.max(1, open.length), 1);
				if (fails) call?.reject(new CallError('bad-request', 'no'));
				else if (call) {
					consumed += call.words + output;
					call.resolve(answerOf('yes', { inputTokens: call.words, outputTokens: output }));
				}
				await settled();
			}
			return consumed <= allowed && provider.started <= calls;
		}),
		{ numRuns: 80 },
	);
	t.pass();
});

test('a run stops before the call that could pass the limit; what is in flight finishes and is kept', async (t) => {
	const store = openStore(':memory:');
	const { caller, model, provider, events } = scripted({ store, budget: { ...NO_LIMITS, calls: 2 } });
	const calls = ['a', 'b'].map((q) => watch(caller.call(model, requestOf(q))));
	const error = t.throws(() => caller.call(model, requestOf('c')), { instanceOf: BudgetExceeded });
	t.like(error, { limit: 'calls', spent: 2, allowed: 2 });
	provider.answerAll();
	await caller.drain();
	t.deepEqual(
		calls.map((call) => call.value),
		[answerOf('yes'), answerOf('yes')],
	);
	t.is(store.stats().calls, 2);
	t.deepEqual(
		events.filter((event) => event.type === 'budget'),
		[{ type: 'budget', limit: 'calls', spent: 2, allowed: 2 }],
	);
});

test('kept calls go on when the budget is spent', (t) => {
	const store = openStore(':memory:');
	const { caller, model, provider } = scripted({ store, budget: { ...NO_LIMITS, calls: 1 } });
	provider.reply = () => answerOf('yes');
	caller.call(model, requestOf('a'));
	t.throws(() => caller.call(model, requestOf('b')), { instanceOf: BudgetExceeded });
	t.deepEqual(caller.call(model, requestOf('a')), answerOf('yes'));
});

test('a call that may fit waits for what the calls in flight leave, and does not end the run', async (t) => {
	const worst = Buffer.byteLength(
		'{"kind":"sample","messages":[{"role":"user","content":"a"}],"temperature":0,"maxTokens":20,"stop":[],"sample":0}',
	);
	const budget = { ...NO_LIMITS, tokens: Math.floor((worst + 20) * 1.5) };
	const { caller, model, provider } = scripted({ budget });
	const calls = ['a', 'b'].map((q) => watch(caller.call(model, requestOf(q))));
	t.is(provider.started, 1);
	provider.answerAll();
	await settled();
	t.is(provider.started, 2);
	provider.answerAll();
	await settled();
	t.deepEqual(calls[1]?.value, answerOf('yes'));
});

test('a retry counts as a call', async (t) => {
	const { caller, model, provider, clock } = scripted({ budget: { ...NO_LIMITS, calls: 2 } });
	provider.reply = async () => {
		throw new CallError('server', '500');
	};
	const call = watch(caller.call(model, requestOf('q')));
	await clock.advance(60_000);
	t.is(provider.started, 2);
	t.true(call.error instanceof BudgetExceeded);
});

test('what a broken answer may have cost is not spent a second time', async (t) => {
	const { caller, model, provider } = scripted({ budget: { ...NO_LIMITS, tokens: 200 } });
	provider.reply = async () => {
		throw new CallError('malformed', 'cut off', { retryable: false });
	};
	await caller.call(model, requestOf('a'));
	t.throws(() => caller.call(model, requestOf('b')), { instanceOf: BudgetExceeded });
	t.is(provider.started, 1);
});

test('no call starts after the time is up', async (t) => {
	const { caller, model, provider, clock } = scripted({ budget: { ...NO_LIMITS, seconds: 60 } });
	const early = watch(caller.call(model, requestOf('a')));
	await clock.advance(60_000);
	const error = t.throws(() => caller.call(model, requestOf('b')), { instanceOf: BudgetExceeded });
	t.regex((error as Error).message, /budget of 60 s/);
	provider.answerAll();
	await settled();
	t.deepEqual(early.value, answerOf('yes'));
});

test('when the time is up nothing waits any longer, and what is in flight has ten seconds to answer', async (t) => {
	const provider = new ScriptedProvider({ limits: { concurrency: { start: 2, max: 2 } } });
	const { caller, model, clock } = scripted({ provider, budget: { ...NO_LIMITS, seconds: 60 } });
	const [retried, hanging, late, queued] = ['retried', 'hanging', 'late', 'queued'].map((q) =>
		watch(caller.call(model, requestOf(q))),
	);
	provider.pending[0]?.fail(new CallError('server', 'busy', { status: 503, retryAfterMs: 300_000 }));
	await clock.advance(60_000);
	t.true(retried?.error instanceof BudgetExceeded);
	t.true(queued?.error instanceof BudgetExceeded);
	t.is(hanging?.error, undefined);
	provider.pending[1]?.answer('in time');
	await clock.advance(9_000);
	t.like(late?.value, { text: 'in time' });
	t.is(hanging?.error, undefined);
	await clock.advance(2_000);
	t.true(hanging?.error instanceof BudgetExceeded);
	t.is(provider.inFlight, 0);
	await caller.drain();
	t.is(clock.pending, 0);
});

test('a budget of time that calls keep leaves no timer behind', async (t) => {
	const { caller, model, provider, clock } = scripted({ budget: { ...NO_LIMITS, seconds: 60 } });
	watch(caller.call(model, requestOf('q')));
	provider.answerAll();
	await settled();
	await caller.drain();
	t.is(clock.pending, 0);
});

test('a money limit and a model without a known price do not go together', (t) => {
	const budget = { ...NO_LIMITS, usd: 5 };
	const { caller, model, provider } = scripted({ budget });
	const error = t.throws(() => caller.call(model, requestOf('q')), { instanceOf: UserError });
	t.regex((error as Error).message, /price of scripted model scripted-1 is not known/);
	t.regex((error as UserError).help ?? '', /prices\.json.*--allow-unknown-price/);
	t.is(provider.started, 0);
});

test('without a money limit an unknown price is said once and is null, not zero', (t) => {
	const { caller, model, provider, events } = scripted();
	provider.reply = () => answerOf('yes');
	caller.call(model, requestOf('a'));
	caller.call(model, requestOf('b'));
	t.is(events.filter((event) => event.type === 'notice').length, 1);
	t.like(
		events.find((event) => event.type === 'call-finished'),
		{ usd: null },
	);
	t.like(caller.spent, { usd: 0, unpriced: 2 });
});

test('money spent is the price of the tokens that were used', (t) => {
	const { caller, model, provider } = scripted({ prices: dollarAToken });
	provider.reply = () => answerOf('yes', { inputTokens: 100, outputTokens: 23 });
	caller.call(model, requestOf('q'));
	t.is(caller.spent.usd, 123);
});
