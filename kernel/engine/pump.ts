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
 * there are no waves. Rows that never wait run in a tight loop. Rejects with the first failure, once every row that had
 * started has come back.
 */
export function pump(
	total: number,
	start: (row: number) => Maybe<unknown>,
	options: PumpOptions,
): Promise<void> {
	return new Promise((resolve, reject) => {
		new Pump(total, start, options, (failure) => (failure ? reject(failure.error) : resolve())).fill();
	});
}

interface Failure {
	readonly error: unknown;
}

class Pump {
	private readonly total: number;
	private readonly start: (row: number) => Maybe<unknown>;
	private readonly options: PumpOptions;
	private readonly ended: (failure: Failure | null) => void;
	private next = 0;
	private waiting = 0;
	private failure: Failure | null = null;
	/** In the loop, or between two slices of it. */
	private filling = false;
	private sliceStart = performance.now();

	constructor(
		total: number,
		start: (row: number) => Maybe<unknown>,
		options: PumpOptions,
		ended: (failure: Failure | null) => void,
	) {
		this.total = total;
		this.start = start;
		this.options = options;
		this.ended = ended;
	}

	fill(): void {
		this.filling = true;
		while (this.hasRoom) {
			this.startRow(this.next++);
			if (performance.now() - this.sliceStart > SLICE_MS) {
				setImmediate(this.nextSlice);
				return;
			}
		}
		this.filling = false;
		if (this.waiting === 0) this.ended(this.failure);
	}

	private get hasRoom(): boolean {
		return this.next < this.total && this.waiting < this.options.window && !this.failure;
	}

	private startRow(row: number): void {
		try {
			this.options.check();
			const pending = this.start(row);
			if (!(pending instanceof Promise)) return;
			this.waiting++;
			pending.then(this.landed, this.failed);
		} catch (error) {
			this.failure ??= { error };
		}
	}

	private readonly nextSlice = (): void => {
		this.sliceStart = performance.now();
		this.fill();
	};

	private readonly landed = (): void => {
		this.waiting--;
		if (!this.filling) this.fill();
	};

	private readonly failed = (error: unknown): void => {
		this.failure ??= { error };
		this.landed();
	};
}

/** A turn of the event loop. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
