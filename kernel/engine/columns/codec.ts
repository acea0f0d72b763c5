import { deserialize, serialize } from 'node:v8';
import {
	BoolColumn,
	ChoiceColumn,
	type ChoiceShape,
	type Column,
	NumberColumn,
	ValueColumn,
} from '../../../stdlib/values/column.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { ShapeTable } from './choice-builder.ts';
import { type FindModel, fromPlain, toPlain } from './plain.ts';

/** Rows in one chunk: what is held in memory twice while a column is written. */
export const CHUNK_ROWS = 65_536;
const VERSION = 1;

/** Part of a column as it stands in the store; typed arrays are written raw. */
type Chunk = { readonly gaps: Gaps | null } & (
	| { readonly kind: 'number'; readonly values: Float64Array }
	| { readonly kind: 'bool'; readonly values: Uint8Array }
	| {
			readonly kind: 'choice';
			readonly shapes: readonly ChoiceShape[];
			readonly shapeOf: Int32Array;
			readonly probs: Float64Array;
			readonly outside: Float64Array;
	  }
	| { readonly kind: 'values'; readonly values: readonly unknown[] }
);

/** Missing cells: positions in the chunk, and which of the distinct reasons each has. */
interface Gaps {
	readonly rows: Int32Array;
	readonly reasons: Int32Array;
	readonly distinct: readonly (readonly [Missing['reason'], string, string | null])[];
}

/** A column cut into chunks. Throws `NotStorable` for what only this process can hold. */
export function* encodeColumn(column: Column): IterableIterator<Uint8Array> {
	for (let from = 0; from === 0 || from < column.length; from += CHUNK_ROWS) {
		const to = Math.min(column.length, from + CHUNK_ROWS);
		yield framed(chunkOf(column, from, to));
	}
}

export const chunkCount = (length: number): number => Math.max(1, Math.ceil(length / CHUNK_ROWS));

function framed(chunk: Chunk): Uint8Array {
	const body = serialize(chunk);
	const bytes = new Uint8Array(body.length + 1);
	bytes[0] = VERSION;
	bytes.set(body, 1);
	return bytes;
}

function unframed(bytes: Uint8Array): Chunk {
	if (bytes[0] !== VERSION) {
		throw new Error(`a stored column has format ${bytes[0]}; this version of Assay reads ${VERSION}`);
	}
	// A copy, so that typed arrays inside are aligned and can be used without another one.
	return deserialize(bytes.slice(1)) as Chunk;
}

function chunkOf(column: Column, from: number, to: number): Chunk {
	const gaps = gapsOf(column, from, to);
	if (column instanceof NumberColumn) return { kind: 'number', values: column.values.slice(from, to), gaps };
	if (column instanceof BoolColumn) return { kind: 'bool', values: column.values.slice(from, to), gaps };
	if (column instanceof ChoiceColumn) return { ...choices(column, from, to), gaps };
	const values = Array.from({ length: to - from }, (_, i) => {
		const value = column.get(from + i);
		return value instanceof Missing ? null : toPlain(value);
	});
	return { kind: 'values', values, gaps };
}

function choices(column: ChoiceColumn, from: number, to: number) {
	const table = new ShapeTable();
	const shapeOf = new Int32Array(to - from);
	const probs: number[] = [];
	for (let row = from; row < to; row++) {
		const shape = column.shapes[column.shapeOf[row] as number];
		shapeOf[row - from] = shape ? table.indexOf(shape) : -1;
		if (!shape) continue;
		const start = column.offsets[row] as number;
		for (let i = 0; i < shape.options.length; i++) probs.push(column.probs[start + i] as number);
	}
	return {
		kind: 'choice' as const,
		shapes: table.list,
		shapeOf,
		probs: Float64Array.from(probs),
		outside: column.outside.slice(from, to),
	};
}

