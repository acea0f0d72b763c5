import { decimalsFor, shortNumber } from '../../stdlib/statistics/digits.ts';
import type { Chart, ChartPoint, ChartTrace } from './chart-figure.ts';
import { type Ink, inkOf } from './chart-ink.ts';
import type { ChartSize } from './chart-plane.ts';
import { linearScale } from './chart-scale.ts';
import { displayWidth } from './printable.ts';
import { clipText, padText } from './text-fit.ts';

/** Names shown before the rest is only counted. */
const MOST_NAMES = 40;

/** Bars at names: lying, since names are long and terminals wide. The interval is the light part and the whisker. */
export function drawNamedBars(chart: Chart, size: ChartSize): string[] {
	const names = chart.x.names.slice(0, MOST_NAMES);
	const hidden = chart.x.names.length - names.length;
	const rows = names.flatMap((name) => barsAt(chart.traces, name));
	const decimals = decimalsFor(
		rows.map(({ point }) => ({ value: point.y, low: point.low, high: point.high })),
	);
	const values = rows.map(({ point }) => valueText(point, decimals));
	const nameWidth = Math.min(Math.floor(size.width / 3), Math.max(0, ...names.map(displayWidth)));
	const seriesWidth = Math.min(20, Math.max(0, ...chart.traces.map((trace) => displayWidth(trace.name))));
	const valueWidth = Math.max(0, ...values.map(displayWidth));
	const room = Math.max(8, size.width - nameWidth - seriesWidth - valueWidth - 4 - (seriesWidth > 0 ? 1 : 0));
	const scale = barScale(
		rows.map(({ point }) => point),
		room,
	);
	let before = '';
	const lines = rows.map(({ name, series, trace, point }, i) => {
		const shown = name === before ? '' : clipText(name, nameWidth);
		before = name;
		const label = seriesWidth > 0 ? ` ${padText(clipText(trace, seriesWidth), seriesWidth)}` : '';
		const bar = padText(barText(point, scale), room);
		return `${padText(shown, nameWidth)}${label} ${size.dim('│')}${inkOf(series, size.color)(bar)}  ${values[i]}`;
	});
	return hidden > 0 ? [...lines, size.dim(`… ${hidden} more`)] : lines;
}

interface BarRow {
	readonly name: string;
	readonly series: number;
	readonly trace: string;
	readonly point: ChartPoint;
}

const barsAt = (traces: readonly ChartTrace[], name: string): BarRow[] =>
	traces.flatMap((trace, series) =>
		trace.points
			.filter((point) => String(point.x) === name)
			.map((point) => ({ name, series, trace: trace.name, point })),
	);

function valueText({ y, low, high }: ChartPoint, decimals: number): string {
	const value = Number.isInteger(y) && low === null ? shortNumber(y) : y.toFixed(decimals);
	return low === null || high === null
		? value
		: `${value} [${low.toFixed(decimals)}, ${high.toFixed(decimals)}]`;
}

/** Column of a value in a bar's room; the bars begin at `zero`. */
interface BarScale {
	at(value: number): number;
	readonly zero: number;
}

function barScale(points: readonly ChartPoint[], room: number): BarScale {
	const ends = points.flatMap((point) => [point.y, point.low ?? 0, point.high ?? 0]);
	const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
	const span = most - least || 1;
	const at = (value: number): number => ((value - least) / span) * (room - 1);
	return { at, zero: at(0) };
}

function barText(point: ChartPoint, { at, zero }: BarScale): string {
	const [from, to] = [Math.min(zero, at(point.y)), Math.max(zero, at(point.y))];
	const cells = new Array<string>(Math.floor(from)).fill(' ');
	for (let i = Math.floor(from); i < Math.floor(to); i++) cells.push('█');
	if (cells.length < to || from === to)
		cells.push(zero === from ? (PARTS[Math.round((to - Math.floor(to)) * 8)] as string) : '█');
	if (point.low !== null && point.high !== null) whisker(cells, at(point.low), at(point.high), to);
	return cells.join('').trimEnd();
}

const PARTS = ['▏', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'] as const;

function whisker(cells: string[], low: number, high: number, end: number): void {
	for (let i = Math.round(low); i <= Math.round(high); i++) {
		const inside = i < Math.floor(end) && cells[i] === '█';
		while (cells.length <= i) cells.push(' ');
		if (inside) cells[i] = '▒';
		else if (i === Math.round(high)) cells[i] = '┤';
		else if (i === Math.round(low)) cells[i] = '├';
		else if (cells[i] === ' ') cells[i] = '─';
	}
}

const BLOCKS = ' ▁▂▃▄▅▆▇█';

/** Bars at numbers, as of a histogram: standing, one panel a series over one axis. */
export function drawNumberBars(chart: Chart, size: ChartSize): string[] {
	const panels = chart.traces.filter((trace) => trace.points.length > 0);
	const height = Math.max(4, Math.floor(size.height / Math.max(1, panels.length)));
	return panels.flatMap((trace, i) =>
		panel(chart, trace, { ...size, height }, inkOf(i, size.color), panels.length > 1),
	);
}

function panel(
	chart: Chart,
	trace: ChartTrace,
	{ width, height, dim }: ChartSize,
	ink: Ink,
	named: boolean,
): string[] {
	const most = Math.max(1, ...trace.points.map((point) => point.y));
	const left = shortNumber(most).length + 2;
	const each = Math.max(1, Math.floor((width - left) / trace.points.length));
	const lines: string[] = named
		? [ink(clipText(trace.name, width))]
		: chart.y.title
			? [dim(chart.y.title)]
			: [];
	for (let row = height - 1; row >= 0; row--) {
		const label = row === height - 1 ? shortNumber(most) : row === 0 ? '0' : '';
		const bar = trace.points.map((point) => {
			const filled = (point.y / most) * height - row;
			const eighths = Math.max(0, Math.min(8, Math.round(filled * 8)));
			const block = BLOCKS[row === 0 && point.y > 0 ? Math.max(1, eighths) : eighths] as string;
			return each > 2 ? `${block.repeat(each - 1)} ` : block.repeat(each);
		});
		lines.push(`${dim(`${label.padStart(left - 2)} ${label ? '┤' : '│'}`)}${ink(bar.join('').trimEnd())}`);
	}
	return [...lines, ...panelAxis(chart, trace, left, each, dim)];
}

function panelAxis(chart: Chart, trace: ChartTrace, left: number, each: number, dim: Ink): string[] {
	const width = each * trace.points.length;
	const xs = trace.points.map((point) => Number(point.x));
	const step = xs.length > 1 ? (xs[1] as number) - (xs[0] as number) : 1;
	const [from, to] = [(xs[0] as number) - step / 2, (xs.at(-1) as number) + step / 2];
	const ticks = linearScale([from, to], Math.max(2, Math.floor(width / 10))).ticks.filter(
		({ value }) => value >= from && value <= to,
	);
	const axis = new Array<string>(width).fill('─');
	let labels = '';
	for (const { value, label } of ticks) {
		const column = Math.min(width - 1, Math.round(((value - from) / (to - from)) * width));
		axis[column] = '┴';
		const start = Math.max(0, left + column - (label.length >> 1));
		if (start > labels.length || labels === '') labels = labels.padEnd(start) + label;
	}
	return [
		dim(`${' '.repeat(left - 1)}└${axis.join('')}`),
		labels,
		...(chart.x.title
			? [dim(`${' '.repeat(Math.max(0, left + width - displayWidth(chart.x.title)))}${chart.x.title}`)]
			: []),
	];
}
