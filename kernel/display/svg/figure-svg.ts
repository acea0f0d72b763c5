import type { Figure } from '../../../stdlib/values/figure.ts';
import { type Chart, readFigure } from '../chart-figure.ts';
import { type Html, html } from '../html.ts';
import { wrapText } from '../text-fit.ts';
import { type Area, drawAxes } from './axes.ts';
import { drawCellGrid, drawTraces, inkOf, markerOf } from './marks.ts';
import { drawPicture, PICTURE_LEFT, pictureHeight } from './picture.ts';

const WIDTH = 760;
const PLOT_HEIGHT = 330;
/** Characters of a line under the title, at 12 pixels. */
const LINE_CHARACTERS = 112;
const LINE_HEIGHT = 16;

/**
 * A figure as a picture that moves with a file: for pages that run no script, and for paper. Draws what the library's
 * figures are made of (lines, points, bars, heat maps, error bars); null for a figure of another kind.
 */
export function figureSvg(figure: Figure): string | null {
	const chart = readFigure(figure);
	if (!chart.cells && !chart.picture && chart.traces.length === 0) return null;
	const words = [
		...wrapText(chart.caption, LINE_CHARACTERS).map((text) => ({ text, ink: '#555555' })),
		...chart.notices
			.flatMap((notice) => wrapText(`! ${notice}`, LINE_CHARACTERS))
			.map((text) => ({ text, ink: '#7a4d00' })),
	].filter(({ text }) => text !== '');
	const top = 36 + LINE_HEIGHT * words.length;
	const legend = legendOf(chart);
	const plotHeight = chart.picture ? pictureHeight(chart.picture) : PLOT_HEIGHT;
	const left = chart.picture
		? PICTURE_LEFT
		: chart.cells
			? 24 + 7 * Math.min(24, longest(chart.cells.lines))
			: 78;
	const plot: Area = {
		left,
		top: top + 8,
		width: WIDTH - left - (legend ? 150 : 24),
		height: plotHeight,
	};
	const panel = chart.traces.some((trace) => trace.below);
	const height = top + plotHeight + 60;
	return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="12" fill="#222222">
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
<text x="16" y="24" font-size="15" font-weight="600">${chart.title}</text>
${words.map(({ text, ink }, i) => html`<text x="16" y="${42 + LINE_HEIGHT * i}" fill="${ink}">${text}</text>`)}
${chart.picture ? drawPicture(chart.picture, plot) : chart.cells ? drawCellGrid(chart.cells, plot) : drawPlot(chart, plot, panel)}
${legend ? legend(plot) : null}
</svg>`.text;
}

const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));

function drawPlot(chart: Chart, plot: Area, panel: boolean): Html {
	const main = chart.traces.filter((trace) => !trace.below);
	const below = chart.traces.filter((trace) => trace.below);
	const upper = panel ? { ...plot, height: plot.height * 0.74 } : plot;
	const axes = drawAxes(panel ? { ...chart, x: { ...chart.x, title: '' } } : chart, main, upper);
	const named = chart.x.kind === 'name';
	const upperPicture = html`${axes.picture}${drawTraces(main, axes, named)}`;
	if (!panel) return upperPicture;
	const lower = { ...plot, top: plot.top + plot.height * 0.84, height: plot.height * 0.16 };
	const lowerAxes = drawAxes({ ...chart, y: { ...chart.y, title: 'rows' } }, below, lower);
	return html`${upperPicture}${lowerAxes.picture}${drawTraces(below, { ...lowerAxes, x: axes.x }, named)}`;
}

function legendOf(chart: Chart): ((plot: Area) => Html) | null {
	const series = chart.traces.filter((trace) => !trace.guide && !trace.below);
	if (series.length < 2) return null;
	return (plot) => {
		const x = plot.left + plot.width + 16;
		return html`<text x="${x}" y="${plot.top + 6}" font-weight="600">${chart.legendTitle}</text>${series.map(
			({ name }, i) =>
				html`${markerOf(i, x + 6, plot.top + 22 + i * 18, 4.5, inkOf(i))}<text x="${x + 18}" y="${plot.top + 26 + i * 18}">${name.length > 18 ? `${name.slice(0, 17)}…` : name}</text>`,
		)}`;
	};
}
