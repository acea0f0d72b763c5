import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs';
import { type Tfjs, tensorDraws } from '../../kernel/compute/index.ts';
import type { WeightSpec } from '../nets/layer-kind.ts';
import { randomStream } from '../random.ts';
import { type Architecture, type BatchTensors, familyNamed, type TrainingPass } from './family.ts';
import type { TrainingOptions } from './options.ts';
import { isSchedule, valueAt } from './schedule.ts';
import type { HostTensors, StepWork } from './training-step.ts';
import { applyUpdates, clipped, globalNorm, type Moment, momentOf, slotsOf } from './update-rule.ts';
import type { WeightStore } from './weight-store.ts';

export interface Learning {
	readonly architecture: Architecture;
	readonly options: TrainingOptions;
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
		const { architecture } = this.learning;
		familyNamed(architecture.family).loss(
			architecture,
			batch,
			this.pass(host, true, () => {}),
		);
		this.moment(host);
	}

	make(batch: BatchTensors, host: HostTensors): Tensor[] {
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
		const gradientNorm = this.follow(grads, this.moment(host));
		for (const [name, next] of updates) weights.set(name, next);
		const numbers = { loss: value, ...parts, gradient_norm: gradientNorm };
		this.names = Object.keys(numbers);
		const reading = tf.stack(Object.values(numbers).map((number) => tf.reshape(number, [])));
		for (const tensor of kept) tensor.dispose();
		return [reading];
	}

	private follow(grads: NamedTensorMap, moment: Moment): Scalar {
		const { tf } = this;
		const { learned, options, weights, slots } = this.learning;
		const found = learned.map((spec) => {
			const variable = weights.get(spec.name);
			return { spec, variable, gradient: grads[variable.name] ?? tf.zerosLike(variable) };
		});
		const bare = found.map(({ gradient }) => gradient);
		const norm = globalNorm(tf, bare);
		const gradients = options.clip === null ? bare : clipped(tf, bare, norm, options.clip);
		const names = slotsOf(options.optimizer);
		const updates = found.map(({ spec, variable }, i) => ({
			weight: variable,
			gradient: gradients[i] as Tensor,
			slots: names.map((slot) => slots.get(`${slot}/${spec.name}`)),
			decays: spec.decays,
		}));
		applyUpdates(tf, options.optimizer, updates, moment);
		return norm as Scalar;
	}

	private moment(host: HostTensors): Moment {
		const { optimizer, steps } = this.learning.options;
		const take = (name: keyof Moment): Tensor =>
			host.take(`optimizer/${name}`, (step) =>
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
				host.take(name, (step) => make(tensorDraws(tf, randomStream(seed, `${name}/${step}`)))),
			update,
			at: (rate) =>
				isSchedule(rate)
					? host.take(`schedule ${JSON.stringify(rate)}`, (step) => tf.scalar(valueAt(rate, step, steps)))
					: tf.scalar(rate),
			...(watch ? { watch } : {}),
		};
	}
}
