import { UserError } from '../../define.ts';
import type { Column } from '../../values/column.ts';
import { Data } from '../../values/data.ts';
import {
	allOptional,
	type CellType,
	describeMisfit,
	describeValue,
	isObject,
	type Misfit,
	misfit,
	parseRecordType,
	type RecordCell,
	typeOfValue,
	unify,
} from './cell-type.ts';
import { columnBuilder } from './column-builder.ts';
import { shownPath } from './digest.ts';
import { fieldNames } from './field-names.ts';
import { pause } from './pause.ts';
import { type FileSchema, INFERENCE_BYTES, INFERENCE_ROWS } from './schema.ts';
import { lineBatches } from './text-lines.ts';

/**
 * The row type of a JSON Lines file, from its first rows (at most 20,000 or 8 MiB). A field that some of them lack is
 * optional; one that is a Number in one row and Text in another is an error that names the line.
 */
export function inferJsonl(path: string): FileSchema {
	let type: RecordCell = { kind: 'record', fields: new Map() };
	let [rows, bytes, line] = [0, 0, 0];
	for (const batch of lineBatches(path)) {
		for (const text of batch) {
			line++;
			if (rows === INFERENCE_ROWS || bytes > INFERENCE_BYTES) return { type: named(type, path), rows: null };
			if (text.trim() === '') continue;
			const row = parseRow(text, path, line);
			type = rows === 0 ? (rowType(row) as RecordCell) : widen(type, row, path, line);
			rows++;
			bytes += text.length;
		}
	}
	return { type: named(type, path), rows };
}

/** Reads a JSON Lines file into columns, checking every line against `as`, or against what its first rows are. */
export async function readJsonl(path: string, as: string | null, signal?: AbortSignal): Promise<Data> {
	const type = as === null ? inferJsonl(path).type : parseRecordType(as);
	const reader = new RowReader(type, path, as !== null);
	let line = 0;
	for (const batch of lineBatches(path)) {
		for (const text of batch) {
			line++;
			if (text.trim() !== '') reader.add(parseRow(text, path, line), line);
		}
		await pause(signal);
	}
	return reader.finish();
}

/** Checks rows and spreads them over columns. */
class RowReader {
	private readonly path: string;
	private readonly given: boolean;
	private readonly fields: readonly { readonly name: string; readonly type: CellType }[];
	private readonly columns: readonly ReturnType<typeof columnBuilder>[];
	/** Field of the row type → key in the file. */
	private keys: ReadonlyMap<string, string> = new Map();
	private shape = '';
	private length = 0;

	constructor(type: RecordCell, path: string, given: boolean) {
		this.path = path;
		this.given = given;
		this.fields = [...type.fields].map(([name, field]) => ({ name, type: field }));
		this.columns = this.fields.map((field) => columnBuilder(field.type));
	}

	add(row: Readonly<Record<string, unknown>>, line: number): void {
		this.lookAtKeys(row, line);
		for (let i = 0; i < this.fields.length; i++) {
			const { name, type } = this.fields[i] as { name: string; type: CellType };
			const value = row[this.keys.get(name) ?? name];
			const wrong = misfit(value, type, name);
			if (wrong) throw this.problem(wrong, line);
			this.columns[i]?.add(value);
		}
		this.length++;
	}

	finish(): Data {
		const columns = new Map<string, Column>();
		for (const [i, field] of this.fields.entries())
			columns.set(field.name, (this.columns[i] as ReturnType<typeof columnBuilder>).finish());
		return new Data(this.length, columns);
	}

	/** Rows mostly have the keys of the row before: names are worked out again only when they do not. */
	private lookAtKeys(row: Readonly<Record<string, unknown>>, line: number): void {
		const names = Object.keys(row);
		const shape = names.join('\n');
		if (shape === this.shape) return;
		this.shape = shape;
		const fields = fieldNames(names);
		this.keys = new Map(fields.map((field, i) => [field, names[i] as string]));
		const unexpected = this.given
			? undefined
			: fields.find((field) => !this.fields.some(({ name }) => name === field));
		if (unexpected === undefined) return;
		throw new UserError(
			`${shownPath(this.path)}:${line}: the field "${this.keys.get(unexpected)}" is in none of the first rows`,
			`name it: as: {…, ${unexpected}: ${describeType(row[this.keys.get(unexpected) as string])}?}`,
		);
	}

	private problem(wrong: Misfit, line: number): UserError {
		const help = this.given
			? 'mend the line, or change the type after as:'
			: 'mend the line, or give the type of a row with as:';
		return new UserError(`${shownPath(this.path)}:${line}: ${describeMisfit(wrong)}`, help);
	}
}

const describeType = (value: unknown): string =>
	({ string: 'Text', number: 'Number', boolean: 'Bool' })[typeof value as string] ?? 'Any';

function parseRow(text: string, path: string, line: number): Readonly<Record<string, unknown>> {
	let row: unknown;
	try {
		row = JSON.parse(text);
	} catch (error) {
		throw new UserError(
			`${shownPath(path)}:${line}: expected a JSON object, found ${describeValue(text)}`,
			`each line is one object such as {"question": "…"}; here: ${(error as Error).message}`,
			error,
		);
	}
	if (isObject(row)) return row;
	throw new UserError(
		`${shownPath(path)}:${line}: expected a JSON object, found ${describeValue(row)}`,
		'each line is one object such as {"question": "…"}',
	);
}

function widen(
	type: RecordCell,
	row: Readonly<Record<string, unknown>>,
	path: string,
	line: number,
): RecordCell {
	const wider = unify(type, rowType(row));
	if (wider) return wider as RecordCell;
	const wrong = misfit(row, allOptional(type), '') as Misfit;
	throw new UserError(
		`${shownPath(path)}:${line}: ${describeMisfit({ ...wrong, expected: withoutOption(wrong.expected) })}`,
		'the lines before it say so; mend this one, or give the type of a row with as:',
	);
}

const withoutOption = (type: CellType): CellType => (type.kind === 'option' ? type.inner : type);

/** The row itself is always a record, however its keys are spelled. */
const rowType = (row: Readonly<Record<string, unknown>>): RecordCell => ({
	kind: 'record',
	fields: new Map(Object.entries(row).map(([key, value]) => [key, typeOfValue(value)])),
});

function named(type: RecordCell, path: string): RecordCell {
	const fields = [...type.fields];
	if (fields.length === 0)
		throw new UserError(`${shownPath(path)} has no rows`, 'a JSON Lines file has one object a line');
	const names = fieldNames(fields.map(([key]) => key));
	return { kind: 'record', fields: new Map(fields.map(([, field], i) => [names[i] as string, field])) };
}