function gapsOf(column: Column, from: number, to: number): Gaps | null {
	const rows: number[] = [];
	const reasons: number[] = [];
	const distinct = new Map<string, { readonly index: number; readonly gap: Missing }>();
	for (const [row, gap] of missingCells(column, from, to)) {
		const content = `${gap.reason}\u0000${gap.code}\u0000${gap.message}`;
		const known = distinct.get(content) ?? { index: distinct.size, gap };
		distinct.set(content, known);
		rows.push(row - from);
		reasons.push(known.index);
	}
	if (rows.length === 0) return null;
	return {
		rows: Int32Array.from(rows),
		reasons: Int32Array.from(reasons),
		distinct: [...distinct.values()].map(({ gap }) => [gap.reason, gap.message, gap.code]),
	};
}

function* missingCells(column: Column, from: number, to: number): Iterable<readonly [number, Missing]> {
	if (column instanceof NumberColumn || column instanceof BoolColumn || column instanceof ChoiceColumn) {
		if (column.missing.size === 0) return;
	}
	for (let row = from; row < to; row++) {
		const value = column instanceof ChoiceColumn ? column.missing.get(row) : column.get(row);
		if (value instanceof Missing) yield [row, value];
	}
}

/** The column again, from all of its chunks in order. */
export function decodeColumn(chunks: Iterable<Uint8Array>, length: number, find?: FindModel): Column {
	const parts = Array.from(chunks, unframed);
	const missing = decodeGaps(parts);
	switch (parts[0]?.kind) {
		case 'number':
			return new NumberColumn(joined(parts, Float64Array, length), missing);
		case 'bool':
			return new BoolColumn(joined(parts, Uint8Array, length), missing);
		case 'choice':
			return decodeChoices(parts as Extract<Chunk, { kind: 'choice' }>[], length, missing);
		default:
			return decodeValues(parts, length, missing, find);
	}
}

function decodeGaps(parts: readonly Chunk[]): Map<number, Missing> {
	const missing = new Map<number, Missing>();
	parts.forEach(({ gaps }, part) => {
		if (!gaps) return;
		const reasons = gaps.distinct.map(([reason, message, code]) => new Missing(reason, message, code));
		gaps.rows.forEach((row, i) => {
			missing.set(part * CHUNK_ROWS + row, reasons[gaps.reasons[i] as number] as Missing);
		});
	});
	return missing;
}

function joined<T extends Float64Array | Uint8Array>(
	parts: readonly Chunk[],
	Kind: new (length: number) => T,
	length: number,
): T {
	const whole = new Kind(length);
	parts.forEach((part, i) => {
		whole.set((part as unknown as { readonly values: T }).values, i * CHUNK_ROWS);
	});
	return whole;
}

function decodeChoices(
	parts: readonly Extract<Chunk, { kind: 'choice' }>[],
	length: number,
	missing: Map<number, Missing>,
): Column {
	const table = new ShapeTable();
	const shapeOf = new Int32Array(length);
	const offsets = new Int32Array(length);
	const outside = new Float64Array(length);
	const probs = new Float64Array(parts.reduce((sum, part) => sum + part.probs.length, 0));
	let used = 0;
	parts.forEach((part, i) => {
		const base = i * CHUNK_ROWS;
		const shapes = part.shapes.map((shape) => ({ size: shape.options.length, index: table.indexOf(shape) }));
		outside.set(part.outside, base);
		probs.set(part.probs, used);
		part.shapeOf.forEach((local, row) => {
			const shape = shapes[local];
			shapeOf[base + row] = shape?.index ?? -1;
			offsets[base + row] = used;
			used += shape?.size ?? 0;
		});
	});
	return new ChoiceColumn({ shapes: table.list, shapeOf, offsets, probs, outside, missing });
}

function decodeValues(
	parts: readonly Chunk[],
	length: number,
	missing: Map<number, Missing>,
	find: FindModel | undefined,
): Column {
	const values = new Array<unknown>(length);
	parts.forEach((part, i) => {
		const stored = (part as Extract<Chunk, { kind: 'values' }>).values;
		for (let row = 0; row < stored.length; row++) values[i * CHUNK_ROWS + row] = fromPlain(stored[row], find);
	});
	for (const [row, gap] of missing) values[row] = gap;
	return new ValueColumn(values);
}
