import { PALETTE } from '../../../stdlib/figures/palette.ts';
import { shortNumber } from '../../../stdlib/statistics/digits.ts';
import type { ChartCells, ChartPoint, ChartTrace } from '../chart-figure.ts';
import { type Html, html } from '../html.ts';
import { type Area, type Axes, round } from './axes.ts';

const GUIDE = '#999999';

export const inkOf = (series: number): string => PALETTE[series % PALETTE.length] as string;

/** Lines, points and bars of the series over their axes, with error bars. */
export function drawTraces(traces: readonly ChartTrace[], axes: Axes, named: boolean): Html {
	const guides = traces.filter((trace) => trace.guide);
	const series = traces.filter((trace) => !trace.guide);
	return html`${guides.map((trace) => html`<path d="${pathOf(trace.points, axes, 0)}" fill="none" stroke="${GUIDE}" stroke-dasharray="5 4"/>`)}${series.map(
		(trace, i) =>
			trace.kind === 'bars'
				? drawBars(trace, i, series.length, axes, named)
				: drawPoints(trace, i, axes, named ? dodge(i, series.length, axes.step) : 0),
	)}`;
}

/** Points of several series over one name stand beside each other. */
const dodge = (index: number, count: number, step: number): number =>
	count < 2 ? 0 : ((index - (count - 1) / 2) * step * 0.5) / count;

const pathOf = (points: readonly ChartPoint[], axes: Axes, shift: number): string =>
	points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${round(axes.x(x) + shift)} ${axes.y(y)}`).join('');

function drawPoints(trace: ChartTrace, series: number, axes: Axes, shift: number): Html {
	const ink = inkOf(series);
	const line =
		trace.kind === 'line'
			? html`<path d="${pathOf(trace.points, axes, shift)}" fill="none" stroke="${ink}" stroke-width="2"/>`
			: null;
	const small = trace.points.length > 150;
	return html`${line}${trace.points.map((point) => {
		const x = round(axes.x(point.x) + shift);
		return html`<g>${titleOf(trace.name, point)}${errorBar(point, x, axes, ink)}${markerOf(series, x, axes.y(point.y), small ? 2 : 4.5, ink)}</g>`;
	})}`;
}

/** What a browser says when the pointer rests on a mark, without any script. */
function titleOf(series: string, { x, y, low, high }: ChartPoint): Html {
	const at = typeof x === 'number' ? shortNumber(x) : x;
	const interval = low === null || high === null ? '' : ` [${shortNumber(low, 3)}, ${shortNumber(high, 3)}]`;
	return html`<title>${series === '' ? '' : `${series}: `}${at}, ${shortNumber(y)}${interval}</title>`;
}

/** A series keeps its shape, so that it is told apart without colour too. */
export function markerOf(series: number, x: number, y: number, size: number, ink: string): Html {
	const corners = [
		null,
		[-1, -1, 1, -1, 1, 1, -1, 1],
		[0, -1.3, 1.3, 0, 0, 1.3, -1.3, 0],
		[0, -1.2, 1.1, 0.9, -1.1, 0.9],
	][series % 4];
	if (!corners) return html`<circle cx="${x}" cy="${y}" r="${size}" fill="${ink}"/>`;
	const points = corners.map((corner, i) => round((i % 2 === 0 ? x : y) + corner * size * 0.9));
	return html`<polygon points="${points.join(' ')}" fill="${ink}"/>`;
}

function errorBar({ low, high }: ChartPoint, x: number, axes: Axes, ink: string): Html | null {
	if (low === null || high === null) return null;
	const [top, bottom] = [axes.y(high), axes.y(low)];
	return html`<path d="M${x} ${top}V${bottom}M${round(x - 4)} ${top}h8M${round(x - 4)} ${bottom}h8" fill="none" stroke="${ink}" stroke-width="1.5"/>`;
}

function drawBars(trace: ChartTrace, series: number, count: number, axes: Axes, named: boolean): Html {
	const share = named ? (axes.step * 0.8) / count : numberStep(trace, axes) * 0.94;
	const base = axes.y(0);
	return html`${trace.points.map((point) => {
		const middle = axes.x(point.x) + (named ? (series - (count - 1) / 2) * share : 0);
		const y = axes.y(point.y);
		return html`<g>${titleOf(trace.name, point)}<rect x="${round(middle - share / 2)}" y="${Math.min(y, base)}" width="${round(share)}" height="${round(Math.abs(base - y))}" fill="${inkOf(series)}" fill-opacity="${named || count < 2 ? 1 : 0.6}"/>${errorBar(point, round(middle), axes, '#222222')}</g>`;
	})}`;
}

function numberStep({ points }: ChartTrace, axes: Axes): number {
	const [first, second] = points;
	return first && second ? Math.abs(axes.x(second.x) - axes.x(first.x)) : 24;
}

/** A heat map: a shade and the text of each cell. */
export function drawCellGrid({ columns, lines, z, texts }: ChartCells, area: Area): Html {
	const known = z.flat().filter((value) => value !== null);
	const [least, most] = [Math.min(...known), Math.max(...known)];
	const [width, height] = [area.width / Math.max(1, columns.length), area.height / Math.max(1, lines.length)];
	return html`${lines.map((line, row) => html`<text x="${area.left - 8}" y="${round(area.top + (row + 0.5) * height + 4)}" text-anchor="end">${line}</text>`)}${columns.map((column, i) => html`<text x="${round(area.left + (i + 0.5) * width)}" y="${area.top + area.height + 18}" text-anchor="middle">${column}</text>`)}${z.map(
		(cells, row) =>
			html`${cells.map((value, column) => {
				if (value === null) return null;
				const share = most > least ? (value - least) / (most - least) : 0.5;
				const x = area.left + column * width;
				const y = area.top + row * height;
				return html`<rect x="${round(x)}" y="${round(y)}" width="${round(width - 1)}" height="${round(height - 1)}" fill="#0072b2" fill-opacity="${round(10 * (0.08 + 0.85 * share)) / 10}"/><text x="${round(x + width / 2)}" y="${round(y + height / 2 + 4)}" text-anchor="middle" fill="${share > 0.55 ? '#ffffff' : '#222222'}">${texts?.[row]?.[column] ?? ''}</text>`;
			})}`,
	)}`;
}
