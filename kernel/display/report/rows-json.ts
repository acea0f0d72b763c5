import { randomStream } from '../../../stdlib/random.ts';
import { type Column, RefColumn } from '../../../stdlib/values/column.ts';
import type { Data } from '../../../stdlib/values/data.ts';
import { scriptJson } from '../html.ts';
import { CellEncoder, type CellJson, type ChoiceShapeJson, textJson } from './cell-json.ts';
import type { RowCall } from './input.ts';

/** Rows as the page's script reads them: by column, equal cells once. */
export interface RowsJson {
	readonly id: string;
	/** Rows there are; the page may hold fewer. */
	readonly total: number;
	/** Numbers of the rows held, or null when they are all. */
	readonly rows: readonly number[] | null;
	/** Columns that the study groups by, `c` or `x.category`: their filters come first. */
	readonly groups: readonly string[];
	readonly columns: readonly ColumnJson[];
	readonly shapes: readonly ChoiceShapeJson[];
	/** Texts of the calls, each once. */
	readonly texts: readonly string[];
	/** The calls of each row; null when none are known. */
	readonly calls: readonly (readonly CallJson[])[] | null;
}

export interface ColumnJson {
	readonly name: string;
	/** `given`: what the row is about; `field`: what was computed for it. */
	readonly role: 'given' | 'field';
	readonly cells: readonly CellJson[];
	/** Which of `cells` each row has; null when there is one a row. */
	readonly at: readonly number[] | null;
}

/** Field, messages as role and index of a text, index of the answer's text. */
export type CallJson = readonly [
	field: string,
	messages: readonly (readonly [string, number])[],
	answer: number,
];

export interface RowsSource {
	readonly id: string;
	readonly data: Data;
	/** Names of columns that were computed for the rows. */
	readonly fields: ReadonlySet<string>;
	readonly groups?: readonly string[];
	readonly calls: ((row: number) => readonly RowCall[]) | null;
}

export interface RowsLimits {
	readonly rows: number;
	readonly bytes: number;
}

export interface EmbeddedRows {
	/** Safe inside a script element. */
	readonly json: string;
	readonly shown: number;
	readonly total: number;
}

/**
 * The rows, or where they are too many or too large a random sample of them, drawn so that no condition is favoured:
 * the first rows of an eval are all of its first condition.
 */
export function embedRows(source: RowsSource, limits: RowsLimits): EmbeddedRows {
	const total = source.data.length;
	let shown = Math.min(total, limits.rows);
	for (;;) {
		const json = scriptJson(rowsJson(source, sampleOf(total, shown)));
		const bytes = Buffer.byteLength(json);
		if (bytes <= limits.bytes || shown <= 1) return { json, shown, total };
		shown = Math.max(1, Math.min(shown - 1, Math.floor((shown * limits.bytes * 0.95) / bytes)));
	}
}

function sampleOf(total: number, shown: number): Int32Array | null {
	if (shown >= total) return null;
	return randomStream(0, 'report.rows').permutation(total).subarray(0, shown).sort();
}

export function rowsJson(
	{ id, data, fields, groups, calls }: RowsSource,
	sample: Int32Array | null,
): RowsJson {
	const encoder = new CellEncoder();
	const rows = sample ?? Int32Array.from({ length: data.length }, (_, i) => i);
	const columns: ColumnJson[] = [];
	for (const name of data.columns.keys()) {
		const column = data.columns.get(name);
		// A field that failed as a whole has no column.
		if (column)
			columns.push({ name, role: fields.has(name) ? 'field' : 'given', ...cellsOf(column, rows, encoder) });
	}
	const texts = new TextTable();
	const byRow = calls && Array.from(rows, (row) => calls(row).map((call) => callJson(call, texts)));
	return {
		id,
		total: data.length,
		rows: sample && Array.from(sample),
		groups: groups ?? [],
		columns,
		shapes: encoder.shapes,
		texts: texts.texts,
		calls: byRow?.some((each) => each.length > 0) ? byRow : null,
	};
}

function cellsOf(column: Column, rows: Int32Array, encoder: CellEncoder): Pick<ColumnJson, 'cells' | 'at'> {
	const cells: CellJson[] = [];
	const at: number[] = [];
	const bySource = new Map<number, number>();
	const byText = new Map<string, number>();
	for (const row of rows) {
		// Many rows of an eval hold the same item: it is encoded once.
		const origin = column instanceof RefColumn ? (column.indices[row] as number) : null;
		let index = origin === null ? undefined : bySource.get(origin);
		if (index === undefined) {
			const cell = encoder.encode(column.get(row));
			const text = JSON.stringify(cell);
			index = byText.get(text) ?? cells.push(cell) - 1;
			byText.set(text, index);
			if (origin !== null) bySource.set(origin, index);
		}
		at.push(index);
	}
	return cells.length > rows.length * 0.7
		? { cells: at.map((i) => cells[i] as CellJson), at: null }
		: { cells, at };
}

class TextTable {
	readonly texts: string[] = [];
	private readonly numbers = new Map<string, number>();

	add(text: string): number {
		const short = textJson(text);
		let number = this.numbers.get(short);
		if (number === undefined) {
			number = this.texts.push(short) - 1;
			this.numbers.set(short, number);
		}
		return number;
	}
}

const callJson = ({ field, messages, answer }: RowCall, texts: TextTable): CallJson => [
	field,
	messages.map(({ role, content }) => [role, texts.add(content)] as const),
	texts.add(answer),
];
