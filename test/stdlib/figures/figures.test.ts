import test from 'ava';
import { UserError } from '../../../stdlib/define.ts';
import { bar } from '../../../stdlib/figures/bar.ts';
import { heatmap } from '../../../stdlib/figures/heatmap.ts';
import { histogram } from '../../../stdlib/figures/histogram.ts';
import { figures } from '../../../stdlib/figures/index.ts';
import { line } from '../../../stdlib/figures/line.ts';
import { reliability } from '../../../stdlib/figures/reliability.ts';
import { scatter } from '../../../stdlib/figures/scatter.ts';
import { randomStream } from '../../../stdlib/random.ts';
import { calibrationBins, statedOf } from '../../../stdlib/statistics/calibration.ts';
import { mean } from '../../../stdlib/statistics/mean.ts';
import { Data } from '../../../stdlib/values/data.ts';
import type { Estimate } from '../../../stdlib/values/estimate.ts';
import type { Figure } from '../../../stdlib/values/figure.ts';
import { Labelled } from '../../../stdlib/values/labelled.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import type { Table } from '../../../stdlib/values/table.ts';

const share = (right: number, n: number): Estimate => mean(Array.from({ length: n }, (_, i) => i < right));

function tableOf(rows: readonly Record<string, unknown>[], notices: readonly string[] = []): Table {
	const names = Object.keys(rows[0] ?? {});
	return {
		kind: 'table',
		name: 'results',
		columns: names.map((name) => ({ name, role: name === 'accuracy' ? 'value' : 'group' })),
		rows,
		notices,
		models: ['small', 'large'],
		lineage: null,
	};
}

// biome-ignore lint/suspicious/noExplicitAny: a figure is Plotly's own JSON
type Loose = any;
const trace = (figure: Figure, i: number): Loose => figure.data[i];
const layout = (figure: Figure): Loose => figure.layout;

const byModel = tableOf([
	{ m: 'large', parameters: 8e9, c: new Labelled('Q', 1), accuracy: share(90, 100) },
	{ m: 'small', parameters: 1e8, c: new Labelled('Q', 1), accuracy: share(40, 100) },
	{ m: 'small', parameters: 1e8, c: new Labelled('IF', 2), accuracy: share(50, 100) },
	{ m: 'closed', parameters: null, c: new Labelled('IF', 2), accuracy: share(95, 100) },
	{ m: 'large', parameters: 8e9, c: new Labelled('IF', 2), accuracy: mean([new Missing('failed', 'x')]) },
]);

test('line draws a line a colour, in order of x, with the estimates’ own intervals as error bars', (t) => {
	const figure = line(byModel, { x: 'parameters', y: 'accuracy', color: 'c', log_x: true });
	t.deepEqual(
		figure.data.map((each) => each.name),
		['Q', 'IF'],
	);
	t.deepEqual(trace(figure, 0).x, [1e8, 8e9]);
	t.deepEqual(trace(figure, 0).y, [0.4, 0.9]);
	const large = share(90, 100);
	const { array, arrayminus } = trace(figure, 0).error_y;
	t.is(array[1], (large.high as number) - 0.9);
	t.is(arrayminus[1], 0.9 - (large.low as number));
	t.true(array[1] < arrayminus[1], 'a Wilson interval is not symmetric');
	t.is(layout(figure).xaxis.type, 'log');
	t.is(layout(figure).yaxis.title.text, 'accuracy');
	t.regex(layout(figure).title.subtitle.text, /small, large · n = 100 a point · bars: 95% intervals/);
});

test('rows without a place are said and not silently dropped', (t) => {
	const figure = line(byModel, { x: 'parameters', y: 'accuracy', color: 'c' });
	t.deepEqual(figure.notices, [
		'1 row is not drawn: parameters is not known (closed, IF)',
		'1 row is not drawn: accuracy has no value (large, 8000000000, IF)',
	]);
	const log = scatter(
		tableOf([
			{ a: 0, accuracy: 1 },
			{ a: 2, accuracy: 1 },
		]),
		{ x: 'a', y: 'accuracy', log_x: true },
	);
	t.regex(log.notices[0] ?? '', /a is not above 0, so it has no place on a log axis \(0\)/);
});

