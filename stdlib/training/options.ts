import type { WeightValues } from '../nets/weights.ts';
import type { Data } from '../values/data.ts';
import type { Augmentation } from './augmentation.ts';
import type { Optimizer } from './optimizer.ts';

/** How a model is trained, everything decided: plain data, which can go to another thread. */
export interface TrainingSettings {
	readonly optimizer: Optimizer;
	/** Examples that are computed at once. */
	readonly batch: number;
	/** Batches a step. */
	readonly accumulate: number;
	readonly steps: number;
	/** Largest global norm of the gradients, or null. */
	readonly clip: number | null;
	/** Batches that are made while the device computes. */
	readonly prefetch: number;
	/** Steps between two measurements. */
	readonly evaluateEvery: number;
	/** Measurements without a better one after which the run ends, or null. */
	readonly patience: number | null;
	readonly checkpointEvery: number;
	readonly logEvery: number;
	readonly seed: number;
	readonly device: string | null;
	/** Weights that it begins with; those that are not among them are drawn. */
	readonly start?: WeightValues;
}

/** What one update follows. */
export const examplesAStep = ({
	batch,
	accumulate,
}: Pick<TrainingSettings, 'batch' | 'accumulate'>): number => batch * accumulate;

/** Settings, and how its batches are made. */
export interface TrainingOptions extends TrainingSettings {
	readonly shuffle: boolean;
	readonly augment: readonly Augmentation[];
	/** What the model is measured on. */
	readonly evaluate: Data;
}
