import type { Chart, ChartAxis, ChartPoint, ChartTrace } from './chart-figure.ts';
import { Canvas, type Ink, inkOf, markerOf } from './chart-ink.ts';
import { linearScale, logScale, nameScale, type Scale } from './chart-scale.ts';
import { displayWidth } from './printable.ts';
import { clipText } from './text-fit.ts';

export interface ChartSize {
	readonly width: number;
	readonly height: number;
	readonly color: boolean;
	readonly dim: Ink;
}

/** Beyond this many points a marker for each is a blot; dots show more. */
const MOST_MARKERS = 150;

/** Lines and points over two axes, as lines of text. */
export function drawPlane(chart: Chart, size: ChartSize): string[] {
	const traces = chart.traces.filter((trace) => !trace.below);
	const drawn = traces.filter((trace) => !trace.guide);
	const y = scaleOf(
		chart.y,
		traces.flatMap((trace) => trace.points.flatMap(heights)),
		Math.max(3, Math.floor(size.height / 3)),
	);
	const left = Math.max(...y.ticks.map((tick) => tick.label.length)) + 2;
	const canvas = new Canvas(Math.max(10, size.width - left), size.height);
	const x = acrossOf(chart.x, traces, Math.floor(canvas.width / 10));
	for (const trace of traces.filter((each) => each.guide)) drawPath(canvas, trace.points, x, y, size.dim, 3);
	const crowded = drawn.some((trace) => trace.points.length > MOST_MARKERS);
	drawn.forEach((trace, i) => {
		// Dots have no shape, so only colour can tell them apart.
		const marker = crowded && (size.color || drawn.length === 1) ? null : markerOf(i);
		drawTrace(canvas, trace, {
			x: dodged(x, chart.x, i, drawn.length),
			y,
			ink: inkOf(i, size.color),
			marker,
		});
	});
	return [
		...(chart.y.title ? [size.dim(clipText(chart.y.title, size.width))] : []),
		...withTicks(canvas.lines(), y, left, canvas, size.dim),
		...underAxis(chart, x, left, canvas, size),
		...panelBelow(chart, x, left, canvas, size),
	];
}

const heights = (point: ChartPoint): number[] => [
	point.y,
	...(point.low === null ? [] : [point.low]),
	...(point.high === null ? [] : [point.high]),
];

const scaleOf = (axis: ChartAxis, values: readonly number[], count: number): Scale =>
	axis.kind === 'log' ? logScale(values, count) : linearScale(values, count);

