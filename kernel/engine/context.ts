import type { TrainingContext } from '../../stdlib/context.ts';
import type { Awaitable, ModelRequest, ResultOf } from '../../stdlib/models/provider.ts';
import { type Random, randomStream } from '../../stdlib/random.ts';
import type { Missing } from '../../stdlib/values/missing.ts';
import type { ModelHandle } from '../../stdlib/values/model.ts';
import type { CallScope } from './calls/caller.ts';
import type { EvaluationContext } from './evaluate/frame.ts';
import type { StepLog } from './failures.ts';

/** What is the same for all steps of a run. */
export interface RunSettings {
	readonly signal: AbortSignal;
	/** The study's root seed. */
	readonly seed: number;
	readonly resolvePath: (path: string) => string;
	readonly notice: (message: string) => void;
}

/** A survey's calls also hear of those that could not be looked at. */
export interface SurveyScope extends CallScope {
	skipped(values: readonly unknown[], n: number): void;
}

/** What one step gives to the library functions that it runs. */
export class StepContext implements EvaluationContext {
	readonly signal: AbortSignal;
	readonly seed: number;
	// Properties and not methods: library functions take them off the context.
	readonly resolvePath: (path: string) => string;
	readonly notice: (message: string) => void;
	/** Indices of the `repeat` clauses around the row at hand; its calls are draws of their own. */
	repeat: string | undefined = undefined;
	/** In the step of a training run. */
	training: TrainingContext | undefined = undefined;
	/** Of the eval: calls of earlier rows are made first. */
	row = 0;
	private readonly settings: RunSettings;
	private readonly calls: CallScope & Partial<SurveyScope>;
	private readonly log: StepLog;

	constructor(settings: RunSettings, calls: CallScope & Partial<SurveyScope>, log: StepLog) {
		this.signal = settings.signal;
		this.seed = settings.seed;
		this.resolvePath = settings.resolvePath;
		this.notice = settings.notice;
		this.settings = settings;
		this.calls = calls;
		this.log = log;
	}

	/** A context of its own for a row that may wait while others go on. */
	fork(): StepContext {
		return new StepContext(this.settings, this.calls, this.log);
	}

	call<R extends ModelRequest>(
		model: ModelHandle,
		request: R,
		sample?: number,
	): Awaitable<ResultOf<R> | Missing> {
		this.log.models.add(model);
		try {
			return this.calls.call(model, request, sample, this.repeat, this.row);
		} catch (error) {
			this.log.control.callRejected(error);
			throw error;
		}
	}

	random(seed: number, stream: string): Random {
		return randomStream(seed, stream);
	}

	rowFault(error: unknown): Missing {
		return this.log.rowFault(error);
	}

	skippedCall(values: readonly unknown[], n: number): void {
		this.calls.skipped?.(values, n);
	}
}
