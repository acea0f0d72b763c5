import test from 'ava';
import type { Plan } from '../../../../dsl/plan/plan.ts';
import { type RunResult, run } from '../../../../kernel/engine/run.ts';
import { openStore, type Store } from '../../../../kernel/engine/store/store.ts';
import { define } from '../../../../stdlib/define.ts';
import type { AnyDefinition } from '../../../../stdlib/registry.ts';
import type { Data, Row } from '../../../../stdlib/values/data.ts';
import type { Estimate } from '../../../../stdlib/values/estimate.ts';
import type { Labelled } from '../../../../stdlib/values/labelled.ts';
import { Missing } from '../../../../stdlib/values/missing.ts';
import type { Table } from '../../../../stdlib/values/table.ts';
import {
	apply,
	binary,
	call,
	column,
	columns,
	field,
	forEach,
	input,
	lambda,
	list,
	lit,
	local,
	prompt,
	range,
	record,
	rowfn,
	text,
	uncertain,
	unlabel,
} from './cores.ts';
import { type FakeModel, type FakeOptions, fakeModel, testLibrary } from './models.ts';
import { PlanWriter } from './plans.ts';

const mean = (name: string) => call('mean', { x: columns(column(name)) });

/** Two prompts by 30 questions; the second prompt makes the model surer of "a", which is right for even questions. */
function study(scorer = 'correct', threshold = 0, budget = {}): Plan {
	const choice = call('pick', {
		model: input('m'),
		prompt: apply(unlabel(column('c')), column('x')),
		options: list(lit('a'), lit('b')),
	});
	const correct = binary('gt', call('pick_a', { choice: column('choice') }), lit(threshold));
	return new PlanWriter()
		.value('model', 'm', call('model', { name: lit('m') }))
		.value('prompt', 'q', lambda(['p0'], prompt(text('plain ', local('p0')), local('p0'))))
		.value('prompt', 'r', lambda(['p0'], prompt(text('careful ', local('p0')), local('p0'))))
		.eval(
			'e',
			[forEach('x', range(1, 30)), forEach('c', record({ Q: input('q'), R: input('r') }), true)],
			{ 'choice: Choice': choice, [`${scorer}: Bool`]: correct },
			{ m: 'm', q: 'q', r: 'r' },
		)
		.table(
			't',
			'e',
			{ c: column('c') },
			{ rate: mean(scorer), wide: uncertain(mean(scorer), call('bootstrap', { n: lit(100), seed: lit(0) })) },
			[scorer],
		)
		.value(
			'table',
			'effect',
			call('contrast', {
				table: input('t'),
				on: rowfn(column('c')),
				baseline: lit('Q'),
				paired: rowfn(column('x')),
				level: lit(0.95),
				resamples: lit(100),
				seed: lit(0),
			}),
			{ t: 't' },
		)
		.plan({ budget });
}

const pickA = define<{ choice: { prob(option: string): number | null } }, number | null>({
	name: 'pick_a',
	signature: '',
	doc: '',
	version: 1,
	run: ({ choice }) => choice.prob('a'),
});

const answer: FakeOptions['answer'] = (content) => {
	const [kind, x] = content.split(' ');
	return (kind === 'careful' ? 0.3 : 0) + (Number(x) % 2 === 0 ? 0.6 : 0.2);
};

const go = (
	plan: Plan,
	m: FakeModel,
	store: Store | null,
	more: readonly AnyDefinition[] = [],
	options = {},
): Promise<RunResult> => run(plan, { library: testLibrary({ m }, [pickA, ...more]), store, ...options });

interface Group {
	readonly c: string;
	readonly rate: Estimate;
	readonly wide: Estimate;
}

const rowsOf = (result: RunResult, id: string): Group[] =>
	(result.values.get(id) as Table).rows.map((row) => ({
		...(row as unknown as Group),
		c: (row.c as Labelled).name,
	}));

const dataOf = (result: RunResult, id: string): Row[] => [...(result.values.get(id) as Data)] as Row[];

