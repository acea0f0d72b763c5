import { dirname, resolve } from 'node:path';
import type { Plan, PlanNode } from '../../dsl/plan/plan.ts';
import type { Library } from '../../stdlib/registry.ts';
import type { TrainingSummary } from '../../stdlib/training/train.ts';
import type { ModelHandle } from '../../stdlib/values/model.ts';
import { createCaller } from './calls/caller.ts';
import { type PriceTable, publishedPrices } from './calls/prices.ts';
import type { UsedFunction } from './evaluate/scope.ts';
import { Execution } from './execution.ts';
import { RunControl } from './failures.ts';
import { handlesIn } from './origins.ts';
import { reasonFor, type StepReason } from './reasons.ts';
import { programOf } from './run.ts';
import { type Schedule, scheduleSteps } from './schedule.ts';
import type { StepOutcome } from './step-outcome.ts';
import type { Store } from './store/store.ts';
import { callSites, RowBounds } from './survey-bounds.ts';
import { emptyTally, SurveyCaller, type Tally } from './survey-caller.ts';

export interface SurveyOptions {
	readonly library: Library;
	readonly store: Store | null;
	readonly modules?: Readonly<Record<string, Readonly<Record<string, UsedFunction>>>>;
	/** Where relative paths start; the program's folder when absent. */
	readonly folder?: string;
	readonly prices?: PriceTable;
	readonly signal?: AbortSignal;
	/** Steps that are wanted; everything when absent. */
	readonly only?: readonly string[];
	/** Evals with more rows than this are looked at in a part of their rows. */
	readonly sampleAbove?: number;
	/** Rows that are looked at of such an eval. */
	readonly sampleRows?: number;
	readonly onNotice?: (message: string) => void;
}

/** How far a number can be trusted: counted, scaled up from some rows, or no more than it can come to. */
export type Certainty = 'exact' | 'estimate' | 'at-most';

export interface StepSurvey {
	readonly id: string;
	readonly kind: PlanNode['kind'];
	readonly reason: StepReason;
	/** null where it has none, or cannot be told. */
	readonly rows: { readonly count: number; readonly certainty: Certainty } | null;
	/** null for steps that make no calls. `cached` calls are in the store and cost nothing. */
	readonly calls: { readonly needed: number; readonly cached: number; readonly certainty: Certainty } | null;
	/** Of the calls that are needed; about, at four characters a token. */
	readonly inputTokens: number;
	readonly outputTokens: number;
	/** null when the price of a model is not known. */
	readonly usd: number | null;
	/** null when nothing is known of how long the model takes. */
	readonly seconds: number | null;
	readonly models: readonly string[];
	/** Of a training run that would be made: its layers and how long it is. */
	readonly training: TrainingSummary | null;
	/** What is wrong already: a file that is not there, a model that cannot be loaded. */
	readonly problem: {
		readonly message: string;
		readonly help: string | null;
		readonly span: readonly [number, number] | null;
	} | null;
}

export interface Survey {
	readonly steps: readonly StepSurvey[];
	readonly totals: Pick<StepSurvey, 'inputTokens' | 'outputTokens' | 'usd' | 'seconds'> & {
		readonly needed: number;
		readonly cached: number;
		readonly certainty: Certainty;
	};
}

/**
 * What a run would do, without a model call: the plan runs as far as it can without one, over a caller that only looks
 * calls up and counts. Nothing is written.
 */
export async function survey(plan: Plan, options: SurveyOptions): Promise<Survey> {
	const prices = options.prices ?? publishedPrices;
	const signal = options.signal ?? new AbortController().signal;
	const keys = createCaller({ store: null, budget: NO_BUDGET, onEvent: () => {}, signal, mode: 'replay' });
	const caller = new SurveyCaller(options.store, keys, prices);
	const whole = scheduleSteps(plan, options.store, options.only ?? null);
	const training = new Map<string, TrainingSummary>();
	const execution = new Execution(scheduleSteps(plan, options.store, wanted(whole)), {
		library: options.library,
		used: (module, name) => options.modules?.[module]?.[name] ?? null,
		store: options.store,
		caller,
		control: new RunControl(signal, Number.POSITIVE_INFINITY, () => {}),
		settings: settingsOf(plan, options, signal),
		onProgress: () => {},
		onSettled: () => {},
		survey: {
			sample: (rows) => sampleOf(rows, options.sampleAbove ?? 5_000, options.sampleRows ?? 400),
			training,
		},
	});
	await execution.settleAll();
	signal.throwIfAborted();
	const surveyor = new Surveyor(plan, options, whole, execution, caller, training);
	const steps = whole.needed.map((node) => surveyor.step(node));
	return { steps, totals: totalsOf(steps, surveyor.seconds) };
}

