import type { DatabaseSync } from 'node:sqlite';
import { UserError } from '../../../stdlib/define.ts';
import type { Transactions } from './transaction.ts';

/** A chunk's row is `step * CHUNKS_PER_STEP + index`, which saves an index over them. */
const CHUNKS_PER_STEP = 2 ** 20;

/** Other processes can write between two of these. */
const TRANSACTION_BYTES = 16 * 2 ** 20;

/** Results of finished steps, in chunks of bytes. */
export class Steps {
	private readonly db: DatabaseSync;
	private readonly transactions: Transactions;

	constructor(db: DatabaseSync, transactions: Transactions) {
		this.db = db;
		this.transactions = transactions;
	}

	get(key: string): { readonly meta: unknown; readonly chunks: number } | undefined {
		const row = this.complete(key);
		return row && { meta: JSON.parse(row.meta), chunks: row.chunks };
	}

	readChunk(key: string, index: number): Uint8Array {
		const step = this.complete(key);
		if (!step || index >= step.chunks) throw new Error(`the store has no chunk ${index} of step ${key}`);
		const row = this.db
			.prepare('SELECT data FROM step_chunks WHERE id = ?')
			.get(step.id * CHUNKS_PER_STEP + index) as { data: Uint8Array } | undefined;
		if (!row)
			throw new UserError(
				`chunk ${index} of a finished step is not in the store`,
				'Run `assay store verify`.',
			);
		return row.data;
	}

	/**
	 * Chunks go in under a number that nobody can see yet, and one last transaction makes the step visible: the result
	 * of a million rows does not lock the store for others while it is encoded.
	 */
	write(key: string, meta: string, chunks: Iterable<Uint8Array>, alongside: () => void): void {
		const id = this.reserve(key);
		try {
			const written = this.writeChunks(id, chunks);
			this.transactions.run(() => {
				const old = this.complete(key);
				if (old) this.remove(old.id);
				this.db
					.prepare('UPDATE steps SET meta = ?, chunks = ?, bytes = ?, complete = 1 WHERE id = ?')
					.run(meta, written.chunks, written.bytes, id);
				alongside();
			});
		} catch (error) {
			this.discard(id);
			throw error;
		}
	}

	/** Drops steps whose key is not wanted, and what was being written by processes that are gone. */
	gc(wanted: (key: string) => boolean): { steps: number; bytes: number } {
		const rows = this.db
			.prepare('SELECT id, key, bytes, complete, pid FROM steps')
			.all() as unknown as StepRow[];
		const dropped = rows.filter((row) => (row.complete ? !wanted(row.key) : !isAlive(row.pid)));
		this.transactions.run(() => {
			for (const { id } of dropped) this.remove(id);
		});
		return { steps: dropped.length, bytes: dropped.reduce((sum, row) => sum + row.bytes, 0) };
	}

	metas(): string[] {
		return this.db
			.prepare('SELECT meta FROM steps WHERE complete = 1')
			.all()
			.map((row) => row.meta as string);
	}

	private complete(key: string): StepRow | undefined {
		return this.db
			.prepare('SELECT id, key, meta, chunks, bytes, complete, pid FROM steps WHERE key = ? AND complete = 1')
			.get(key) as StepRow | undefined;
	}

	private reserve(key: string): number {
		const insert = this.db.prepare(
			"INSERT INTO steps (key, meta, chunks, bytes, complete, pid) VALUES (?, 'null', 0, 0, 0, ?)",
		);
		return Number(this.transactions.run(() => insert.run(key, process.pid)).lastInsertRowid);
	}

	private writeChunks(id: number, chunks: Iterable<Uint8Array>): { chunks: number; bytes: number } {
		const insert = this.db.prepare('INSERT INTO step_chunks (id, data) VALUES (?, ?)');
		let count = 0;
		let bytes = 0;
		let waiting: Uint8Array[] = [];
		let waitingBytes = 0;
		const write = (): void => {
			this.transactions.run(() => {
				for (const chunk of waiting) insert.run(id * CHUNKS_PER_STEP + count++, chunk);
			});
			bytes += waitingBytes;
			waiting = [];
			waitingBytes = 0;
		};
		// No transaction is open while the next chunk is made: making it may use the store.
		for (const chunk of chunks) {
			waiting.push(chunk);
			waitingBytes += chunk.byteLength;
			if (waitingBytes >= TRANSACTION_BYTES) write();
		}
		write();
		return { chunks: count, bytes };
	}

	/** Best effort: what is left of a failed write is invisible, and `gc` drops it. */
	private discard(id: number): void {
		try {
			this.transactions.run(() => this.remove(id));
		} catch {
			// The error that brought us here says more than this one.
		}
	}

	private remove(id: number): void {
		this.db
			.prepare('DELETE FROM step_chunks WHERE id >= ? AND id < ?')
			.run(id * CHUNKS_PER_STEP, (id + 1) * CHUNKS_PER_STEP);
		this.db.prepare('DELETE FROM steps WHERE id = ?').run(id);
	}
}

interface StepRow {
	readonly id: number;
	readonly key: string;
	readonly meta: string;
	readonly chunks: number;
	readonly bytes: number;
	readonly complete: number;
	readonly pid: number;
}

export function isAlive(pid: number): boolean {
	if (pid === process.pid) return false;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
