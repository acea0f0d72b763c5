import type { Scalar, Tensor } from '@tensorflow/tfjs';
import type { Tfjs, UniformSource } from '../../kernel/compute/index.ts';
import type { Pass } from '../nets/forward.ts';
import type { NetworkGraph } from '../nets/graph.ts';
import type { WeightSpec } from '../nets/layer-kind.ts';
import type { LayerSummary } from '../nets/summary.ts';
import type { WeightValues } from '../nets/weights.ts';
import type { Data } from '../values/data.ts';
import type { Estimate } from '../values/estimate.ts';
import type { Batch, Feature } from './batches.ts';
import type { Work } from './needs.ts';
import type { Rate } from './schedule.ts';

/** What a trained model is made of, as plain JSON: with the weights it is the whole model. */
export interface Architecture {
	readonly family: string;
	readonly graphs: readonly NetworkGraph[];
	/** The family's own settings. */
	readonly config: unknown;
	readonly features: readonly Feature[];
}

/** A model that can be trained: the value of `model m = vqvae(…)`. */
export interface Trainable {
	readonly kind: 'trainable';
	readonly family: string;
	/** Its networks for these data. @throws {UserError} where a layer or the data does not fit */
	build(data: Data): Promise<Architecture>;
	/** The data as `build` and the batches read them, where the study has them otherwise: texts as rows of tokens. */
	prepare?(on: Data, evaluate: Data | null): Promise<{ readonly on: Data; readonly evaluate: Data | null }>;
	/** Weights that a training begins with, where it does not begin from drawn ones. */
	start?(): Promise<WeightValues>;
}

export const isTrainable = (value: unknown): value is Trainable =>
	typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'trainable';

export interface TrainingPass extends Pass {
	/** A rate or a schedule at this step, as one number. */
	readonly at: (rate: Rate) => Tensor;
	/** How much of what a mean of the step is over is in this batch; 1 in a step of one batch. */
	readonly share: (normaliser: string) => Tensor;
}

export interface Losses {
	/** What is minimised. */
	readonly loss: Scalar;
	/** Parts of it and other numbers of the batch, for the history. */
	readonly parts: Readonly<Record<string, Tensor>>;
}

export type BatchTensors = Readonly<Record<string, Tensor>>;

/** What is measured on a data set while training. */
export type Measures = Readonly<Record<string, number | Estimate>>;

export interface Measuring {
	readonly tf: Tfjs;
	/** A pass that changes nothing. */
	readonly pass: TrainingPass;
	/** The data in batches. */
	batches(): AsyncIterable<BatchTensors>;
}

export interface AfterStep {
	readonly tf: Tfjs;
	readonly pass: TrainingPass;
	/** Number of the step that was just made, from 1. */
	readonly step: number;
	/** The batch of that step; whoever takes it disposes of it. */
	batch(): BatchTensors;
	readonly random: (name: string) => UniformSource;
	read(name: string): Promise<Float32Array>;
	write(name: string, values: Float32Array): void;
}

/** A kind of model: its loss and what it measures. What it needs to go on after a kill is among its weights. */
export interface Family {
	readonly name: string;
	/** Weights beside those of the networks. */
	weights(architecture: Architecture): readonly WeightSpec[];
	summary(architecture: Architecture): readonly LayerSummary[];
	/** What a forward pass takes for one example, where the layers of its networks do not tell. */
	work?(architecture: Architecture): Work;
	/** The loss of a batch. Runs inside `tidy`. */
	loss(architecture: Architecture, batch: BatchTensors, pass: TrainingPass): Losses;
	/**
	 * Counts that the means in the loss are over, where those are not of the examples. Such a family multiplies each mean by
	 * `pass.share` of its count, so that losses and parts add up over the batches of a step.
	 */
	normalisers?(batch: Batch): Readonly<Record<string, number>>;
	/** Names of `parts` in the order of the history's columns. */
	readonly parts: readonly string[];
	/** Names of measures in the order of the history's columns. The first is what early stopping watches, smaller is better. */
	readonly measures: readonly string[];
	measure(architecture: Architecture, measuring: Measuring): Promise<Measures>;
	/** Work of the host before the first step (`step` 0) and after each. */
	afterStep?(architecture: Architecture, after: AfterStep): Promise<void>;
	/** Sentences about measures that a user should act on. */
	warnings?(architecture: Architecture, measures: Measures): readonly string[];
}

const families = new Map<string, Family>();

export function registerFamily(family: Family): Family {
	families.set(family.name, family);
	return family;
}

export const isFamily = (name: string): boolean => families.has(name);

export const familyNames = (): string[] => [...families.keys()].sort();

export function familyNamed(name: string): Family {
	const family = families.get(name);
	if (!family) throw new Error(`this version of Assay has no family of models "${name}"`);
	return family;
}
