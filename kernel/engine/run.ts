import { dirname, resolve } from 'node:path';
import { bodyHash } from '../../dsl/plan/keys.ts';
import { operationOf } from '../../dsl/plan/operation.ts';
import type { Budget, Plan, PlanNode } from '../../dsl/plan/plan.ts';
import type { Library } from '../../stdlib/registry.ts';
import { type Caller, type CallerOptions, createCaller } from './calls/caller.ts';
import type { Spent } from './calls/spent.ts';
import type { UsedFunction } from './evaluate/scope.ts';
import type { EventListener, RunEvent } from './events.ts';
import { Execution } from './execution.ts';
import { type Failure, RunControl } from './failures.ts';
import { LazyMap } from './lazy-map.ts';
import { type Schedule, scheduleSteps } from './schedule.ts';
import type { StepOutcome } from './step-outcome.ts';
import type { RunOutcome, StepTrace, Store } from './store/store.ts';

export interface RunOptions {
	readonly library: Library;
	/** null keeps nothing. Cassettes are given when it is opened. */
	readonly store: Store | null;
	readonly onEvent?: EventListener;
	/** Abort ends the run at once; what is finished stays in the store. */
	readonly signal?: AbortSignal;
	/** Limits that replace the study's. */
	readonly budget?: Partial<Budget>;
	/** Ends the run at the first failed row. */
	readonly failFast?: boolean;
	/** Ends the run when more rows than this have failed. */
	readonly maxFailures?: number;
	/** Steps that are wanted, with what they need; everything when absent. */
	readonly only?: readonly string[];
	/** TypeScript functions by module (as the plan names it) and name. */
	readonly modules?: Readonly<Record<string, Readonly<Record<string, UsedFunction>>>>;
	readonly mode?: 'live' | 'replay';
	/** Where relative paths start; the program's folder when absent. */
	readonly folder?: string;
	/** Prices, deadlines and the like. */
	readonly calls?: Pick<
		CallerOptions,
		'prices' | 'allowUnknownPrice' | 'deadlineSeconds' | 'maxAttempts' | 'hedge' | 'clock'
	>;
	/** How often rows of unfinished columns are put away, so that a killed run goes on there; 4 when absent. */
	readonly checkpointSeconds?: number;
	/** Leaves models loaded when the run is over: a notebook goes on with them. */
	readonly keepModels?: boolean;
	/** Makes the caller: tests put their own in its place. */
	readonly createCaller?: (options: CallerOptions) => Caller;
}

export interface StepSummary {
	readonly id: string;
	/** `partial`: some rows have no value because of a failure or the budget. `blocked`: something before it failed. */
	readonly status: 'kept' | 'done' | 'partial' | 'failed' | 'blocked' | 'stopped';
	readonly rows: number | null;
	/** Rows that failed in this step itself. */
	readonly failed: number;
	readonly seconds: number;
}

export interface RunSummary {
	readonly steps: readonly StepSummary[];
	readonly seconds: number;
	/** Why the run ended early, in a sentence, or null. */
	readonly stopped: string | null;
}

export interface RunResult {
	/** The run's id in the store, or null without one. */
	readonly run: string | null;
	readonly outcome: RunOutcome;
	/** Values of the steps that were settled, by id; columns that were kept are read when asked for. */
	readonly values: ReadonlyMap<string, unknown>;
	/** One entry a cause. */
	readonly failures: readonly Failure[];
	readonly spent: Spent;
	readonly summary: RunSummary;
}

/** The name under which a program's runs and traces stand in the store. */
export const programOf = (plan: Plan): string => plan.source.path ?? plan.title;

/** Runs a plan: what the store has is read, the rest is computed. Never throws for what goes wrong in a study. */
export async function run(plan: Plan, options: RunOptions): Promise<RunResult> {
	return new Run(plan, options).go();
}

/** Told to whoever watches, and not written down. */
const MOMENTARY: ReadonlySet<RunEvent['type']> = new Set(['call-finished', 'step-progress', 'training']);

class Run {
	private readonly plan: Plan;
	private readonly options: RunOptions;
	private readonly schedule: Schedule;
	private readonly control: RunControl;
	private readonly caller: Caller;
	private readonly started = performance.now();
	private readonly id: string | null;

