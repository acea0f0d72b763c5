import type { DeviceSpeed } from '../../kernel/compute/index.ts';
import { sizeOf } from '../nets/graph.ts';
import type { WeightSpec } from '../nets/layer-kind.ts';
import { type Architecture, familyNamed } from './family.ts';
import { layersOf } from './layers.ts';
import { examplesAStep, type TrainingOptions } from './options.ts';
import { specsOf } from './trainer.ts';
import { slotsOf } from './update-rule.ts';

/** What a forward pass takes for one example. */
export interface Work {
	/** Multiplications and additions. */
	readonly operations: number;
	/** Numbers that are kept until the gradient is computed. */
	readonly kept: number;
}

/** What a training run is expected to need: by shapes and counts, so right within a factor of about two. */
export interface TrainingNeeds {
	/** Bytes beyond what a process with an open device has, by what they are for. */
	readonly memory: {
		readonly weights: number;
		readonly gradients: number;
		/** Its accumulators, and a step's new values beside the old ones. */
		readonly optimizer: number;
		/** What is kept of a batch for its gradient. */
		readonly activations: number;
		/** Copies that checkpoints and early stopping make. */
		readonly copies: number;
	};
	readonly bytes: number;
	/** Multiplications and additions of all steps and measurements. */
	readonly operations: number;
}

const BYTES = 4;

/** Of what is kept, measured on decoders: gradients of it that are alive beside it, and what the device's memory leaves unused. */
const ALIVE = 2.3;

/** Compiled steps and batches, measured on small models. */
const FIXED_BYTES = 64 * 2 ** 20;

/** A gradient takes a product for the weights and one for what came in, beside the forward pass's own. */
const PASSES_A_STEP = 3;

/** From the shapes alone: nothing is computed. */
export function trainingNeeds(architecture: Architecture, options: TrainingOptions): TrainingNeeds {
	const { operations, kept } = workOf(architecture);
	const specs = specsOf(architecture);
	const all = numbersIn(specs);
	const learned = numbersIn(specs.filter(({ trainable }) => trainable));
	const slots = slotsOf(options.optimizer).length;
	const moved = learned * (1 + slots);
	const memory = {
		weights: BYTES * all * (options.start ? 2 : 1),
		gradients: BYTES * learned * (options.accumulate > 1 ? 2 : 1),
		optimizer: BYTES * (learned * slots + moved),
		activations:
			BYTES * ALIVE * kept * Math.min(options.batch, options.evaluate.length, examplesAStep(options)),
		copies: BYTES * (2 * moved + (options.patience === null ? 0 : learned)),
	};
	const measurements = Math.ceil(options.steps / options.evaluateEvery);
	const passes =
		PASSES_A_STEP * options.steps * examplesAStep(options) + measurements * options.evaluate.length;
	const bytes = Object.values(memory).reduce((sum, part) => sum + part, FIXED_BYTES);
	return { memory, bytes, operations: operations * passes };
}

function workOf(architecture: Architecture): Work {
	const own = familyNamed(architecture.family).work?.(architecture);
	if (own) return own;
	const kept = architecture.graphs.reduce(
		(sum, { nodes }) => sum + nodes.reduce((total, { shape }) => total + sizeOf(shape), 0),
		0,
	);
	return { operations: layersOf(architecture).at(-1)?.operations ?? 0, kept };
}

/** Rounded up to whole mebibytes. */
export const showMegabytes = (bytes: number): string =>
	`${Math.ceil(bytes / 2 ** 20).toLocaleString('en-US')} MB`;

const numbersIn = (specs: readonly WeightSpec[]): number =>
	specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/** What training steps leave of a device's speed in large products: 0.9 and 1.0 of it on decoders, 0.4 to 0.6 on small classifiers. */
const EFFICIENCY = 0.8;

/** Seconds that a run's operations take at a device's measured speed. */
export function secondsAt(
	{ productGflops, convolutionGflops }: DeviceSpeed,
	{ operations }: TrainingNeeds,
	{ graphs }: Architecture,
): number {
	const convolves = graphs.some(({ nodes }) => nodes.some(({ layer }) => layer.startsWith('conv')));
	return operations / ((convolves ? convolutionGflops : productGflops) * 1e9 * EFFICIENCY);
}
