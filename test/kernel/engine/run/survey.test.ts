import test from 'ava';
import type { Plan } from '../../../../dsl/plan/plan.ts';
import { reasonText } from '../../../../kernel/engine/reasons.ts';
import { run } from '../../../../kernel/engine/run.ts';
import { openStore, type Store } from '../../../../kernel/engine/store/store.ts';
import { type Survey, survey } from '../../../../kernel/engine/survey.ts';
import { define } from '../../../../stdlib/define.ts';
import { Data } from '../../../../stdlib/values/data.ts';
import {
	binary,
	call,
	column,
	columns,
	field,
	forEach,
	input,
	lit,
	range,
	rowfn,
	text,
	when,
} from './cores.ts';
import { type FakeModel, fakeModel, testLibrary } from './models.ts';
import { PlanWriter } from './plans.ts';

const keep = define<{ data: Data }, Data>({
	name: 'keep',
	signature: 'keep(data: Data<R>, by: R -> Bool) -> Data<R>',
	doc: '',
	version: 1,
	run: ({ data }) => data,
});
const count = define<object, Data>({
	name: 'count_to',
	signature: '',
	doc: '',
	version: 1,
	run: () => Data.fromRows([{ k: 1 }, { k: 2 }, { k: 3 }]),
});

const ask = (content: ReturnType<typeof text>) => call('ask', { model: input('m'), prompt: content });

function study(rows: number, last = 'and then ', versions = {}): Plan {
	return new PlanWriter(versions)
		.value('model', 'm', call('model', { name: lit('m') }))
		.eval(
			'e',
			[forEach('x', range(1, rows))],
			{ 'a: Text': ask(text('Question ', column('x'), '?')), 'b: Text': ask(text(last, column('a'))) },
			{ m: 'm' },
		)
		.table('t', 'e', {}, { n: call('mean', { x: columns(column('x')) }) })
		.plan();
}

const look = (plan: Plan, m: FakeModel, store: Store | null, options = {}): Promise<Survey> =>
	survey(plan, { library: testLibrary({ m }, [keep, count]), store, ...options });
const go = (plan: Plan, m: FakeModel, store: Store) =>
	run(plan, { library: testLibrary({ m }, [keep, count]), store });
const step = (of: Survey, id: string) => of.steps.find((each) => each.id === id);

test('calls are counted without being made: exactly where prompts are known, at most where they depend on answers', async (t) => {
	const m = fakeModel();
	const seen = await look(study(12), m, openStore(':memory:'));
	t.deepEqual(step(seen, 'e.a')?.calls, { needed: 12, cached: 0, certainty: 'exact' });
	t.deepEqual(step(seen, 'e.b')?.calls, { needed: 12, cached: 0, certainty: 'at-most' });
	t.deepEqual(step(seen, 'e[]')?.rows, { count: 12, certainty: 'exact' });
	t.is(step(seen, 't')?.calls, null);
	t.like(seen.totals, { needed: 24, certainty: 'at-most' });
	t.deepEqual(m.asked, []);
});

test('calls that the store has are told apart, and a finished plan needs none', async (t) => {
	const store = openStore(':memory:');
	const m = fakeModel();
	await go(study(10), m, store);
	const more = await look(study(14), m, store);
	t.deepEqual(step(more, 'e.a')?.calls, { needed: 4, cached: 10, certainty: 'exact' });
	t.like(step(more, 'e.b')?.calls, { needed: 4, cached: 10 });
	const same = await look(study(10), m, store);
	t.true(same.steps.every(({ reason }) => reason.kind === 'kept'));
	t.is(same.totals.needed, 0);
	t.is(m.asked.length, 20);
});

test('the survey of a run and the run agree on the number of calls', async (t) => {
	const store = openStore(':memory:');
	const m = fakeModel();
	await go(study(5), m, store);
	const before = m.asked.length;
	const seen = await look(study(9), m, store);
	await go(study(9), m, store);
	t.is(m.asked.length - before, seen.totals.needed);
});

