import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs';
import { type Tfjs, tensorDraws } from '../../kernel/compute/index.ts';
import type { WeightSpec } from '../nets/layer-kind.ts';
import { randomStream } from '../random.ts';
import { type Architecture, type BatchTensors, familyNamed, type TrainingPass } from './family.ts';
import type { TrainingSettings } from './options.ts';
import { isSchedule, valueAt } from './schedule.ts';
import type { HostTensors, Place, StepWork } from './training-step.ts';
import { applyUpdates, clipped, globalNorm, type Moment, momentOf, slotsOf } from './update-rule.ts';
import type { WeightStore } from './weight-store.ts';

export interface Learning {
	readonly architecture: Architecture;
	readonly options: TrainingSettings;
	readonly weights: WeightStore;
	readonly slots: WeightStore;
	/** Weights that follow gradients. */
	readonly learned: readonly WeightSpec[];
}

/** The loss of a batch, its gradient and the update, as one piece of work whose numbers come in one reading. */
export class GradientStep implements StepWork {
	/** Of the numbers in the reading; known once the step was made. */
	names: readonly string[] = [];
	private readonly tf: Tfjs;
	private readonly learning: Learning;

	constructor(tf: Tfjs, learning: Learning) {
		this.tf = tf;
		this.learning = learning;
	}

	look(batch: BatchTensors, host: HostTensors): void {
		this.lookAtLoss(batch, host);
		this.moment(host);
	}

	lookAtLoss(batch: BatchTensors, host: HostTensors): void {
		const { architecture } = this.learning;
		familyNamed(architecture.family).loss(
			architecture,
			batch,
			this.pass(host, true, () => {}),
		);
	}

	make(batch: BatchTensors, host: HostTensors): Tensor[] {
		const { numbers, gradients } = this.differentiate(batch, host);
		const gradientNorm = this.follow(gradients, host);
		return [this.reading({ ...numbers, gradient_norm: gradientNorm })];
	}

	/** Loss and parts of a batch and the gradient of each learned weight; sets the weights that follow no gradient. */
	differentiate(
		batch: BatchTensors,
		host: HostTensors,
	): { readonly numbers: Readonly<Record<string, Tensor>>; readonly gradients: readonly Tensor[] } {
		const { tf } = this;
		const { architecture, learned, weights } = this.learning;
		const kept: Tensor[] = [];
		const keep = (value: Tensor): Tensor => {
			kept.push(tf.keep(value));
			return value;
		};
		const updates: [string, Tensor][] = [];
		let parts: Readonly<Record<string, Tensor>> = {};
		const { value, grads } = tf.variableGrads(
			() => {
				const pass = this.pass(host, true, (name, next) => updates.push([name, keep(next)]));
				const losses = familyNamed(architecture.family).loss(architecture, batch, pass);
				parts = losses.parts;
				for (const part of Object.values(parts)) keep(part);
				return losses.loss;
			},
			learned.map(({ name }) => weights.get(name)),
		);
		for (const [name, next] of updates) weights.set(name, next);
		const numbers = Object.fromEntries(
			// Copies belong to the step, and go with it.
			Object.entries({ loss: value, ...parts }).map(([name, number]) => [name, tf.clone(number)]),
		);
		for (const tensor of kept) tensor.dispose();
		return { numbers, gradients: this.gradientsIn(grads) };
	}

	private gradientsIn(grads: NamedTensorMap): Tensor[] {
		const { learned, weights } = this.learning;
		return learned.map(({ name }) => {
			const variable = weights.get(name);
			return grads[variable.name] ?? this.tf.zerosLike(variable);
		});
	}

	/** Numbers as one tensor, in the order of `names`. */
	reading(numbers: Readonly<Record<string, Tensor>>): Tensor {
		this.names = Object.keys(numbers);
		return this.tf.stack(Object.values(numbers).map((number) => this.tf.reshape(number, [])));
	}

	/** Moves the weights along gradients, in the order of `learned`. @returns the gradients' global norm */
	follow(bare: readonly Tensor[], host: HostTensors): Scalar {
		const { tf } = this;
		const { learned, options, weights, slots } = this.learning;
		const norm = globalNorm(tf, bare);
		const gradients = options.clip === null ? bare : clipped(tf, bare, norm, options.clip);
		const names = slotsOf(options.optimizer);
		const updates = learned.map((spec, i) => ({
			weight: weights.get(spec.name),
			gradient: gradients[i] as Tensor,
			slots: names.map((slot) => slots.get(`${slot}/${spec.name}`)),
			decays: spec.decays,
		}));
		applyUpdates(tf, options.optimizer, updates, this.moment(host));
		return norm as Scalar;
	}

	/** Rates of a step, which the host makes. */
	moment(host: HostTensors): Moment {
		const { optimizer, steps } = this.learning.options;
		const take = (name: keyof Moment): Tensor =>
			host.take(`optimizer/${name}`, ({ step }) =>
				this.tf.scalar(momentOf(optimizer, valueAt(optimizer.rate, step, steps), step + 1)[name]),
			);
		return {
			rate: take('rate'),
			scaledRate: take('scaledRate'),
			secondScale: take('secondScale'),
			kept: take('kept'),
		};
	}

	pass(
		host: HostTensors,
		training: boolean,
		update: (name: string, value: Tensor) => void,
		watch?: (layer: string, value: Tensor) => void,
	): TrainingPass {
		const { tf } = this;
		const { seed, steps } = this.learning.options;
		return {
			tf,
			weight: (name) => this.learning.weights.get(name),
			training,
			draw: (name, make) =>
				host.take(name, (place) => make(tensorDraws(tf, randomStream(seed, streamAt(name, place))))),
			update,
			at: (rate) =>
				isSchedule(rate)
					? host.take(`schedule ${JSON.stringify(rate)}`, ({ step }) => tf.scalar(valueAt(rate, step, steps)))
					: tf.scalar(rate),
			share: (name) => host.take(`share/${name}`, ({ shares }) => tf.scalar(shares[name] ?? 1)),
			...(watch ? { watch } : {}),
		};
	}
}

/** Batches of one step draw apart. */
const streamAt = (name: string, { step, part }: Place): string =>
	part === 0 ? `${name}/${step}` : `${name}/${step}/${part}`;