test('a table groups by label in the order of appearance and computes its columns over the rows of each', async (t) => {
	const result = await go(study('correct', 0.55), fakeModel({ answer }), null);
	const rows = rowsOf(result, 't');
	t.deepEqual(
		rows.map(({ c }) => c),
		['Q', 'R'],
	);
	// 0.6 of even questions pass; with care 0.9 of even ones do and 0.5 of odd ones do not: half of 30 each.
	t.deepEqual(
		rows.map(({ rate }) => [rate.value, rate.n, rate.missing]),
		[
			[0.5, 30, 0],
			[0.5, 30, 0],
		],
	);
	t.is(rows[0]?.wide.value, 0.5);
	t.true((rows[0]?.wide.se ?? 0) > 0.05);
});

test('a table that calls a model anywhere behind it names the model and says its notice', async (t) => {
	const result = await go(study(), fakeModel({ answer, notice: 'a fake model' }), null);
	t.deepEqual((result.values.get('t') as Table).notices, ['a fake model']);
	t.deepEqual((result.values.get('effect') as Table).models, ['fake']);
	t.deepEqual(
		(result.values.get('e') as Data).provenance.map(({ name, notice }) => [name, notice]),
		[['fake', 'a fake model']],
	);
});

test('the same plan on the same store calls nothing, computes nothing and gives the same tables', async (t) => {
	const store = openStore(':memory:');
	const m = fakeModel({ answer });
	const first = await go(study('correct', 0.45), m, store);
	t.is(m.asked.length, 60);
	const again = await go(study('correct', 0.45), m, store);
	t.is(m.asked.length, 60);
	t.true(again.summary.steps.every(({ status }) => status === 'kept'));
	t.deepEqual(rowsOf(again, 't'), rowsOf(first, 't'));
	const plainly = (result: RunResult) =>
		dataOf(result, 'e').map(({ x, choice, correct }) => [x, choice, correct]);
	t.deepEqual(plainly(again), plainly(first));
});

test('another scorer re-runs the scorer and what reads it, and no call', async (t) => {
	const store = openStore(':memory:');
	const m = fakeModel({ answer });
	await go(study('correct', 0.1), m, store);
	const again = await go(study('correct', 0.55), m, store);
	t.is(m.asked.length, 60);
	const status = Object.fromEntries(again.summary.steps.map((step) => [step.id, step.status]));
	t.like(status, { 'e[]': 'kept', 'e.choice': 'kept', 'e.correct': 'done', t: 'done', effect: 'done' });
});

test('a contrast made again over a kept table finds the rows that the table was made from', async (t) => {
	const store = openStore(':memory:');
	const m = fakeModel({ answer });
	const first = await go(study('correct', 0.35), m, store);
	const changed = study('correct', 0.35);
	const effect = changed.nodes.find(({ id }) => id === 'effect') as { key: string };
	effect.key = 'f'.repeat(64);
	const again = await go(changed, m, store);
	t.like(Object.fromEntries(again.summary.steps.map((step) => [step.id, step.status])), {
		t: 'kept',
		effect: 'done',
	});
	t.deepEqual(
		rowsOf(again, 'effect').map(({ rate }) => rate),
		rowsOf(first, 'effect').map(({ rate }) => rate),
	);
});

test('calls that failed are made again by the next run, and only those', async (t) => {
	const store = openStore(':memory:');
	let broken = true;
	const m = fakeModel({
		answer: (content, seed) =>
			broken && content.endsWith(' 7') ? new TypeError('no') : (answer?.(content, seed) ?? 0),
	});
	const first = await go(study(), m, store, [], { calls: { maxAttempts: 1 } });
	t.is(first.outcome, 'partial');
	t.like(rowsOf(first, 't')[0]?.rate, { n: 29, missing: 1 });
	broken = false;
	const before = m.asked.length;
	const second = await go(study(), m, store);
	t.is(second.outcome, 'done');
	t.deepEqual(m.asked.slice(before).sort(), ['careful 7', 'plain 7']);
	t.like(rowsOf(second, 't')[0]?.rate, { n: 30, missing: 0 });
});

