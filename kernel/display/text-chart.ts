import type { Figure } from '../../stdlib/values/figure.ts';
import { drawNamedBars, drawNumberBars } from './chart-bars.ts';
import { drawCells } from './chart-cells.ts';
import { type Chart, readFigure } from './chart-figure.ts';
import { inkOf, markerOf } from './chart-ink.ts';
import { type ChartSize, drawPlane } from './chart-plane.ts';
import { paint } from './paint.ts';
import { clipText, wrapText } from './text-fit.ts';

export interface TextChartOptions {
	/** Columns of the terminal. */
	readonly width?: number;
	/** Lines of the plot itself, without title, axis and legend. */
	readonly height?: number;
	readonly color?: boolean;
}

/**
 * A figure as a picture of characters: lines and points in a plane with error bars, bars lying at names or standing at
 * numbers, a heat map as shaded numbers. Figures of other kinds are said to need a browser.
 */
export function textChart(
	figure: Figure,
	{ width = 80, height = 16, color = false }: TextChartOptions = {},
): string {
	const chart = readFigure(figure);
	const colors = paint(color);
	const head = [
		...(chart.title ? [colors.bold(clipText(chart.title, width))] : []),
		...(chart.caption ? wrapText(chart.caption, width).map(colors.dim) : []),
	];
	const body = draw(chart, { width, height, color, dim: colors.dim }).map((line) => line.trimEnd());
	const notices = chart.notices.flatMap((notice) => wrapText(`! ${notice}`, width, 2)).map(colors.warning);
	return [...head, ...(head.length > 0 ? [''] : []), ...body, ...notices].join('\n');
}

function draw(chart: Chart, size: ChartSize): string[] {
	if (chart.cells)
		return chart.cells.z.length === 0 ? [size.dim('(nothing to draw)')] : drawCells(chart, chart.cells, size);
	if (chart.traces.length === 0) return [size.dim('(this kind of figure needs a browser)')];
	if (chart.traces.every((trace) => trace.points.length === 0)) return [size.dim('(nothing to draw)')];
	if (chart.traces.every((trace) => trace.kind === 'bars')) {
		return chart.x.kind === 'name' ? drawNamedBars(chart, size) : drawNumberBars(chart, size);
	}
	return [...drawPlane(chart, size), ...legend(chart, size)];
}

function legend(chart: Chart, { width, color }: ChartSize): string[] {
	const named = chart.traces.filter((trace) => !trace.guide && !trace.below);
	if (named.length < 2) return [];
	const title = chart.legendTitle ? `${chart.legendTitle}:  ` : '';
	const entries = named.map((trace, i) => ({
		text: `${markerOf(i)} ${clipText(trace.name, 40)}`,
		ink: inkOf(i, color),
	}));
	const lines: string[] = [];
	let [line, used] = [title, title.length];
	for (const { text, ink } of entries) {
		if (used + text.length > width && used > title.length) {
			lines.push(line);
			[line, used] = [' '.repeat(title.length), title.length];
		}
		line += `${ink(text)}   `;
		used += text.length + 3;
	}
	return [...lines, line];
}
