import { define } from '../define.ts';
import { randomStream } from '../random.ts';
import type { Figure } from '../values/figure.ts';
import { axisFor, figureOf, legendFor, numberAxis } from './layout.ts';
import { type XyArgs, xySignature } from './line.ts';
import { styleOf } from './palette.ts';
import { errorBars, type Point, type PointSeries, pointsOf, type XyOptions, xValue } from './points.ts';
import type { Measure, Source } from './source.ts';

/** More points than a browser draws smoothly; beyond it a random part is shown, and said. */
const MOST_POINTS = 20_000;

/** A point for each row, with error bars where x or y is an estimate. */
export function scatter(source: Source, options: XyOptions): Figure {
	const points = pointsOf(source, options, 'point');
	const { xName, yName, colorName, positions } = points;
	const { log_x = false, log_y = false, title } = options;
	const { series, notices } = thinned(points.series);
	return figureOf(
		{
			source,
			title,
			about: `${yName} against ${xName}`,
			caption: points.caption,
			notices: [...points.notices, ...notices],
		},
		series.map(pointTrace),
		{
			xaxis: axisFor(positions, xName, log_x),
			yaxis: numberAxis(yName, log_y),
			...legendFor(colorName, series.length),
		},
	);
}

function pointTrace(group: PointSeries, index: number): Readonly<Record<string, unknown>> {
	const { color, symbol } = styleOf(index);
	const { points } = group;
	const errorY = errorBars(
		points.map((point) => point.y),
		color,
	);
	const across = points.map((point) => point.x).filter((x): x is Measure => typeof x !== 'string');
	const errorX = across.length === points.length ? errorBars(across, color) : null;
	return {
		type: 'scatter',
		mode: 'markers',
		name: group.name,
		x: points.map(xValue),
		y: points.map((point) => point.y.value),
		...(errorY ? { error_y: errorY } : {}),
		...(errorX ? { error_x: errorX } : {}),
		marker: { color, symbol, size: points.length > 500 ? 4 : 8, opacity: points.length > 500 ? 0.5 : 0.9 },
	};
}

function thinned(series: readonly PointSeries[]): { series: readonly PointSeries[]; notices: string[] } {
	const all = series.reduce((sum, group) => sum + group.points.length, 0);
	if (all <= MOST_POINTS) return { series, notices: [] };
	const random = randomStream(0, 'scatter');
	const share = MOST_POINTS / all;
	const kept = series.map((group) => ({
		...group,
		points: group.points.filter((_: Point) => random.next() < share),
	}));
	const drawn = kept.reduce((sum, group) => sum + group.points.length, 0);
	return { series: kept, notices: [`${drawn} of ${all} points are drawn, chosen at random`] };
}

export const scatterDefinition = define<XyArgs, Figure>({
	name: 'scatter',
	signature: xySignature('scatter'),
	doc: 'Scatter plot: a point for each row. Where `x` or `y` is an estimate its interval is drawn. Of more than 20,000 points a random part is drawn; rows without a place are not drawn; notices say so.',
	example: 'figure f = scatter(rates, x: bls_female, y: p_female)',
	version: 1,
	acceptsMissing: true,
	run: ({ data, ...options }) => scatter(data, options),
});
