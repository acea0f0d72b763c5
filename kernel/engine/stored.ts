import { deserialize, serialize } from 'node:v8';
import type { PlanNode } from '../../dsl/plan/plan.ts';
import type { Column } from '../../stdlib/values/column.ts';
import { Data, type Provenance } from '../../stdlib/values/data.ts';
import { chunkCount, decodeColumn, encodeColumn } from './columns/codec.ts';
import { type FindModel, fromPlain, NotStorable, toPlain } from './columns/plain.ts';
import type { Origins } from './origins.ts';
import type { Store } from './store/store.ts';

/** What the store keeps of a finished step beside its chunks. */
export interface StepMeta {
	readonly format: 'assay-step/1';
	/** How the chunks are read; `nothing` marks a step that is computed again whenever it is needed. */
	readonly content: 'column' | 'indices' | 'data' | 'value' | 'nothing';
	readonly rows: number | null;
	readonly origins: Origins;
	readonly seconds: number;
	/** Files beside the store that the value is in. */
	readonly artefacts?: readonly string[];
	/** Of data sets: columns in order and where they come from. */
	readonly columns?: readonly string[];
	readonly provenance?: readonly Provenance[];
}

export function keptStep(store: Store | null, node: PlanNode): StepMeta | null {
	const meta = store?.getStep(node.key)?.meta as StepMeta | undefined;
	return meta?.format === 'assay-step/1' ? meta : null;
}

type Header = Omit<StepMeta, 'format' | 'content' | 'rows'>;

/** Writes a finished step; what cannot be kept leaves only a mark that it was done. */
export class StepWriter {
	private readonly store: Store;

	constructor(store: Store) {
		this.store = store;
	}

	column(key: string, column: Column, header: Header): void {
		this.write(key, { ...header, content: 'column', rows: column.length }, () => encodeColumn(column));
	}

	/** Index arrays of an eval's variables. */
	indices(key: string, length: number, arrays: readonly Int32Array[], header: Header): void {
		this.write(key, { ...header, content: 'indices', rows: length }, () => arrays.map(bytesOf));
	}

	data(key: string, data: Data, header: Header): void {
		const columns = [...data.columns.keys()];
		const meta = {
			...header,
			content: 'data' as const,
			rows: data.length,
			columns,
			provenance: data.provenance,
		};
		this.write(key, meta, () => encodeColumns(data));
	}

	value(key: string, value: unknown, rows: number | null, header: Header): void {
		this.write(key, { ...header, content: 'value', rows }, () => [serialize(toPlain(value))]);
	}

	mark(key: string, rows: number | null, header: Header): void {
		this.write(key, { ...header, content: 'nothing', rows }, () => []);
	}

	private write(key: string, meta: Omit<StepMeta, 'format'>, chunks: () => Iterable<Uint8Array>): void {
		try {
			this.store.writeStep(key, { format: 'assay-step/1', ...meta }, chunks());
		} catch (error) {
			if (!(error instanceof NotStorable)) throw error;
			this.store.writeStep(key, { format: 'assay-step/1', ...meta, content: 'nothing' }, []);
		}
	}
}

function* encodeColumns(data: Data): IterableIterator<Uint8Array> {
	for (const column of data.columns.values()) yield* encodeColumn(column);
}

const bytesOf = (array: Int32Array): Uint8Array =>
	new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

export function readColumn(store: Store, key: string, length: number, find: FindModel): Column {
	return decodeColumn(chunks(store, key, 0, chunkCount(length)), length, find);
}

export function readIndices(store: Store, key: string, variables: number): Int32Array[] {
	return Array.from(chunks(store, key, 0, variables), (bytes) => {
		const copy = bytes.slice();
		return new Int32Array(copy.buffer, 0, copy.byteLength / 4);
	});
}

export function readData(store: Store, key: string, meta: StepMeta, find: FindModel): Data {
	const length = meta.rows ?? 0;
	const each = chunkCount(length);
	const columns = (meta.columns ?? []).map(
		(name, i) => [name, decodeColumn(chunks(store, key, i * each, each), length, find)] as const,
	);
	return new Data(length, new Map(columns), meta.provenance ?? []);
}

export const readValue = (store: Store, key: string, find: FindModel): unknown =>
	fromPlain(deserialize(store.readChunk(key, 0)), find);

function* chunks(store: Store, key: string, first: number, count: number): IterableIterator<Uint8Array> {
	for (let i = first; i < first + count; i++) yield store.readChunk(key, i);
}
