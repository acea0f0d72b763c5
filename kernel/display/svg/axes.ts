import type { Chart, ChartAxis, ChartTrace } from '../chart-figure.ts';
import { linearScale, logScale, nameScale } from '../chart-scale.ts';
import { type Html, html } from '../html.ts';

/** Pixels of the plot itself within the picture. */
export interface Area {
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
}

/** Where a value stands, in pixels. */
export interface Axes {
	x(value: number | string): number;
	y(value: number): number;
	readonly picture: Html;
	/** Pixels that one name of an axis of names has. */
	readonly step: number;
}

const GRID = '#e5e5e5';
const AXIS = '#888888';
const TEXT = '#444444';

export function drawAxes(chart: Chart, traces: readonly ChartTrace[], area: Area): Axes {
	const across = acrossOf(chart.x, traces, area);
	const up = upOf(chart.y, traces, area);
	return {
		x: across.at,
		y: up.at,
		step: area.width / Math.max(1, chart.x.names.length),
		picture: html`${up.ticks.map(
			({ at, label }) =>
				html`<line x1="${area.left}" x2="${area.left + area.width}" y1="${at}" y2="${at}" stroke="${GRID}"/><text x="${area.left - 8}" y="${at + 4}" text-anchor="end">${label}</text>`,
		)}${across.ticks.map(
			({ at, label }) =>
				html`<line x1="${at}" x2="${at}" y1="${area.top + area.height}" y2="${area.top + area.height + 4}" stroke="${AXIS}"/><text x="${at}" y="${area.top + area.height + 18}" text-anchor="middle">${label}</text>`,
		)}<path d="M${area.left} ${area.top}V${area.top + area.height}H${area.left + area.width}" fill="none" stroke="${AXIS}"/>
<text x="${area.left + area.width / 2}" y="${area.top + area.height + 38}" text-anchor="middle" fill="${TEXT}">${chart.x.title}</text>
<text transform="translate(${area.left - 52} ${area.top + area.height / 2}) rotate(-90)" text-anchor="middle" fill="${TEXT}">${chart.y.title}</text>`,
	};
}

interface Placed {
	readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

function acrossOf(
	axis: ChartAxis,
	traces: readonly ChartTrace[],
	area: Area,
): Placed & { at(value: number | string): number } {
	const pixel = (share: number): number => round(area.left + share * area.width);
	if (axis.kind === 'name') {
		const place = nameScale(axis.names);
		const room = Math.max(3, Math.floor(area.width / Math.max(1, axis.names.length) / 7));
		return {
			at: (value) => pixel(place(String(value))),
			ticks: axis.names.map((name) => ({
				at: pixel(place(name)),
				label: name.length > room ? `${name.slice(0, room - 1)}…` : name,
			})),
		};
	}
	const values = traces.flatMap((trace) => trace.points.map((point) => Number(point.x)));
	const scale = axis.kind === 'log' ? logScale(values, 6) : linearScale(barEdges(traces, values), 8);
	return {
		at: (value) => pixel(scale.at(Number(value))),
		ticks: scale.ticks.map(({ value, label }) => ({ at: pixel(scale.at(value)), label })),
	};
}

/** Bars at numbers reach half a step beyond the first and the last. */
function barEdges(traces: readonly ChartTrace[], values: readonly number[]): readonly number[] {
	if (!traces.some((trace) => trace.kind === 'bars') || values.length < 2) return values;
	const sorted = [...new Set(values)].sort((a, b) => a - b);
	const half = ((sorted[1] as number) - (sorted[0] as number)) / 2;
	return [...values, (sorted[0] as number) - half, (sorted.at(-1) as number) + half];
}

function upOf(
	axis: ChartAxis,
	traces: readonly ChartTrace[],
	area: Area,
): Placed & { at(value: number): number } {
	const bars = traces.some((trace) => trace.kind === 'bars');
	const values = traces.flatMap((trace) =>
		trace.points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]),
	);
	const all = bars ? [0, ...values] : values;
	const scale = axis.kind === 'log' ? logScale(values, 6) : linearScale(all, 6);
	const at = (value: number): number => round(area.top + (1 - scale.at(value)) * area.height);
	return { at, ticks: scale.ticks.map(({ value, label }) => ({ at: at(value), label })) };
}

export const round = (pixels: number): number => Math.round(pixels * 10) / 10;
