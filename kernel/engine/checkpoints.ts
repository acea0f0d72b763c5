import { createHash } from 'node:crypto';
import type { FieldNode } from '../../dsl/plan/plan.ts';
import type { Column } from '../../stdlib/values/column.ts';
import { Missing } from '../../stdlib/values/missing.ts';
import { columnBuilder } from './columns/builders.ts';
import { chunkCount, decodeColumn, encodeColumn } from './columns/codec.ts';
import { NotStorable } from './columns/plain.ts';
import type { FieldRun } from './fields.ts';
import type { Store } from './store/store.ts';

/** How often rows are put away while they are computed, in seconds. */
export const CHECKPOINT_SECONDS = 4;

interface PartMeta {
	readonly format: 'assay-part/1';
	readonly from: number;
	readonly to: number;
}

/**
 * Rows of columns that are not finished yet: a long run that is killed goes on where it was, without looking up again
 * every call that it had made.
 */
export class Checkpoints {
	private readonly store: Store;
	private readonly run: FieldRun;
	private readonly everyMs: number;
	private fields: readonly FieldNode[];
	private last = performance.now();
	private from = 0;
	private parts = 0;

	constructor(store: Store, fields: readonly FieldNode[], run: FieldRun, everySeconds = CHECKPOINT_SECONDS) {
		this.store = store;
		this.fields = fields;
		this.run = run;
		this.everyMs = everySeconds * 1000;
	}

	/** Puts away the rows that were settled since the last time, when that is long enough ago. */
	tick(): void {
		if (performance.now() - this.last < this.everyMs) return;
		const to = this.run.settledPrefix;
		if (to > this.from) this.write(this.from, to);
		this.from = to;
		this.last = performance.now();
	}

	/** The columns are finished and kept as a whole. */
	clear(): void {
		for (const { key } of this.fields) {
			for (let i = 0; i < this.parts; i++) this.store.writeStep(partKey(key, i), { format: 'none' }, []);
		}
	}

	private write(from: number, to: number): void {
		const meta: PartMeta = { format: 'assay-part/1', from, to };
		this.fields = this.fields.filter(({ id, key }) => {
			const column = this.run.part(id, from, to);
			return (
				column && storable(() => this.store.writeStep(partKey(key, this.parts), meta, encodeColumn(column)))
			);
		});
		this.parts++;
	}
}

/** The rows that runs before this one put away, or null when there are none. */
export function earlierRows(store: Store, node: FieldNode): Column | null {
	let rows: Column | null = null;
	storable(() => {
		rows = readParts(store, node);
	});
	return rows;
}

/** False for values that only a running process can hold: their rows are computed again. */
function storable(work: () => void): boolean {
	try {
		work();
		return true;
	} catch (error) {
		if (error instanceof NotStorable) return false;
		throw error;
	}
}

function readParts(store: Store, { key, type }: FieldNode): Column | null {
	const parts: { readonly column: Column; readonly from: number }[] = [];
	let length = 0;
	for (let i = 0; ; i++) {
		const meta = store.getStep(partKey(key, i))?.meta as PartMeta | undefined;
		if (meta?.format !== 'assay-part/1' || meta.from !== length) break;
		const rows = meta.to - meta.from;
		const chunks = Array.from({ length: chunkCount(rows) }, (_, chunk) =>
			store.readChunk(partKey(key, i), chunk),
		);
		parts.push({ column: decodeColumn(chunks, rows), from: length });
		length = meta.to;
	}
	if (length === 0) return null;
	const builder = columnBuilder(type, length);
	for (const { column, from } of parts) {
		for (let row = 0; row < column.length; row++) builder.set(from + row, column.get(row));
	}
	return builder.finish(new Missing('failed', 'not reached'));
}

const partKey = (key: string, part: number): string =>
	createHash('sha256').update(`${key}/part/${part}`).digest('hex');
