import type { ModelRequest, ModelResult } from '../../../stdlib/models/provider.ts';
import type { Missing } from '../../../stdlib/values/missing.ts';
import { type Cost, NO_COST } from './budget.ts';

export type Outcome = ModelResult | Missing;

/** One call on its way, from its first wait for a slot to its answer. */
export class Job {
	readonly request: ModelRequest;
	readonly text: string;
	readonly key: string;
	readonly scope: string | undefined;
	/** Its place in the queue: the row that asks. */
	readonly rank: number;
	state: 'waiting' | 'in-flight' | 'backing-off' | 'done' = 'waiting';
	attempts = 0;
	/** Of the concurrency limit, at the start of the latest attempt. */
	episode = 0;
	reserved: Cost = NO_COST;
	pacedTokens = 0;
	/** When the first attempt started, on the monotonic clock. */
	startedMs = 0;
	/** null for a model that answers at once: nothing could be aborted. */
	controller: AbortController | null = null;
	/** Calls off the deadline or the wait between attempts. */
	cancelDeadline: (() => void) | null = null;
	cancelWait: (() => void) | null = null;
	private outcome: Outcome | null = null;
	private error: Error | null = null;
	private resolvers: { resolve(outcome: Outcome): void; reject(error: Error): void } | null = null;

	constructor(request: ModelRequest, text: string, key: string, scope: string | undefined, rank: number) {
		this.request = request;
		this.text = text;
		this.key = key;
		this.scope = scope;
		this.rank = rank;
	}

	resolve(outcome: Outcome): void {
		this.end();
		this.outcome = outcome;
		this.resolvers?.resolve(outcome);
	}

	reject(error: Error): void {
		this.end();
		this.error = error;
		this.resolvers?.reject(error);
	}

	/** The outcome itself when it is there already, so that a synchronous answer costs no promise. */
	result(): Outcome | Promise<Outcome> {
		if (this.error) throw this.error;
		if (this.outcome) return this.outcome;
		return new Promise((resolve, reject) => {
			this.resolvers = { resolve, reject };
		});
	}

	private end(): void {
		this.state = 'done';
		this.cancelDeadline?.();
		this.cancelWait?.();
	}
}
