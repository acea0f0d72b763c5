/**
 * A token bucket that holds one second's worth: requests or tokens a minute, spread evenly, as servers that promise a
 * minute's rate count it in shorter windows. A cost above the bucket's size starts when the bucket is full and leaves a
 * debt, so that the rate holds over time.
 */
export class RateBucket {
	private readonly perMs: number;
	private readonly size: number;
	private level: number;
	private atMs: number;

	constructor(perMinute: number, nowMs: number) {
		this.perMs = perMinute / 60_000;
		this.size = Math.max(1, perMinute / 60);
		this.level = this.size;
		this.atMs = nowMs;
	}

	/** Milliseconds until `cost` may be taken. */
	waitMs(cost: number, nowMs: number): number {
		this.refill(nowMs);
		const lacking = Math.min(cost, this.size) - this.level;
		return lacking <= 1e-9 ? 0 : lacking / this.perMs;
	}

	take(cost: number): void {
		this.level -= cost;
	}

	/** Returns what a call turned out not to need, or takes what it needed more. */
	correct(estimated: number, actual: number): void {
		this.level = Math.min(this.size, this.level + estimated - actual);
	}

	private refill(nowMs: number): void {
		this.level = Math.min(this.size, this.level + (nowMs - this.atMs) * this.perMs);
		this.atMs = nowMs;
	}
}
