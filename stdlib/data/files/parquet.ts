import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FileMetaData, SchemaTree } from 'hyparquet';
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
import { columnBuilder } from './column-builder.ts';
import { shownPath, stampOf } from './digest.ts';
import { fieldNames } from './field-names.ts';
import type { FileSchema } from './schema.ts';

type Hyparquet = typeof import('hyparquet');

/** The row type of a Parquet file, from its footer. A column is optional only where the file has nulls or does not say. */
export function inferParquet(path: string): FileSchema {
	const { parquetSchema, metadata } = footer(path);
	const children = parquetSchema(metadata).children;
	const names = fieldNames(children.map((child) => child.element.name));
	const leavesWithNulls = nullLeaves(metadata);
	const fields = new Map(children.map((child, i) => [names[i] as string, nullable(child, leavesWithNulls)]));
	return { type: { kind: 'record', fields }, rows: Number(metadata.num_rows) };
}

/** Reads a Parquet file into columns, checking every value against `as`, or against the file's own schema. */
export async function readParquet(path: string, as: string | null, signal?: AbortSignal): Promise<Data> {
	const [{ parquetReadObjects }, { compressors }] = await Promise.all([
		import('hyparquet'),
		import('hyparquet-compressors'),
	]);
	const { parquetSchema, metadata } = footer(path);
	const headers = parquetSchema(metadata).children.map((child) => child.element.name);
	const names = fieldNames(headers);
	const type = as === null ? inferParquet(path).type : parseRecordType(as);
	const wanted = [...type.fields.keys()].map((name) => headerOf(name, names, headers, path));
	const sink = new ParquetSink(type, wanted, path);
	const file = openSync(path, 'r');
	try {
		const buffer = {
			byteLength: statSync(path).size,
			slice: (start: number, end?: number) => bytesOf(file, start, end ?? statSync(path).size),
		};
		let rowStart = 0;
		for (const group of metadata.row_groups) {
			const rowEnd = rowStart + Number(group.num_rows);
			sink.add(
				await parquetReadObjects({
					file: buffer,
					metadata,
					columns: [...new Set(wanted)],
					rowStart,
					rowEnd,
					compressors,
					parsers: { dateFromDays },
				}),
			);
			signal?.throwIfAborted();
			rowStart = rowEnd;
		}
	} catch (error) {
		throw error instanceof UserError || signal?.aborted ? error : damaged(path, error);
	} finally {
		closeSync(file);
	}
	return sink.finish();
}

class ParquetSink {
	private readonly fields: readonly (readonly [string, CellType])[];
	private readonly builders: readonly ReturnType<typeof columnBuilder>[];
	private readonly headers: readonly string[];
	private readonly path: string;
	private length = 0;

	constructor(type: RecordCell, headers: readonly string[], path: string) {
		this.fields = [...type.fields];
		this.builders = this.fields.map(([, field]) => columnBuilder(field));
		this.headers = headers;
		this.path = path;
	}

	add(rows: readonly Readonly<Record<string, unknown>>[]): void {
		for (const row of rows) {
			this.length++;
			for (let i = 0; i < this.fields.length; i++) {
				const [name, type] = this.fields[i] as readonly [string, CellType];
				const value = plainValue(row[this.headers[i] as string], this.path, this.length, name);
				const wrong = misfit(value, type, name);
				if (wrong)
					throw new UserError(
						`${shownPath(this.path)}, row ${this.length}: ${describeMisfit(wrong)}`,
						'change the type after as:',
					);
				this.builders[i]?.add(value);
			}
		}
	}

	finish(): Data {
		const columns = new Map<string, Column>();
		for (const [i, [name]] of this.fields.entries())
			columns.set(name, (this.builders[i] as ReturnType<typeof columnBuilder>).finish());
		return new Data(this.length, columns);
	}
}

const dateFromDays = (days: number): string => new Date(days * 86_400_000).toISOString().slice(0, 10);

/** Parquet's values as Assay's: whole numbers of 64 bits become Number where that is exact, dates become ISO 8601 text. */
function plainValue(value: unknown, path: string, row: number, name: string): unknown {
	if (typeof value === 'bigint') {
		if (value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER))
			return Number(value);
		throw new UserError(
			`${shownPath(path)}, row ${row}: ${value} in "${name}" is too large to be an exact Number`,
			'store the column as text in the file, or leave it out with as:',
		);
	}
	if (value instanceof Date) return value.toISOString();
	if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
	if (Array.isArray(value)) return value.map((item) => plainValue(item, path, row, name));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, field]) => [key, plainValue(field, path, row, name)]),
	);
}

