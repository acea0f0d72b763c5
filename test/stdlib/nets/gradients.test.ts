import type { Tensor } from '@tensorflow/tfjs';
import test from 'ava';
import { openCompute, tensorDraws } from '../../../kernel/compute/index.ts';
import { standardLibrary } from '../../../stdlib/index.ts';
import { forward } from '../../../stdlib/nets/forward.ts';
import { outputShape, type Shape, sizeOf } from '../../../stdlib/nets/graph.ts';
import { traceNetwork } from '../../../stdlib/nets/symbol.ts';
import { initialWeights, weightsOf } from '../../../stdlib/nets/weights.ts';
import { randomStream } from '../../../stdlib/random.ts';
import { testContext } from '../../helpers/run-context.ts';

const { tf } = await openCompute();
const context = testContext();

type Layer = (x: unknown) => unknown;

const call = (name: string, args: Record<string, unknown>): unknown =>
	standardLibrary.functions.get(name)?.run(args, context);

const layer =
	(name: string, args: Record<string, unknown> = {}): Layer =>
	(x) =>
		call(name, { x, ...args });

const conv: Layer = (x) => call('conv', { x, channels: 4 });

/** Each with the shape it is tried on and the shape it should give, by its documentation. */
const LAYERS: readonly (readonly [string, Layer, Shape, Shape])[] = [
	['conv', layer('conv', { channels: 3, stride: 2 }), [5, 4, 2], [3, 2, 3]],
	['conv with padding', layer('conv', { channels: 3, kernel: 3, padding: 2 }), [4, 5, 2], [6, 7, 3]],
	['conv of a sequence', layer('conv', { channels: 3, stride: 2 }), [7, 2], [4, 3]],
	['conv of a sequence, dilated', layer('conv', { channels: 2, dilation: 2, padding: 0 }), [7, 2], [3, 2]],
	['conv_transpose', layer('conv_transpose', { channels: 2, kernel: 4 }), [3, 2, 3], [6, 4, 2]],
	[
		'conv_transpose with padding',
		layer('conv_transpose', { channels: 2, kernel: 4, padding: 1 }),
		[3, 3, 3],
		[6, 6, 2],
	],
	['dense', layer('dense', { units: 4 }), [6], [4]],
	['dense of a sequence', layer('dense', { units: 4 }), [3, 5], [3, 4]],
	...['relu', 'leaky_relu', 'gelu', 'silu', 'mish', 'tanh', 'sigmoid'].map(
		(name) => [name, layer(name), [9], [9]] as const,
	),
	['layer_norm', layer('layer_norm'), [3, 4], [3, 4]],
	['batch_norm', layer('batch_norm'), [3, 3, 2], [3, 3, 2]],
	['group_norm', layer('group_norm', { groups: 2 }), [3, 3, 4], [3, 3, 4]],
	['residual', layer('residual', { channels: 3 }), [3, 3, 2], [3, 3, 2]],
	['residual of a branch', layer('residual', { branch: (x: unknown) => call('tanh', { x }) }), [5], [5]],
	['conv_block', layer('conv_block', { channels: 3 }), [5, 5, 2], [2, 2, 3]],
	['pool', layer('pool', { size: 2, by: 'max' }), [5, 4, 2], [2, 2, 2]],
	['pool by mean', layer('pool', { size: 2, by: 'mean' }), [5, 4, 2], [2, 2, 2]],
	['global_pool', layer('global_pool'), [3, 4, 2], [2]],
	['upsample', layer('upsample', { factor: 2 }), [2, 3, 2], [4, 6, 2]],
	['dropout', layer('dropout', { rate: 0.4 }), [12], [12]],
	['flatten', layer('flatten'), [2, 3, 2], [12]],
	['reshape', layer('reshape', { height: 2, width: 3, channels: 2 }), [12], [2, 3, 2]],
	['attention', layer('attention', { heads: 2, causal: true }), [4, 4], [4, 4]],
	['attention of an image', layer('attention', { heads: 1, causal: false }), [2, 2, 3], [2, 2, 3]],
	['add', (x) => call('add', { a: conv(x), b: conv(x) }), [3, 3, 2], [3, 3, 4]],
	['concat', (x) => call('concat', { a: x, b: conv(x) }), [3, 3, 2], [3, 3, 6]],
];

