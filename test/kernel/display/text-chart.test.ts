import test from 'ava';
import { displayWidth } from '../../../kernel/display/printable.ts';
import { textChart } from '../../../kernel/display/text-chart.ts';
import { bar } from '../../../stdlib/figures/bar.ts';
import { line } from '../../../stdlib/figures/line.ts';
import { scatter } from '../../../stdlib/figures/scatter.ts';
import { Data } from '../../../stdlib/values/data.ts';
import type { Figure } from '../../../stdlib/values/figure.ts';
import { figures, table } from '../../helpers/figures.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is taken out
const bare = (text: string): string => text.replace(/\u001b\[\d+m/g, '');

test('every kind of figure fits the width it is given', (t) => {
	for (const [name, figure] of Object.entries(figures)) {
		for (const width of [40, 80, 120]) {
			const lines = textChart(figure, { width }).split('\n');
			const widest = Math.max(...lines.map(displayWidth));
			t.true(widest <= width, `${name} at ${width}: ${widest}`);
			t.true(lines.length > 3, name);
		}
	}
});

test('colour only adds colour, except that it may turn crowded markers into dots', (t) => {
	for (const [name, figure] of Object.entries(figures)) {
		if (name === 'scatter') continue;
		t.is(bare(textChart(figure, { color: true })), textChart(figure), name);
	}
});

test('a line chart stands higher where its values are, with error bars, axis and legend', (t) => {
	const text = textChart(line(table, { x: 'size', y: 'accuracy', color: 'c', log_x: true }), { height: 12 });
	const plot = text.split('\n').filter((row) => /[┤│]/.test(row));
	const rowOf = (marker: string, side: 'first' | 'last'): number =>
		plot.findIndex((row) =>
			side === 'first' ? row.indexOf(marker) > 0 && row.indexOf(marker) < 20 : row.lastIndexOf(marker) > 60,
		);
	t.true(rowOf('■', 'last') < rowOf('●', 'last'), 'IF ends above Q');
	t.true(rowOf('■', 'last') < rowOf('■', 'first'), 'IF rises');
	t.regex(text, /┬/);
	t.regex(text, /┴/);
	t.regex(text, /200M +500M +1B +2B +5B/);
	t.regex(text, /c: {2}● Q {3}■ IF/);
	t.regex(text, /! small is simulated/);
	t.is(text.match(/small is simulated/g)?.length, 1, 'a notice is not said twice');
});

test('bars at names are as long as their values and end with them', (t) => {
	const lines = textChart(bar(table, { x: 'm', y: 'accuracy', color: 'c' }))
		.split('\n')
		.filter((row) => row.includes('│'));
	const lengths = lines.map((row) => (row.match(/[█▒▏▎▍▌▋▊▉]/g) ?? []).length);
	t.is(lines.length, 4);
	const order = [...lengths].sort((a, b) => a - b);
	t.deepEqual([lengths[0], lengths[1], lengths[2], lengths[3]], order, '0.3 < 0.4 < 0.7 < 0.9');
	t.true(Math.abs((lengths[3] as number) / (lengths[0] as number) - 3) < 0.4);
	t.regex(lines[0] ?? '', /small +Q .*0\.30 \[0\.22, 0\.40\]$/);
	t.regex(lines[3] ?? '', /^ +IF /);
});

test('bars below zero go to the left of their base', (t) => {
	const figure: Figure = {
		kind: 'figure',
		data: [{ type: 'bar', x: ['up', 'down'], y: [2, -2] }],
		layout: { xaxis: { type: 'category' } },
		notices: [],
	};
	const [up, down] = textChart(figure).split('\n') as [string, string];
	t.true(down.indexOf('█') < up.indexOf('█'));
	t.true(down.lastIndexOf('█') <= up.indexOf('█'));
});

test('a heat map shows each number at its names, darker for larger', (t) => {
	const text = textChart(figures.heatmap as Figure);
	t.regex(text, /c +small +large/);
	t.regex(text, /Q +0\.30 \[0\.22, 0\.40\] ░ +0\.70 \[0\.60, 0\.78\] ▓/);
	t.regex(textChart(figures.heatmap as Figure, { width: 40 }), /IF +0\.40 ░ +0\.90 █/);
});

test('a reliability diagram has its diagonal, its bins and their counts', (t) => {
	const text = textChart(figures.reliability as Figure);
	t.regex(text, /ECE 0\.\d+/);
	t.regex(text, /^rows +[▁▂▃▄▅▆▇█]/m);
	t.regex(text, /stated probability/);
	t.is((text.match(/●/g) ?? []).length, 10);
	t.notRegex(text, /perfect calibration/);
});

test('names with tags are shown as written, and escape sequences are not obeyed', (t) => {
	t.regex(textChart(figures.counts as Figure), /odd <b>/);
	const figure: Figure = {
		kind: 'figure',
		data: [{ type: 'bar', x: ['\u001b[2J'], y: [1] }],
		layout: { title: '\u001b[31mx' },
		notices: ['\u0007'],
	};
	// biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested
	t.notRegex(textChart(figure), /[\u001b\u0007]/);
});

test('figures that text cannot show, or that are empty, say so', (t) => {
	const figure = (data: Figure['data']): Figure => ({ kind: 'figure', data, layout: {}, notices: [] });
	t.regex(textChart(figure([{ type: 'pie', values: [1] }])), /needs a browser/);
	t.regex(textChart(figure([{ type: 'scatter', x: [], y: [] }])), /nothing to draw/);
	t.regex(textChart(figure([{ type: 'scatter', x: [1, 1], y: [5, 5] }])), /●/);
	t.notThrows(() =>
		textChart(
			figure([
				{ type: 'scatter', x: [1, 'a', null], y: [5, null, Number.NaN] },
				{ type: 'heatmap', z: [[null]] },
			]),
		),
	);
});

test('axes of very small and very large numbers are written as powers of ten', (t) => {
	const chart = (values: readonly number[]): string => {
		const rows = values.map((y, x) => ({ x, y }));
		return textChart(scatter(Data.fromRows(rows), { x: 'x', y: 'y' }));
	};
	t.regex(chart([1e-300, 2e-300]), /1\.5e-300 ┤/);
	t.regex(chart([1e-8, 2e-8]), /1\.5e-8 ┤/);
	t.regex(chart([1e20, 3e20]), /2e\+20 ┤/);
});
