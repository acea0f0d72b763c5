import type { Budget } from '../../../dsl/plan/plan.ts';
import { UserError } from '../../../stdlib/define.ts';
import type {
	Awaitable,
	ModelProvider,
	ModelRequest,
	ResultOf,
	Usage,
} from '../../../stdlib/models/provider.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import type { ModelHandle } from '../../../stdlib/values/model.ts';
import type { EventListener, RunEvent } from '../events.ts';
import { identityText, keyOfTexts } from '../store/canonical.ts';
import type { Store } from '../store/store.ts';
import { BudgetAccount, BudgetExceeded } from './budget.ts';
import { type Clock, systemClock } from './clock.ts';
import { Deadlines } from './deadlines.ts';
import { Job, type Outcome } from './job.ts';
import { Lane, type LaneHost } from './lane.ts';
import { OpenJobs } from './open-jobs.ts';
import { type PriceTable, publishedPrices } from './prices.ts';
import { createRedact, type Redact } from './redact.ts';
import { answerKeyOf, requestText } from './request.ts';
import { type Spent, SpentTally } from './spent.ts';
import { TimeLimit } from './time-limit.ts';

const DEADLINE_SECONDS = 600;
const MAX_ATTEMPTS = 8;

export interface CallerOptions {
	/** null keeps nothing: every call is made, except that identical calls in flight are one. */
	readonly store: Store | null;
	readonly budget: Budget;
	readonly prices?: PriceTable;
	/** Lets a run with a money limit use models whose price is not known; they count as nothing. */
	readonly allowUnknownPrice?: boolean;
	readonly onEvent: EventListener;
	/** A call was rejected, which is never about the row that asks: see `CallScope.call`. */
	readonly onRejected?: (error: Error) => void;
	/** Abort rejects every call at once. `Caller.stop` lets those in flight finish. */
	readonly signal: AbortSignal;
	/** `replay` makes no call: what the store and its cassettes lack is missing with the code `not-in-cassette`. */
	readonly mode?: 'live' | 'replay';
	/**
	 * Sends a second, identical request when one has taken longer than 95% of its model's recent ones and there is room
	 * that no other call waits for; the first answer wins, and the other request is aborted. Both count in every limit, and
	 * both may be billed: off by default. Models that run on this machine are never asked twice.
	 */
	readonly hedge?: boolean;
	/** Of one call with all its attempts and waits between them; waiting for a first free slot does not count. */
	readonly deadlineSeconds?: number;
	readonly maxAttempts?: number;
	readonly clock?: Clock;
}

export interface CallScope {
	/**
	 * The answer, or why there is none: `refused`, or `failed` with a `CallErrorKind` as its code. Not a promise when the
	 * call was kept or the provider answers at once. Rejects or throws only when the run has to stop: `BudgetExceeded`,
	 * the abort's reason, what `stop` was given, or a `UserError` of the store, the prices or the provider.
	 *
	 * @param sample numbers the draws of one request, from 0
	 * @param repeat the indices of the `repeat` clauses around it, such as `"3"` or `"3.0"`
	 * @param row that asks: of the calls that wait for one model, those of earlier rows are made first
	 */
	call<R extends ModelRequest>(
		model: ModelHandle,
		request: R,
		sample?: number,
		repeat?: string,
		row?: number,
	): Awaitable<ResultOf<R> | Missing>;
}

export interface Caller extends CallScope {
	readonly spent: Spent;
	/** Calls made through the result are recorded as used by `scope`, mostly a step's key: what its cassette needs. */
	within(scope: string): CallScope;
	callKey(model: ModelHandle, request: ModelRequest, sample?: number, repeat?: string): string;
	/** No call starts any more; those that wait reject with `reason`, those in flight finish and are kept. */
	stop(reason: Error): void;
	/** Resolves when nothing is in flight and the store has everything. */
	drain(): Promise<void>;
}

export const createCaller = (options: CallerOptions): Caller => new RunCaller(options);

class RunCaller implements Caller, LaneHost {
	readonly clock: Clock;
	readonly budget: BudgetAccount;
	readonly prices: PriceTable;
	readonly maxAttempts: number;
	readonly deadlineMs: number;
	readonly hedge: boolean;
	readonly signal: AbortSignal;
	readonly redact: Redact = createRedact();
	readonly emit: (event: RunEvent) => void;
	stopped: Error | null = null;
	private readonly options: CallerOptions;
	private readonly store: Store | null;
	private readonly startedMs: number;
	private readonly lanes = new Map<string, Lane>();
	private readonly lanesByProvider = new Map<ModelProvider, Lane>();
	private readonly cachedEvents = new Map<string, RunEvent>();
	private readonly open = new OpenJobs();
	private readonly deadlines: Deadlines;
	private readonly waitingForBudget = new Set<Lane>();
	private idle: (() => void)[] = [];
	private readonly timeLimit: TimeLimit;
	private readonly tally = new SpentTally();

