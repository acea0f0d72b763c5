import { UserError } from '../../../stdlib/define.ts';
import {
	type Awaitable,
	CallError,
	type CallErrorKind,
	type ModelIdentity,
	type ModelProvider,
	type ModelResult,
	type Usage,
} from '../../../stdlib/models/provider.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import type { RunEvent } from '../events.ts';
import { Backoff } from './backoff.ts';
import { type BudgetAccount, BudgetExceeded, type Cost, NO_COST } from './budget.ts';
import type { Clock } from './clock.ts';
import { ConcurrencyLimit } from './concurrency.ts';
import { worstUsage } from './estimate.ts';
import { Hedging } from './hedging.ts';
import { asCallError, invoke, refusalOf } from './invoke.ts';
import { Flight, type Job, type Outcome } from './job.ts';
import { JobQueue } from './job-queue.ts';
import { Preparation } from './preparation.ts';
import type { PriceTable } from './prices.ts';
import { RateLimits } from './rate-limits.ts';
import type { Redact } from './redact.ts';

/** What the lanes of one run share. */
export interface LaneHost {
	readonly clock: Clock;
	readonly budget: BudgetAccount;
	readonly prices: PriceTable;
	readonly maxAttempts: number;
	readonly deadlineMs: number;
	readonly hedge: boolean;
	/** Aborted with the run. */
	readonly signal: AbortSignal;
	readonly redact: Redact;
	/** Why no call may start any more, or null. */
	readonly stopped: Error | null;
	emit(event: RunEvent): void;
	stop(reason: Error): void;
	/** A request is about to be sent, a retry included. */
	sent(isHedge: boolean): void;
	finish(lane: Lane, job: Job, outcome: Outcome, usage: Usage, usd: number | null): void;
	reject(job: Job, error: Error): void;
	/** The answer of a call that was given up is paid for, and worth keeping. */
	keepLate(lane: Lane, job: Job, outcome: Outcome, usd: number | null): void;
	/** A call has begun, and has to be answered in time. */
	watchDeadline(): void;
	/** This lane has to be pumped when a call of any lane has settled with the budget. */
	waitForBudget(lane: Lane): void;
	budgetFreed(): void;
}

const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0 };

/** Failures of which the request may have been carried out, and will then be billed. */
const MAY_BE_BILLED: ReadonlySet<CallErrorKind> = new Set(['timeout', 'malformed', 'network']);

const TURNED_AWAY: ReadonlySet<CallErrorKind> = new Set(['auth', 'unavailable']);

/** Calls of one model on their way: earlier rows first, as many at once as the limit, the rates and the budget allow. */
export class Lane {
	readonly provider: ModelProvider;
	readonly identity: ModelIdentity;
	readonly name: string;
	private readonly host: LaneHost;
	private readonly limit: ConcurrencyLimit;
	private readonly rates: RateLimits;
	private readonly backoff: Backoff;
	private readonly queue = new JobQueue<Job>();
	private readonly hedging: Hedging | null;
	private readonly preparation: Preparation;
	/** Why no call of this model can succeed. */
	private unavailable: Missing | null = null;
	/** Calls in a row, from the first, that were turned away for who asks or for what model, and not for what is asked. */
	private turnedAway = 0;
	/** Samples that were answered, and those that were without text. */
	readonly samples = { answered: 0, empty: 0 };
	private pumping = false;
	private cancelRateTimer: (() => void) | null = null;
	private announcedLimit: number;

	constructor(provider: ModelProvider, host: LaneHost) {
		this.provider = provider;
		this.identity = provider.identity;
		this.name = provider.identity.model;
		this.host = host;
		const { concurrency, adaptive } = provider.limits;
		this.limit = new ConcurrencyLimit(concurrency.start, concurrency.max, adaptive);
		this.rates = new RateLimits(provider.limits, host.clock.now());
		this.preparation = this.preparing();
		this.backoff = new Backoff(this.name);
		this.announcedLimit = this.limit.limit;
		// A model on this machine would only have more to do.
		this.hedging = host.hedge && adaptive ? new Hedging(host.clock) : null;
	}

	get queued(): number {
		return this.queue.length;
	}

	/** The job is done when this returns, where the model answers at once. */
	submit(job: Job): void {
		if (this.unavailable) {
			this.host.finish(this, job, this.unavailable, NO_USAGE, null);
			return;
		}
		job.lane = this;
		this.queue.push(job);
		this.preparation.begin();
		this.pump();
	}

	/** Starts what can be started. Called whenever a slot, a rate or the budget may have room. */
	pump(): void {
		// A model that answers at once frees its slot within the loop.
		if (this.pumping || !this.preparation.isDone) return;
		this.pumping = true;
		try {
			while (this.limit.hasSlot && this.nextMayStart()) this.start(this.queue.shift() as Job);
			if (this.hedging) this.hedge(this.hedging);
		} finally {
			this.pumping = false;
		}
	}

	/** Takes the jobs out that have not started. */
	takeQueue(): Job[] {
		this.cancelRateTimer?.();
		this.cancelRateTimer = null;
		this.preparation.cancel();
		return this.queue.takeAll().filter((job) => job.state !== 'done');
	}

