import type { Maybe } from './evaluate/maybe.ts';

export interface PumpOptions {
	/** Rows that may be waiting at once: memory depends on this and not on how many rows there are. */
	readonly window: number;
	/** Called before each row; throws to stop. */
	readonly check: () => void;
}

/** How long a synchronous loop keeps the event loop from timers, interrupts and the store's commits. */
const SLICE_MS = 12;

/**
 * Starts rows in order and keeps up to `window` of them waiting. A row that is done makes room at once, whichever it is:
 * there are no waves. Rows that never wait run in a tight loop.
 */
export async function pump(
	total: number,
	start: (row: number) => Maybe<unknown>,
	options: PumpOptions,
): Promise<void> {
	const flight = new Flight();
	let sliceStart = performance.now();
	try {
		for (let row = 0; row < total; row++) {
			options.check();
			const pending = start(row);
			if (pending instanceof Promise) {
				flight.add(pending);
				if (flight.size >= options.window) await flight.room(options.window);
			}
			if (performance.now() - sliceStart > SLICE_MS) {
				await turn();
				flight.throwFailure();
				sliceStart = performance.now();
			}
		}
	} catch (error) {
		flight.fail(error);
	}
	await flight.landed();
}

/** A turn of the event loop. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Rows that are waiting for something. */
class Flight {
	size = 0;
	private failure: { readonly error: unknown } | null = null;
	private wake: (() => void) | null = null;

	add(pending: Promise<unknown>): void {
		this.size++;
		const landed = () => {
			this.size--;
			this.wake?.();
		};
		pending.then(landed, (error: unknown) => {
			this.failure ??= { error };
			landed();
		});
	}

	fail(error: unknown): void {
		this.failure ??= { error };
	}

	throwFailure(): void {
		if (this.failure) throw this.failure.error;
	}

	async room(window: number): Promise<void> {
		while (this.size >= window && !this.failure) await this.change();
		this.throwFailure();
	}

	/** Everything has come back; then the first failure counts. */
	async landed(): Promise<void> {
		while (this.size > 0) await this.change();
		this.throwFailure();
	}

	private change(): Promise<void> {
		return new Promise((resolve) => {
			this.wake = resolve;
		});
	}
}
