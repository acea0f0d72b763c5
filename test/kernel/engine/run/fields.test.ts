import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import type { RunEvent } from '../../../../kernel/engine/events.ts';
import { run } from '../../../../kernel/engine/run.ts';
import { openStore } from '../../../../kernel/engine/store/store.ts';
import { define } from '../../../../stdlib/define.ts';
import type { Column } from '../../../../stdlib/values/column.ts';
import { Missing } from '../../../../stdlib/values/missing.ts';
import {
	binary,
	call,
	column,
	forEach,
	index,
	input,
	list,
	lit,
	range,
	repeat,
	text,
	used,
} from './cores.ts';
import { type FakeModel, fakeModel, testLibrary } from './models.ts';
import { PlanWriter } from './plans.ts';

const ask = (of: ReturnType<typeof text>) => call('ask', { model: input('m'), prompt: of });
const model = (writer: PlanWriter) => writer.value('model', 'm', call('model', { name: lit('m') }));
const cells = (values: ReadonlyMap<string, unknown>, id: string): unknown[] => {
	const of = values.get(id) as Column;
	return Array.from({ length: of.length }, (_, row) => of.get(row));
};

function plan(rows: number) {
	return model(new PlanWriter())
		.eval(
			'e',
			[forEach('x', range(1, rows))],
			{ 'a: Text': ask(text('first ', column('x'))), 'b: Text': ask(text('then ', column('a'))) },
			{ m: 'm' },
		)
		.plan();
}

const runWith = (m: FakeModel, of = plan(60), options = {}) =>
	run(of, { library: testLibrary({ m }), store: null, ...options });

test('a field that reads another gets its value of the same row', async (t) => {
	const m = fakeModel({ answer: (prompt) => `<${prompt}>`, latencyMs: (prompt) => prompt.length % 3 });
	const { values } = await runWith(m, plan(20));
	t.deepEqual(cells(values, 'e.b').slice(0, 2), ['<then <first 1>>', '<then <first 2>>']);
	t.is(new Set(cells(values, 'e.b')).size, 20);
});

test('rows go on while one of them waits: there are no waves', async (t) => {
	const finished: string[] = [];
	const others = Promise.withResolvers<void>();
	const m = fakeModel({
		concurrency: 4,
		latencyMs: () => 1,
		// Comes back only when everything but its own second field has.
		until: (prompt) => (prompt === 'first 1' ? Promise.race([others.promise, sleep(5_000)]) : null),
		answer: (prompt) => {
			if (finished.push(prompt) === 118) others.resolve();
			return prompt;
		},
	});
	await runWith(m);
	t.deepEqual(finished.slice(-2), ['first 1', 'then first 1']);
});

test('a row that has begun is ended before later ones begin, as far as the model has room', async (t) => {
	const m = fakeModel({ concurrency: 4, latencyMs: () => 1 });
	await runWith(m);
	const ended = m.asked
		.map((prompt, at) => ({ prompt, at }))
		.filter(({ prompt }) => prompt.startsWith('then'));
	// The second call of the first row waits for the first round at most, and so on.
	ended.slice(0, 20).forEach(({ at }, row) => {
		t.true(at <= 2 * row + 3 * 4, `call ${at} for row ${row}`);
	});
});

test('as many calls are in flight as the model takes, never more', async (t) => {
	const m = fakeModel({ concurrency: 6, latencyMs: () => 3 });
	await runWith(m);
	t.is(m.peak, 6);
});

test('rows that wait are bounded however many rows there are', async (t) => {
	let inside = 0;
	let most = 0;
	const wait = define<{ x: number }, Promise<number>>({
		name: 'wait',
		signature: '',
		doc: '',
		version: 1,
		run: async ({ x }) => {
			most = Math.max(most, ++inside);
			await new Promise((resolve) => setTimeout(resolve, 1));
			inside--;
			return x;
		},
	});
	const many = new PlanWriter()
		.eval('e', [forEach('x', range(1, 2000))], { 'y: Number': call('wait', { x: column('x') }) })
		.plan();
	const { values } = await run(many, { library: testLibrary({}, [wait]), store: null });
	t.is(cells(values, 'e.y')[1999], 2000);
	t.is(most, 64);
});

test('a row that fails is one cell with its reason; the rest of the column is there', async (t) => {
	const broken = new PlanWriter()
		.eval('e', [forEach('x', range(0, 3))], {
			'y: Number': binary('div', lit(6), column('x'), 11),
			'z: Number': binary('add', column('y'), lit(1)),
		})
		.plan();
	const { values, failures, outcome } = await run(broken, { library: testLibrary({}), store: null });
	t.is(outcome, 'partial');
	const [first, ...rest] = cells(values, 'e.z');
	t.true(first instanceof Missing && first.code === 'row-error');
	t.deepEqual(rest, [7, 4, 3]);
	// Counted where it happened, not in what reads it.
	t.deepEqual(failures, [
		{ step: 'e.y', message: 'division by zero', help: null, span: [11, 12], code: 'row-error', rows: 1 },
	]);
});

