import test from 'ava';
import { openCompute } from '../../../kernel/compute/index.ts';
import type { Optimizer } from '../../../stdlib/training/optimizer.ts';
import { applyUpdates, clipped, globalNorm, momentOf } from '../../../stdlib/training/update-rule.ts';
import { goldenTests, near } from '../../helpers/golden.ts';

const { tf } = await openCompute();

function moved(optimizer: Optimizer, start: number[], slots: number) {
	const weight = tf.variable(tf.tensor1d(start));
	const accumulators = Array.from({ length: slots }, () => tf.variable(tf.zeros([start.length])));
	let step = 0;
	return {
		accumulators,
		follow: async (gradient: number[], rate: number) => {
			const update = { weight, gradient: tf.tensor1d(gradient), slots: accumulators, decays: true };
			const { rate: r, scaledRate, secondScale, kept } = momentOf(optimizer, rate, ++step);
			const moment = {
				rate: tf.scalar(r),
				scaledRate: tf.scalar(scaledRate),
				secondScale: tf.scalar(secondScale),
				kept: tf.scalar(kept),
			};
			applyUpdates(tf, optimizer, [update], moment);
			return weight.data();
		},
	};
}

goldenTests(
	'optimisers',
	() => true,
	async (t, { kind, input, expected }) => {
		const { learning_rate, beta1, beta2, epsilon, weight_decay } = input;
		const optimizer: Optimizer = {
			kind: 'optimizer',
			rule: kind as 'adam' | 'adamw',
			rate: learning_rate,
			beta1,
			beta2,
			epsilon,
			weightDecay: weight_decay,
		};
		const { follow, accumulators } = moved(optimizer, input.parameters, 2);
		const rows = input.gradients.data
			? Array.from({ length: input.gradients.shape[0] }, (_, i) =>
					input.gradients.data.slice(i * input.parameters.length, (i + 1) * input.parameters.length),
				)
			: input.gradients;
		const after = expected.parameters_after_each_step;
		const want = (after.data ?? after.flat()) as number[];
		const n = input.parameters.length;
		for (const [i, gradient] of rows.entries())
			near(t, await follow(gradient, learning_rate), want.slice(i * n, (i + 1) * n), `step ${i + 1}`);
		near(t, (await accumulators[0]?.data()) as Float32Array, expected.first_moment, 'first moment');
		near(t, (await accumulators[1]?.data()) as Float32Array, expected.second_moment, 'second moment');
	},
);

// By hand: v1 = 1, w1 = 1 - 0.1; v2 = 0.9 + 2 = 2.9, w2 = 0.9 - 0.29.
test('sgd with momentum keeps a velocity', async (t) => {
	const sgd: Optimizer = {
		kind: 'optimizer',
		rule: 'sgd',
		rate: 0.1,
		momentum: 0.9,
		nesterov: false,
		weightDecay: 0,
	};
	const { follow } = moved(sgd, [1], 1);
	near(t, await follow([1], 0.1), [0.9], 'first');
	near(t, await follow([2], 0.1), [0.61], 'second');
});

// By hand: v1 = 1, step (1 + 0.9) × 0.1; v2 = 2.9, step (2 + 2.61) × 0.1.
test('nesterov looks ahead', async (t) => {
	const sgd: Optimizer = {
		kind: 'optimizer',
		rule: 'sgd',
		rate: 0.1,
		momentum: 0.9,
		nesterov: true,
		weightDecay: 0,
	};
	const { follow } = moved(sgd, [1], 1);
	near(t, await follow([1], 0.1), [0.81], 'first');
	near(t, await follow([2], 0.1), [0.349], 'second');
});

test('clipping scales all gradients by one factor, to the limit, and leaves small ones alone', async (t) => {
	const gradients = [tf.tensor1d([3, 0]), tf.tensor1d([0, 4])];
	const norm = globalNorm(tf, gradients);
	near(t, await norm.data(), [5], 'norm');
	const [a, b] = clipped(tf, gradients, norm, 1);
	near(t, (await a?.data()) as Float32Array, [0.6, 0], 'a');
	near(t, (await b?.data()) as Float32Array, [0, 0.8], 'b');
	const [same] = clipped(tf, gradients, norm, 10);
	near(t, (await same?.data()) as Float32Array, [3, 0], 'unclipped');
});
