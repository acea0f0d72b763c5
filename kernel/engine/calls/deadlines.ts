import type { Clock } from './clock.ts';
import type { Job } from './job.ts';

/** When calls have to be answered: all of them have equally long, so one timer is enough for the one that began first. */
export class Deadlines {
	private readonly clock: Clock;
	private readonly lengthMs: number;
	private readonly open: Iterable<Job>;
	private cancel: (() => void) | null = null;

	/** @param open the jobs that are not done */
	constructor(clock: Clock, lengthMs: number, open: Iterable<Job>) {
		this.clock = clock;
		this.lengthMs = lengthMs;
		this.open = open;
	}

	/** A call has begun. */
	watch(): void {
		this.cancel ??= this.clock.after(this.lengthMs, () => this.look());
	}

	/** Nothing is open any more. */
	stop(): void {
		this.cancel?.();
		this.cancel = null;
	}

	private look(): void {
		this.cancel = null;
		let nextMs = Number.POSITIVE_INFINITY;
		for (const job of this.open) {
			if (job.attempts === 0 || job.state === 'done') continue;
			const leftMs = job.startedMs + this.lengthMs - this.clock.now();
			if (leftMs > 0) nextMs = Math.min(nextMs, leftMs);
			else job.lane?.deadlinePassed(job);
		}
		if (nextMs < Number.POSITIVE_INFINITY) this.cancel ??= this.clock.after(nextMs, () => this.look());
	}
}