test('failures of one cause are one entry with their number', async (t) => {
	const of = new PlanWriter()
		.eval('e', [forEach('x', range(0, 9))], { 'y: Any': index(list(lit(1), lit(2)), column('x'), 3) })
		.plan();
	const { failures, summary } = await run(of, { library: testLibrary({}), store: null });
	t.is(failures.length, 1);
	t.like(failures[0], { rows: 8, message: 'index 2 is out of range: there are 2 elements, 0 to 1' });
	t.like(
		summary.steps.find(({ id }) => id === 'e.y'),
		{ status: 'partial', failed: 8 },
	);
});

test("a value of another type than the field's, from TypeScript, is a failed cell", async (t) => {
	const of = new PlanWriter()
		.eval('e', [forEach('x', range(1, 2))], { 'y: Number': used('m', 'odd', column('x')) })
		.plan();
	const modules = { m: { odd: (x: number) => (x === 1 ? 'one' : 2) } };
	const { values, failures } = await run(of, { library: testLibrary({}), store: null, modules });
	t.deepEqual(cells(values, 'e.y').at(-1), 2);
	t.like(failures[0], { message: 'expected Number, found the text "one"', rows: 1 });
});

test('NaN is no number: the cell has failed', async (t) => {
	const of = new PlanWriter()
		.eval('e', [forEach('x', range(1, 1))], { 'y: Number': used('m', 'nan') })
		.plan();
	const { values } = await run(of, {
		library: testLibrary({}),
		store: null,
		modules: { m: { nan: () => Number.NaN } },
	});
	t.true(cells(values, 'e.y')[0] instanceof Missing);
});

test('a refused or failed call leaves its row missing and says so', async (t) => {
	const m = fakeModel({
		answer: (prompt) => (prompt.endsWith('2') ? new TypeError('the answer made no sense') : 'fine'),
	});
	const { values, failures, outcome } = await runWith(m, plan(3), { calls: { maxAttempts: 1 } });
	t.is(outcome, 'partial');
	t.is(cells(values, 'e.a')[0], 'fine');
	t.true(cells(values, 'e.a')[1] instanceof Missing);
	t.is(cells(values, 'e.b')[1], cells(values, 'e.a')[1]);
	t.deepEqual(
		failures.map(({ step, rows }) => [step, rows]),
		[['e.a', 1]],
	);
});

test('every repeat is a draw of its own; the same call without one is made once', async (t) => {
	const m = fakeModel({ answer: (prompt, seed) => `${prompt} #${seed}` });
	const of = model(new PlanWriter())
		.eval('draws', [repeat('i', lit(40))], { 'y: Text': ask(text('say something')) }, { m: 'm' })
		.eval('plain', [forEach('x', range(1, 40))], { 'y: Text': ask(text('say something')) }, { m: 'm' })
		.plan();
	const { values, spent } = await runWith(m, of, { store: openStore(':memory:') });
	t.is(new Set(cells(values, 'draws.y')).size, 40);
	t.is(new Set(cells(values, 'plain.y')).size, 1);
	t.is(m.asked.length, 41);
	t.is(spent.calls, 41);
});

test('fail fast ends the run at the first failed row, max-failures after that many', async (t) => {
	const of = new PlanWriter()
		.eval('e', [forEach('x', range(1, 50))], { 'y: Number': binary('div', column('x'), lit(0)) })
		.plan();
	const fast = await run(of, { library: testLibrary({}), store: null, failFast: true });
	t.is(fast.outcome, 'failed');
	t.regex(fast.summary.stopped ?? '', /stopped after a row has failed; the last: division by zero/);
	const some = await run(of, { library: testLibrary({}), store: null, maxFailures: 10 });
	t.regex(some.summary.stopped ?? '', /stopped after 11 rows have failed/);
	const all = await run(of, { library: testLibrary({}), store: null, maxFailures: 50 });
	t.is(all.outcome, 'partial');
});

test('an interrupt ends the run soon, also in rows that never wait', async (t) => {
	const controller = new AbortController();
	const of = new PlanWriter()
		.eval('e', [forEach('x', range(1, 2_000_000))], { 'y: Number': binary('mul', column('x'), lit(2)) })
		.plan();
	setTimeout(() => controller.abort(), 40);
	const started = performance.now();
	const { outcome } = await run(of, { library: testLibrary({}), store: null, signal: controller.signal });
	t.is(outcome, 'interrupted');
	t.true(performance.now() - started < 1500);
});

test('an interrupt during calls ends the run at once', async (t) => {
	const controller = new AbortController();
	const m = fakeModel({ latencyMs: () => 5_000 });
	setTimeout(() => controller.abort(), 30);
	const started = performance.now();
	const { outcome } = await runWith(m, plan(10), { signal: controller.signal });
	t.is(outcome, 'interrupted');
	t.true(performance.now() - started < 2_000);
});

test('progress is told while rows run, and ends at all of them', async (t) => {
	const events: RunEvent[] = [];
	const m = fakeModel({ latencyMs: () => 2 });
	await runWith(m, plan(50), { onEvent: (event: RunEvent) => events.push(event) });
	const progress = events.filter((event) => event.type === 'step-progress' && event.step === 'e.b');
	t.like(progress.at(-1), { done: 50, total: 50, failed: 0 });
	t.deepEqual(
		events.map(({ type }) => type).filter((type) => type.startsWith('run-')),
		['run-started', 'run-finished'],
	);
});
