import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../../kernel/compute/index.ts';
import { type Batch, partsOf } from './batches.ts';
import { type BatchTensors, familyNamed } from './family.ts';
import type { GradientStep, Learning } from './gradient-step.ts';
import { type HostTensors, type Place, type StepWork, TrainingStep, wholeStep } from './training-step.ts';
import { WeightStore } from './weight-store.ts';

/** Numbers of a step by their names, as read from the device. */
export type Numbers = Readonly<Record<string, number>>;

/** Makes the steps of a run from batches in memory. */
export interface StepMaker {
	/** @param meanwhile runs while the device computes */
	make(batch: Batch, step: number, meanwhile: () => void): Promise<Numbers>;
	dispose(): void;
}

type Load = (batch: Batch) => BatchTensors;

/** The loss, its gradient and the update as one compiled piece. */
export class SingleStep implements StepMaker {
	private readonly work: GradientStep;
	private readonly load: Load;
	private readonly compiled: TrainingStep;

	constructor(tf: Tfjs, work: GradientStep, load: Load) {
		this.work = work;
		this.load = load;
		this.compiled = new TrainingStep(tf, work);
	}

	async make(batch: Batch, step: number, meanwhile: () => void): Promise<Numbers> {
		const reading = started(this.compiled, this.load(batch), wholeStep(step));
		meanwhile();
		return named(this.work.names, await read(reading));
	}

	dispose(): void {}
}

/**
 * Adds up the gradients of several batches before an update, so that memory is needed for one of them: the update is that of
 * all their examples at once, up to rounding. Each batch's mean counts by how much it is the mean of.
 */
export class AccumulatedStep implements StepMaker {
	private readonly work: GradientStep;
	private readonly learning: Learning;
	private readonly load: Load;
	private readonly sums: WeightStore;
	private readonly addition: TrainingStep;
	private readonly update: TrainingStep;
	private names: readonly string[] = [];

	constructor(tf: Tfjs, work: GradientStep, learning: Learning, load: Load) {
		this.work = work;
		this.learning = learning;
		this.load = load;
		const zeros = learning.learned.map(({ name, shape }) => {
			const data = new Float32Array(shape.reduce((size, dim) => size * dim, 1));
			return [name, { shape, data }] as const;
		});
		this.sums = new WeightStore(tf, new Map(zeros), () => false);
		this.addition = new TrainingStep(tf, {
			look: (part, host) => {
				work.lookAtLoss(part, host);
				this.share(host);
			},
			make: (part, host) => [this.add(part, host)],
		} satisfies StepWork);
		this.update = new TrainingStep(tf, {
			look: (_, host) => void work.moment(host),
			make: (_, host) => [this.follow(tf, host)],
		} satisfies StepWork);
	}

	async make(batch: Batch, step: number, meanwhile: () => void): Promise<Numbers> {
		const parts = partsOf(batch, this.learning.options.batch);
		const shares = this.sharesOf(parts);
		const totals: Record<string, number> = {};
		for (const [part, columns] of parts.entries()) {
			const place = { step, part, shares: shares[part] as Numbers };
			const reading = started(this.addition, this.load(columns), place);
			if (part === 0) meanwhile();
			const values = await read(reading);
			this.names.forEach((name, i) => {
				totals[name] = (totals[name] ?? 0) + (values[i] as number);
			});
		}
		const norm = (await read(started(this.update, {}, wholeStep(step))))[0];
		return { ...totals, gradient_norm: norm as number };
	}

	dispose(): void {
		this.sums.dispose();
	}

	/** What part of each of the step's means is in which batch. */
	private sharesOf(parts: readonly Batch[]): Numbers[] {
		const { architecture } = this.learning;
		const { normalisers } = familyNamed(architecture.family);
		const counts = parts.map((part) => ({ examples: part.size, ...normalisers?.(part) }));
		const totalOf = (name: string): number =>
			counts.reduce((sum, count) => sum + ((count as Numbers)[name] as number), 0);
		return counts.map((count) =>
			Object.fromEntries(Object.entries(count).map(([name, own]) => [name, own / totalOf(name)])),
		);
	}

	/** A family that names what its means are over has applied their shares itself. */
	private share(host: HostTensors): Tensor | null {
		const { architecture } = this.learning;
		if (familyNamed(architecture.family).normalisers) return null;
		return this.work.pass(host, true, () => {}).share('examples');
	}

	private add(part: BatchTensors, host: HostTensors): Tensor {
		const { work, sums, learning } = this;
		const { numbers, gradients } = work.differentiate(part, host);
		const share = this.share(host);
		const shared = (value: Tensor): Tensor => (share ? value.mul(share) : value);
		learning.learned.forEach(({ name }, i) => {
			sums.set(name, sums.get(name).add(shared(gradients[i] as Tensor)));
		});
		this.names = Object.keys(numbers);
		return shared(work.reading(numbers));
	}

	private follow(tf: Tfjs, host: HostTensors): Tensor {
		const { work, sums, learning } = this;
		const found = learning.learned.map(({ name }) => sums.get(name));
		const norm = work.follow(found, host);
		for (const sum of found) sum.assign(tf.zerosLike(sum));
		return norm.reshape([1]);
	}
}

/** The batch's tensors are gone when this returns. */
function started(step: TrainingStep, tensors: BatchTensors, place: Place): Tensor {
	try {
		return step.run(tensors, place)[0] as Tensor;
	} finally {
		for (const tensor of Object.values(tensors)) tensor.dispose();
	}
}

async function read(tensor: Tensor): Promise<ArrayLike<number>> {
	const values = await tensor.data();
	tensor.dispose();
	return values;
}

const named = (names: readonly string[], values: ArrayLike<number>): Numbers =>
	Object.fromEntries(names.map((name, i) => [name, values[i] as number]));
