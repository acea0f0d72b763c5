/** A turn that never ends, such as a synchronous responder's, commits in between. */
const DUE_AT = 2_000;
/** Calls that come back faster than this share a commit, which costs as much as writing ten of them. */
const EVERY_MS = 5;
/** A flood of calls, as only a server on this machine answers them, waits until there are so many, or for so long. */
const FLOOD = { from: 32, calls: 256, ms: 20 };

/** When what waits in memory is committed: at the turn's end, or a little later when the last commit was just now. */
export class CommitSchedule {
	private readonly waiting: () => number;
	private readonly commit: () => void;
	private committedMs = Number.NEGATIVE_INFINITY;
	private cancelNext: (() => void) | null = null;

	/** @param waiting how many calls wait */
	constructor(waiting: () => number, commit: () => void) {
		this.waiting = waiting;
		this.commit = commit;
	}

	isDue(waiting: number): boolean {
		return waiting >= DUE_AT;
	}

	soon(): void {
		if (this.cancelNext) return;
		const waitMs = this.committedMs + EVERY_MS - performance.now();
		this.cancelNext = waitMs > 0 ? after(waitMs, () => this.now()) : atTurnEnd(() => this.now());
	}

	committed(): void {
		this.committedMs = performance.now();
	}

	cancel(): void {
		this.cancelNext?.();
		this.cancelNext = null;
	}

	private now(): void {
		this.cancelNext = this.mayWait ? after(EVERY_MS, () => this.now()) : null;
		if (!this.cancelNext) this.commit();
	}

	private get mayWait(): boolean {
		const calls = this.waiting();
		return calls >= FLOOD.from && calls < FLOOD.calls && performance.now() - this.committedMs < FLOOD.ms;
	}
}

function after(ms: number, work: () => void): () => void {
	const timer = setTimeout(work, ms);
	return () => clearTimeout(timer);
}

function atTurnEnd(work: () => void): () => void {
	const immediate = setImmediate(work);
	return () => clearImmediate(immediate);
}