interface Across {
	at(value: number | string): number;
	readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

function acrossOf(axis: ChartAxis, traces: readonly ChartTrace[], count: number): Across {
	if (axis.kind === 'name') {
		const at = nameScale(axis.names);
		return {
			at: (value) => at(String(value)),
			ticks: axis.names.map((name) => ({ at: at(name), label: name })),
		};
	}
	const values = traces.flatMap((trace) => trace.points.map((point) => Number(point.x)));
	const scale = scaleOf(axis, values, Math.max(2, count));
	return {
		at: (value) => scale.at(Number(value)),
		ticks: scale.ticks.map(({ value, label }) => ({ at: scale.at(value), label })),
	};
}

/** Points of several series over one name stand beside each other, so that no error bar hides another. */
function dodged(
	x: Across,
	axis: ChartAxis,
	index: number,
	count: number,
): (value: number | string) => number {
	if (axis.kind !== 'name' || count < 2) return x.at;
	const shift = ((index - (count - 1) / 2) * 0.5) / (count * Math.max(1, axis.names.length));
	return (value) => x.at(value) + shift;
}

interface Pen {
	readonly x: (value: number | string) => number;
	readonly y: Scale;
	readonly ink: Ink;
	/** Null for dots. */
	readonly marker: string | null;
}

function drawTrace(canvas: Canvas, trace: ChartTrace, { x, y, ink, marker }: Pen): void {
	if (trace.kind === 'line') drawPath(canvas, trace.points, { at: x, ticks: [] }, y, ink, 1);
	for (const point of trace.points) drawError(canvas, point, x, y, ink);
	for (const point of trace.points) {
		if (marker === null) canvas.dot(x(point.x), y.at(point.y), ink);
		else canvas.put(canvas.column(x(point.x)), canvas.row(y.at(point.y)), marker, ink);
	}
}

function drawPath(
	canvas: Canvas,
	points: readonly ChartPoint[],
	x: Across,
	y: Scale,
	ink: Ink,
	every: number,
): void {
	points.forEach((point, i) => {
		const next = points[i + 1];
		if (next) canvas.line([x.at(point.x), y.at(point.y)], [x.at(next.x), y.at(next.y)], ink, every);
	});
}

function drawError(
	canvas: Canvas,
	{ x: place, y: value, low, high }: ChartPoint,
	x: Pen['x'],
	y: Scale,
	ink: Ink,
): void {
	if (low === null || high === null) return;
	const column = canvas.column(x(place));
	const [top, middle, bottom] = [canvas.row(y.at(high)), canvas.row(y.at(value)), canvas.row(y.at(low))];
	for (let row = top; row <= bottom; row++) {
		if (row === middle) continue;
		canvas.put(column, row, row === top ? '┬' : row === bottom ? '┴' : '│', ink, false);
	}
}

function withTicks(lines: readonly string[], y: Scale, left: number, canvas: Canvas, dim: Ink): string[] {
	const labels = new Map(y.ticks.map(({ value, label }) => [canvas.row(y.at(value)), label]));
	return lines.map((line, row) => {
		const label = labels.get(row);
		return `${dim(`${(label ?? '').padStart(left - 2)} ${label === undefined ? '│' : '┤'}`)}${line}`.trimEnd();
	});
}

/** The axis line, its labels where they fit, and its title. */
function underAxis(chart: Chart, x: Across, left: number, canvas: Canvas, { dim }: ChartSize): string[] {
	const axis = new Array<string>(canvas.width).fill('─');
	const room = Math.max(3, Math.floor(canvas.width / Math.max(1, x.ticks.length)) - 1);
	const labels = new Labels(left + canvas.width);
	for (const { at, label } of x.ticks) {
		const column = canvas.column(at);
		axis[column] = '┴';
		labels.add(left + column, chart.x.kind === 'name' ? clipText(label, room) : label);
	}
	const start = ' '.repeat(left - 1);
	const title = chart.x.title
		? [
				dim(
					`${' '.repeat(Math.max(0, left + canvas.width - displayWidth(chart.x.title)))}${clipText(chart.x.title, left + canvas.width)}`,
				),
			]
		: [];
	return [dim(`${start}└${axis.join('')}`), labels.text(), ...title];
}

/** Labels centred at columns of one line; one that would touch its neighbour is left out. */
class Labels {
	private line = '';
	private used = 0;
	private readonly width: number;

	constructor(width: number) {
		this.width = width;
	}

	add(centre: number, label: string): void {
		const size = displayWidth(label);
		const from = Math.min(Math.max(0, centre - (size >> 1)), Math.max(0, this.width - size));
		if (this.used > 0 && from <= this.used) return;
		this.line += ' '.repeat(Math.max(0, from - this.used)) + label;
		this.used = from + size;
	}

	text(): string {
		return this.line;
	}
}

const BLOCKS = ' ▁▂▃▄▅▆▇█';

/** Counts of a panel under the plot, a block character each. */
function panelBelow(chart: Chart, x: Across, left: number, canvas: Canvas, { color }: ChartSize): string[] {
	const panels = chart.traces.filter((trace) => trace.below && trace.points.length > 0);
	const most = Math.max(...panels.flatMap((trace) => trace.points.map((point) => point.y)), 1);
	return panels.map((trace, i) => {
		const line = new Array<string>(canvas.width).fill(' ');
		for (const point of trace.points) {
			line[canvas.column(x.at(point.x))] = BLOCKS[Math.max(1, Math.round((8 * point.y) / most))] as string;
		}
		return `${'rows'.padStart(left - 1)} ${inkOf(i, color)(line.join('').trimEnd())}`;
	});
}
