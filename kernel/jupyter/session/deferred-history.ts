import type { History } from './history.ts';

const WRITE_MS = 500;

/** A way to make the history, which is loaded when it is first asked or when the kernel has time. */
type Open = () => Promise<History>;

/**
 * History that is opened and written after cells have been answered, so that no cell waits for a disk. Where it cannot
 * be kept in its file, that is said once in the log, and it is kept in memory.
 */
export class DeferredHistory {
	readonly #open: Open;
	#opened: Promise<History> | null = null;
	#waiting: Parameters<History['add']>[] = [];
	#timer: NodeJS.Timeout | null = null;

	constructor(open: Open) {
		this.#open = open;
	}

	add(...entry: Parameters<History['add']>): void {
		this.#waiting.push(entry);
		this.#timer ??= setTimeout(() => void this.ready(), WRITE_MS).unref();
	}

	/** The history with all that was added. */
	async ready(): Promise<History> {
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		this.#opened ??= this.#open();
		const history = await this.#opened;
		const waiting = this.#waiting;
		this.#waiting = [];
		for (const entry of waiting) history.add(...entry);
		return history;
	}

	async close(): Promise<void> {
		if (this.#waiting.length > 0 || this.#opened) (await this.ready()).close();
	}
}

/** In the user's file, or where that cannot be had in memory. */
export async function openUserHistory(path?: string): Promise<History> {
	const { SqliteHistory, historyPath } = await import('./sqlite-history.ts');
	const { createRedact } = await import('../../engine/calls/redact.ts');
	const redact = createRedact();
	try {
		return new SqliteHistory(path ?? historyPath(), redact);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		process.stderr.write(`assay kernel: history is not kept beyond this session: ${reason}\n`);
		return new SqliteHistory(':memory:', redact);
	}
}