test('each step says why it runs', async (t) => {
	const store = openStore(':memory:');
	const m = fakeModel();
	const reasons = async (plan: Plan) =>
		Object.fromEntries((await look(plan, m, store)).steps.map(({ id, reason }) => [id, reasonText(reason)]));
	t.like(await reasons(study(3)), { m: 'new', 'e.a': 'new', t: 'new' });
	await go(study(3, undefined, { ask: '1' }), m, store);
	t.like(await reasons(study(3, undefined, { ask: '1' })), { m: 'kept', 'e.a': 'kept', t: 'kept' });
	t.like(await reasons(study(4, undefined, { ask: '1' })), {
		m: 'kept',
		'e[]': 'definition changed',
		'e.a': 'input changed: e[]',
	});
	t.like(await reasons(study(3, 'or ', { ask: '1' })), { 'e.a': 'kept', 'e.b': 'definition changed' });
	t.like(await reasons(study(3, undefined, { ask: '2' })), { 'e.a': 'operation changed: ask 1 → 2' });
});

test('a step that failed or was left partial says so', async (t) => {
	const store = openStore(':memory:');
	const m = fakeModel();
	const plan = new PlanWriter()
		.eval('e', [forEach('x', range(0, 2))], { 'y: Number': binary('div', lit(1), column('x')) })
		.value('data', 'd', call('no_such'))
		.plan();
	await go(plan, m, store);
	const seen = await look(plan, m, store);
	t.is(reasonText(step(seen, 'e.y')?.reason ?? { kind: 'new' }), 'failed before: 1 row');
	t.is(step(seen, 'd')?.reason.kind, 'failed-before');
	t.regex(step(seen, 'd')?.problem?.message ?? '', /no function "no_such"/);
});

test('rows that depend on answers are bounded by the rows that they are chosen from', async (t) => {
	const plan = new PlanWriter()
		.value('model', 'm', call('model', { name: lit('m') }))
		.eval('e', [forEach('x', range(1, 8))], { 'a: Text': ask(text('Make ', column('x'))) }, { m: 'm' })
		.value(
			'data',
			'd',
			call('keep', { data: input('e'), by: rowfn(binary('eq', column('a'), lit('good'))) }),
			{ e: 'e' },
		)
		.eval(
			'f',
			[forEach('row', input('d'))],
			{ 'z: Text': ask(text('Judge ', field(column('row'), 'a'))) },
			{ d: 'd', m: 'm' },
		)
		.plan();
	const seen = await look(plan, fakeModel(), null);
	t.deepEqual(step(seen, 'd')?.rows, { count: 8, certainty: 'at-most' });
	t.deepEqual(step(seen, 'f.z')?.calls, { needed: 8, cached: 0, certainty: 'at-most' });
	t.is(step(seen, 'f.z')?.problem, null);
});

test('calls of both branches count where a condition depends on an answer', async (t) => {
	const plan = new PlanWriter()
		.value('model', 'm', call('model', { name: lit('m') }))
		.eval(
			'e',
			[forEach('x', range(1, 5))],
			{
				'a: Text': ask(text('Is ', column('x'), ' even?')),
				'b: Text': when(binary('eq', column('a'), lit('yes')), ask(text('Halve ', column('x'))), lit('odd')),
			},
			{ m: 'm' },
		)
		.plan();
	const seen = await look(plan, fakeModel(), null);
	t.is(step(seen, 'e.b')?.calls?.needed, 5);
});

test('of a large eval some rows are looked at and counts are scaled', async (t) => {
	const m = fakeModel();
	const seen = await look(study(50_000), m, openStore(':memory:'), { sampleAbove: 1_000, sampleRows: 100 });
	t.deepEqual(step(seen, 'e.a')?.calls, { needed: 50_000, cached: 0, certainty: 'estimate' });
	// "Question 12345?" is 14 or 15 characters: 4 tokens.
	t.is(step(seen, 'e.a')?.inputTokens, 200_000);
	t.deepEqual(step(seen, 'e[]')?.rows, { count: 50_000, certainty: 'exact' });
});

test('money comes from the price table, and is not known when a price is not', async (t) => {
	const prices = { asOf: '2026-01-01', usd: () => 0.5 };
	t.is((await look(study(4), fakeModel(), null, { prices })).totals.usd, 4);
	t.is((await look(study(4), fakeModel(), null)).totals.usd, null);
});
