import type { Figure } from '../../stdlib/values/figure.ts';
import { printable } from './printable.ts';

/** What a text chart reads of a Plotly figure; anything else in it is left alone. */
export interface ChartAxis {
	readonly title: string;
	readonly kind: 'number' | 'log' | 'name';
	/** Order of the names on an axis of names. */
	readonly names: readonly string[];
	readonly reversed: boolean;
}

export interface ChartPoint {
	readonly x: number | string;
	readonly y: number;
	readonly low: number | null;
	readonly high: number | null;
}

export interface ChartTrace {
	readonly kind: 'line' | 'points' | 'bars';
	readonly name: string;
	readonly points: readonly ChartPoint[];
	/** A guide such as the diagonal: drawn, but not in the legend. */
	readonly guide: boolean;
	/** Stands in the small panel under the plot. */
	readonly below: boolean;
}

export interface ChartCells {
	readonly columns: readonly string[];
	readonly lines: readonly string[];
	readonly z: readonly (readonly (number | null)[])[];
	/** What is written into the cells, where the figure writes something. */
	readonly texts: readonly (readonly string[])[] | null;
}

/** A picture that is there already, such as a gallery of images. */
export interface ChartPicture {
	/** A PNG as a data URI. */
	readonly source: string;
	readonly width: number;
	readonly height: number;
	/** Names over it, and where, in its pixels. */
	readonly labels: readonly { readonly at: number; readonly text: string }[];
}

export interface Chart {
	readonly title: string;
	readonly caption: string;
	readonly notices: readonly string[];
	readonly x: ChartAxis;
	readonly y: ChartAxis;
	readonly legendTitle: string;
	readonly traces: readonly ChartTrace[];
	readonly cells: ChartCells | null;
	readonly picture: ChartPicture | null;
}

type Json = Readonly<Record<string, unknown>>;

const record = (value: unknown): Json =>
	typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A text of a figure as a terminal may show it: Plotly's line breaks and entities undone. */
function textOf(value: unknown): string {
	const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
	return printable(
		text
			.replace(/<br\s*\/?>/gi, ' ')
			.replace(/&(amp|lt|gt|#36);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>' })[name] ?? '$'),
	);
}

const titleOf = (axis: Json): string => textOf(record(axis.title).text ?? axis.title);

export function readFigure(figure: Figure): Chart {
	const layout = record(figure.layout);
	const title = record(layout.title);
	const data = figure.data.map(record);
	const traces = data.flatMap(traceOf);
	const notices = figure.notices.map((notice) => printable(notice));
	return {
		title: typeof layout.title === 'string' ? textOf(layout.title) : textOf(title.text),
		caption: withoutNotices(textOf(record(title.subtitle).text), notices),
		notices,
		x: axisOf(
			record(layout.xaxis),
			traces.map((trace) => trace.points.map((point) => point.x)),
		),
		y: axisOf(record(layout.yaxis), []),
		legendTitle: textOf(record(record(layout.legend).title).text),
		traces,
		cells: cellsOf(data.find((trace) => trace.type === 'heatmap')),
		picture: pictureOf(
			data.find((trace) => trace.type === 'image'),
			layout,
		),
	};
}

/** Nothing but a PNG inside the figure: a picture from elsewhere would be fetched by whoever opens the page. */
const PNG_URI = /^data:image\/png;base64,[A-Za-z0-9+/=]+$/;

function pictureOf(trace: Json | undefined, layout: Json): ChartPicture | null {
	if (!trace || typeof trace.source !== 'string' || !PNG_URI.test(trace.source)) return null;
	const [x, y] = [record(layout.xaxis), record(layout.yaxis)];
	const extent = (axis: Json): number => {
		const [from, to] = list(axis.range);
		return typeof from === 'number' && typeof to === 'number' ? Math.abs(to - from) : 0;
	};
	const texts = list(x.ticktext).map(textOf);
	const labels = list(x.tickvals).map((at, i) => ({ at: Number(at), text: texts[i] ?? '' }));
	return { source: trace.source, width: extent(x), height: extent(y), labels };
}

/** Notices stand in a figure's subtitle too; here they come after the chart. */
const withoutNotices = (subtitle: string, notices: readonly string[]): string =>
	notices
		.reduce((text, notice) => text.replace(notice, ''), subtitle)
		.replace(/\s+/g, ' ')
		.trim();

function axisOf(axis: Json, xs: readonly (readonly (number | string)[])[]): ChartAxis {
	const named = axis.type === 'category' || xs.some((values) => values.some((x) => typeof x === 'string'));
	const given = list(axis.categoryarray).map(textOf);
	const found = named ? xs.flat().map(String) : [];
	return {
		title: titleOf(axis),
		kind: named ? 'name' : axis.type === 'log' ? 'log' : 'number',
		names: [...new Set([...given, ...found])],
		reversed: axis.autorange === 'reversed',
	};
}

function traceOf(trace: Json): ChartTrace[] {
	const kind =
		trace.type === 'bar' ? 'bars' : trace.type === 'scatter' || trace.type === 'scattergl' ? 'scatter' : null;
	if (!kind) return [];
	const mode = typeof trace.mode === 'string' ? trace.mode : 'lines+markers';
	return [
		{
			kind: kind === 'bars' ? 'bars' : mode.includes('lines') ? 'line' : 'points',
			name: textOf(trace.name),
			points: pointsOf(trace),
			guide: mode === 'lines' && trace.showlegend === false,
			below: typeof trace.yaxis === 'string' && trace.yaxis !== 'y',
		},
	];
}

function pointsOf(trace: Json): ChartPoint[] {
	const [xs, ys] = [list(trace.x), list(trace.y)];
	const errors = record(trace.error_y);
	const [up, down] = [
		list(errors.array),
		list(errors.symmetric === false ? errors.arrayminus : errors.array),
	];
	return ys.flatMap((y, i) => {
		const x = xs[i];
		if (typeof y !== 'number' || (typeof x !== 'number' && typeof x !== 'string')) return [];
		const reach = (value: unknown, sign: number): number | null =>
			typeof value === 'number' ? y + sign * value : null;
		return [{ x: typeof x === 'string' ? textOf(x) : x, y, low: reach(down[i], -1), high: reach(up[i], 1) }];
	});
}

function cellsOf(trace: Json | undefined): ChartCells | null {
	if (!trace) return null;
	const z = list(trace.z).map((line) =>
		list(line).map((value) => (typeof value === 'number' ? value : null)),
	);
	const texts = Array.isArray(trace.text) ? trace.text.map((line) => list(line).map(textOf)) : null;
	const names = (values: readonly unknown[], count: number): string[] =>
		Array.from({ length: count }, (_, i) => textOf(values[i] ?? i));
	return {
		columns: names(list(trace.x), z[0]?.length ?? 0),
		lines: names(list(trace.y), z.length),
		z,
		texts,
	};
}
