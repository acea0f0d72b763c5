import { define, defineType, UserError } from '../define.ts';
import { isSchedule, type Rate } from './schedule.ts';

/** How weights follow gradients. */
export type Optimizer =
	| {
			readonly kind: 'optimizer';
			readonly rule: 'adam' | 'adamw';
			readonly rate: Rate;
			readonly beta1: number;
			readonly beta2: number;
			readonly epsilon: number;
			readonly weightDecay: number;
	  }
	| {
			readonly kind: 'optimizer';
			readonly rule: 'sgd';
			readonly rate: Rate;
			readonly momentum: number;
			readonly nesterov: boolean;
			readonly weightDecay: number;
	  };

interface AdamArgs {
	readonly rate: Rate;
	readonly beta1: number;
	readonly beta2: number;
	readonly epsilon: number;
	readonly weight_decay: number;
}

function adamLike(rule: 'adam' | 'adamw', args: AdamArgs): Optimizer {
	const { beta1, beta2, epsilon, weight_decay } = args;
	if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1))
		throw new UserError(`beta1 and beta2 of ${rule} are at least 0 and below 1`);
	return {
		kind: 'optimizer',
		rule,
		rate: rateOf(rule, args.rate),
		beta1,
		beta2,
		epsilon,
		weightDecay: decayOf(rule, weight_decay),
	};
}

function rateOf(rule: string, rate: Rate): Rate {
	const ends = isSchedule(rate) ? [rate.from, rate.to] : [rate];
	if (ends.every((end) => Number.isFinite(end) && end >= 0)) return rate;
	throw new UserError(`the learning rate of ${rule} is a number of at least 0, not ${ends.join(' to ')}`);
}

function decayOf(rule: string, decay: number): number {
	if (Number.isFinite(decay) && decay >= 0) return decay;
	throw new UserError(`weight_decay of ${rule} is a number of at least 0, not ${decay}`);
}

const ADAM =
	'rate: Number | Schedule = 0.001, beta1: Number = 0.9, beta2: Number = 0.999, epsilon: Number = 1e-8';

export const optimizerType = defineType({
	name: 'Optimizer',
	type: 'opaque',
	doc: 'How weights follow gradients: `adam(…)`, `adamw(…)`, `sgd(…)`.',
});

export const optimizerDefinitions = [
	define({
		name: 'adam',
		signature: `adam(${ADAM}, weight_decay: Number = 0) -> Optimizer`,
		doc: 'Adam with bias correction. `weight_decay` is added to the gradient of kernels (not of biases and gains). The rate may be a schedule: `adam(1e-3 to 1e-5)`.',
		cite: 'Kingma & Ba 2014 (arXiv:1412.6980), algorithm 1',
		example: 'train t { model = m  on = digits.train  optimizer = adam(1e-3)  steps = 500 }',
		version: 1,
		run: (args: AdamArgs) => adamLike('adam', args),
	}),
	define({
		name: 'adamw',
		signature: `adamw(${ADAM}, weight_decay: Number = 0.01) -> Optimizer`,
		doc: 'Adam with decoupled weight decay: kernels are first multiplied by 1 - rate × weight_decay.',
		cite: 'Loshchilov & Hutter 2017 (arXiv:1711.05101), algorithm 2',
		version: 1,
		run: (args: AdamArgs) => adamLike('adamw', args),
	}),
	define({
		name: 'sgd',
		signature:
			'sgd(rate: Number | Schedule, momentum: Number = 0, nesterov: Bool = false, weight_decay: Number = 0) -> Optimizer',
		doc: 'Gradient descent on batches. With momentum μ the velocity is μ v + g and the step is rate × v (with `nesterov`, rate × (g + μ v)), as in PyTorch.',
		cite: 'Sutskever et al. 2013, section 2',
		version: 1,
		run: (args: {
			readonly rate: Rate;
			readonly momentum: number;
			readonly nesterov: boolean;
			readonly weight_decay: number;
		}): Optimizer => ({
			kind: 'optimizer',
			rule: 'sgd',
			rate: rateOf('sgd', args.rate),
			momentum: args.momentum,
			nesterov: args.nesterov,
			weightDecay: decayOf('sgd', args.weight_decay),
		}),
	}),
];
