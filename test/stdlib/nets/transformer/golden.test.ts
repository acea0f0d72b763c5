import type { Tensor, Variable } from '@tensorflow/tfjs';
import { openCompute } from '../../../../kernel/compute/index.ts';
import {
	activate,
	causalMask,
	groupedAttention,
	layerNorm,
	rmsNorm,
} from '../../../../stdlib/nets/transformer/blocks.ts';
import {
	causalLoss,
	dpoLosses,
	labelLogprobs,
	preferenceLosses,
} from '../../../../stdlib/nets/transformer/losses.ts';
import { anglesOf, rotate } from '../../../../stdlib/nets/transformer/rope.ts';
import { type GoldenTensor, goldenTests, near } from '../../../helpers/golden.ts';

const { tf } = await openCompute();

const tensor = ({ shape, data }: GoldenTensor): Tensor => tf.tensor(data, shape, 'float32');

type Golden = GoldenTensor | number[] | number;

/** The numbers of a vector, however it is written. */
const numbers = (value: Golden): number[] =>
	typeof value === 'number' ? [value] : Array.isArray(value) ? value.flat() : value.data;

const vector = (value: Golden, dtype: 'float32' | 'int32' = 'float32'): Tensor =>
	tf.tensor1d(numbers(value), dtype);

const variables = (...values: readonly Golden[]): Variable[] =>
	values.map((value) =>
		tf.variable(typeof value === 'object' && 'data' in value ? tensor(value) : vector(value)),
	);

/** y, and the gradients of sum(y × dy) by each input. */
async function withGradients(inputs: readonly Variable[], make: () => Tensor, dy?: Tensor) {
	const { grads } = tf.variableGrads(() => tf.sum(dy ? tf.mul(make(), dy) : make()), [...inputs]);
	return {
		y: await make().data(),
		gradients: await Promise.all(inputs.map((input) => (grads[input.name] as Tensor).data())),
	};
}

goldenTests(
	'layers',
	({ kind }) => kind === 'layer_norm',
	async (t, { input, expected }) => {
		const inputs = variables(input.x, input.gain, input.bias);
		const [x, gain, bias] = inputs as [Variable, Variable, Variable];
		const make = () => layerNorm(tf, x, gain, bias, input.epsilon);
		const { y, gradients } = await withGradients(inputs, make, tensor(input.dy));
		near(t, y, numbers(expected.y), 'y');
		near(t, gradients[0] as Float32Array, numbers(expected.dx), 'dx');
		near(t, gradients[1] as Float32Array, numbers(expected.dgain), 'dgain');
		near(t, gradients[2] as Float32Array, numbers(expected.dbias), 'dbias');
	},
);

goldenTests(
	'layers',
	({ kind }) => kind === 'rms_norm',
	async (t, { input, expected }) => {
		const inputs = variables(input.x, input.gain);
		const [x, gain] = inputs as [Variable, Variable];
		const make = () => rmsNorm(tf, x, gain, input.epsilon);
		const { y, gradients } = await withGradients(inputs, make, tensor(input.dy));
		near(t, y, numbers(expected.y), 'y');
		near(t, gradients[0] as Float32Array, numbers(expected.dx), 'dx');
		near(t, gradients[1] as Float32Array, numbers(expected.dgain), 'dgain');
	},
);

goldenTests(
	'layers',
	({ kind }) => kind === 'gelu',
	async (t, { input, expected }) => {
		for (const [activation, name] of [
			['gelu', 'exact'],
			['gelu_tanh', 'tanh'],
			['silu', 'silu'],
		] as const) {
			const inputs = variables(input.x);
			const { y, gradients } = await withGradients(inputs, () =>
				activate(tf, inputs[0] as Variable, activation),
			);
			near(t, y, numbers(expected[name]), name);
			const slope = expected[`${name}_derivative`];
			near(t, gradients[0] as Float32Array, numbers(slope), `${name}_derivative`);
		}
	},
);

