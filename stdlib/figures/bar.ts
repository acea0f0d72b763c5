import { define } from '../define.ts';
import type { Figure } from '../values/figure.ts';
import { figureOf, legendFor, nameAxis, numberAxis } from './layout.ts';
import { styleOf } from './palette.ts';
import { errorBars, pointsOf, type XyOptions, xValue } from './points.ts';
import type { Axis, Source } from './source.ts';

export interface BarOptions {
	readonly x: Axis;
	readonly y: Axis;
	readonly color?: Axis | null;
	readonly title?: string | null;
}

/** A bar for each row at its name, side by side for the colors, with error bars where y is an estimate. */
export function bar(source: Source, options: BarOptions): Figure {
	const xy: XyOptions = { x: options.x, y: options.y, color: options.color, title: options.title };
	const points = pointsOf(source, xy, 'bar', true);
	const { xName, yName, colorName, positions, series } = points;
	const names = positions.kind === 'name' ? positions.names : [];
	const traces = series.map((group, i) => {
		const { color } = styleOf(i);
		const errors = errorBars(
			group.points.map((point) => point.y),
			'#222',
		);
		return {
			type: 'bar',
			name: group.name,
			x: group.points.map(xValue),
			y: group.points.map((point) => point.y.value),
			...(errors ? { error_y: errors } : {}),
			marker: { color },
		};
	});
	return figureOf(
		{
			source,
			title: options.title,
			about: `${yName} by ${xName}`,
			caption: points.caption,
			notices: points.notices,
		},
		traces,
		{
			barmode: 'group',
			xaxis: nameAxis(xName, names),
			yaxis: numberAxis(yName),
			...legendFor(colorName, series.length),
		},
	);
}

const PARAMETERS = 'x: R -> Any, y: R -> Any, color: (R -> Any)?, title: Text?';

export const barDefinition = define<BarOptions & { readonly data: Source }, Figure>({
	name: 'bar',
	signature: [
		`bar(data: Table<R, S>, ${PARAMETERS}) -> Figure`,
		`bar(data: Data<R>, ${PARAMETERS}) -> Figure`,
	],
	doc: 'Bar chart: a bar for each row at the name `x`, those of different `color` side by side. Where `y` is an estimate its interval is drawn as an error bar. Rows without a value are not drawn, and a notice says so.',
	example: 'figure f = bar(bias, x: m, y: accuracy, color: c)',
	version: 1,
	acceptsMissing: true,
	run: ({ data, ...options }) => bar(data, options),
});