	private preparing(): Preparation {
		return new Preparation({
			provider: this.provider,
			signal: this.host.signal,
			ready: () => this.pump(),
			tryAgain: (error, attempt, next) => {
				if (!error.retryable || attempt >= this.host.maxAttempts || this.host.stopped) return null;
				return this.host.clock.after(this.announceRetry(attempt, error), next);
			},
			failed: (error, attempts) => this.giveUp(error, attempts),
		});
	}

	/** No call of this model can succeed. */
	private giveUp(error: CallError, attempts: number): void {
		this.unavailable = this.missing(error, attempts);
		for (const job of this.takeQueue()) this.host.finish(this, job, this.unavailable, NO_USAGE, null);
	}

	private nextMayStart(): boolean {
		for (;;) {
			const job = this.queue.peek();
			if (!job || this.host.stopped) return false;
			// Its deadline passed while it waited for another attempt.
			if (job.state !== 'done') return this.ratesAllow(job) && this.budgetAllows(job);
			this.queue.shift();
		}
	}

	private ratesAllow(job: Job): boolean {
		const waitMs = this.rates.waitMs(job, this.host.clock);
		if (waitMs === 0) return true;
		// Anew each time: an answer that took less than it might have brings the next start forward.
		this.cancelRateTimer?.();
		this.cancelRateTimer = this.host.clock.after(Math.ceil(waitMs), () => {
			this.cancelRateTimer = null;
			this.pump();
		});
		return false;
	}

	private budgetAllows(job: Job): boolean {
		const cost = this.worstCost(job);
		const verdict = this.host.budget.reserve(cost);
		if (verdict === 'wait') {
			this.host.waitForBudget(this);
			return false;
		}
		if (verdict instanceof BudgetExceeded) {
			this.host.stop(verdict);
			return false;
		}
		job.reserved = cost;
		return true;
	}

	private worstCost({ request, text }: Job): Cost {
		return this.host.budget.countsCost ? this.costOf(worstUsage(request, text)) : NO_COST;
	}

	private costOf(usage: Usage): Cost {
		return {
			usd: this.host.prices.usd(this.identity, usage) ?? 0,
			tokens: usage.inputTokens + usage.outputTokens,
		};
	}

	private start(job: Job): void {
		job.state = 'in-flight';
		const now = this.host.clock.now();
		if (++job.attempts === 1) job.startedMs = now;
		this.send(job, job.reserved, now);
		if (job.state === 'in-flight') this.hedging?.watch(job, () => this.pump());
	}

	/** Asks a second time what is overdue, with room that nothing waits for. */
	private hedge(hedging: Hedging): void {
		for (const job of hedging.waiting) {
			if (this.queue.length > 0 || !this.limit.hasSlot || this.host.stopped) return;
			if (this.rates.waitMs(job, this.host.clock) > 0) return;
			const cost = this.worstCost(job);
			if (this.host.budget.reserve(cost) !== 'reserved') return;
			hedging.forget(job);
			this.send(job, cost, this.host.clock.now());
		}
	}

	private send(job: Job, reserved: Cost, sentMs: number): void {
		const flight = new Flight(this.limit.start(), reserved, sentMs);
		job.take(flight);
		this.rates.sent(job);
		this.host.sent(job.hedge === flight);
		let answer: Awaitable<ModelResult>;
		try {
			answer = invoke(this.provider, job.request, flight);
		} catch (error) {
			this.failed(job, flight, error);
			return;
		}
		if (!isPromise(answer)) {
			this.answered(job, flight, answer);
			return;
		}
		this.host.watchDeadline();
		answer.then(
			(result) => this.settle(job, () => this.answered(job, flight, result)),
			(error: unknown) => this.settle(job, () => this.failed(job, flight, error)),
		);
	}

	private settle(job: Job, work: () => void): void {
		try {
			work();
		} catch (error) {
			this.broke(job, error);
		}
	}

	private answered(job: Job, flight: Flight, result: ModelResult): void {
		const usd = this.host.prices.usd(this.identity, result.usage);
		const outcome = refusalOf(result) ?? result;
		if (isStale(job, flight)) {
			if (!job.isAnswered) this.host.keepLate(this, job, outcome, usd);
			return;
		}
		this.turnedAway = Number.NEGATIVE_INFINITY;
		if ('text' in result && !(outcome instanceof Missing)) {
			this.samples.answered++;
			if (result.text === '') this.samples.empty++;
		}
		const now = this.host.clock.now();
		this.hedging?.add(now - (job.flight ?? flight).sentMs);
		this.limit.succeeded(now);
		job.land(flight);
		this.freeSlot();
		this.host.budget.settle(flight.reserved, {
			usd: usd ?? 0,
			tokens: result.usage.inputTokens + result.usage.outputTokens,
		});
		this.rates.answered(job, result.usage.inputTokens + result.usage.outputTokens);
		this.hedging?.forget(job);
		if (job.flight) this.giveUpFlights(job, new CallError('timeout', 'its twin was answered first'));
		this.host.finish(this, job, outcome, result.usage, usd);
		this.host.budgetFreed();
		this.pump();
	}

