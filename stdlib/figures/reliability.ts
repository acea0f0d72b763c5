import { define } from '../define.ts';
import {
	type Binning,
	calibrationBins,
	calibrationEstimate,
	type Stated,
	statedOf,
} from '../statistics/calibration.ts';
import { wilsonInterval } from '../statistics/wilson.ts';
import type { Choice } from '../values/choice.ts';
import type { Figure } from '../values/figure.ts';
import { figureOf, legendFor, numberAxis } from './layout.ts';
import { type Style, styleOf } from './palette.ts';
import { errorBars } from './points.ts';
import { type Series, seriesOf } from './positions.ts';
import { type Axis, axisOf, lengthOf, type Measure, type Source } from './source.ts';

export interface ReliabilityOptions {
	/** Stated probability, or a Choice: that of its best option. */
	readonly p: Axis;
	readonly correct: Axis;
	readonly color?: Axis | null;
	readonly bins?: number;
	readonly binning?: Binning;
	readonly title?: string | null;
	readonly seed?: number;
}

/** Share right against stated probability by bin, with Wilson intervals, the diagonal, and the bins' counts below. */
export function reliability(source: Source, options: ReliabilityOptions): Figure {
	const { bins = 10, binning = 'mass', seed = 0 } = options;
	const [p, correct] = [axisOf(source, options.p), axisOf(source, options.correct)];
	const color = options.color ? axisOf(source, options.color) : null;
	const groups = seriesOf(color?.at ?? null, lengthOf(source)).map((group) => ({
		group,
		stated: statedOf(
			group.rows.map((row) => p.at(row)) as (number | Choice)[],
			group.rows.map((row) => correct.at(row)) as boolean[],
		),
	}));
	const missing = groups.reduce((sum, { stated }) => sum + stated.missing, 0);
	const errors = groups.map(({ group, stated }) => errorText(group, stated, { bins, binning, seed }));
	return figureOf(
		{
			source,
			title: options.title,
			about: 'Reliability',
			caption: [...errors, 'bars: 95% intervals'],
			notices:
				missing > 0
					? [`${missing} ${missing === 1 ? 'row is' : 'rows are'} left out: p or correct has no value`]
					: [],
		},
		[
			DIAGONAL,
			...groups.flatMap(({ group, stated }, i) => binTraces(group, stated, bins, binning, styleOf(i))),
		],
		{
			barmode: 'group',
			xaxis: numberAxis('stated probability', false, { range: [-0.02, 1.02], anchor: 'y2' }),
			yaxis: numberAxis('share right', false, { range: [-0.02, 1.02], domain: [0.24, 1] }),
			yaxis2: numberAxis('rows', false, { domain: [0, 0.16], rangemode: 'tozero', nticks: 3 }),
			...legendFor(color?.name ?? '', groups.length),
		},
	);
}

function errorText(
	group: Series,
	stated: Stated,
	options: { bins: number; binning: Binning; seed: number },
): string {
	const { value, low, high, n } = calibrationEstimate('ece', stated, options);
	const name = group.name ? `${group.name}: ` : '';
	if (value === null) return `${name}no rows`;
	const interval = low === null || high === null ? '' : ` [${low.toFixed(3)}, ${high.toFixed(3)}]`;
	return `${name}ECE ${value.toFixed(3)}${interval}, n = ${n}`;
}

const DIAGONAL = {
	type: 'scatter',
	mode: 'lines',
	name: 'perfect calibration',
	x: [0, 1],
	y: [0, 1],
	line: { color: '#999', dash: 'dash', width: 1 },
	hoverinfo: 'skip',
	showlegend: false,
};

function binTraces(
	group: Series,
	stated: Stated,
	bins: number,
	binning: Binning,
	{ color, symbol }: Style,
): Readonly<Record<string, unknown>>[] {
	const filled = calibrationBins(stated, bins, binning).filter((bin) => bin.count > 0);
	const x = filled.map((bin) => bin.meanP);
	const measures: Measure[] = filled.map(({ count, meanY }) => {
		const value = meanY as number;
		return { value, ...wilsonInterval(Math.round(value * count), count), n: count, level: 0.95 };
	});
	return [
		{
			type: 'scatter',
			mode: 'lines+markers',
			name: group.name,
			legendgroup: group.name,
			x,
			y: measures.map((m) => m.value),
			error_y: errorBars(measures, color) ?? {},
			line: { color, width: 2 },
			marker: { color, symbol, size: 8 },
			customdata: filled.map((bin) => bin.count),
			hovertemplate: 'stated %{x:.3f}<br>right %{y:.3f}<br>n = %{customdata}<extra></extra>',
		},
		{
			type: 'bar',
			name: group.name,
			legendgroup: group.name,
			showlegend: false,
			yaxis: 'y2',
			x,
			y: filled.map((bin) => bin.count),
			width: 0.6 / bins,
			marker: { color },
			opacity: 0.7,
		},
	];
}

const PARAMETERS =
	'p: R -> Any, correct: R -> Any, color: (R -> Any)?, bins: Number = 10, binning: Text = "mass", title: Text?, seed: Number = study';

export const reliabilityDefinition = define<ReliabilityOptions & { readonly data: Source }, Figure>({
	name: 'reliability',
	signature: `reliability(data: Data<R>, ${PARAMETERS}) -> Figure`,
	doc: 'Reliability diagram: the share of rows that are right against their stated probability, in bins of equal counts ("mass") or equal width ("width"), with Wilson intervals, the diagonal of perfect calibration and the number of rows in each bin. The caption gives the expected calibration error. Of a Choice the best option\'s probability is used.',
	cite: 'Kadavath et al. 2022, arXiv:2207.05221; Bröcker & Smith 2007',
	example: 'figure chart = reliability(mc, p: p.best_prob, correct: correct, bins: 10)',
	version: 1,
	acceptsMissing: true,
	run: ({ data, ...options }) => reliability(data, options),
});