const BATCH = 3;
/** Small, as a step over the kink of a relu or a maximum is no slope. */
const STEP = 1e-3;

for (const [name, network, shape, output] of LAYERS) {
	test(`${name}: the gradient is the slope, and the shape is the documented one`, async (t) => {
		const graph = await traceNetwork(network, 'net', [shape]);
		t.deepEqual(outputShape(graph), output);
		const start = initialWeights(weightsOf(graph), (weight) => randomStream(1, weight));
		const weights = new Map([...start].map(([key, { data, shape: of }]) => [key, tf.tensor(data, [...of])]));
		const random = randomStream(2, name);
		const values = Float32Array.from({ length: BATCH * sizeOf(shape) }, () => random.normal());
		const pull = tf.tensor(
			Float32Array.from({ length: BATCH * sizeOf(output) }, () => random.normal()),
			[BATCH, ...output],
		);
		const loss = (x: Tensor): Tensor => {
			const y = forward(graph, [x], {
				tf,
				weight: (key) => weights.get(key) as Tensor,
				training: true,
				draw: (key, make) => make(tensorDraws(tf, randomStream(3, key))),
				update: () => {},
			});
			t.deepEqual(y.shape, [BATCH, ...output]);
			return tf.sum(tf.mul(y, pull));
		};
		const input = tf.tensor(values, [BATCH, ...shape]);
		const gradient = await tf.grad(loss)(input).data();
		// A few directions rather than every number: a wrong gradient is wrong in nearly all of them.
		for (let probe = 0; probe < 4; probe++) {
			const direction = Float32Array.from(values, () => random.normal());
			const moved = async (sign: number) => {
				const at = values.map((value, i) => value + sign * STEP * (direction[i] as number));
				return (await loss(tf.tensor(at, [BATCH, ...shape])).data())[0] as number;
			};
			const slope = ((await moved(1)) - (await moved(-1))) / (2 * STEP);
			const told = direction.reduce((sum, d, i) => sum + d * (gradient[i] as number), 0);
			const size = Math.hypot(...gradient) + 1e-3;
			t.true(Math.abs(slope - told) < 0.03 * size + 0.02 * Math.abs(slope), `${slope} against ${told}`);
		}
	});
}

test('batch_norm uses running statistics after training, and moves them by a tenth in training', async (t) => {
	const graph = await traceNetwork(layer('batch_norm'), 'net', [[1]]);
	const weights = new Map(
		[...initialWeights(weightsOf(graph), (key) => randomStream(1, key))].map(([key, { data, shape }]) => [
			key,
			tf.tensor(data, [...shape]),
		]),
	);
	const updates = new Map<string, Tensor>();
	const pass = {
		tf,
		weight: (key: string) => weights.get(key) as Tensor,
		draw: () => t.fail('nothing is drawn') as never,
		update: (key: string, value: Tensor) => void updates.set(key.slice(key.lastIndexOf('/') + 1), value),
	};
	const x = tf.tensor([1, 3], [2, 1]);
	const trained = await forward(graph, [x], { ...pass, training: true }).data();
	t.true(Math.abs((trained[0] as number) + 1) < 1e-4 && Math.abs((trained[1] as number) - 1) < 1e-4);
	// Mean 2; unbiased variance 2 (as PyTorch keeps it): 0.1 × 2, and 0.9 + 0.1 × 2.
	t.true(Math.abs((((await updates.get('running_mean')?.data()) as Float32Array)[0] as number) - 0.2) < 1e-6);
	t.true(
		Math.abs((((await updates.get('running_variance')?.data()) as Float32Array)[0] as number) - 1.1) < 1e-6,
	);
	const used = await forward(graph, [x], { ...pass, training: false }).data();
	t.true(Math.abs((used[1] as number) - 3) < 1e-4, 'mean 0 and variance 1 so far');
});

test('a layer outside of a network is told where it belongs', (t) => {
	t.throws(() => call('dense', { x: 3, units: 2 }), { message: 'dense is a layer: it stands in a network' });
});
