import test from 'ava';
import type { Plan } from '../../../dsl/plan/plan.ts';
import { type RunSummaryInput, runSummary } from '../../../kernel/display/run-summary.ts';
import type { Spent } from '../../../kernel/engine/calls/spent.ts';
import type { RunResult, StepSummary } from '../../../kernel/engine/run.ts';

const TEXT = 'eval answers {\n  for x in items\n  thought = m.sample(q(x))\n}\n';

const plan: Plan = {
	format: 'assay-plan/1',
	title: 'BBQ',
	study: { cites: [], seed: 0, budget: { usd: null, tokens: null, calls: null, seconds: null } },
	source: { path: 'bbq.assay', text: TEXT },
	spans: [],
	nodes: [],
	modules: {},
};

const noCalls: Spent = {
	usd: 0,
	unpriced: 0,
	inputTokens: 0,
	outputTokens: 0,
	calls: 0,
	cached: 0,
	hedged: 0,
	shared: 0,
	failed: 0,
	refused: 0,
	empty: 0,
	seconds: 0,
};

const step = (id: string, status: StepSummary['status']): StepSummary => ({
	id,
	status,
	rows: 10,
	failed: 0,
	seconds: 1,
});

type Parts = Partial<Omit<RunResult, 'spent' | 'summary'>> & {
	readonly spent?: Partial<Spent>;
	readonly summary?: Partial<RunResult['summary']>;
};

function input({ spent, summary, ...rest }: Parts = {}): RunSummaryInput {
	return {
		plan,
		result: {
			outcome: 'done',
			failures: [],
			...rest,
			spent: { ...noCalls, ...spent },
			summary: { steps: [step('items', 'done')], seconds: 200, stopped: null, ...summary },
		},
	};
}

const plain = { color: false, width: 80 };

test('a run that went well is a few lines', (t) => {
	const steps = [
		step('items', 'kept'),
		step('answers.rows', 'kept'),
		step('answers.choice', 'done'),
		step('bias', 'done'),
	];
	const spent = { usd: 0.42, calls: 1200, cached: 400, shared: 12, inputTokens: 120_300, outputTokens: 4400 };
	const store = { store: '.assay/store.db', report: 'report.html' };
	t.is(
		runSummary({ ...input({ spent, summary: { steps } }), ...store }, plain),
		[
			'BBQ: done after 3 min 20 s',
			'  steps   2 run, 2 kept',
			'  calls   1,200 made, 400 kept, 12 shared',
			'  tokens  120,300 in, 4,400 out',
			'  spent   $0.4200',
			'  store   .assay/store.db',
			'  report  report.html',
		].join('\n'),
	);
});

test('failures come with how many rows, the place in the program, the first message and what to do', (t) => {
	const at = TEXT.indexOf('m.sample');
	const failures = [
		{
			step: 'answers.thought',
			message: 'the server answered 503',
			help: null,
			span: [at, at + 8],
			code: 'server',
			rows: 1,
		},
		{
			step: 'answers.thought',
			message: 'the answer was cut off',
			help: 'raise max_tokens',
			span: [at, at + 8],
			code: 'malformed',
			rows: 37,
		},
	] as const;
	const text = runSummary(input({ outcome: 'partial', failures }), plain);
	t.true(
		text.includes(
			[
				'What failed',
				'✗ 37 rows of answers.thought at bbq.assay:3:13',
				'  the answer was cut off (the first of them)',
				'  help: raise max_tokens',
				'✗ 1 row of answers.thought at bbq.assay:3:13',
				'  the server answered 503',
			].join('\n'),
		),
		text,
	);
	t.regex(text, /only the rows that failed are tried again/);
});

test('steps behind a failed one are counted but not listed as causes', (t) => {
	const failures = [
		{ step: 'items', message: 'no such file', help: null, span: null, code: null },
		{ step: 'bias', message: 'not computed, because items failed', help: null, span: null, code: 'blocked' },
	];
	const steps = [step('items', 'failed'), step('bias', 'blocked')];
	const text = runSummary(input({ outcome: 'failed', failures, summary: { steps } }), plain);
	t.regex(text, /steps {3}1 failed, 1 not reached because of a failure/);
	t.regex(text, /✗ the step of items\n {2}no such file/);
	t.notRegex(text, /bias/);
});

test('a long title is wrapped, and a path is whole so that it can be copied', (t) => {
	const store = `/${'a-folder-with-a-long-name/'.repeat(5)}store.db`;
	const { plan: short, result } = input();
	const title = 'Whether a network study with quite a long title comes to the same numbers twice';
	const lines = runSummary({ plan: { ...short, title }, result, store }, plain).split('\n');
	t.is(lines[0], `${title}:`);
	t.is(lines[1], '  done after 3 min 20 s');
	t.true(lines.includes(`  store   ${store}`));
});

test('a run without any call says so', (t) => {
	t.regex(runSummary(input(), plain), /^ {2}calls {3}none made, none needed$/m);
	t.regex(runSummary(input({ outcome: 'failed' }), plain), /^ {2}calls {3}none made$/m);
});

test('an interrupted run says that it goes on from here', (t) => {
	const text = runSummary(
		input({ outcome: 'interrupted', summary: { stopped: 'the run was interrupted' } }),
		plain,
	);
	t.regex(text, /^BBQ: interrupted after 3 min 20 s\n/);
	t.regex(text, /Next: `assay run bbq\.assay` again: it goes on from here/);
});

test('a run that met its budget says which', (t) => {
	const stopped = 'the budget of $5.00 is spent: $4.99, and one more call could pass it';
	const text = runSummary(input({ outcome: 'budget', summary: { stopped } }), plain);
	t.true(text.includes(`BBQ: stopped by the budget after 3 min 20 s\n  ${stopped}`), text);
});

test('what is missing in a replay is made by a run without it: of a study by its flag, of a notebook elsewhere', (t) => {
	const failures = [
		{ step: 'a.c', message: 'no answer', help: null, span: null, code: 'not-in-cassette', rows: 2 },
	];
	const replayed = input({ outcome: 'partial', failures });
	t.regex(runSummary(replayed, plain), /Next: `assay run bbq\.assay` without --replay makes the calls/);
	const { plan } = replayed;
	const notebook = runSummary(
		{ ...replayed, plan: { ...plan, source: { ...plan.source, path: null } } },
		plain,
	);
	t.regex(
		notebook,
		/Next: the notebook was run from its kept calls alone\. In Jupyter, or by `assay\s+notebook\s+run`/,
	);
	t.notRegex(notebook, /--replay/);
});

test('a price that is not known is said', (t) => {
	t.regex(runSummary(input({ spent: { calls: 2, unpriced: 2 } }), plain), /spent {3}price unknown/);
	t.regex(
		runSummary(input({ spent: { calls: 3, unpriced: 2, usd: 0.1 } }), plain),
		/spent {3}\$0\.1000 \+ 2 calls of unknown price/,
	);
});

test('messages of models and files are wrapped and cannot write control sequences', (t) => {
	const message = `\u001b[2J${'many words '.repeat(40)}`;
	const failures = [{ step: 's', message, help: null, span: null, code: 'server', rows: 2 }];
	const text = runSummary(input({ outcome: 'partial', failures }), { color: false, width: 60 });
	t.true(text.includes('␛[2Jmany words'));
	t.true(
		text.split('\n').every((line) => line.length <= 60),
		text,
	);
});
