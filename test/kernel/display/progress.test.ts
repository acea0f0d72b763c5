import test from 'ava';
import { createProgress, jsonLines, type Progress } from '../../../kernel/display/progress.ts';
import type { RunEvent } from '../../../kernel/engine/events.ts';
import { Screen } from '../../helpers/screen.ts';

type Call = Extract<RunEvent, { type: 'call-finished' }>;

const call = (values: Partial<Call> = {}): Call => ({
	type: 'call-finished',
	model: 'm',
	kind: 'choose',
	outcome: 'done',
	inputTokens: 90,
	outputTokens: 10,
	usd: 0.001,
	seconds: 0.2,
	...values,
});

const started = (title: string, ids: readonly string[]): RunEvent => ({
	type: 'run-started',
	run: 'r1',
	title,
	steps: ids.map((id) => ({ id, kept: id === 'items', rows: null })),
	at: 0,
});

const progressed = (step: string, done: number, total: number | null, failed = 0): RunEvent => ({
	type: 'step-progress',
	step,
	done,
	total,
	failed,
});

interface Session {
	readonly screen: Screen;
	readonly progress: Progress;
	/** Moves the clock, then tells an event. */
	at(seconds: number, event: RunEvent): void;
}

function session(columns: number, options: { isTTY?: boolean } = {}): Session {
	const screen = new Screen(columns);
	let ms = 0;
	const progress = createProgress({
		stream: screen,
		columns,
		color: false,
		isTTY: options.isTTY ?? true,
		now: () => ms,
	});
	const at = (seconds: number, event: RunEvent): void => {
		ms = seconds * 1000;
		progress.onEvent(event);
	};
	return { screen, progress, at };
}

/** 20 seconds of an eval of 2,000 rows at 50 rows and 50 calls a second. */
function twentySeconds({ at }: Session): void {
	at(0, started('BBQ under chain of thought', ['items', 'answers.choice']));
	at(0, { type: 'step-finished', step: 'items', rows: 400, failed: 0, kept: true, seconds: 0 });
	for (let second = 1; second <= 20; second++) {
		for (let i = 0; i < 50; i++) at(second, call());
		at(second + 0.5, progressed('answers.choice', second * 50, 2000, 3));
	}
}

test('a running step has its name, rows done of all, and rows that failed', (t) => {
	const run = session(80);
	twentySeconds(run);
	const line = run.screen.text.split('\n').find((each) => each.includes('answers.choice'));
	t.regex(line ?? '', /^ {2}answers\.choice {2}━{12}─{12} {2}1,000\/2,000 {2}3 failed$/);
	run.progress.close();
});

test('the status line adds up calls, tokens and money, and tells rate and time left', (t) => {
	const run = session(80);
	twentySeconds(run);
	// 1,000 calls of 100 tokens and $0.001; 1,000 rows to go at 50 a second.
	t.is(
		run.screen.text.split('\n').at(-1),
		'  1,000 calls · 100.0k tokens · $1.00 · 50 calls/s · 5.0k tokens/s · 20 s left',
	);
	run.progress.close();
});

test('calls that were kept or shared cost nothing and are counted apart', (t) => {
	const run = session(80);
	run.at(0, call());
	run.at(1, call({ outcome: 'cached', usd: 5, inputTokens: 1e6 }));
	run.at(2, call({ outcome: 'shared', usd: 5, inputTokens: 1e6 }));
	run.at(2.5, call({ outcome: 'failed', usd: null, inputTokens: 0, outputTokens: 0 }));
	t.regex(run.screen.text, /2 calls · 1 kept · 1 shared · 1 failed · 100 tokens · \$0\.0010/);
	run.progress.close();
});

test('a price that is not known is said and not guessed', (t) => {
	const unpriced = session(80);
	unpriced.at(0, call({ usd: null }));
	t.regex(unpriced.screen.text, /price unknown/);
	unpriced.at(1, call({ usd: 0.5 }));
	t.regex(unpriced.screen.text, /over \$0\.5000/);
	unpriced.progress.close();
});

for (const columns of [80, 40, 20]) {
	test(`no line is wider than a terminal of ${columns} columns`, (t) => {
		const run = session(columns);
		run.at(
			0,
			started('A study whose title is much longer than any terminal that a person would use for it', [
				'items',
			]),
		);
		twentySeconds(run);
		run.at(30, progressed('an_eval_with_a_long_name.and_a_field_with_one', 1_234_567, 9_876_543, 88_888));
		run.at(31, {
			type: 'retry',
			model: 'm',
			attempt: 1,
			waitMs: 12_000,
			reason: 'the server is over its limit',
		});
		run.at(32, {
			type: 'step-finished',
			step: 'an_eval_with_a_long_name.and_a_field_with_one',
			rows: 9_876_543,
			failed: 88_888,
			kept: false,
			seconds: 4000,
		});
		t.true(run.screen.widest < columns, `${run.screen.widest} columns`);
		t.regex(run.screen.text, /1,000 calls/);
		run.progress.close();
	});
}

test('however fast events come, the screen is drawn at most ten times a second', (t) => {
	const run = session(80);
	for (let i = 0; i < 10_000; i++) run.at(i / 2000, call());
	const frames = run.screen.writes.filter((text) => text.includes('calls')).length;
	t.true(frames >= 40 && frames <= 51, `${frames} frames in 5 seconds`);
	run.progress.close();
});

