import type { Clock } from './clock.ts';
import type { Job } from './job.ts';

/** When calls have to be answered: all of them have equally long, so those that began first end first, by one timer. */
export class Deadlines {
	private readonly clock: Clock;
	private readonly lengthMs: number;
	private readonly passed: (job: Job) => void;
	/** In the order in which they began. */
	private readonly waiting = new Set<Job>();
	private cancel: (() => void) | null = null;

	constructor(clock: Clock, lengthMs: number, passed: (job: Job) => void) {
		this.clock = clock;
		this.lengthMs = lengthMs;
		this.passed = passed;
	}

	/** From the job's start on; a job that waits already keeps its deadline. */
	add(job: Job): void {
		if (this.waiting.has(job)) return;
		this.waiting.add(job);
		job.deadlines = this;
		this.cancel ??= this.clock.after(this.leftMs(job), () => this.look());
	}

	delete(job: Job): void {
		this.waiting.delete(job);
		if (this.waiting.size > 0) return;
		this.cancel?.();
		this.cancel = null;
	}

	private look(): void {
		this.cancel = null;
		for (const job of this.waiting) {
			const leftMs = this.leftMs(job);
			if (leftMs > 0) {
				this.cancel ??= this.clock.after(leftMs, () => this.look());
				return;
			}
			this.waiting.delete(job);
			this.passed(job);
		}
	}

	private leftMs(job: Job): number {
		return Math.max(0, job.startedMs + this.lengthMs - this.clock.now());
	}
}