	constructor(plan: Plan, options: RunOptions) {
		this.plan = plan;
		this.options = options;
		const { store } = options;
		this.schedule = scheduleSteps(plan, store, options.only ?? null);
		const signal = options.signal ?? new AbortController().signal;
		const limit = options.failFast ? 0 : (options.maxFailures ?? Number.POSITIVE_INFINITY);
		this.control = new RunControl(signal, limit, (reason) => this.caller.stop(reason));
		this.id =
			store?.beginRun({ program: programOf(plan), title: plan.title, details: { plan, pid: process.pid } }) ??
			null;
		this.caller = (options.createCaller ?? createCaller)({
			...options.calls,
			store,
			budget: { ...plan.study.budget, ...options.budget },
			onEvent: (event) => this.emit(event),
			onRejected: (error) => this.control.callRejected(error),
			signal,
			mode: options.mode,
		});
	}

	async go(): Promise<RunResult> {
		this.emitStart();
		this.sayOthers();
		const execution = new Execution(this.schedule, {
			library: this.options.library,
			used: (module, name) => this.options.modules?.[module]?.[name] ?? null,
			store: this.options.store,
			caller: this.caller,
			control: this.control,
			settings: this.settings(),
			checkpointSeconds: this.options.checkpointSeconds,
			onProgress: (step, done, total, failed) =>
				this.emit({ type: 'step-progress', step, done, total, failed }),
			onTraining: (step, { step: at, steps: of, loss, examplesPerSecond, secondsLeft, line }) =>
				this.emit({ type: 'training', step, at, of, loss, examplesPerSecond, secondsLeft, line }),
			onSettled: (node, outcome) => this.settled(node, outcome),
		});
		await execution.settleAll();
		await this.caller.drain().catch((error: unknown) => this.control.callRejected(error));
		if (!this.options.keepModels) await closeModels(execution);
		return this.finish(execution);
	}

	private settings() {
		const folder =
			this.options.folder ??
			(this.plan.source.path ? dirname(resolve(this.plan.source.path)) : process.cwd());
		return {
			signal: this.control.signal,
			seed: this.plan.study.seed,
			resolvePath: (path: string) => resolve(folder, path),
			notice: (message: string) => this.emit({ type: 'notice', message }),
		};
	}

	private emit(event: RunEvent): void {
		this.options.onEvent?.(event);
		// Calls are in the store themselves, and progress is only of the moment.
		if (this.id === null || MOMENTARY.has(event.type)) return;
		const { id } = this;
		this.journal((store) => store.appendEvent(id, event));
	}

	/** Writes to the store; a store that cannot be written ends the run with its sentence. */
	private journal(write: (store: Store) => void): void {
		const { store } = this.options;
		if (!store) return;
		try {
			write(store);
		} catch (error) {
			this.control.callRejected(error);
		}
	}

	/** Two runs of one study share what is finished, but may ask for the same at the same moment. */
	private sayOthers(): void {
		if (this.options.mode === 'replay') return;
		const [other] = this.options.store?.atWork(programOf(this.plan)) ?? [];
		if (!other) return;
		const since = new Date(other.startedAt).toLocaleTimeString('en-GB');
		const message = `another run of this study (process ${other.pid}) has been at work on this store since ${since}: what both need at the same moment is asked for, and paid, twice`;
		this.emit({ type: 'notice', message });
	}

	private emitStart(): void {
		const steps = this.schedule.needed.map(({ id }) => {
			const meta = this.schedule.kept.get(id);
			return { id, kept: meta !== undefined, rows: meta?.rows ?? null };
		});
		this.emit({ type: 'run-started', run: this.id ?? '', title: this.plan.title, steps, at: Date.now() });
	}

	private settled(node: PlanNode, outcome: StepOutcome): void {
		if (outcome.status === 'stopped') return;
		const { fault, rows, failed, seconds } = outcome;
		if (fault) {
			const span = this.plan.spans[fault.loc ?? node.loc] ?? null;
			this.emit({ type: 'step-failed', step: node.id, message: fault.message, help: fault.help, span });
		} else {
			const kept = outcome.status === 'kept';
			this.emit({ type: 'step-finished', step: node.id, rows, failed, kept, seconds });
		}
		this.recordTrace(node, outcome);
	}

