import { define } from '../define.ts';
import type { Figure } from '../values/figure.ts';
import { axisFor, figureOf, legendFor, numberAxis } from './layout.ts';
import { styleOf } from './palette.ts';
import { errorBars, type Point, type PointSeries, pointsOf, type XyOptions, xValue } from './points.ts';
import type { Positions } from './positions.ts';
import type { Source } from './source.ts';

/** A line for each color through its points in order of x, with error bars where y is an estimate. */
export function line(source: Source, options: XyOptions): Figure {
	const points = pointsOf(source, options, 'point');
	const { xName, yName, colorName, positions, series } = points;
	const { log_x = false, log_y = false, title } = options;
	return figureOf(
		{ source, title, about: `${yName} by ${xName}`, caption: points.caption, notices: points.notices },
		series.map((group, i) => lineTrace(group, i, positions)),
		{
			xaxis: axisFor(positions, xName, log_x),
			yaxis: numberAxis(yName, log_y),
			...legendFor(colorName, series.length),
			// Error bars of several lines over one name would hide each other.
			...(positions.kind === 'name' && series.length > 1 ? { scattermode: 'group', scattergap: 0.6 } : {}),
		},
	);
}

function lineTrace(
	group: PointSeries,
	index: number,
	positions: Positions,
): Readonly<Record<string, unknown>> {
	const { color, symbol, dash } = styleOf(index);
	const points = inOrder(group.points, positions);
	const errorY = errorBars(
		points.map((point) => point.y),
		color,
	);
	return {
		type: 'scatter',
		mode: 'lines+markers',
		name: group.name,
		x: points.map(xValue),
		y: points.map((point) => point.y.value),
		...(errorY ? { error_y: errorY } : {}),
		line: { color, dash, width: 2 },
		marker: { color, symbol, size: 8 },
		...(positions.kind === 'name' ? { offsetgroup: String(index) } : {}),
	};
}

function inOrder(points: readonly Point[], positions: Positions): Point[] {
	const place = positions.kind === 'name' ? new Map(positions.names.map((name, i) => [name, i])) : null;
	const key = (point: Point): number =>
		typeof point.x === 'string' ? (place?.get(point.x) ?? 0) : (point.x.value as number);
	return [...points].sort((a, b) => key(a) - key(b) || a.row - b.row);
}

const PARAMETERS =
	'x: R -> Any, y: R -> Any, color: (R -> Any)?, log_x: Bool = false, log_y: Bool = false, title: Text?';

export const xySignature = (name: string): readonly string[] => [
	`${name}(data: Table<R, S>, ${PARAMETERS}) -> Figure`,
	`${name}(data: Data<R>, ${PARAMETERS}) -> Figure`,
];

export interface XyArgs extends XyOptions {
	readonly data: Source;
}

export const lineDefinition = define<XyArgs, Figure>({
	name: 'line',
	signature: xySignature('line'),
	doc: 'Line chart: one line for each `color` through its rows in order of `x`. Where `y` is an estimate its interval is drawn as error bars. `x` may be numbers, names or models; rows whose x is not known or whose y has no value are not drawn, and a notice says so.',
	example: 'figure f = line(bias, x: m.parameters, y: accuracy, color: c, log_x: true)',
	version: 1,
	acceptsMissing: true,
	run: ({ data, ...options }) => line(data, options),
});
