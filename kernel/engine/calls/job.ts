import { CallAbort } from '../../../stdlib/models/call-signal.ts';
import type { CallError, ModelRequest, ModelResult } from '../../../stdlib/models/provider.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { type Cost, NO_COST } from './budget.ts';
import type { Lane } from './lane.ts';

export type Outcome = ModelResult | Missing;

/** One request on its way, and the signal that its provider gets. */
export class Flight extends CallAbort {
	/** Of the concurrency limit, when it started. */
	readonly episode: number;
	readonly reserved: Cost;
	/** On the monotonic clock. */
	readonly sentMs: number;

	constructor(episode: number, reserved: Cost, sentMs: number) {
		super();
		this.episode = episode;
		this.reserved = reserved;
		this.sentMs = sentMs;
	}
}

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
	/** Taken aside for the request that starts next. */
	reserved: Cost = NO_COST;
	/** The request of the latest attempt, and the identical one that was sent when it took too long. */
	flight: Flight | null = null;
	hedge: Flight | null = null;
	/** Of the latest attempt that failed. */
	lastError: CallError | null = null;
	pacedTokens = 0;
	/** When the first attempt started, on the monotonic clock. */
	startedMs = 0;
	/** Of its model; null until it waits there. */
	lane: Lane | null = null;
	/** In its bucket of `OpenJobs`. */
	next: Job | null = null;
	/** Calls off the wait between attempts, or the wait for a second request. */
	cancelWait: (() => void) | null = null;
	cancelHedge: (() => void) | null = null;
	private outcome: Outcome | null = null;
	private error: Error | null = null;
	private promise: Promise<Outcome> | null = null;
	private resolvers: { resolve(outcome: Outcome): void; reject(error: Error): void } | null = null;

	constructor(request: ModelRequest, text: string, key: string, scope: string | undefined, rank: number) {
		this.request = request;
		this.text = text;
		this.key = key;
		this.scope = scope;
		this.rank = rank;
	}

	/** Whether there is an answer: a request that comes home later has nothing to add. */
	get isAnswered(): boolean {
		return this.outcome !== null && !(this.outcome instanceof Missing && this.outcome.reason === 'failed');
	}

	take(flight: Flight): void {
		if (this.flight) this.hedge = flight;
		else this.flight = flight;
	}

	/** The request has come home or was given up. */
	land(flight: Flight): void {
		if (this.flight === flight) this.flight = this.hedge;
		if (this.flight === this.hedge || this.hedge === flight) this.hedge = null;
	}

	abort(reason: Error): void {
		this.flight?.abort(reason);
		this.hedge?.abort(reason);
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

	/** The outcome itself when it is there already, so that a synchronous answer costs no promise; else one promise for all. */
	result(): Outcome | Promise<Outcome> {
		if (this.error) throw this.error;
		if (this.outcome) return this.outcome;
		this.promise ??= new Promise((resolve, reject) => {
			this.resolvers = { resolve, reject };
		});
		return this.promise;
	}

	private end(): void {
		this.state = 'done';
		this.cancelWait?.();
		this.cancelHedge?.();
	}
}
