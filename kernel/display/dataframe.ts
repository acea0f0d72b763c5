import { createRequire } from 'node:module';
import type { DataFrame } from 'danfojs-node';
import { Choice } from '../../stdlib/values/choice.ts';
import { Data } from '../../stdlib/values/data.ts';
import { type Estimate, isEstimate } from '../../stdlib/values/estimate.ts';
import { labelOf } from '../../stdlib/values/labelled.ts';
import { isMissing } from '../../stdlib/values/missing.ts';
import type { Table } from '../../stdlib/values/table.ts';

export type { DataFrame };

/**
 * A table or data set as a Danfo `DataFrame`. An estimate `s` becomes the columns `s`, `s_se`, `s_low`, `s_high` and
 * `s_n`; a choice its best option and `…_prob`; a record a column for each field, `x.category`; a model or labelled
 * value its name. A missing value is NaN among numbers and null elsewhere.
 */
export function toDataFrame(source: Table | Data): DataFrame {
	const columns = framed(source);
	// Danfo loads TensorFlow, which takes a second: only those pay for it who ask for a frame.
	const { DataFrame: Frame } = createRequire(import.meta.url)(
		'danfojs-node',
	) as typeof import('danfojs-node');
	if (columns.length === 0) return new Frame([]);
	const length = columns[0]?.values.length ?? 0;
	const names = columns.map(({ name }) => name);
	const dtypes = columns.map(({ dtype }) => dtype);
	if (length === 0) return new Frame([], { columns: names, dtypes });
	return new Frame(Object.fromEntries(columns.map(({ name, values }) => [name, values])), {
		columns: names,
		dtypes,
	});
}

type Plain = string | number | boolean | null;

interface FrameColumn {
	readonly name: string;
	readonly dtype: 'float32' | 'int32' | 'string' | 'boolean';
	readonly values: readonly Plain[];
}

function framed(source: Table | Data): FrameColumn[] {
	const columns =
		source instanceof Data
			? [...source.columns].map(([name, column]) => ({
					name,
					cells: Array.from({ length: source.length }, (_, row) => column.get(row) as unknown),
				}))
			: source.columns.map(({ name }) => ({ name, cells: source.rows.map((row) => row[name]) }));
	const taken = new Set(columns.map(({ name }) => name));
	return columns.flatMap(({ name, cells }) => expanded(name, cells, taken));
}

/** The parts of an estimate that get a column, by the end of its name. */
const PARTS = {
	'': (e) => e.value,
	_se: (e) => e.se,
	_low: (e) => e.low,
	_high: (e) => e.high,
	_n: (e) => e.n,
} satisfies Record<string, (estimate: Estimate) => number | null>;

/** The plain columns that a column becomes. Those that are added keep clear of names in use. */
function expanded(name: string, cells: readonly unknown[], taken: Set<string>): FrameColumn[] {
	const first = cells.find((cell) => cell !== null && cell !== undefined && !isMissing(cell));
	if (isEstimate(first)) {
		return Object.entries(PARTS).map(([end, part]) =>
			frameColumn(end === '' ? name : free(name + end, taken), cells, (cell) =>
				isEstimate(cell) ? part(cell) : cell,
			),
		);
	}
	if (first instanceof Choice) {
		return [
			frameColumn(name, cells, (cell) => (cell instanceof Choice ? cell.best : cell)),
			frameColumn(free(`${name}_prob`, taken), cells, (cell) =>
				cell instanceof Choice ? cell.bestProb : cell,
			),
		];
	}
	if (isRecord(first)) {
		const fields = Object.keys(first);
		return fields.flatMap((field) =>
			expanded(
				free(`${name}.${field}`, taken),
				cells.map((cell) => (isRecord(cell) ? cell[field] : cell)),
				taken,
			),
		);
	}
	return [frameColumn(name, cells, (cell) => cell)];
}

function free(name: string, taken: Set<string>): string {
	let unique = name;
	while (taken.has(unique)) unique += '_';
	taken.add(unique);
	return unique;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function frameColumn(name: string, cells: readonly unknown[], read: (cell: unknown) => unknown): FrameColumn {
	const values = cells.map((cell) => plain(read(cell)));
	const kinds = new Set(values.filter((value) => value !== null).map((value) => typeof value));
	if (kinds.size === 0 || (kinds.size === 1 && kinds.has('number'))) {
		const whole = values.every((value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31);
		return {
			name,
			dtype: whole && values.length > 0 ? 'int32' : 'float32',
			values: values.map((value) => value ?? Number.NaN),
		};
	}
	if (kinds.size === 1 && kinds.has('boolean')) return { name, dtype: 'boolean', values };
	return { name, dtype: 'string', values: values.map((value) => (value === null ? null : String(value))) };
}

function plain(value: unknown): Plain {
	if (value === undefined || value === null || isMissing(value)) return null;
	return labelOf(value);
}
