import { BudgetExceeded } from './budget.ts';
import type { Clock } from './clock.ts';

/** What is in flight when a budget of time is used up may still answer for so long: it will be billed. */
const LAST_ANSWERS_MS = 10_000;

export interface TimeLimitHost {
	readonly clock: Clock;
	elapsedSeconds(): number;
	/** Whether no call is open. */
	isIdle(): boolean;
	/** No call starts any more. */
	stop(reason: BudgetExceeded): void;
	/** Ends what is still in flight. */
	giveUp(reason: BudgetExceeded): void;
}

/** A run's budget of time. Calls that wait, for a slot, a rate or another attempt, would not notice that it is used up. */
export class TimeLimit {
	private readonly seconds: number | null;
	private readonly host: TimeLimitHost;
	private cancelNext: (() => void) | null = null;

	/** @param seconds null for no limit */
	constructor(seconds: number | null, host: TimeLimitHost) {
		this.seconds = seconds;
		this.host = host;
	}

	/** From the first call on. */
	watch(): void {
		if (this.seconds === null || this.cancelNext) return;
		const { seconds } = this;
		const leftMs = Math.max(0, seconds - this.host.elapsedSeconds()) * 1000;
		this.cancelNext = this.host.clock.after(leftMs, () => this.isUp(seconds));
	}

	cancel(): void {
		this.cancelNext?.();
		this.cancelNext = null;
	}

	private isUp(seconds: number): void {
		this.cancelNext = null;
		if (this.host.isIdle()) return;
		const reason = new BudgetExceeded('seconds', this.host.elapsedSeconds(), seconds);
		this.host.stop(reason);
		if (!this.host.isIdle())
			this.cancelNext = this.host.clock.after(LAST_ANSWERS_MS, () => this.host.giveUp(reason));
	}
}