test('at the end of the budget the run keeps what it has, says so, and the next one goes on', async (t) => {
	const store = openStore(':memory:');
	const m = fakeModel({ answer, latencyMs: () => 1 });
	const first = await go(study('correct', 0, { calls: 20 }), m, store);
	t.is(first.outcome, 'budget');
	t.true(m.asked.length <= 20 && m.asked.length >= 15, `${m.asked.length} calls`);
	const table = first.values.get('t') as Table;
	t.true(
		table.notices.some((notice) => /e\.choice has \d+ of 60 rows: the budget was used up/.test(notice)),
		table.notices.join(),
	);
	const rates = rowsOf(first, 't').map(({ rate }) => rate);
	t.is(
		rates.reduce((sum, rate) => sum + rate.n, 0),
		m.asked.length,
	);
	t.is(
		rates.reduce((sum, rate) => sum + rate.missing, 0),
		60 - m.asked.length,
	);
	t.deepEqual(first.failures, []);
	const second = await go(study(), m, store);
	t.is(second.outcome, 'done');
	t.is(m.asked.length, 60);
});

test('an interrupted run is gone on with: no finished call is made twice', async (t) => {
	const store = openStore(':memory:');
	const controller = new AbortController();
	const m = fakeModel({
		answer: (content, seed) => {
			if (m.asked.length > 25) controller.abort();
			return answer?.(content, seed) ?? 0;
		},
		latencyMs: () => 2,
		concurrency: 2,
	});
	const first = await go(study(), m, store, [], { signal: controller.signal });
	t.is(first.outcome, 'interrupted');
	const before = m.asked.length;
	const second = await go(study(), fakeModel({ answer }), store);
	t.is(second.outcome, 'done');
	t.true(second.spent.calls <= 60 - before + 3, `${second.spent.calls} calls after ${before}`);
});

test('a run that was cut short goes on where it was: settled rows are not even looked up again', async (t) => {
	const store = openStore(':memory:');
	const controller = new AbortController();
	const plan = (last: string) =>
		new PlanWriter()
			.value('model', 'm', call('model', { name: lit('m') }))
			.eval(
				'e',
				[forEach('x', range(1, 400))],
				{
					'a: Choice': call('pick', {
						model: input('m'),
						prompt: text('row ', column('x')),
						options: list(lit('a'), lit('b')),
					}),
					'b: Text': text(last, field(column('a'), 'best')),
				},
				{ m: 'm' },
			)
			.plan();
	const latencyMs = () => 1;
	const m = fakeModel({
		latencyMs,
		concurrency: 4,
		answer: (content) => {
			if (m.asked.length > 300) controller.abort();
			return content.endsWith('3') ? 0.2 : 0.9;
		},
	});
	await go(plan('is '), m, store, [], { signal: controller.signal, checkpointSeconds: 0.01 });
	const second = fakeModel({ latencyMs, answer: (content) => (content.endsWith('3') ? 0.2 : 0.9) });
	const result = await go(plan('was '), second, store);
	t.is(result.outcome, 'done');
	t.true(result.spent.cached < 200, `${result.spent.cached} looked up`);
	t.true(second.asked.length < 110);
	const texts = dataOf(result, 'e').map(({ b }) => b);
	t.deepEqual(texts.slice(0, 4), ['was a', 'was a', 'was b', 'was a']);
	t.is(texts.filter((each) => each === 'was b').length, 40);
});

test('a step that fails takes along only what reads it', async (t) => {
	const bad = define<object, Data>({
		name: 'bad',
		signature: '',
		doc: '',
		version: 1,
		run: () => {
			throw new Error('the file is not there');
		},
	});
	const plan = new PlanWriter()
		.value('data', 'broken', { ...call('bad'), loc: 20 })
		.eval('lost', [forEach('x', input('broken'))], { y: column('x') }, { broken: 'broken' })
		.eval('fine', [forEach('x', range(1, 3))], { 'y: Number': binary('mul', column('x'), lit(2)) })
		.table('t', 'fine', {}, { rate: mean('y') }, ['y'])
		.plan();
	const result = await go(plan, fakeModel(), null, [bad]);
	t.is(result.outcome, 'failed');
	t.like((result.values.get('t') as Table).rows[0]?.rate, { value: 4 });
	t.like(result.failures[0], { step: 'broken', message: 'the file is not there', span: [20, 21] });
	t.deepEqual(
		result.failures.slice(1).map(({ step, message }) => `${step}: ${message}`),
		[
			'lost[]: not computed, because broken failed',
			'lost.y: not computed, because broken failed',
			'lost: not computed, because broken failed',
		],
	);
});