	constructor(options: CallerOptions) {
		this.options = options;
		this.store = options.store;
		this.emit = options.onEvent;
		this.clock = options.clock ?? systemClock;
		this.startedMs = this.clock.now();
		this.budget = new BudgetAccount(options.budget, () => this.elapsedSeconds());
		this.prices = options.prices ?? publishedPrices;
		this.maxAttempts = options.maxAttempts ?? MAX_ATTEMPTS;
		this.deadlineMs = (options.deadlineSeconds ?? DEADLINE_SECONDS) * 1000;
		this.timeLimit = new TimeLimit(options.budget.seconds, {
			clock: this.clock,
			elapsedSeconds: () => this.elapsedSeconds(),
			isIdle: () => this.open.size === 0,
			stop: (reason) => this.stop(reason),
			giveUp: (reason) => this.giveUp(reason),
		});
		this.deadlines = new Deadlines(this.clock, this.deadlineMs, this.open);
		this.hedge = options.hedge ?? false;
		this.signal = options.signal;
		options.signal.addEventListener('abort', () => this.abort(), { once: true });
	}

	get spent(): Spent {
		return { ...this.tally.counts, seconds: this.elapsedSeconds() };
	}

	call<R extends ModelRequest>(
		model: ModelHandle,
		request: R,
		sample = 0,
		repeat = '',
		row = 0,
	): Awaitable<ResultOf<R> | Missing> {
		return this.callIn(undefined, model, request, sample, repeat, row) as Awaitable<ResultOf<R> | Missing>;
	}

	within(scope: string): CallScope {
		return {
			call: <R extends ModelRequest>(model: ModelHandle, request: R, sample = 0, repeat = '', row = 0) =>
				this.callIn(scope, model, request, sample, repeat, row) as Awaitable<ResultOf<R> | Missing>,
		};
	}

	callKey(model: ModelHandle, request: ModelRequest, sample = 0, repeat = ''): string {
		const text = requestText(request, sample, repeat, answerKeyOf(model.provider, request));
		return keyOfTexts(identityText(model.provider.identity), text);
	}

	stop(reason: Error): void {
		if (this.stopped) return;
		this.stopped = reason;
		if (reason instanceof BudgetExceeded) {
			const { limit, spent, allowed } = reason;
			this.emit({ type: 'budget', limit, spent, allowed });
		}
		for (const lane of this.lanes.values()) for (const job of lane.takeQueue()) this.reject(job, reason);
		for (const job of this.open) if (job.state === 'backing-off') this.reject(job, reason);
	}

