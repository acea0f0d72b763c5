import { bar } from '../../stdlib/figures/bar.ts';
import { heatmap } from '../../stdlib/figures/heatmap.ts';
import { histogram } from '../../stdlib/figures/histogram.ts';
import { line } from '../../stdlib/figures/line.ts';
import { reliability } from '../../stdlib/figures/reliability.ts';
import { scatter } from '../../stdlib/figures/scatter.ts';
import { randomStream } from '../../stdlib/random.ts';
import { mean } from '../../stdlib/statistics/mean.ts';
import { Data } from '../../stdlib/values/data.ts';
import type { Figure } from '../../stdlib/values/figure.ts';
import type { Table } from '../../stdlib/values/table.ts';

export const share = (right: number, n: number) => mean(Array.from({ length: n }, (_, i) => i < right));

export const table: Table = {
	kind: 'table',
	name: 't',
	columns: [
		{ name: 'm', role: 'group' },
		{ name: 'size', role: 'group' },
		{ name: 'c', role: 'group' },
		{ name: 'accuracy', role: 'value' },
	],
	rows: [
		{ m: 'small', size: 1e8, c: 'Q', accuracy: share(30, 100) },
		{ m: 'small', size: 1e8, c: 'IF', accuracy: share(40, 100) },
		{ m: 'large', size: 8e9, c: 'Q', accuracy: share(70, 100) },
		{ m: 'large', size: 8e9, c: 'IF', accuracy: share(90, 100) },
	],
	notices: ['small is simulated'],
	models: ['small', 'large'],
	lineage: null,
};

const random = randomStream(1, 'text chart');
export const data = Data.fromRows(
	Array.from({ length: 400 }, () => random.next()).map((p, i) => ({
		p,
		correct: random.next() < p,
		x: random.normal(),
		kind: i % 2 ? 'odd <b>' : 'even',
	})),
);

/** One figure of each kind that the library makes. */
export const figures: Readonly<Record<string, Figure>> = {
	line: line(table, { x: 'size', y: 'accuracy', color: 'c', log_x: true }),
	names: line(table, { x: 'm', y: 'accuracy', color: 'c' }),
	bar: bar(table, { x: 'm', y: 'accuracy', color: 'c' }),
	scatter: scatter(data, { x: 'x', y: 'p', color: 'kind' }),
	histogram: histogram(data, { x: 'x', color: 'kind' }),
	counts: histogram(data, { x: 'kind' }),
	heatmap: heatmap(table, { x: 'm', y: 'c', z: 'accuracy' }),
	reliability: reliability(data, { p: 'p', correct: 'correct' }),
};
