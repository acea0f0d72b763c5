import { define } from '../define.ts';
import { decimalsFor } from '../statistics/digits.ts';
import type { Figure } from '../values/figure.ts';
import { figureText } from './figure-text.ts';
import { figureOf, LeftOut, levelText, nameAxis, nText } from './layout.ts';
import { namesOf } from './positions.ts';
import { type Axis, axisOf, lengthOf, type Measure, measureOf, type Source } from './source.ts';

export interface HeatmapOptions {
	readonly x: Axis;
	readonly y: Axis;
	/** The colour of a cell. */
	readonly z: Axis;
	readonly title?: string | null;
}

/** Cells coloured by a number, at names along both axes; numbers on an axis are sorted. */
export function heatmap(source: Source, options: HeatmapOptions): Figure {
	const length = lengthOf(source);
	const [x, y, z] = [axisOf(source, options.x), axisOf(source, options.y), axisOf(source, options.z)];
	const across = labelsOf(x.at, length);
	const up = labelsOf(y.at, length);
	const leftOut = new LeftOut(source);
	const cells = new Map<string, Measure[]>();
	for (let row = 0; row < length; row++) {
		const measure = measureOf(z.at(row), z.name);
		const [column, line] = [across.values[row], up.values[row]];
		if (typeof column !== 'string' || typeof line !== 'string')
			leftOut.add(row, `${typeof column === 'string' ? y.name || 'y' : x.name || 'x'} is not known`);
		else if (measure.value === null) leftOut.add(row, `${z.name || 'z'} has no value`);
		else append(cells, cellKey(column, line), measure);
	}
	const crowded = [...cells.values()].some((measures) => measures.length > 1);
	const drawn = [...cells.values()].flat();
	return figureOf(
		{
			source,
			title: options.title,
			about: `${z.name} by ${x.name} and ${y.name}`,
			caption: [
				...nText(
					drawn.map((m) => m.n),
					'cell',
				),
				...levelText(crowded ? [] : drawn.map((m) => (m.low === null ? null : m.level))).map((text) =>
					text.replace('bars:', 'brackets:'),
				),
			],
			notices: [...leftOut.notices(), ...(crowded ? ['a cell with several rows shows their mean'] : [])],
		},
		[cellTrace(across.names, up.names, cells, z.name)],
		{
			xaxis: nameAxis(x.name, across.names, { showgrid: false }),
			yaxis: nameAxis(y.name, up.names, { showgrid: false, autorange: 'reversed' }),
		},
	);
}

function append(cells: Map<string, Measure[]>, key: string, measure: Measure): void {
	const measures = cells.get(key);
	if (measures) measures.push(measure);
	else cells.set(key, [measure]);
}

const cellKey = (column: string, line: string): string => JSON.stringify([column, line]);

function labelsOf(
	at: (row: number) => unknown,
	length: number,
): { values: readonly (string | null)[]; names: readonly string[] } {
	const found = namesOf(Array.from({ length }, (_, row) => at(row)));
	const numeric = found.names.every((name) => name !== '' && !Number.isNaN(Number(name)));
	return {
		values: found.values,
		names: numeric ? [...found.names].sort((a, b) => Number(a) - Number(b)) : found.names,
	};
}

/** Beyond this many cells the numbers in them cannot be read. */
const MOST_TEXTS = 200;

function cellTrace(
	columns: readonly string[],
	lines: readonly string[],
	cells: ReadonlyMap<string, readonly Measure[]>,
	name: string,
): Readonly<Record<string, unknown>> {
	const grid = lines.map((line) => columns.map((column) => cells.get(cellKey(column, line)) ?? []));
	const z = grid.map((line) => line.map(meanOf));
	const known = z.flat().filter((value) => value !== null);
	const decimals = decimalsFor(grid.flat(2));
	const signed = known.some((value) => value < 0) && known.some((value) => value > 0);
	return {
		type: 'heatmap',
		x: columns,
		y: lines,
		z,
		// Both scales survive colour blindness and, the first, greyscale.
		...(signed ? { colorscale: 'RdBu', zmid: 0 } : { colorscale: 'Cividis' }),
		colorbar: { title: { text: figureText(name) } },
		hoverongaps: false,
		xgap: 1,
		ygap: 1,
		...(known.length <= MOST_TEXTS
			? {
					text: grid.map((line) => line.map((measures) => textOf(measures, decimals))),
					texttemplate: '%{text}',
				}
			: {}),
	};
}

const meanOf = (measures: readonly Measure[]): number | null =>
	measures.length === 0 ? null : measures.reduce((sum, m) => sum + (m.value as number), 0) / measures.length;

function textOf(measures: readonly Measure[], decimals: number): string {
	const value = meanOf(measures);
	if (value === null) return '';
	const only = measures.length === 1 ? (measures[0] as Measure) : null;
	const text = value.toFixed(decimals);
	if (!only || only.low === null || only.high === null) return text;
	return `${text} [${only.low.toFixed(decimals)}, ${only.high.toFixed(decimals)}]`;
}

const PARAMETERS = 'x: R -> Any, y: R -> Any, z: R -> Any, title: Text?';

export const heatmapDefinition = define<HeatmapOptions & { readonly data: Source }, Figure>({
	name: 'heatmap',
	signature: [
		`heatmap(data: Table<R, S>, ${PARAMETERS}) -> Figure`,
		`heatmap(data: Data<R>, ${PARAMETERS}) -> Figure`,
	],
	doc: 'Heat map: a cell for each pair of `x` and `y`, coloured by the number `z`; intervals of estimates are written into the cells. A cell with several rows shows their mean, and a notice says so.',
	example: 'figure f = heatmap(bias, x: m, y: category, z: s)',
	version: 1,
	acceptsMissing: true,
	run: ({ data, ...options }) => heatmap(data, options),
});