function headerOf(name: string, names: readonly string[], headers: readonly string[], path: string): string {
	const place = names.indexOf(name);
	if (place >= 0) return headers[place] as string;
	throw new UserError(`${shownPath(path)} has no column "${name}"`, `there are ${names.join(', ')}`);
}

/** The metadata at the end of the file. Loaded synchronously, since the compiler's needs are. */
function footer(path: string): {
	readonly metadata: FileMetaData;
	readonly parquetSchema: Hyparquet['parquetSchema'];
} {
	const { parquetMetadata, parquetSchema } = createRequire(import.meta.url)('hyparquet') as Hyparquet;
	stampOf(path);
	const file = openSync(path, 'r');
	try {
		const size = statSync(path).size;
		if (size < 12) throw new Error('it is too short');
		const length = new DataView(bytesOf(file, size - 8, size - 4)).getUint32(0, true);
		const metadata = parquetMetadata(bytesOf(file, Math.max(0, size - 8 - length), size));
		return { metadata, parquetSchema };
	} catch (error) {
		throw damaged(path, error);
	} finally {
		closeSync(file);
	}
}

const damaged = (path: string, error: unknown): UserError =>
	new UserError(
		`${shownPath(path)} cannot be read as a Parquet file: ${(error as Error).message}`,
		'it may be cut off, or be of another format',
		error,
	);

function bytesOf(file: number, start: number, end: number): ArrayBuffer {
	const bytes = new Uint8Array(Math.max(0, end - start));
	let filled = 0;
	while (filled < bytes.length) {
		const count = readSync(file, bytes, filled, bytes.length - filled, start + filled);
		if (count === 0) throw new Error('it is cut off');
		filled += count;
	}
	return bytes.buffer;
}

/** Paths of the leaf columns that have nulls, or do not say. */
type NullLeaves = ReadonlySet<string>;

function nullLeaves({ row_groups }: FileMetaData): NullLeaves {
	const leaves = new Set<string>();
	for (const { columns } of row_groups) {
		for (const { meta_data } of columns) {
			if (meta_data && Number(meta_data.statistics?.null_count ?? 1) > 0)
				leaves.add(meta_data.path_in_schema.join('.'));
		}
	}
	return leaves;
}

/** Writers mark nearly every column as optional; it is so only where nulls occur: a null record is a null in all its leaves. */
function nullable(node: SchemaTree, nulls: NullLeaves): CellType {
	const type = cellType(node, nulls);
	return node.element.repetition_type === 'OPTIONAL' && leavesOf(node).every((leaf) => nulls.has(leaf))
		? optional(type)
		: type;
}

const leavesOf = (node: SchemaTree): string[] =>
	node.children.length === 0 ? [node.path.join('.')] : node.children.flatMap(leavesOf);

function cellType(node: SchemaTree, nulls: NullLeaves): CellType {
	const { element, children } = node;
	const kind = element.logical_type?.type ?? element.converted_type;
	if (element.repetition_type === 'REPEATED' && children.length === 0)
		return { kind: 'list', item: scalarType(node) };
	if (kind === 'LIST') return listType(node, nulls);
	if (kind === 'MAP' || kind === 'MAP_KEY_VALUE' || kind === 'JSON' || kind === 'VARIANT')
		return { kind: 'any' };
	if (children.length === 0) return scalarType(node);
	return {
		kind: 'record',
		fields: new Map(children.map((child) => [child.element.name, nullable(child, nulls)])),
	};
}

/** Lists are three levels deep by the standard (list, repeated group, element); older writers leave out the middle. */
function listType({ children }: SchemaTree, nulls: NullLeaves): CellType {
	const repeated = children[0];
	if (!repeated) return { kind: 'any' };
	if (repeated.children.length === 0) return { kind: 'list', item: scalarType(repeated) };
	const element = repeated.children.length === 1 ? (repeated.children[0] as SchemaTree) : repeated;
	return { kind: 'list', item: nullable(element, nulls) };
}

function scalarType({ element }: SchemaTree): CellType {
	const kind = element.logical_type?.type ?? element.converted_type ?? '';
	if (element.type === 'BOOLEAN') return { kind: 'bool' };
	if (/^(DATE|TIMESTAMP)/.test(kind) || element.type === 'INT96') return { kind: 'text' };
	if (kind === 'DECIMAL' || kind === 'FLOAT16') return { kind: 'number' };
	if (element.type === 'BYTE_ARRAY' || element.type === 'FIXED_LEN_BYTE_ARRAY') return { kind: 'text' };
	return { kind: 'number' };
}
