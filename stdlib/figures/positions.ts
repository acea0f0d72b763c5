import { isEstimate } from '../values/estimate.ts';
import { labelOf } from '../values/labelled.ts';
import type { RowFunction } from '../values/row-function.ts';
import { figureText } from './figure-text.ts';
import { isAbsent, type Measure, measureOf } from './source.ts';

/** Where rows stand along an axis: at numbers, or at names in order of first appearance. */
export type Positions =
	| { readonly kind: 'number'; readonly values: readonly Measure[] }
	| { readonly kind: 'name'; readonly values: readonly (string | null)[]; readonly names: readonly string[] };

/** Numbers only when every row that has a value has a number. */
export function positionsOf(at: RowFunction, length: number, asNames = false): Positions {
	const cells = Array.from({ length }, (_, row) => at(row));
	const numeric = cells.every((cell) => isAbsent(cell) || typeof cell === 'number' || isEstimate(cell));
	if (numeric && !asNames && cells.some((cell) => !isAbsent(cell))) {
		return { kind: 'number', values: cells.map((cell) => measureOf(cell, '')) };
	}
	return namesOf(cells);
}

/** With no x at all the heights still say something, at a place that says why. */
export function orUnknown(positions: Positions): Positions {
	if (positions.kind === 'number' || positions.names.length > 0 || positions.values.length === 0)
		return positions;
	return { kind: 'name', values: positions.values.map(() => UNKNOWN), names: [UNKNOWN] };
}

const UNKNOWN = 'not known';

export function namesOf(cells: readonly unknown[]): Extract<Positions, { kind: 'name' }> {
	const names = new Map<string | number | boolean, string>();
	const taken = new Set<string>();
	const values = cells.map((cell) => {
		const label = isAbsent(cell) ? null : labelOf(isEstimate(cell) ? cell.value : cell);
		if (label === null) return null;
		const known = names.get(label);
		if (known !== undefined) return known;
		const name = distinct(figureText(String(label)) || '(empty)', taken);
		names.set(label, name);
		taken.add(name);
		return name;
	});
	return { kind: 'name', values, names: [...names.values()] };
}

/** Long texts that were cut may look alike; Plotly would merge them. */
function distinct(name: string, taken: ReadonlySet<string>): string {
	let candidate = name;
	for (let i = 2; taken.has(candidate); i++) candidate = `${name} (${i})`;
	return candidate;
}

/** Rows of one colour. */
export interface Series {
	/** Empty where there is no `color`. */
	readonly name: string;
	readonly rows: readonly number[];
}

export function seriesOf(color: RowFunction | null, length: number): readonly Series[] {
	if (!color) return [{ name: '', rows: Array.from({ length }, (_, i) => i) }];
	const { values, names } = namesOf(Array.from({ length }, (_, row) => color(row)));
	const rows = new Map<string, number[]>(names.map((name) => [name, []]));
	const nameless: number[] = [];
	values.forEach((name, row) => {
		(name === null ? nameless : (rows.get(name) as number[])).push(row);
	});
	const series = [...rows].map(([name, at]) => ({ name, rows: at }));
	return nameless.length > 0 ? [...series, { name: '(no value)', rows: nameless }] : series;
}
