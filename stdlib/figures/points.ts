import { Data } from '../values/data.ts';
import type { RowFunction } from '../values/row-function.ts';
import { LeftOut, levelText, nText } from './layout.ts';
import { orUnknown, type Positions, positionsOf, type Series, seriesOf } from './positions.ts';
import { type Axis, axisOf, lengthOf, type Measure, measureOf, type Source } from './source.ts';

export interface XyOptions {
	readonly x: Axis;
	readonly y: Axis;
	readonly color?: Axis | null;
	readonly log_x?: boolean;
	readonly log_y?: boolean;
	readonly title?: string | null;
}

export interface Point {
	readonly row: number;
	readonly x: Measure | string;
	readonly y: Measure;
}

export interface PointSeries {
	readonly name: string;
	readonly points: readonly Point[];
}

/** The rows of a picture with two axes, in series, and what could not be drawn. */
export interface Points {
	readonly xName: string;
	readonly yName: string;
	readonly colorName: string;
	readonly positions: Positions;
	readonly series: readonly PointSeries[];
	readonly caption: readonly string[];
	readonly notices: readonly string[];
}

export function pointsOf(source: Source, options: XyOptions, unit: string, asNames = false): Points {
	const length = lengthOf(source);
	const x = axisOf(source, options.x);
	const y = axisOf(source, options.y);
	const color = options.color ? axisOf(source, options.color) : null;
	const positions = orUnknown(positionsOf(x.at, length, asNames));
	const leftOut = new LeftOut(source);
	const read = pointReader({ positions, y: y.at, xName: x.name, yName: y.name, options, leftOut });
	const series = seriesOf(color?.at ?? null, length).map((group: Series) => ({
		name: group.name,
		points: group.rows.map(read).filter((point) => point !== null),
	}));
	const drawn = series.flatMap((group) => group.points.map((point) => point.y));
	return {
		xName: x.name,
		yName: y.name,
		colorName: color?.name ?? '',
		positions,
		series,
		caption: [
			...sizeText(source, drawn, unit),
			...levelText(drawn.map((m) => (m.low === null ? null : m.level))),
		],
		notices: leftOut.notices(),
	};
}

/** Rows behind each estimate; of data, how many rows are drawn. */
function sizeText(source: Source, drawn: readonly Measure[], unit: string): string[] {
	const behind = nText(
		drawn.map((m) => m.n),
		unit,
	);
	return behind.length === 0 && source instanceof Data ? [`n = ${drawn.length} rows`] : behind;
}

interface Reading {
	readonly positions: Positions;
	readonly y: RowFunction;
	readonly xName: string;
	readonly yName: string;
	readonly options: XyOptions;
	readonly leftOut: LeftOut;
}

function pointReader({
	positions,
	y,
	xName,
	yName,
	options,
	leftOut,
}: Reading): (row: number) => Point | null {
	const refuse = (row: number, reason: string): null => {
		leftOut.add(row, reason);
		return null;
	};
	const named = (name: string, fallback: string): string => name || fallback;
	return (row) => {
		const across = positions.values[row];
		const up = measureOf(y(row), yName);
		if (up.value === null) return refuse(row, `${named(yName, 'y')} has no value`);
		if (across === null || across === undefined) return refuse(row, `${named(xName, 'x')} is not known`);
		if (typeof across !== 'string' && across.value === null)
			return refuse(row, `${named(xName, 'x')} is not known`);
		if (options.log_x && typeof across !== 'string' && (across.value as number) <= 0) {
			return refuse(row, `${named(xName, 'x')} is not above 0, so it has no place on a log axis`);
		}
		if (options.log_y && up.value <= 0)
			return refuse(row, `${named(yName, 'y')} is not above 0, so it has no place on a log axis`);
		return { row, x: across, y: up };
	};
}

export const xValue = (point: Point): number | string =>
	typeof point.x === 'string' ? point.x : (point.x.value as number);

/** Plotly's error bars from intervals, which need not be symmetric; null when no point has one. */
export function errorBars(
	measures: readonly Measure[],
	color: string,
): Readonly<Record<string, unknown>> | null {
	if (measures.every((m) => m.low === null || m.high === null)) return null;
	const reach = (a: number | null, b: number | null): number =>
		a === null || b === null ? 0 : Math.max(0, a - b);
	return {
		type: 'data',
		symmetric: false,
		array: measures.map((m) => reach(m.high, m.value)),
		arrayminus: measures.map((m) => reach(m.value, m.low)),
		color,
		thickness: 1.5,
		width: 4,
	};
}
