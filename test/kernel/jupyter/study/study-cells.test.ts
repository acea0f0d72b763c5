import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { survey } from '../../../../kernel/engine/survey.ts';
import type { CellOutput, CellResult, DisplayData } from '../../../../kernel/jupyter/contracts.ts';
import { StudyCells, type StudyOptions } from '../../../../kernel/jupyter/study/study-cells.ts';
import { UserError } from '../../../../stdlib/define.ts';
import { standardLibrary } from '../../../../stdlib/index.ts';
import type { Table } from '../../../../stdlib/values/table.ts';

interface Shown {
	readonly displays: DisplayData[];
	readonly updates: DisplayData[];
	readonly text: string[];
}

interface Notebook {
	run(code: string, signal?: AbortSignal): Promise<{ readonly result: CellResult; readonly shown: Shown }>;
	readonly cells: StudyCells;
	readonly declared: Map<string, { readonly type: string; read(): unknown }>;
}

function notebook(t: ExecutionContext, more: Partial<StudyOptions> = {}): Notebook {
	const folder = mkdtempSync(join(tmpdir(), 'assay-study-cells-'));
	const declared: Notebook['declared'] = new Map();
	const cells = new StudyCells({
		folder,
		names: {
			functions: () => Promise.reject(new UserError('there are no TypeScript cells', 'write one')),
			function: () => null,
			declare: (name, type, read) => void declared.set(name, { type, read }),
		},
		...more,
	});
	t.teardown(() => {
		cells.close();
		rmSync(folder, { recursive: true, force: true });
	});
	let executionCount = 0;
	const run: Notebook['run'] = async (code, signal = new AbortController().signal) => {
		const shown: Shown = { displays: [], updates: [], text: [] };
		const output: CellOutput = {
			stream: (_, text) => void shown.text.push(text),
			display: (data, options) => void (options?.update ? shown.updates : shown.displays).push(data),
			clear: () => {},
			input: () => Promise.reject(new Error('no input')),
		};
		executionCount++;
		const result = await cells.execute(code, { code, executionCount, silent: false, output, signal });
		return { result, shown };
	};
	return { run, cells, declared };
}

const SETUP = `
data items = bbq(categories: ["Age"], source: "miniature")
model m = simulated(accuracy: 0.7, bias: 0.2)
prompt q(x: BBQ) { user "{x.context} {x.question} {lettered(x.answers)}" }
`;
const EVAL = `
eval answers {
  for x in items
  choice = m.choose(q(x), options: ["a", "b", "c"])
  correct = choice.best == x.correct
}
table bias = from answers by x.context_condition { accuracy = mean(correct) }
figure fig = bar(bias, x: context_condition, y: accuracy)
`;

test('cells are one program: a later one runs what an earlier one declares, and shows its table and figure', async (t) => {
	const { run, declared } = notebook(t);
	const first = await run(SETUP);
	t.is(first.result.status, 'ok', JSON.stringify(first.result));
	const { result, shown } = await run(EVAL);
	t.is(result.status, 'ok', JSON.stringify(result));
	const [progress, table, figure] = shown.displays;
	t.is(shown.displays.length, 3);
	t.regex(String(shown.updates.at(-1)?.data['text/plain'] ?? progress?.data['text/plain']), /calls made/);
	t.regex(String(table?.data['text/plain']), /^bias\n[\s\S]*ambig[\s\S]*simulated/);
	t.truthy(figure?.data['application/vnd.plotly.v1+json']);
	t.is((declared.get('bias')?.read() as Table).rows.length, 2);
});

test('names have the TypeScript types of their values', async (t) => {
	const { run, declared } = notebook(t);
	await run(SETUP);
	await run(EVAL);
	t.regex(
		declared.get('bias')?.type ?? '',
		/StudyFrame<\{ context_condition: string; accuracy: number; accuracy_se: number; accuracy_low: number; accuracy_high: number; accuracy_n: number; \}>/,
	);
	t.is(declared.get('fig')?.type, "import('assay/study').Figure");
	t.regex(
		declared.get('answers')?.type ?? '',
		/^import\('assay\/study'\)\.StudyData<\{.*readonly choice: import\('assay\/study'\)\.Choice;.*\}>$/,
	);
});

test('the variable of a loop over a record has its name in TypeScript', async (t) => {
	const { run, declared } = notebook(t);
	await run(SETUP);
	await run(
		'eval e {\n  for x in items |> take(2)\n  for p in {one: q, other: q}\n  n = length(x.question)\n}',
	);
	t.regex(declared.get('e')?.type ?? '', /readonly p: import\('assay\/study'\)\.Labelled</);
	const [row] = declared.get('e')?.read() as Iterable<{ readonly p: { readonly name: string } }>;
	t.is(row?.p.name, 'one');
});

