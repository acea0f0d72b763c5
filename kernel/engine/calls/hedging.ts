import { quantileOf } from '../../../stdlib/statistics/quantile.ts';
import type { Clock } from './clock.ts';
import type { Job } from './job.ts';

const QUANTILE = 0.95;
/** Latencies that are looked at, the fewest of them that say anything, and how often they are sorted. */
const RECENT = 200;
const FEWEST = 20;
const EVERY = 10;

/**
 * Which calls of one model are worth asking a second time: those that have taken longer than 95% of its recent ones
 * (Dean & Barroso 2013, "The Tail at Scale").
 */
export class Hedging {
	private readonly clock: Clock;
	private readonly latencies = new Float64Array(RECENT);
	private answered = 0;
	private afterMs: number | null = null;
	private readonly overdue = new Set<Job>();

	constructor(clock: Clock) {
		this.clock = clock;
	}

	/** Calls that are overdue and not asked again yet. */
	get waiting(): Iterable<Job> {
		return this.overdue;
	}

	/** @param onOverdue called when the job has taken too long, unless it is forgotten before */
	watch(job: Job, onOverdue: () => void): void {
		if (this.afterMs === null) return;
		job.cancelHedge = this.clock.after(this.afterMs, () => {
			this.overdue.add(job);
			onOverdue();
		});
	}

	forget(job: Job): void {
		job.cancelHedge?.();
		job.cancelHedge = null;
		this.overdue.delete(job);
	}

	/** @param ms from the first of the call's requests: counted from the second one, hedging would lower its own bar */
	add(ms: number): void {
		this.latencies[this.answered++ % RECENT] = ms;
		if (this.answered < FEWEST || this.answered % EVERY !== 0) return;
		this.afterMs = quantileOf(this.latencies.slice(0, this.answered).sort(), QUANTILE);
	}
}
