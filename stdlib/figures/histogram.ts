import { define, UserError } from '../define.ts';
import { quantileOf } from '../statistics/quantile.ts';
import type { Figure } from '../values/figure.ts';
import { axisFor, figureOf, LeftOut, legendFor, numberAxis } from './layout.ts';
import { styleOf } from './palette.ts';
import { type Positions, positionsOf, type Series, seriesOf } from './positions.ts';
import { type Axis, axisOf, lengthOf, type Measure, type Source } from './source.ts';

export interface HistogramOptions {
	readonly x: Axis;
	readonly color?: Axis | null;
	/** Number of bins; by default Freedman & Diaconis' rule, 5 to 60. */
	readonly bins?: number | null;
	readonly title?: string | null;
}

/** Counts of rows by value: in bins for numbers, a bar each for names. Binned here, so that a figure stays small. */
export function histogram(source: Source, options: HistogramOptions): Figure {
	const length = lengthOf(source);
	const x = axisOf(source, options.x);
	const color = options.color ? axisOf(source, options.color) : null;
	const positions = positionsOf(x.at, length);
	const leftOut = new LeftOut(source);
	positions.values.forEach((value, row) => {
		if (value === null || (typeof value !== 'string' && value.value === null))
			leftOut.add(row, `${x.name || 'x'} has no value`);
	});
	const groups = seriesOf(color?.at ?? null, length);
	const traces =
		positions.kind === 'number'
			? binned(positions.values, groups, options.bins ?? null)
			: counted(positions, groups);
	const n = positions.values.length - leftOut.count;
	return figureOf(
		{
			source,
			title: options.title,
			about: `rows by ${x.name}`,
			caption: [`n = ${n} rows`],
			notices: leftOut.notices(),
		},
		traces,
		{
			barmode: positions.kind === 'number' ? 'overlay' : 'group',
			bargap: positions.kind === 'number' ? 0.02 : 0.2,
			xaxis: axisFor(positions, x.name),
			yaxis: numberAxis('rows', false, { rangemode: 'tozero' }),
			...legendFor(color?.name ?? '', groups.length),
		},
	);
}

type Trace = Readonly<Record<string, unknown>>;

function counted(positions: Extract<Positions, { kind: 'name' }>, groups: readonly Series[]): Trace[] {
	return groups.map((group, i) => {
		const counts = new Map(positions.names.map((name) => [name, 0]));
		for (const row of group.rows) {
			const name = positions.values[row];
			if (typeof name === 'string') counts.set(name, (counts.get(name) ?? 0) + 1);
		}
		return {
			type: 'bar',
			name: group.name,
			x: [...counts.keys()],
			y: [...counts.values()],
			marker: { color: styleOf(i).color },
		};
	});
}

function binned(values: readonly Measure[], groups: readonly Series[], bins: number | null): Trace[] {
	const sorted = Float64Array.from(values.map((m) => m.value).filter((value) => value !== null)).sort();
	const { start, width, count } = binsOf(sorted, bins);
	const centers = Array.from({ length: count }, (_, i) => start + (i + 0.5) * width);
	return groups.map((group, i) => {
		const counts = new Array<number>(count).fill(0);
		for (const row of group.rows) {
			const value = values[row]?.value ?? null;
			if (value === null) continue;
			const bin = Math.min(count - 1, Math.max(0, Math.floor((value - start) / width)));
			counts[bin] = (counts[bin] as number) + 1;
		}
		return {
			type: 'bar',
			name: group.name,
			x: centers,
			y: counts,
			width,
			marker: { color: styleOf(i).color },
			opacity: groups.length > 1 ? 0.6 : 1,
		};
	});
}

interface Bins {
	readonly start: number;
	readonly width: number;
	readonly count: number;
}

function binsOf(sorted: Float64Array, bins: number | null): Bins {
	if (bins !== null && (!Number.isInteger(bins) || bins < 1))
		throw new UserError(`bins is a whole number from 1, found ${bins}`);
	const [least, most] = [sorted[0] ?? 0, sorted.at(-1) ?? 1];
	if (least === most) return { start: least - 0.5, width: 1, count: 1 };
	const spread = quantileOf(sorted, 0.75) - quantileOf(sorted, 0.25);
	const ruled = spread > 0 ? Math.ceil((most - least) / (2 * spread * sorted.length ** (-1 / 3))) : 20;
	const count = bins ?? Math.min(60, Math.max(5, ruled));
	return { start: least, width: (most - least) / count, count };
}

const PARAMETERS = 'x: R -> Any, color: (R -> Any)?, bins: Number?, title: Text?';

export const histogramDefinition = define<HistogramOptions & { readonly data: Source }, Figure>({
	name: 'histogram',
	signature: [
		`histogram(data: Table<R, S>, ${PARAMETERS}) -> Figure`,
		`histogram(data: Data<R>, ${PARAMETERS}) -> Figure`,
	],
	doc: 'Histogram: how many rows have each value of `x`, in `bins` bins of equal width for numbers (by default by the rule of Freedman & Diaconis) and a bar each for names. Rows without a value are counted in a notice.',
	cite: 'Freedman & Diaconis 1981',
	example: 'figure f = histogram(answers, x: choice.best_prob)',
	version: 1,
	acceptsMissing: true,
	run: ({ data, ...options }) => histogram(data, options),
});
