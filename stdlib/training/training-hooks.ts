import type { Awaitable } from '../models/provider.ts';
import type { WeightValues } from '../nets/weights.ts';
import type { HistoryRow } from './history.ts';

/** Where a run puts what it goes on with, and whom it tells. */
export interface TrainingHooks {
	readonly signal: AbortSignal;
	readonly checkpoint?: {
		/** What an earlier run that did not finish has left. */
		read(): Awaitable<Uint8Array | null>;
		/** Replaces what was there, as a whole or not at all. */
		write(bytes: Uint8Array): Awaitable<void>;
	};
	progress?(progress: TrainingProgress): void;
	notice?(message: string): void;
}

export interface TrainingProgress {
	/** Steps made, of at most so many. */
	readonly step: number;
	readonly steps: number;
	readonly loss: number;
	readonly examplesPerSecond: number | null;
	readonly secondsLeft: number | null;
	/** A line that was just added to the history, or null. */
	readonly line: HistoryRow | null;
}

export interface TrainingResult {
	readonly weights: WeightValues;
	readonly history: readonly HistoryRow[];
	/** Sentences that belong beside every result of the model. */
	readonly warnings: readonly string[];
	/** Steps made by this process; fewer than the history has where it went on from a checkpoint. */
	readonly stepsMade: number;
}