test('finished steps leave one line each, and closing leaves only those and gives the cursor back', (t) => {
	const run = session(80);
	twentySeconds(run);
	t.false(run.screen.cursorVisible);
	run.at(40, progressed('answers.choice', 2000, 2000, 3));
	run.at(40, {
		type: 'step-finished',
		step: 'answers.choice',
		rows: 2000,
		failed: 3,
		kept: false,
		seconds: 40,
	});
	run.progress.close();
	run.progress.close();
	t.true(run.screen.cursorVisible);
	t.deepEqual(run.screen.text.split('\n'), [
		'BBQ under chain of thought  2 steps, 1 kept',
		'✓ items           400 rows, kept',
		'! answers.choice  2,000 rows, 40 s  3 failed',
	]);
});

test('steps that are done at once and count nothing leave no line', (t) => {
	const run = session(80);
	run.at(0, started('BBQ', ['q', 'fig']));
	run.at(1, { type: 'step-finished', step: 'q', rows: null, failed: 0, kept: false, seconds: 0.001 });
	run.at(2, { type: 'step-finished', step: 'fig', rows: null, failed: 0, kept: false, seconds: 3 });
	run.progress.close();
	t.deepEqual(run.screen.text.split('\n').slice(1), ['✓ fig  3.0 s']);
});

test('while no step counts rows, the steps to go are named', (t) => {
	const run = session(80);
	run.at(0, started('BBQ', ['items', 'bias', 'fig']));
	run.at(1, { type: 'step-finished', step: 'items', rows: 10, failed: 0, kept: false, seconds: 1 });
	t.is(run.screen.text.split('\n').at(-1), '  2 steps to go: bias, fig');
	run.progress.close();
});

test('steps that fail, notices and the end of a budget stay on the screen, each notice once', (t) => {
	const run = session(80);
	const notice: RunEvent = { type: 'notice', message: 'the responder is simulated' };
	run.at(0, notice);
	run.at(1, notice);
	run.at(2, {
		type: 'step-failed',
		step: 'fig',
		message: 'there are no rows',
		help: 'loosen the condition',
		span: null,
	});
	run.at(3, { type: 'budget', limit: 'usd', spent: 4.99, allowed: 5 });
	run.progress.close();
	t.deepEqual(run.screen.text.split('\n'), [
		'note: the responder is simulated',
		'✗ fig: there are no rows',
		'  help: loosen the condition',
		'budget: $4.99 of $5.00 used, and one more call could pass it; no more calls are made',
	]);
});

test('what a server said does not push the numbers out', (t) => {
	const run = session(80);
	twentySeconds(run);
	const reason = 'api.example.com answered 429: you have reached the limit of your organisation';
	run.at(20.6, { type: 'retry', model: 'm', attempt: 1, waitMs: 2000, reason });
	run.at(20.8, call());
	const lines = run.screen.text.split('\n');
	t.regex(lines.at(-2) ?? '', /^ {2}api\.example\.com answered 429: you have/);
	t.regex(lines.at(-1) ?? '', /1,001 calls .* calls\/s .* left/);
	run.progress.close();
});

test('retries are said while they matter', (t) => {
	const run = session(80);
	run.at(0, call());
	run.at(1, { type: 'retry', model: 'm', attempt: 1, waitMs: 11_400, reason: 'rate limit' });
	t.regex(run.screen.text, /rate limit: retry in 12 s/);
	run.at(9, call());
	t.notRegex(run.screen.text, /retry in/);
	t.regex(run.screen.text, /1 retry/);
	run.progress.close();
});

test('names and messages cannot move the cursor or colour the screen', (t) => {
	const run = session(80);
	run.at(0, started('\u001b[2Jgone\u202e', ['\u001b[1;31mred']));
	run.at(1, progressed('\u001b[1;31mred', 1, 2));
	run.at(2, {
		type: 'step-failed',
		step: 'x\u0007',
		message: 'a\nb\u001b]0;title\u0007',
		help: null,
		span: null,
	});
	run.progress.close();
	t.regex(run.screen.text, /␛\[2Jgone⟨U\+202E⟩/);
	t.regex(run.screen.text, /x␇: a␊b␛\]0;title␇/);
});

test('where there is no terminal only what a person has to know is written, without control sequences', (t) => {
	const run = session(80, { isTTY: false });
	twentySeconds(run);
	t.is(run.screen.writes.length, 0);
	run.at(50, { type: 'notice', message: 'stand-in data' });
	run.at(51, { type: 'step-failed', step: 'fig', message: 'no rows', help: null, span: null });
	run.progress.close();
	t.is(run.screen.writes.join(''), 'note: stand-in data\n✗ fig: no rows\n');
});

test('the JSON display is the event stream, one object a line', (t) => {
	const screen = new Screen(80);
	const display = jsonLines(screen);
	const events = [started('a\nb', ['items']), call({ usd: null }), progressed('items', 1, null)];
	for (const event of events) display.onEvent(event);
	const lines = screen.writes.join('').trimEnd().split('\n');
	t.deepEqual(
		lines.map((line) => JSON.parse(line)),
		events,
	);
});