test('where no row has an x, the rows are drawn at a place that says so', (t) => {
	const closed = tableOf([
		{ m: 'a', size: null, accuracy: 1 },
		{ m: 'b', size: null, accuracy: 2 },
	]);
	const figure = line(closed, { x: 'size', y: 'accuracy', color: 'm', log_x: true });
	t.deepEqual(trace(figure, 1).x, ['not known']);
	t.deepEqual(trace(figure, 1).y, [2]);
	t.is(layout(figure).xaxis.type, 'category');
});

test('axes given as functions take their titles from the program', (t) => {
	const x = Object.assign((row: number) => byModel.rows[row]?.parameters, { label: 'm.parameters' });
	const y = Object.assign((row: number) => byModel.rows[row]?.accuracy, { label: 'accuracy' });
	const figure = line(byModel, { x, y });
	t.is(layout(figure).xaxis.title.text, 'm.parameters');
	t.is(layout(figure).title.text, 'accuracy by m.parameters');
});

test('names on the x axis keep their order and are never taken for numbers or dates', (t) => {
	const figure = line(
		tableOf([
			{ year: '2020', accuracy: 1 },
			{ year: '2019', accuracy: 2 },
		]),
		{ x: 'year', y: 'accuracy' },
	);
	t.is(layout(figure).xaxis.type, 'category');
	t.deepEqual(layout(figure).xaxis.categoryarray, ['2020', '2019']);
});

test('notices of the source stand in the picture itself', (t) => {
	const figure = bar(tableOf([{ m: 'a', accuracy: 1 }], ['a is simulated']), { x: 'm', y: 'accuracy' });
	t.true(figure.notices.includes('a is simulated'));
	t.regex(layout(figure).title.subtitle.text, /a is simulated/);
	const data = Data.fromRows([{ x: 1 }], [{ name: 'set', source: 's', notice: 'written for tests' }]);
	t.deepEqual(histogram(data, { x: 'x' }).notices, ['written for tests']);
});

test('text from data cannot bring tags, links, TeX or control characters into a figure', (t) => {
	const evil = '<a href="https://x.example">$\\alpha$</a>\u202e\u001b[31m & more';
	const figures = [
		bar(tableOf([{ m: evil, c: evil, accuracy: 1 }]), { x: 'm', y: 'accuracy', color: 'c', title: evil }),
		heatmap(tableOf([{ m: evil, c: evil, accuracy: 1 }]), { x: 'm', y: 'c', z: 'accuracy' }),
		line(tableOf([{ m: null, c: evil, accuracy: 1 }], [evil]), { x: 'm', y: 'accuracy', color: 'c' }),
	];
	for (const figure of figures) {
		const shown = JSON.stringify([figure.data, figure.layout]);
		t.notRegex(shown, /<a|\$|\u202e|\\u001b/);
		t.regex(shown, /&lt;a href/);
	}
});

test('long names that look alike once cut stay apart', (t) => {
	const figure = bar(
		tableOf([
			{ m: `${'x'.repeat(100)}1`, accuracy: 1 },
			{ m: `${'x'.repeat(100)}2`, accuracy: 2 },
		]),
		{ x: 'm', y: 'accuracy' },
	);
	t.is(new Set(trace(figure, 0).x).size, 2);
});

test('text where a number must be is refused in words', (t) => {
	const error = t.throws(() => line(byModel, { x: 'parameters', y: 'm' }), { instanceOf: UserError });
	t.is(error?.message, '`m` must be numbers, but a row has "large"');
	t.throws(() => line(byModel, { x: 'size', y: 'accuracy' }), { message: 'no column "size"' });
});

test('histogram counts every row once, and says which have no value', (t) => {
	const random = randomStream(1, 'histogram');
	const rows = Array.from({ length: 500 }, (_, i) => ({
		x: i === 7 ? new Missing('failed', '') : random.normal(),
		kind: i % 2 ? 'a' : 'b',
	}));
	const figure = histogram(Data.fromRows(rows), { x: 'x', color: 'kind' });
	const total = figure.data.flatMap((each) => each.y as number[]).reduce((sum, count) => sum + count, 0);
	t.is(total, 499);
	t.deepEqual(figure.notices, ['1 row is not drawn: x has no value']);
	const names = histogram(Data.fromRows(rows), { x: 'kind' });
	t.deepEqual(trace(names, 0).y, [250, 250]);
	const fixed = histogram(Data.fromRows([0, 1, 2, 3, 4].map((x) => ({ x }))), { x: 'x', bins: 2 });
	t.deepEqual(trace(fixed, 0).y, [2, 3]);
});

