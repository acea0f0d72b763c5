/** After a failing server or network, how long the limit does not grow, in milliseconds. */
const GROWTH_PAUSE_MS = 10_000;

/**
 * How many calls of one model are in flight at most: additive increase, multiplicative decrease, as TCP (Jacobson 1988).
 * It doubles a round until the first rate limit, then grows by one a round. A rate limit halves what was in flight, once
 * an episode: calls that had started before a cut say nothing about the limit after it.
 */
export class ConcurrencyLimit {
	private readonly max: number;
	private readonly adaptive: boolean;
	private exact: number;
	private flying = 0;
	private episode = 0;
	private doubling = true;
	private growsFromMs = 0;

	constructor(start: number, max: number, adaptive: boolean) {
		this.max = Math.max(1, max);
		this.adaptive = adaptive;
		this.exact = adaptive ? Math.min(Math.max(1, start), this.max) : this.max;
	}

	get limit(): number {
		return Math.floor(this.exact);
	}

	get inFlight(): number {
		return this.flying;
	}

	get hasSlot(): boolean {
		return this.flying < this.limit;
	}

	/** The episode in which the call starts: to be given back when it is rate limited. */
	start(): number {
		this.flying++;
		return this.episode;
	}

	end(): void {
		this.flying--;
	}

	/** Before `end`: only a limit that was reached is known to be too low. */
	succeeded(nowMs: number): void {
		if (!this.adaptive || this.flying < this.limit || nowMs < this.growsFromMs) return;
		this.exact = Math.min(this.max, this.exact + (this.doubling ? 1 : 1 / this.exact));
	}

	/** Before `end`. */
	rateLimited(episode: number): void {
		if (!this.adaptive || episode !== this.episode) return;
		this.episode++;
		this.doubling = false;
		this.exact = Math.max(1, Math.floor(Math.min(this.exact, this.flying) / 2));
	}

	/** The server or the network failed, which says nothing about our rate: stay where we are for a while. */
	pauseGrowth(nowMs: number): void {
		this.growsFromMs = nowMs + GROWTH_PAUSE_MS;
	}
}
