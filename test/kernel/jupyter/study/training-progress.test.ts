import test, { type ExecutionContext } from 'ava';
import type { RunEvent } from '../../../../kernel/engine/events.ts';
import type { DisplayData } from '../../../../kernel/jupyter/contracts.ts';
import { LossCurve } from '../../../../kernel/jupyter/study/loss-curve.ts';
import { lossFigure, lossSparks } from '../../../../kernel/jupyter/study/loss-figure.ts';
import { ProgressDisplay } from '../../../../kernel/jupyter/study/progress-display.ts';

const START: RunEvent = {
	type: 'run-started',
	run: 'r',
	title: 'Digits',
	steps: [{ id: 'fit', kept: false, rows: null }],
	at: 0,
};

const trained = (at: number, loss: number, more: Partial<Extract<RunEvent, { type: 'training' }>> = {}) =>
	({
		type: 'training',
		step: 'fit',
		at,
		of: 400,
		loss,
		examplesPerSecond: null,
		secondsLeft: null,
		line: null,
		...more,
	}) as const;

const counted = (done: number): RunEvent => ({
	type: 'step-progress',
	step: 'fit',
	done,
	total: 400,
	failed: 0,
});

function display(t: ExecutionContext) {
	const shown: DisplayData[] = [];
	const progress = new ProgressDisplay({ show: (data) => void shown.push(data) });
	t.teardown(() => progress.close('over'));
	return { shown, progress };
}

const textOf = (data: DisplayData | undefined): string => String(data?.data['text/plain']);
const htmlOf = (data: DisplayData | undefined): string => String(data?.data['text/html']);

/** Points of the drawn line, in pixels. */
const drawn = (html: string): number[][] =>
	(/points="([^"]*)"/.exec(html)?.[1] ?? '').split(' ').map((pair) => pair.split(',').map(Number));

test('while a model trains its loss, throughput and time left stand in one display, ten times a second at most', async (t) => {
	const { shown, progress } = display(t);
	progress.onEvent(START);
	for (let at = 1; at < 200; at++) {
		progress.onEvent(counted(at));
		progress.onEvent(trained(at, 1 / at, { examplesPerSecond: 2140, secondsLeft: 12.3 }));
	}
	t.true(shown.length <= 3, `${shown.length} drawings for 400 events at once`);
	await new Promise((resolve) => setTimeout(resolve, 250));
	progress.onEvent(counted(200));
	progress.onEvent(trained(200, 1 / 200, { examplesPerSecond: 2140, secondsLeft: 12.3 }));
	await new Promise((resolve) => setTimeout(resolve, 250));
	const last = shown.at(-1);
	t.regex(textOf(last), /fit {2}200\/400 {2}loss 0\.00500 · 2\.1k examples\/s · 12 s left\n {2}[▁-█]+/);
	t.regex(htmlOf(last), /loss 0\.00500 · 2\.1k examples\/s · 12 s left/);
	const points = drawn(htmlOf(last));
	// A falling loss goes down on the page, and half of the steps take half of the width.
	t.true(
		points.every(
			([x, y], i) =>
				i === 0 ||
				((x as number) > (points[i - 1]?.[0] as number) && (y as number) >= (points[i - 1]?.[1] as number)),
		),
	);
	t.true(Math.abs((points.at(-1)?.[0] as number) - (58 + (360 - 58 - 8) / 2)) < 0.1);
});

test('what is left of a training is a line and its curve', (t) => {
	const { shown, progress } = display(t);
	progress.onEvent(START);
	for (let at = 4; at <= 400; at += 4)
		progress.onEvent(trained(at, 2, { line: { step: at, loss: 1 - at / 500 } }));
	progress.close('1 step in 3 s');
	t.regex(textOf(shown.at(-1)), /^1 step in 3 s\nfit: 400 steps, loss 0\.200 {2}█.*▁$/);
	t.is(drawn(htmlOf(shown.at(-1))).length, 100, 'a point a line of the history');
	t.is(htmlOf(shown.at(-1)).match(/<svg/g)?.length, 1);
});

test('a run that is cut short says how far it came, and one step draws nothing', (t) => {
	const { shown, progress } = display(t);
	progress.onEvent(START);
	progress.onEvent(trained(7, 0.5));
	progress.close('stopped');
	t.is(textOf(shown.at(-1)).trimEnd(), 'stopped\nfit: 7 of 400 steps, loss 0.500');
	t.notRegex(htmlOf(shown.at(-1)), /<svg/);
});

test('names of steps are text, not markup', (t) => {
	const { shown, progress } = display(t);
	progress.onEvent(START);
	for (const at of [1, 2]) progress.onEvent({ ...trained(at, at), step: '<img src=x>' });
	progress.close('done');
	t.notRegex(htmlOf(shown.at(-1)), /<img/);
});

test('a curve of any length has a bounded number of points, in order, with the mean of what each stands for', (t) => {
	const curve = new LossCurve();
	for (let at = 1; at <= 100_000; at++) curve.add(at, at);
	const { points } = curve;
	t.true(points.length > 100 && points.length <= 240, String(points.length));
	t.is(points.at(-1)?.at, 100_000);
	for (const [i, { at, loss }] of points.entries()) {
		const before = points[i - 1]?.at ?? 0;
		t.true(at > before);
		t.true(Math.abs(loss - (before + 1 + at) / 2) < 1e-6);
	}
});

test('a loss that is no number leaves a gap, not a broken picture', (t) => {
	const curve = new LossCurve();
	for (const [at, loss] of [3, Number.NaN, 2, Number.POSITIVE_INFINITY, 1].entries()) curve.add(at, loss);
	t.deepEqual(
		curve.points.map(({ loss }) => loss),
		[3, 2, 1],
	);
	t.notRegex(lossFigure(curve.points, 5)?.text ?? '', /NaN|Infinity/);
	t.is(lossSparks(curve.points), '█▅▁');
	t.is(
		lossSparks([
			{ at: 1, loss: 1 },
			{ at: 2, loss: 1 },
		]),
		'▅▅',
		'a loss that stays',
	);
});