goldenTests(
	'layers',
	({ kind }) => kind === 'softmax_cross_entropy',
	async (t, { input, expected }) => {
		const labels = vector(input.labels, 'int32');
		const weights = vector(input.weights);
		const inputs = variables(input.logits);
		const [logits] = inputs as [Variable];
		near(t, await tf.neg(labelLogprobs(tf, logits, labels)).data(), numbers(expected.per_row), 'per_row');
		const { y, gradients } = await withGradients(inputs, () => causalLoss(tf, logits, labels, weights));
		near(t, y, numbers(expected.loss), 'loss');
		near(t, gradients[0] as Float32Array, numbers(expected.dlogits), 'dlogits');
	},
);

goldenTests(
	'layers',
	({ kind }) => kind === 'attention',
	async (t, { input, expected }) => {
		const inputs = variables(input.q, input.k, input.v);
		const [q, k, v] = inputs as [Variable, Variable, Variable];
		const mask = input.causal ? causalMask(tf, input.q.shape[2]) : tf.scalar(0);
		const make = () => groupedAttention(tf, q, [{ keys: k, values: v }], mask);
		const { y, gradients } = await withGradients(inputs, make, tensor(input.dy));
		near(t, y, numbers(expected.y), 'y');
		near(t, gradients[0] as Float32Array, numbers(expected.dq), 'dq');
		near(t, gradients[1] as Float32Array, numbers(expected.dk), 'dk');
		near(t, gradients[2] as Float32Array, numbers(expected.dv), 'dv');
	},
);

goldenTests(
	'layers',
	({ kind }) => kind === 'rope',
	async (t, { input, expected }) => {
		const [time, , size] = input.x.shape;
		const rope = { kind: 'rope', base: input.base, size, scaling: { kind: 'none' } } as const;
		const { cos, sin, pairs } = anglesOf(rope, time, input.first_position);
		const [c, s] = [cos, sin].map((values) => tf.tensor(values, [time, 1, pairs])) as [Tensor, Tensor];
		for (const layout of ['interleaved', 'half_split'] as const) {
			const inputs = variables(input.x);
			const make = () => rotate(tf, inputs[0] as Variable, c, s, layout);
			const { y, gradients } = await withGradients(inputs, make, tensor(input.dy));
			near(t, y, numbers(expected[layout]), layout);
			near(t, gradients[0] as Float32Array, numbers(expected[`${layout}_dx`]), `${layout}_dx`);
		}
	},
);

goldenTests(
	'rl',
	({ kind }) => kind === 'preference',
	async (t, { input, expected }) => {
		const inputs = variables(input.reward_first, input.reward_second);
		const [first, second] = inputs as [Variable, Variable];
		const preferred = vector(input.probability_first_preferred);
		const each = preferenceLosses(tf, first, second, preferred);
		near(t, await each.data(), numbers(expected.per_pair_loss), 'per_pair_loss');
		const { y, gradients } = await withGradients(inputs, () =>
			tf.mean(preferenceLosses(tf, first, second, preferred)),
		);
		near(t, y, numbers(expected.loss), 'loss');
		near(t, gradients[0] as Float32Array, numbers(expected.dreward_first), 'dreward_first');
		near(t, gradients[1] as Float32Array, numbers(expected.dreward_second), 'dreward_second');
	},
);

goldenTests(
	'rl',
	({ kind }) => kind === 'dpo',
	async (t, { input, expected }) => {
		const inputs = variables(input.policy_chosen_logp, input.policy_rejected_logp);
		const [chosen, rejected] = inputs as [Variable, Variable];
		const reference = {
			referenceChosen: vector(input.reference_chosen_logp),
			referenceRejected: vector(input.reference_rejected_logp),
		};
		const pairs = numbers(input.policy_chosen_logp).length;
		const each = () =>
			dpoLosses(
				tf,
				{ chosen, rejected, ...reference },
				input.beta,
				tf.fill([pairs], 1 - input.label_smoothing),
			);
		near(t, await each().data(), numbers(expected.per_pair_loss), 'per_pair_loss');
		const { y, gradients } = await withGradients(inputs, () => tf.mean(each()));
		near(t, y, numbers(expected.loss), 'loss');
		near(t, gradients[0] as Float32Array, numbers(expected.dpolicy_chosen), 'dpolicy_chosen');
		near(t, gradients[1] as Float32Array, numbers(expected.dpolicy_rejected), 'dpolicy_rejected');
	},
);
