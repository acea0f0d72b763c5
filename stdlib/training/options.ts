import type { WeightValues } from '../nets/weights.ts';
import type { Data } from '../values/data.ts';
import type { Augmentation } from './augmentation.ts';
import type { Optimizer } from './optimizer.ts';

/** How a model is trained, everything decided. */
export interface TrainingOptions {
	readonly optimizer: Optimizer;
	/** Examples a step. */
	readonly batch: number;
	readonly steps: number;
	/** Largest global norm of the gradients, or null. */
	readonly clip: number | null;
	readonly shuffle: boolean;
	readonly augment: readonly Augmentation[];
	/** Batches that are made while the device computes. */
	readonly prefetch: number;
	readonly evaluate: Data;
	/** Steps between two measurements on `evaluate`. */
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
