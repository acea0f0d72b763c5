import type { Tensor } from '@tensorflow/tfjs';
import { compiledStep, type Tfjs } from '../../kernel/compute/index.ts';
import type { BatchTensors } from './family.ts';

/** Where in a run something is computed. */
export interface Place {
	/** Number of the step, from 0. */
	readonly step: number;
	/** Number of the batch in it, from 0. */
	readonly part: number;
	/** How much of what the step's means are over is in this batch, by name. */
	readonly shares: Readonly<Record<string, number>>;
}

/** A step of one batch. */
export const wholeStep = (step: number): Place => ({ step, part: 0, shares: {} });

/** Makes a tensor for that place in the run. */
type Make = (place: Place) => Tensor;

/** Where a step finds tensors that the host makes anew each time: random draws, rates. */
export interface HostTensors {
	take(name: string, make: Make): Tensor;
}

/** Made on the spot, for a step that runs once. */
export const madeFor = (place: Place): HostTensors => ({ take: (_, make) => make(place) });

export interface StepWork {
	/** A pass that asks the host for everything that `make` asks for; its results are dropped, and it changes nothing. */
	look(batch: BatchTensors, host: HostTensors): void;
	/** The step itself. Runs inside `tidy`. */
	make(batch: BatchTensors, host: HostTensors): Tensor[];
}

/** A step for batches of one size. */
interface Plan {
	readonly makers: ReadonlyMap<string, Make>;
	readonly run: (...inputs: Tensor[]) => Tensor[];
}

/**
 * A training step as a function of tensors alone, so that a device can compile it: columns of a batch and what the host makes
 * for each step come in as arguments. Each size of batch, such as the last one's of an epoch, has a plan of its own.
 */
export class TrainingStep {
	private readonly tf: Tfjs;
	private readonly work: StepWork;
	private readonly plans = new Map<number, Plan>();

	constructor(tf: Tfjs, work: StepWork) {
		this.tf = tf;
		this.work = work;
	}

	/** @returns what the work makes, the caller's to dispose of, as is the batch */
	run(batch: BatchTensors, place: Place): Tensor[] {
		const plan = this.planFor(batch, place);
		const made = [...plan.makers.values()].map((make) => make(place));
		try {
			return plan.run(...Object.values(batch), ...made);
		} finally {
			for (const tensor of made) tensor.dispose();
		}
	}

	private planFor(batch: BatchTensors, place: Place): Plan {
		const size = Object.values(batch)[0]?.shape[0] ?? 0;
		const known = this.plans.get(size);
		if (known) return known;
		const makers = this.makersOf(batch, place);
		const columns = Object.keys(batch);
		const run = compiledStep(this.tf, (...inputs) => {
			const named = Object.fromEntries(columns.map((column, i) => [column, inputs[i] as Tensor]));
			const given = new Map(
				[...makers.keys()].map((name, i) => [name, inputs[columns.length + i] as Tensor]),
			);
			return this.work.make(named, { take: (name) => found(given, name) });
		});
		const plan = { makers, run };
		this.plans.set(size, plan);
		return plan;
	}

	private makersOf(batch: BatchTensors, place: Place): Map<string, Make> {
		const makers = new Map<string, Make>();
		this.tf.tidy(() =>
			this.work.look(batch, {
				take(name, make) {
					makers.set(name, make);
					return make(place);
				},
			}),
		);
		return makers;
	}
}

function found(given: ReadonlyMap<string, Tensor>, name: string): Tensor {
	const tensor = given.get(name);
	if (!tensor) throw new Error(`the step asks for ${name}, which the pass before it did not`);
	return tensor;
}
