import type { Awaitable } from '../models/provider.ts';
import type { Batch } from './batches.ts';

/** Where a run's batches come from: made of data that is here, or asked of the thread that has it. */
export interface BatchSource {
	readonly perEpoch: number;
	/** Asked for early, so that it is there when it is taken. */
	prepare(step: number): void;
	/** The batch of a step, from 0. */
	take(step: number): Awaitable<Batch>;
	/** Rows of the data that the model is measured on. */
	readonly measuredRows: number;
	/** So many of them from there on. */
	measured(from: number, count: number): Awaitable<Batch>;
}