	/** What the next plan compares itself with, to say why a step will run. */
	private recordTrace(node: PlanNode, outcome: StepOutcome): void {
		const keys = Object.entries(node.inputs).map(([name, id]) => [
			name,
			this.schedule.nodes.get(id)?.key ?? id,
		]);
		const trace: StepTrace = {
			step: node.id,
			key: node.key,
			bodyHash: bodyHash(operationOf(node)),
			versions: node.versions,
			inputs: Object.fromEntries(keys),
			fingerprints: node.fingerprints,
			status: outcome.fault ? 'failed' : outcome.complete ? 'done' : 'partial',
			failed: outcome.failed,
		};
		this.journal((store) => store.recordTrace(programOf(this.plan), trace));
	}

	private finish(execution: Execution): RunResult {
		const seconds = (performance.now() - this.started) / 1000;
		const written = this.ending(execution, seconds);
		this.journal((store) => {
			const { outcome, failures, spent, summary } = written;
			const id = this.id as string;
			store.appendEvent(id, { type: 'run-finished', run: id, outcome, seconds });
			store.endRun(id, outcome, { ...summary, spent, failures });
			store.flush();
		});
		// Only now is it known whether the end itself could be written.
		const ending = this.ending(execution, seconds);
		this.options.onEvent?.({ type: 'run-finished', run: this.id ?? '', outcome: ending.outcome, seconds });
		return { run: this.id, values: this.inOrder(execution.values), ...ending };
	}

	private ending({ outcomes }: Execution, seconds: number): Omit<RunResult, 'run' | 'values'> {
		const steps = this.schedule.needed.map(({ id }) => summarised(id, outcomes.get(id)));
		return {
			outcome: this.outcome([...outcomes.values()]),
			failures: this.failures(outcomes),
			spent: this.caller.spent,
			summary: { steps, seconds, stopped: this.stopSentence() },
		};
	}

	private inOrder(values: ReadonlyMap<string, unknown>): ReadonlyMap<string, unknown> {
		const ordered = new LazyMap<string, unknown>();
		for (const { id } of this.schedule.needed) if (values.has(id)) ordered.set(id, () => values.get(id));
		return ordered;
	}

	private outcome(outcomes: readonly StepOutcome[]): RunOutcome {
		const reason = this.control.stopReason;
		if (reason) return reason.because === 'interrupted' ? 'interrupted' : 'failed';
		if (outcomes.some(({ fault }) => fault)) return 'failed';
		if (this.control.budget) return 'budget';
		return outcomes.some(({ complete }) => !complete) ? 'partial' : 'done';
	}

	private stopSentence(): string | null {
		return this.control.stopReason?.message ?? this.control.budget?.message ?? null;
	}

	private failures(outcomes: ReadonlyMap<string, StepOutcome>): Failure[] {
		const failures: Failure[] = [];
		const { stopReason } = this.control;
		if (stopReason?.because === 'fatal') {
			failures.push({ step: '', message: stopReason.message, help: stopReason.help, span: null, code: null });
		}
		for (const node of this.schedule.needed) {
			const outcome = outcomes.get(node.id);
			if (outcome?.log) failures.push(...outcome.log.failures(node.id, this.plan.spans));
			if (!outcome?.fault) continue;
			const { message, help, loc } = outcome.fault;
			const code = outcome.status === 'blocked' ? 'blocked' : null;
			failures.push({ step: node.id, message, help, span: this.plan.spans[loc ?? node.loc] ?? null, code });
		}
		return failures;
	}
}

function summarised(id: string, outcome: StepOutcome | undefined): StepSummary {
	if (!outcome) return { id, status: 'stopped', rows: null, failed: 0, seconds: 0 };
	const { rows, failed, seconds } = outcome;
	const partial = outcome.status === 'done' && !outcome.complete;
	return { id, status: partial ? 'partial' : outcome.status, rows, failed, seconds };
}

async function closeModels(execution: Execution): Promise<void> {
	await Promise.all([...execution.models].map(({ provider }) => provider.close?.()));
}