test('a field that cannot be compiled fails alone, the others of its eval are computed', async (t) => {
	const plan = new PlanWriter()
		.eval('e', [forEach('x', range(1, 2))], {
			'bad: Any': call('no_such_function'),
			'good: Number': column('x'),
		})
		.plan();
	const result = await go(plan, fakeModel(), null);
	t.deepEqual([...(result.values.get('e.good') as { values: Float64Array }).values], [1, 2]);
	t.like(result.failures[0], {
		step: 'e.bad',
		message: 'this version of Assay has no function "no_such_function"',
	});
});

test('only what is wanted is run, with what it needs', async (t) => {
	const m = fakeModel({ answer });
	const result = await go(study(), m, null, [], { only: ['e.choice'] });
	t.deepEqual(
		result.summary.steps.map(({ id }) => id),
		['m', 'q', 'r', 'e[]', 'e.choice'],
	);
});

test('arithmetic that fails in one group leaves that cell missing and the table whole', async (t) => {
	const plan = new PlanWriter()
		.eval('e', [forEach('g', list(lit('x'), lit('y'))), forEach('k', range(0, 1))], {
			'v: Number': binary('mul', column('k'), call('flag', { g: column('g') })),
		})
		.table(
			't',
			'e',
			{ g: column('g') },
			{ rate: mean('v'), inverse: binary('div', lit(1), column('rate')) },
			['v'],
		)
		.plan();
	const flag = define<{ g: string }, number>({
		name: 'flag',
		signature: '',
		doc: '',
		version: 1,
		run: ({ g }) => (g === 'x' ? 1 : 0),
	});
	const result = await go(plan, fakeModel(), null, [flag]);
	const { rows } = result.values.get('t') as Table;
	t.is(rows[0]?.inverse, 2);
	t.true(rows[1]?.inverse instanceof Missing);
	t.is(result.failures[0]?.message, 'division by zero');
});

test('rows without a key are in no group, and that is said', async (t) => {
	const plan = new PlanWriter()
		.eval('e', [forEach('x', range(0, 3))], {
			'k: Number': binary('div', lit(6), column('x')),
			'v: Number': column('x'),
		})
		.table('t', 'e', { k: column('k') }, { rate: mean('v') }, ['k', 'v'])
		.plan();
	const table = (await go(plan, fakeModel(), null)).values.get('t') as Table;
	t.deepEqual(
		table.rows.map(({ k }) => k),
		[6, 3, 2],
	);
	t.deepEqual(table.notices, ['1 row is in no group of t: a key has no value']);
});

test('a data set made from an eval comes back from the store with its values', async (t) => {
	const store = openStore(':memory:');
	let made = 0;
	const keep = define<{ data: Data; by: (row: number) => unknown }, Data>({
		name: 'keep',
		signature: 'keep(data: Data<R>, by: R -> Bool) -> Data<R>',
		doc: '',
		version: 1,
		run: ({ data, by }) => {
			made++;
			return data.take(
				Int32Array.from(Array.from({ length: data.length }, (_, i) => i).filter((i) => by(i) === true)),
			);
		},
	});
	const plan = new PlanWriter()
		.value('model', 'm', call('model', { name: lit('m') }))
		.eval(
			'e',
			[forEach('x', range(1, 4)), forEach('m', list(input('m')))],
			{ 'label: Text': text('item ', column('x')) },
			{ m: 'm' },
		)
		.value('data', 'few', call('keep', { data: input('e'), by: rowfn(binary('gt', column('x'), lit(2))) }), {
			e: 'e',
		})
		.eval(
			'f',
			[forEach('d', input('few'))],
			{ 'y: Text': text(field(column('d'), 'label'), '/', field(field(column('d'), 'm'), 'name')) },
			{ few: 'few' },
		)
		.plan();
	const m = fakeModel();
	const first = await go(plan, m, store, [keep]);
	const again = await go(plan, m, store, [keep]);
	t.is(made, 1);
	const texts = (result: RunResult) => dataOf(result, 'f').map(({ y }) => y);
	t.deepEqual(texts(first), ['item 3/fake', 'item 4/fake']);
	t.deepEqual(texts(again), texts(first));
	t.is(dataOf(again, 'few')[0]?.m, m.handle);
});
