import type { Awaitable, ModelRequest, ResultOf } from './models/provider.ts';
import type { Random } from './random.ts';
import type { TrainingSummary } from './training/train.ts';
import type { TrainingHooks } from './training/training-hooks.ts';
import type { Missing } from './values/missing.ts';
import type { ModelHandle } from './values/model.ts';

/** What the engine gives to a library function while it runs. */
export interface RunContext {
	readonly signal: AbortSignal;
	/** The study's root seed. */
	readonly seed: number;
	/** Indices of the `repeat` clauses around the row at hand, such as `"3"` or `"3.0"`: its draws have seeds of their own. */
	readonly repeat?: string;
	/**
	 * One model call: cached, counted against the budget, paced, retried. A call that fails for good, or a refusal, is a
	 * `Missing`; it rejects only when the run stops. `sample` numbers the draws of one request, from 0.
	 */
	call<R extends ModelRequest>(
		model: ModelHandle,
		request: R,
		sample?: number,
	): Awaitable<ResultOf<R> | Missing>;
	/** A random stream of that name under a seed: the same draws whatever else the study does. */
	random(seed: number, stream: string): Random;
	/** Reads a file that the program names; paths are relative to the program's folder. */
	resolvePath(path: string): string;
	/** Says something to whoever watches the run: a file is being fetched, fewer rows than asked for are there. */
	notice?(message: string): void;
	/** For training runs; absent outside of the engine. */
	readonly training?: TrainingContext;
}

export interface TrainingContext extends Pick<TrainingHooks, 'checkpoint' | 'progress'> {
	/** What the run's declaration is called. */
	readonly name: string;
	/** Present while a study is only planned: nothing is trained, and this hears what would be. */
	plan?(summary: TrainingSummary): void;
}
