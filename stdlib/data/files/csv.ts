import { createRequire } from 'node:module';
import { UserError } from '../../define.ts';
import type { Column } from '../../values/column.ts';
import { Data } from '../../values/data.ts';
import {
	type CellType,
	describeMisfit,
	misfit,
	optional,
	parseRecordType,
	type RecordCell,
} from './cell-type.ts';
import { type ColumnBuilder, columnBuilder } from './column-builder.ts';
import { fileChunks, shownPath } from './digest.ts';
import { fieldNames } from './field-names.ts';
import { pause } from './pause.ts';
import { type FileSchema, INFERENCE_BYTES, INFERENCE_ROWS } from './schema.ts';

/** Records of a CSV file (comma; tab when its name ends in .tsv) with the line each ends on, a batch for each megabyte read. */
export function* csvBatches(
	path: string,
): Generator<{ readonly cells: readonly string[]; readonly line: number }[]> {
	// csv-parse is loaded only when a CSV file is read, and synchronously, since the compiler's needs are.
	const { parse } = createRequire(import.meta.url)('csv-parse') as typeof import('csv-parse');
	let batch: { cells: readonly string[]; line: number }[] = [];
	let [linesBefore, surplus] = [0, 0];
	const parser = parse({
		bom: true,
		delimiter: path.endsWith('.tsv') ? '\t' : ',',
		record_delimiter: ['\r\n', '\n', '\r'],
		relax_column_count: true,
		skip_empty_lines: true,
		on_record: (cells: string[], { lines }) => {
			// The parser counts a CRLF inside quotes as two lines.
			if (lines > linesBefore + 1) for (const cell of cells) surplus += cell.split('\r\n').length - 1;
			linesBefore = lines;
			batch.push({ cells, line: lines - surplus });
			return null;
		},
	});
	// Records are taken in `on_record`; a failure is read off the stream right after each write.
	parser.on('error', () => {});
	const check = (): void => {
		if (parser.errored) throw csvProblem(path, parser.errored, linesBefore - surplus + 1);
	};
	for (const chunk of fileChunks(path)) {
		parser.write(Buffer.from(chunk));
		check();
		yield batch;
		batch = [];
	}
	parser.end();
	check();
	if (batch.length > 0) yield batch;
}

const CSV_PROBLEMS: Readonly<Record<string, string>> = {
	CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
	INVALID_OPENING_QUOTE: 'a quote stands inside a field that does not begin with one',
	CSV_INVALID_CLOSING_QUOTE: 'something follows the closing quote of a field',
};

function csvProblem(path: string, error: Error & { readonly code?: string }, line: number): UserError {
	const said = CSV_PROBLEMS[error.code ?? ''] ?? error.message;
	const help = 'a field with a comma, a quote or a line break is written "like ""this"""';
	return new UserError(`${shownPath(path)}:${line}: not valid CSV: ${said}`, help, error);
}

/** The row type of a CSV file with a header, from its first rows (at most 20,000 or 8 MiB). */
export function inferCsv(path: string): FileSchema {
	let columns: GuessedColumn[] | null = null;
	let names: string[] = [];
	let [rows, bytes] = [0, 0];
	for (const batch of csvBatches(path)) {
		for (const { cells, line } of batch) {
			if (columns === null) {
				names = fieldNames(cells);
				columns = names.map(() => ({ numbers: true, bools: true, empty: false, filled: false }));
				continue;
			}
			if (rows === INFERENCE_ROWS || bytes > INFERENCE_BYTES)
				return { type: guessedType(names, columns), rows: null };
			checkWidth(cells, names, path, line);
			for (const [i, cell] of cells.entries()) {
				look(columns[i] as GuessedColumn, cell);
				bytes += cell.length + 1;
			}
			rows++;
		}
	}
	if (columns === null)
		throw new UserError(`${shownPath(path)} is empty`, 'the first line of a CSV file names its columns');
	return { type: guessedType(names, columns), rows };
}