const NO_BUDGET = { usd: null, tokens: null, calls: null, seconds: null };

function settingsOf(plan: Plan, options: SurveyOptions, signal: AbortSignal) {
	const folder = options.folder ?? (plan.source.path ? dirname(resolve(plan.source.path)) : process.cwd());
	return {
		signal,
		seed: plan.study.seed,
		resolvePath: (path: string) => resolve(folder, path),
		notice: options.onNotice ?? (() => {}),
	};
}

/** Steps that can tell of calls: fields that are not kept, and what a value calls. Tables and figures cost nothing but time. */
function wanted({ needed, kept }: Schedule): string[] {
	return needed
		.filter(
			({ id, kind }) =>
				kind === 'rows' || (!kept.has(id) && (kind === 'field' || kind === 'value' || kind === 'train')),
		)
		.filter((node) => !(node.kind === 'value' && (node.keyword === 'figure' || node.keyword === 'table')))
		.map(({ id }) => id);
}

/** Evenly spread row numbers, or null for all. */
function sampleOf(rows: number, above: number, size: number): Int32Array | null {
	if (rows <= above) return null;
	return Int32Array.from({ length: size }, (_, i) => Math.floor(((i + 0.5) * rows) / size));
}

/** Reads off what the dry run left. */
class Surveyor {
	/** Seconds of waiting for each model, over all steps. */
	readonly seconds = new Map<ModelHandle, number | null>();
	private readonly plan: Plan;
	private readonly options: SurveyOptions;
	private readonly schedule: Schedule;
	private readonly execution: Execution;
	private readonly caller: SurveyCaller;
	private readonly training: ReadonlyMap<string, TrainingSummary>;
	private readonly bounds: RowBounds;
	private readonly traces: ReturnType<Store['lastTrace']>;

	constructor(
		plan: Plan,
		options: SurveyOptions,
		schedule: Schedule,
		execution: Execution,
		caller: SurveyCaller,
		training: ReadonlyMap<string, TrainingSummary>,
	) {
		this.training = training;
		this.plan = plan;
		this.options = options;
		this.schedule = schedule;
		this.execution = execution;
		this.caller = caller;
		this.bounds = new RowBounds(plan, execution.values);
		this.traces = options.store?.lastTrace(programOf(plan)) ?? new Map();
	}

	step(node: PlanNode): StepSurvey {
		const kept = this.schedule.kept.get(node.id);
		const outcome = this.execution.outcomes.get(node.id);
		const reason: StepReason = kept ? { kind: 'kept' } : reasonFor(node, this.plan, this.traces.get(node.id));
		const rows = kept?.rows != null ? { count: kept.rows, certainty: 'exact' as const } : this.rows(node);
		const sites = kept ? 0 : this.sites(node);
		const tally = sites === 0 ? emptyTally() : this.tally(node, outcome, sites);
		return {
			id: node.id,
			kind: node.kind,
			reason,
			rows,
			...this.costs(tally, sites === 0 ? null : this.scale(node, outcome)),
			training: this.training.get(node.id) ?? null,
			problem: this.problem(node, outcome),
		};
	}

	/** Calls that the step could make for one row; 0 tells a step that makes none. */
	private sites(node: PlanNode): number {
		const { library } = this.options;
		if (node.kind === 'field' || node.kind === 'value') return callSites(node.body, library);
		if (node.kind === 'table')
			return node.columns.reduce((sum, { body }) => sum + callSites(body, library), 0);
		if (node.kind !== 'rows') return 0;
		return node.clauses.reduce((sum, clause) => {
			const body =
				clause.kind === 'for' ? clause.source : clause.kind === 'where' ? clause.condition : clause.count;
			return sum + callSites(body, library);
		}, 0);
	}

	private rows(node: PlanNode): StepSurvey['rows'] {
		if (node.kind === 'table' || (node.kind === 'value' && node.keyword !== 'data')) return null;
		const of = node.kind === 'field' || node.kind === 'eval' ? node.rows : node.id;
		const count = this.bounds.ofStep(of);
		if (count === null) return null;
		return { count, certainty: this.execution.values.has(of) ? 'exact' : 'at-most' };
	}