test('a plan counts the calls of a study that uses functions of TypeScript cells', async (t) => {
	const admits = (text: string): boolean => text.includes('not');
	const { run, cells } = notebook(t, {
		names: {
			functions: async () => ({
				path: 'the TypeScript cells',
				sha256: 'one',
				functions: {
					admits: { params: [{ name: 'text', type: 'Text', optional: false }], result: 'Bool', doc: null },
				},
			}),
			function: () => admits as (...args: never[]) => unknown,
			declare: () => {},
		},
	});
	await run(SETUP);
	const { result } = await run(
		'use admits\neval e {\n  for x in items |> take(3)\n  answer = m.sample(x.question)\n  said = admits(answer)\n}',
	);
	t.is(result.status, 'ok', JSON.stringify(result));
	const planned = await cells.plan();
	if (planned.kind !== 'plan') return t.fail();
	const found = await survey(planned.plan, {
		library: standardLibrary,
		store: cells.store,
		modules: planned.modules,
	});
	t.deepEqual(
		found.steps.filter(({ problem }) => problem).map(({ problem }) => problem?.message),
		[],
	);
});

test('running a cell again makes no call', async (t) => {
	const { run } = notebook(t);
	await run(SETUP);
	await run(EVAL);
	const { shown } = await run(EVAL);
	const last = shown.updates.at(-1) ?? shown.displays[0];
	t.notRegex(String(last?.data['text/plain']), /[1-9]\d* calls made/);
});

test('what depends on a name that was declared anew is stale and says so, until it is run again', async (t) => {
	const { run } = notebook(t);
	await run(SETUP);
	await run(EVAL);
	const changed = await run('prompt q(x: BBQ) { user "{x.question} {lettered(x.answers)}" }');
	t.is(changed.result.status, 'ok');
	t.regex(
		changed.shown.text.join(''),
		/stale: answers, bias, fig depend on what has changed; run their cells again/,
	);
	const again = await run(EVAL);
	t.is(again.shown.text.join(''), '');
});

test('a cell that does not check is an error with carets, and changes nothing', async (t) => {
	const { run } = notebook(t);
	await run(SETUP);
	const { result } = await run('table bias = from answerz by m { accuracy = mean(correct) }');
	t.is(result.status, 'error');
	if (result.status !== 'error') return;
	t.regex(result.ename, /^A\d{4}$/);
	t.regex(result.traceback.join('\n'), /Cell \[2\]:1:19[\s\S]*answerz[\s\S]*\^\^\^/);
	t.is((await run(EVAL)).result.status, 'ok');
});

test('an error that a cell causes in another names that cell', async (t) => {
	const { run } = notebook(t);
	await run(SETUP);
	await run(EVAL);
	const { result } = await run('model m = 5');
	t.is(result.status, 'error');
	if (result.status === 'error') t.regex(result.traceback.join('\n'), /Cell \[\d\]/);
});

test('an interrupt ends a run, keeps what is finished, and the next cell runs', async (t) => {
	const { run } = notebook(t);
	await run(SETUP);
	const controller = new AbortController();
	controller.abort(new Error('interrupted'));
	const { result } = await run(EVAL, controller.signal);
	t.is(result.status, 'error');
	if (result.status === 'error') t.is(result.ename, 'Interrupted');
	t.is((await run(EVAL)).result.status, 'ok');
});

test('params of the notebook can be set from outside before their cell has run', async (t) => {
	const { run, declared } = notebook(t, { params: { n: '3' } });
	await run('let x = 1');
	await run('param n: Number = 10\nlet twice = n * 2');
	t.is(declared.get('twice')?.read(), 6);
});

test('a cell of data shows its first rows', async (t) => {
	const { run } = notebook(t);
	const { shown } = await run('data items = bbq(categories: ["Age"], source: "miniature")');
	t.regex(String(shown.displays.at(-1)?.data['text/plain']), /^items\n.*context[\s\S]*rows × \d+ columns/);
});

test('a model that is trained in a cell leaves its loss as a picture in the cell', async (t) => {
	const { run } = notebook(t);
	const { result, shown } = await run(`data digits = mnist(size: [8, 8])
data few = digits.train |> take(64)
network logits(x: Image[h, w, c]) { x |> flatten |> dense(10) }
model net = classifier(logits)
train fit { model = net  on = few  batch = 16  steps = 20 }`);
	t.is(result.status, 'ok', JSON.stringify(result));
	const last = shown.updates.at(-1)?.data ?? {};
	t.regex(String(last['text/plain']), /\nfit: 20 steps, loss \d\.\d+ {2}[▁-█]+/);
	t.regex(String(last['text/html']), /<svg[^>]*aria-label="loss over 20 steps"/);
});