interface GuessedColumn {
	numbers: boolean;
	bools: boolean;
	empty: boolean;
	filled: boolean;
}

/** A plain decimal number. `007` is none: it is somebody's key. */
const NUMBER = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const BOOL = /^(?:true|false)$/i;

function look(column: GuessedColumn, cell: string): void {
	if (cell === '') {
		column.empty = true;
		return;
	}
	column.filled = true;
	column.numbers &&= NUMBER.test(cell);
	column.bools &&= BOOL.test(cell);
}

function guessedType(names: readonly string[], columns: readonly GuessedColumn[]): RecordCell {
	return {
		kind: 'record',
		fields: new Map(names.map((name, i) => [name, guess(columns[i] as GuessedColumn)])),
	};
}

/** An empty cell of a Text column is the empty text; elsewhere it is an absent value. */
function guess({ numbers, bools, empty, filled }: GuessedColumn): CellType {
	if (!filled || !(numbers || bools)) return { kind: 'text' };
	const type: CellType = { kind: numbers ? 'number' : 'bool' };
	return empty ? optional(type) : type;
}

/** Reads a CSV file with a header into columns, checking every cell against `as`, or against what the first rows are. */
export async function readCsv(path: string, as: string | null, signal?: AbortSignal): Promise<Data> {
	const type = as === null ? inferCsv(path).type : parseRecordType(as);
	const fields = [...type.fields];
	const builders = fields.map(([, field]) => columnBuilder(field));
	let names: string[] | null = null;
	let places: number[] = [];
	let length = 0;
	for (const batch of csvBatches(path)) {
		for (const { cells, line } of batch) {
			if (names === null) {
				names = fieldNames(cells);
				places = fields.map(([name]) => placeOf(name, names as string[], path));
				continue;
			}
			checkWidth(cells, names, path, line);
			for (let i = 0; i < fields.length; i++) {
				const [name, field] = fields[i] as [string, CellType];
				(builders[i] as ColumnBuilder).add(
					readCell(cells[places[i] as number] as string, field, name, path, line),
				);
			}
			length++;
		}
		await pause(signal);
	}
	const columns = new Map<string, Column>(
		fields.map(([name], i) => [name, (builders[i] as ColumnBuilder).finish()]),
	);
	return new Data(length, columns);
}

function placeOf(name: string, names: readonly string[], path: string): number {
	const place = names.indexOf(name);
	if (place >= 0) return place;
	throw new UserError(`${shownPath(path)} has no column "${name}"`, `there are ${names.join(', ')}`);
}

function checkWidth(cells: readonly string[], names: readonly string[], path: string, line: number): void {
	if (cells.length === names.length) return;
	throw new UserError(
		`${shownPath(path)}:${line}: expected ${names.length} fields as in the header, found ${cells.length}`,
		'a field with a comma in it is written in quotes',
	);
}

function readCell(cell: string, type: CellType, name: string, path: string, line: number): unknown {
	if (type.kind === 'option') return cell === '' ? null : readCell(cell, type.inner, name, path, line);
	if (type.kind === 'text' || type.kind === 'any') return cell;
	const value = parsedCell(cell, type);
	if (value !== undefined && !misfit(value, type, name)) return value;
	throw new UserError(
		`${shownPath(path)}:${line}: ${describeMisfit({ at: name, expected: type, found: cell })}`,
		cell === ''
			? `where it may be empty, write as: {${name}: …?}`
			: 'mend the line, or give the type of a row with as:',
	);
}

/** Undefined when the cell cannot be read as that type. Lists and records are written as JSON. */
function parsedCell(cell: string, type: CellType): unknown {
	if (type.kind === 'number' || type.kind === 'prob') {
		const text = cell.trim();
		return text === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
	}
	if (type.kind === 'bool') return BOOL.test(cell) ? cell.toLowerCase() === 'true' : undefined;
	try {
		return JSON.parse(cell);
	} catch {
		return undefined;
	}
}