	private tally(node: PlanNode, outcome: StepOutcome | undefined, sites: number): Tally {
		const looked = outcome && outcome.status !== 'blocked' && outcome.status !== 'failed';
		if (!looked) {
			// Its rows are not known: every call that it can make counts, once a row.
			const rows = node.kind === 'field' ? this.bounds.ofStep(node.rows) : 1;
			const models = this.modelsOf(node);
			this.caller.within(node.key).skipped(models.length === 1 ? models : [], (rows ?? 0) * sites);
		}
		return this.caller.tallies.get(node.key) ?? emptyTally();
	}

	/** Models among the values that a step reads. */
	private modelsOf(node: PlanNode): ModelHandle[] {
		const rows = node.kind === 'field' ? this.schedule.nodes.get(node.rows) : undefined;
		const ids = [...Object.values(node.inputs), ...Object.values(rows?.inputs ?? {})];
		return [
			...new Set(
				ids.flatMap((id) =>
					this.execution.outcomes.has(id) ? handlesIn(this.execution.values.get(id)) : [],
				),
			),
		];
	}

	/** What counts of the rows that were looked at are to be multiplied by. */
	private scale(node: PlanNode, outcome: StepOutcome | undefined): number {
		if (node.kind !== 'field' || outcome?.rows == null || outcome.fault) return 1;
		const all = this.bounds.ofStep(node.rows);
		return all === null || outcome.rows === 0 ? 1 : all / outcome.rows;
	}

	private costs(tally: Tally, scale: number | null) {
		const times = scale ?? 1;
		const certainty: Certainty = tally.uncertain > 0 ? 'at-most' : times === 1 ? 'exact' : 'estimate';
		const counted = {
			needed: Math.round(tally.needed * times),
			cached: Math.round(tally.cached * times),
			certainty,
		};
		return {
			calls: scale === null ? null : counted,
			inputTokens: Math.round(tally.inputTokens * times),
			outputTokens: Math.round(tally.outputTokens * times),
			usd: tally.usd === null ? null : tally.usd * times,
			seconds: this.time(tally, times),
			models: [...tally.models.keys()].map(({ name }) => name),
		};
	}

	/** Models answer side by side, each as many calls at once as it takes. */
	private time(tally: Tally, times: number): number | null {
		let longest: number | null = 0;
		for (const [model, calls] of tally.models) {
			const each = this.caller.secondsPerCall(model);
			const seconds = each === null ? null : (each * calls * times) / model.provider.limits.concurrency.max;
			const before = this.seconds.get(model) ?? 0;
			this.seconds.set(model, seconds === null || this.seconds.get(model) === null ? null : before + seconds);
			longest = seconds === null || longest === null ? null : Math.max(longest, seconds);
		}
		return longest;
	}

	private problem(node: PlanNode, outcome: StepOutcome | undefined): StepSurvey['problem'] {
		if (!outcome?.fault || outcome.unknown || outcome.status === 'blocked') return null;
		const { message, help, loc } = outcome.fault;
		return { message, help, span: this.plan.spans[loc ?? node.loc] ?? null };
	}
}

function totalsOf(
	steps: readonly StepSurvey[],
	seconds: ReadonlyMap<ModelHandle, number | null>,
): Survey['totals'] {
	const calls = steps.flatMap((step) => step.calls ?? []);
	const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
	const sumKnown = (numbers: readonly (number | null)[]): number | null =>
		numbers.some((number) => number === null) ? null : sum(numbers as number[]);
	const waits = [...seconds.values()];
	return {
		needed: sum(calls.map((call) => call.needed)),
		cached: sum(calls.map((call) => call.cached)),
		certainty: worst(calls.map((call) => call.certainty)),
		inputTokens: sum(steps.map((step) => step.inputTokens)),
		outputTokens: sum(steps.map((step) => step.outputTokens)),
		usd: sumKnown(steps.map((step) => step.usd)),
		seconds: waits.some((wait) => wait === null) ? null : Math.max(0, ...(waits as number[])),
	};
}

function worst(certainties: readonly Certainty[]): Certainty {
	if (certainties.includes('at-most')) return 'at-most';
	return certainties.includes('estimate') ? 'estimate' : 'exact';
}
