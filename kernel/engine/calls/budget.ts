import type { Budget } from '../../../dsl/plan/plan.ts';

export type BudgetLimit = 'usd' | 'tokens' | 'calls' | 'seconds';

/** Thrown by every call once one more could pass a limit of the study. */
export class BudgetExceeded extends Error {
	readonly limit: BudgetLimit;
	/** In the unit of the limit. */
	readonly spent: number;
	readonly allowed: number;

	constructor(limit: BudgetLimit, spent: number, allowed: number) {
		super(
			`one more call could pass the budget of ${amount(limit, allowed)}: ${amount(limit, spent)} used so far`,
		);
		this.name = 'BudgetExceeded';
		this.limit = limit;
		this.spent = spent;
		this.allowed = allowed;
	}
}

function amount(limit: BudgetLimit, value: number): string {
	if (limit === 'usd') return `$${value.toFixed(value < 1 ? 4 : 2)}`;
	if (limit === 'seconds') return `${Math.round(value)} s`;
	return `${value.toLocaleString('en')} ${limit}`;
}

export interface Cost {
	readonly usd: number;
	readonly tokens: number;
}

export const NO_COST: Cost = { usd: 0, tokens: 0 };

/** Hard limits over calls that run at once: each takes its worst case aside before it starts, and returns what it left. */
export class BudgetAccount {
	private readonly budget: Budget;
	/** Seconds since the run began. */
	private readonly elapsed: () => number;
	private readonly used = { usd: 0, tokens: 0, calls: 0 };
	private readonly aside = { usd: 0, tokens: 0 };
	private reservations = 0;
	/** Worst cases of attempts that failed but may be billed: no longer spendable, and not known to be spent. */
	private readonly doubtful = { usd: 0, tokens: 0 };
	/** Nothing to estimate, nothing to wait for. */
	readonly countsCost: boolean;

	constructor(budget: Budget, elapsed: () => number) {
		this.budget = budget;
		this.elapsed = elapsed;
		this.countsCost = budget.usd !== null || budget.tokens !== null;
	}

	/**
	 * Takes the worst case of one request aside. `wait` when it fits only if calls in flight leave some of theirs, so ask
	 * again when one has finished; the error when it cannot fit any more, whatever they leave.
	 */
	reserve(cost: Cost): 'reserved' | 'wait' | BudgetExceeded {
		const { usd, tokens, calls, seconds } = this.budget;
		if (seconds !== null && this.elapsed() >= seconds)
			return new BudgetExceeded('seconds', this.elapsed(), seconds);
		if (calls !== null && this.used.calls + 1 > calls)
			return new BudgetExceeded('calls', this.used.calls, calls);
		const fits = worst(this.fit('usd', usd, cost.usd), this.fit('tokens', tokens, cost.tokens));
		if (fits !== 'reserved') return fits;
		this.aside.usd += cost.usd;
		this.aside.tokens += cost.tokens;
		this.reservations++;
		this.used.calls++;
		return 'reserved';
	}

	/** The request was answered and took `actual`. */
	settle(reserved: Cost, actual: Cost): void {
		this.release(reserved);
		this.used.usd += actual.usd;
		this.used.tokens += actual.tokens;
	}

	/** The request failed. When it may be billed nonetheless, what was taken aside stays there. */
	settleFailed(reserved: Cost, mayBeBilled: boolean): void {
		this.release(reserved);
		if (!mayBeBilled) return;
		this.doubtful.usd += reserved.usd;
		this.doubtful.tokens += reserved.tokens;
	}

	private fit(
		limit: 'usd' | 'tokens',
		allowed: number | null,
		cost: number,
	): 'reserved' | 'wait' | BudgetExceeded {
		if (allowed === null) return 'reserved';
		const gone = this.used[limit] + this.doubtful[limit];
		if (gone + cost > allowed) return new BudgetExceeded(limit, this.used[limit], allowed);
		return gone + this.aside[limit] + cost > allowed ? 'wait' : 'reserved';
	}

	private release(reserved: Cost): void {
		this.reservations--;
		// Without the reset, a rounding error would be waited for when nothing is in flight.
		this.aside.usd = this.reservations === 0 ? 0 : this.aside.usd - reserved.usd;
		this.aside.tokens -= reserved.tokens;
	}
}

function worst(
	a: 'reserved' | 'wait' | BudgetExceeded,
	b: 'reserved' | 'wait' | BudgetExceeded,
): 'reserved' | 'wait' | BudgetExceeded {
	if (a instanceof BudgetExceeded) return a;
	if (b instanceof BudgetExceeded) return b;
	return a === 'wait' || b === 'wait' ? 'wait' : 'reserved';
}