	private failed(job: Job, flight: Flight, cause: unknown): void {
		if (isStale(job, flight)) return;
		const error = asCallError(cause);
		job.lastError = error;
		job.land(flight);
		if (error.kind === 'rate-limit') this.limit.rateLimited(flight.episode);
		else if (error.retryable) this.limit.pauseGrowth(this.host.clock.now());
		this.freeSlot();
		this.host.budget.settleFailed(flight.reserved, MAY_BE_BILLED.has(error.kind));
		// A hedged call may still be answered by its other request.
		if (!job.flight || cause instanceof UserError) this.attemptFailed(job, error, cause);
		this.host.budgetFreed();
		this.pump();
	}

	private attemptFailed(job: Job, error: CallError, cause: unknown): void {
		this.giveUpFlights(job, error);
		if (cause instanceof UserError) this.host.reject(job, cause);
		else if (!this.tryAgain(job, error)) {
			this.host.finish(this, job, this.missing(error, job.attempts), NO_USAGE, null);
			if (TURNED_AWAY.has(error.kind)) this.giveUpAfterThree(error);
		}
	}

	/** Aborts what is still on its way for a job, which may be billed all the same, and asks for it no second time. */
	private giveUpFlights(job: Job, reason: Error): void {
		this.hedging?.forget(job);
		job.abort(reason);
		for (let flight = job.flight; flight; flight = job.flight) {
			job.land(flight);
			this.freeSlot();
			this.host.budget.settleFailed(flight.reserved, true);
		}
	}

	/** A key that is not accepted, or a model that is not there, would fail every row with a request of its own. */
	private giveUpAfterThree(error: CallError): void {
		if (++this.turnedAway < 3 || this.unavailable) return;
		this.giveUp(error, 1);
	}

	/** A mistake of ours or of a listener's: it must not leave a run that waits for ever. */
	private broke(job: Job, cause: unknown): void {
		const error = cause instanceof Error ? cause : new Error(String(cause));
		if (job.state !== 'done') this.host.reject(job, error);
		this.host.stop(error);
	}

	private freeSlot(): void {
		this.limit.end();
		if (this.limit.limit === this.announcedLimit) return;
		this.announcedLimit = this.limit.limit;
		this.host.emit({ type: 'concurrency', model: this.name, limit: this.announcedLimit });
	}

	/** Whether another attempt follows, or the run's end has ended the job. */
	private tryAgain(job: Job, error: CallError): boolean {
		if (!error.retryable || job.attempts >= this.host.maxAttempts) return false;
		if (this.host.stopped) {
			this.host.reject(job, this.host.stopped);
			return true;
		}
		const waitMs = this.backoff.waitMs(job.attempts, error.retryAfterMs);
		if (this.host.clock.now() + waitMs - job.startedMs > this.host.deadlineMs) return false;
		this.announceRetry(job.attempts, error, waitMs);
		job.state = 'backing-off';
		job.cancelWait = this.host.clock.after(waitMs, () => {
			job.cancelWait = null;
			job.state = 'waiting';
			this.queue.putFirst(job);
			this.pump();
		});
		return true;
	}

	private announceRetry(
		attempt: number,
		error: CallError,
		waitMs: number = this.backoff.waitMs(attempt, error.retryAfterMs),
	): number {
		const reason = this.host.redact(error.message);
		this.host.emit({ type: 'retry', model: this.name, attempt, waitMs, reason });
		return waitMs;
	}

	/** What the server said before says more than that there was no more time. */
	deadlinePassed(job: Job): void {
		const { lastError } = job;
		const seconds = this.host.deadlineMs / 1000;
		const timeout = new CallError('timeout', `no answer within ${seconds} s`, { retryable: false });
		const told = lastError && `${lastError.message}; no other answer before the deadline of ${seconds} s`;
		this.giveUpFlights(job, timeout);
		const error = lastError && told ? new CallError(lastError.kind, told) : timeout;
		this.host.finish(this, job, this.missing(error, job.attempts), NO_USAGE, null);
		this.host.budgetFreed();
		this.pump();
	}

	private missing(error: CallError, attempts: number): Missing {
		const waits =
			error.retryAfterMs !== null && error.retryAfterMs > this.host.deadlineMs
				? `; it asks to wait ${Math.round(error.retryAfterMs / 1000)} s, which is longer than a call may take`
				: '';
		const tries = attempts > 1 ? ` (${attempts} attempts)` : '';
		return new Missing('failed', this.host.redact(`${error.message}${waits}${tries}`), error.kind);
	}
}

/** Given up in the meantime: by the deadline, by the end of the run, or because the other request was faster. */
const isStale = (job: Job, flight: Flight): boolean =>
	job.state !== 'in-flight' || (job.flight !== flight && job.hedge !== flight);

const isPromise = <T>(value: Awaitable<T>): value is Promise<T> =>
	typeof (value as { then?: unknown }).then === 'function';