test('histogram of nothing but missing values counts none', (t) => {
	const gone = new Missing('failed', '');
	const figure = histogram(Data.fromRows([{ x: gone }, { x: gone }]), { x: 'x' });
	t.deepEqual(trace(figure, 0).y, []);
	t.regex(layout(figure).title.subtitle.text, /n = 0 rows/);
});

test('heatmap puts each number at its names, with holes where there is none', (t) => {
	const table = tableOf([
		{ m: 'a', level: 10, accuracy: 0.5 },
		{ m: 'b', level: 2, accuracy: -0.25 },
	]);
	const figure = heatmap(table, { x: 'm', y: 'level', z: 'accuracy' });
	t.deepEqual(trace(figure, 0).y, ['2', '10'], 'numbers in order');
	t.deepEqual(trace(figure, 0).z, [
		[null, -0.25],
		[0.5, null],
	]);
	t.is(trace(figure, 0).zmid, 0);
	const crowded = heatmap(
		tableOf([
			{ m: 'a', c: 'x', accuracy: 1 },
			{ m: 'a', c: 'x', accuracy: 3 },
		]),
		{ x: 'm', y: 'c', z: 'accuracy' },
	);
	t.deepEqual(trace(crowded, 0).z, [[2]]);
	t.true(crowded.notices.includes('a cell with several rows shows their mean'));
});

test('reliability draws the calibration bins with Wilson intervals and states the error', (t) => {
	const random = randomStream(2, 'reliability');
	const rows = Array.from({ length: 300 }, () => random.next()).map((p, i) => ({
		p,
		correct: i === 3 ? new Missing('unparsed', '') : random.next() < p,
	}));
	const figure = reliability(Data.fromRows(rows), { p: 'p', correct: 'correct', bins: 5 });
	const kept = rows.filter((_, i) => i !== 3);
	const bins = calibrationBins(
		statedOf(
			kept.map((row) => row.p),
			kept.map((row) => row.correct as boolean),
		),
		5,
		'mass',
	);
	t.deepEqual(
		trace(figure, 1).x,
		bins.map((bin) => bin.meanP),
	);
	t.deepEqual(
		trace(figure, 1).y,
		bins.map((bin) => bin.meanY),
	);
	t.deepEqual(
		trace(figure, 2).y,
		bins.map((bin) => bin.count),
	);
	t.regex(layout(figure).title.subtitle.text, /ECE 0\.\d{3} \[0\.\d{3}, 0\.\d{3}\], n = 299/);
	t.deepEqual(figure.notices, ['1 row is left out: p or correct has no value']);
});

test('a scatter of very many points draws a part and says so', (t) => {
	const random = randomStream(3, 'many');
	const data = Data.fromRows(Array.from({ length: 30_000 }, () => ({ a: random.next(), b: random.next() })));
	const figure = scatter(data, { x: 'a', y: 'b' });
	t.true(trace(figure, 0).x.length <= 20_500);
	t.regex(figure.notices[0] ?? '', /\d+ of 30000 points are drawn, chosen at random/);
	t.deepEqual(scatter(data, { x: 'a', y: 'b' }), figure, 'the same part every time');
});

test('figures are plain JSON, also of an empty table', (t) => {
	const empty: Table = { ...byModel, rows: [] };
	for (const figure of [
		line(empty, { x: 'm', y: 'accuracy' }),
		bar(empty, { x: 'm', y: 'accuracy' }),
		heatmap(empty, { x: 'm', y: 'c', z: 'accuracy' }),
		histogram(empty, { x: 'm' }),
	]) {
		t.deepEqual(JSON.parse(JSON.stringify(figure)), figure as Loose);
	}
	t.is(figures.length, 7);
});