	async drain(): Promise<void> {
		while (this.open.size > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
		this.timeLimit.cancel();
		for (const lane of this.lanes.values()) this.noteSilence(lane);
		if (this.store?.isOpen) this.store.flush();
	}

	/** The path of every row: kept calls, and models that answer at once, end here without a promise. */
	private callIn(
		scope: string | undefined,
		model: ModelHandle,
		request: ModelRequest,
		sample: number,
		repeat: string,
		row: number,
	): Awaitable<Outcome> {
		if (this.signal.aborted) throw this.signal.reason;
		const { provider } = model;
		const text = requestText(request, sample, repeat, answerKeyOf(provider, request));
		const key = keyOfTexts(identityText(provider.identity), text);
		const kept = this.store?.getResult(key, scope);
		if (kept !== undefined) {
			this.tally.counts.cached++;
			this.emit(this.cachedEvent(model.name, request.kind));
			return kept;
		}
		const sharing = this.open.find(key)?.result();
		if (sharing instanceof Promise) return this.share(sharing, model, request, key, scope);
		if (this.options.mode === 'replay') return this.notInCassette(model, request);
		if (this.stopped) throw this.stopped;
		return this.make(provider, new Job(request, text, key, scope, row));
	}

	private make(provider: ModelProvider, job: Job): Awaitable<Outcome> {
		const lane = this.laneOf(provider);
		this.open.add(job);
		this.timeLimit.watch();
		lane.submit(job);
		return job.result();
	}

	private share(
		sharing: Promise<Outcome>,
		model: ModelHandle,
		request: ModelRequest,
		key: string,
		scope: string | undefined,
	): Promise<Outcome> {
		return sharing.then((outcome) => {
			this.tally.counts.shared++;
			this.emit({ ...CALL_FINISHED, model: model.name, kind: request.kind, outcome: 'shared' });
			if (scope !== undefined && isKept(outcome)) this.store?.useCall(scope, key);
			return outcome;
		});
	}

	private notInCassette(model: ModelHandle, request: ModelRequest): Missing {
		this.tally.counts.failed++;
		this.emit({ ...CALL_FINISHED, model: model.name, kind: request.kind, outcome: 'failed' });
		return new Missing(
			'failed',
			`the cassette has no answer of ${model.name} to this ${request.kind}: the call was not made, or failed, when it was recorded`,
			'not-in-cassette',
		);
	}

	private laneOf(provider: ModelProvider): Lane {
		let lane = this.lanesByProvider.get(provider);
		if (lane) return lane;
		const identity = identityText(provider.identity);
		lane = this.lanes.get(identity);
		if (!lane) {
			this.requirePrice(provider);
			lane = new Lane(provider, this);
			this.lanes.set(identity, lane);
		}
		this.lanesByProvider.set(provider, lane);
		return lane;
	}

	/** An unknown price is said, not guessed; under a money limit it would make the limit a guess. */
	private requirePrice({ identity }: ModelProvider): void {
		if (this.prices.usd(identity, { inputTokens: 0, outputTokens: 0 }) !== null) return;
		const what = `the price of ${identity.provider} model ${identity.model} is not known (prices as of ${this.prices.asOf})`;
		if (this.options.budget.usd !== null && !this.options.allowUnknownPrice) {
			throw new UserError(
				`${what}, so the study's budget in money cannot be kept`,
				'Give its price in .assay/prices.json (or the file that ASSAY_PRICES names), or run with --allow-unknown-price.',
			);
		}
		this.emit({ type: 'notice', message: `${what}: its calls are not in the money spent` });
	}

	private cachedEvent(model: string, kind: string): RunEvent {
		const name = `${kind} ${model}`;
		let event = this.cachedEvents.get(name);
		if (!event) {
			event = { ...CALL_FINISHED, model, kind, outcome: 'cached' };
			this.cachedEvents.set(name, event);
		}
		return event;
	}

	private elapsedSeconds(): number {
		return (this.clock.now() - this.startedMs) / 1000;
	}

	private giveUp(reason: Error): void {
		for (const job of this.open) {
			job.abort(reason);
			this.reject(job, reason);
		}
	}

	private abort(): void {
		this.stopped ??= this.signal.reason;
		this.timeLimit.cancel();
		for (const lane of this.lanes.values()) lane.takeQueue();
		this.giveUp(this.signal.reason);
	}

	sent(isHedge: boolean): void {
		this.tally.sent(isHedge);
	}

	finish(lane: Lane, job: Job, outcome: Outcome, usage: Usage, usd: number | null): void {
		const answered = isKept(outcome);
		const seconds = job.attempts === 0 ? 0 : (this.clock.now() - job.startedMs) / 1000;
		this.tally.finished(outcome, usage, usd, answered);
		this.emit({
			type: 'call-finished',
			model: lane.name,
			kind: job.request.kind,
			outcome: outcome instanceof Missing ? (answered ? 'refused' : 'failed') : 'done',
			inputTokens: usage.inputTokens,
			outputTokens: usage.outputTokens,
			usd: answered ? usd : 0,
			seconds,
		});
		try {
			if (answered) this.keep(lane, job, outcome, usd, seconds);
		} catch (error) {
			// What cannot be kept would be paid again.
			this.stop(error as Error);
			this.reject(job, error as Error);
			return;
		}
		this.close(job);
		job.resolve(outcome);
	}

	/** A model that says nothing at all answers by the protocol, so that no call of it has failed. */
	private noteSilence({ name, samples }: Lane): void {
		if (samples.empty === 0 || samples.empty < samples.answered) return;
		const all = samples.empty === 1 ? 'the one answer' : `all ${samples.empty.toLocaleString('en')} answers`;
		const were = samples.empty === 1 ? 'was' : 'were';
		this.emit({
			type: 'notice',
			message: `${all} of ${name} ${were} empty: it may need another prompt, or a larger max_tokens`,
		});
	}

	private keep(lane: Lane, job: Job, outcome: Outcome, usd: number | null, seconds: number): void {
		const { request, text, key, scope } = job;
		const at = this.clock.wall();
		this.store?.putCall(
			key,
			{ model: lane.identity, kind: request.kind, request: text, outcome, usd, seconds, at },
			scope,
		);
	}

	keepLate(lane: Lane, job: Job, outcome: Outcome, usd: number | null): void {
		if (!this.store?.isOpen) return;
		try {
			this.keep(lane, job, outcome, usd, (this.clock.now() - job.startedMs) / 1000);
		} catch (error) {
			this.stop(error as Error);
		}
	}

	reject(job: Job, error: Error): void {
		this.close(job);
		job.reject(error);
		this.options.onRejected?.(error);
	}

	private close(job: Job): void {
		this.open.delete(job);
		if (this.open.size > 0) return;
		this.deadlines.stop();
		const idle = this.idle;
		this.idle = [];
		for (const resolve of idle) resolve();
	}

	watchDeadline(): void {
		this.deadlines.watch();
	}

	waitForBudget(lane: Lane): void {
		this.waitingForBudget.add(lane);
	}

	budgetFreed(): void {
		if (this.waitingForBudget.size === 0) return;
		const lanes = [...this.waitingForBudget];
		this.waitingForBudget.clear();
		for (const lane of lanes) lane.pump();
	}
}

const CALL_FINISHED = {
	type: 'call-finished',
	inputTokens: 0,
	outputTokens: 0,
	usd: 0,
	seconds: 0,
} as const;

/** Answers and refusals are kept; failures are made again by the next run. */
const isKept = (outcome: Outcome): boolean => !(outcome instanceof Missing) || outcome.reason === 'refused';
