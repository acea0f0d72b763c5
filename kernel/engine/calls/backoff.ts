import { type Random, randomStream } from '../../../stdlib/random.ts';

const FIRST_MS = 500;
const LONGEST_MS = 60_000;

/** Waits between attempts: exponential with full jitter (Brooker 2015), from a seeded stream. */
export class Backoff {
	private readonly random: Random;

	/** @param name of the model: its draws do not depend on other models' failures */
	constructor(name: string) {
		this.random = randomStream(0, `backoff/${name}`);
	}

	/**
	 * Milliseconds to wait after `attempt` attempts (1, 2, …) have failed. What the server asked for is the least, and the
	 * jitter comes on top, so that calls that were turned away together do not come back together.
	 */
	waitMs(attempt: number, retryAfterMs: number | null): number {
		const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
		if (retryAfterMs === null) return this.random.next() * ceiling;
		return retryAfterMs + this.random.next() * Math.min(FIRST_MS, ceiling);
	}
}
