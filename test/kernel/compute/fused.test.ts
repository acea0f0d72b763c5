import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import test, { type ExecutionContext } from 'ava';
import { gelu, openCompute, softmaxCrossEntropy, standardised } from '../../../kernel/compute/index.ts';
import { GraphBuilder } from '../../../kernel/compute/onnx/graph-builder.ts';
import { plain } from '../../../kernel/compute/onnx/layout.ts';
import { scaledProducts } from '../../../kernel/compute/onnx/scaled-products.ts';
import type { Tfjs } from '../../../kernel/compute/tfjs.ts';
import { randomStream } from '../../../stdlib/random.ts';

type Make = (tf: Tfjs, x: Tensor) => Tensor;

const LABELS = [3, 0, 5, 5, 1, 2, 4];

/** What is fused, and the same made of TensorFlow.js's operations. */
const FUSED: Record<string, readonly [fused: Make, composed: Make]> = {
	gelu: [gelu, (tf, x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1))],
	standardised: [
		(tf, x) => standardised(tf, x, 1e-5),
		(tf, x) => {
			const centred = tf.sub(x, tf.mean(x, -1, true));
			return tf.div(centred, tf.sqrt(tf.add(tf.mean(tf.square(centred), -1, true), 1e-5)));
		},
	],
	softmaxCrossEntropy: [
		(tf, x) => softmaxCrossEntropy(tf, x as Tensor2D, tf.tensor1d(LABELS, 'int32')),
		(tf, x) => {
			const wanted = tf.cast(tf.oneHot(tf.tensor1d(LABELS, 'int32') as Tensor1D, 6), 'float32');
			return tf.neg(tf.sum(tf.mul(wanted, tf.logSoftmax(x)), -1));
		},
	],
};

const random = randomStream(4, 'fused');
const normals = (n: number): Float32Array => Float32Array.from({ length: n }, () => 3 * random.normal());
const X = normals(7 * 6);

async function withGradient(tf: Tfjs, make: Make, pull: Float32Array): Promise<number[]> {
	const x = tf.tensor2d(X, [7, 6]);
	const y = make(tf, x);
	const weigh = (of: Tensor): Tensor => tf.sum(tf.mul(of, tf.tensor(pull.slice(0, of.size), of.shape)));
	const dx = tf.grad((at) => weigh(make(tf, at)))(x);
	return [...(await y.data()), ...(await dx.data())];
}

async function check(t: ExecutionContext, device: string): Promise<void> {
	const pull = normals(X.length);
	for (const [name, [fused, composed]] of Object.entries(FUSED)) {
		const cpu = await openCompute({ device: 'cpu' });
		const expected = await withGradient(cpu.tf, composed, pull);
		const { tf } = await openCompute({ device });
		const found = await withGradient(tf, fused, pull);
		t.is(found.length, expected.length);
		for (const [i, value] of expected.entries())
			t.true(Math.abs((found[i] as number) - value) < 1e-4 * (1 + Math.abs(value)), `${name}[${i}]`);
	}
}

for (const device of ['cpu', 'onnx', 'wasm'])
	test.serial(`what is fused has the values and gradients of its parts on ${device}`, (t) =>
		check(t, device),
	);

test.serial('a product is scaled by itself only where nobody reads it unscaled', async (t) => {
	const { tf } = await openCompute({ device: 'onnx' });
	const a = tf.tensor2d([1, 2, 3, 4], [2, 2]);
	const b = tf.tensor2d([5, 6, 7, 8], [2, 2]);
	// By hand: a·b = [19 22; 43 50], a·bᵀ = [17 23; 39 53].
	const run = (make: () => Tensor[]): number[][] => make().map((x) => [...x.dataSync()]);
	t.deepEqual(
		run(() => [tf.mul(tf.matMul(a, b), 2)]),
		[[38, 44, 86, 100]],
	);
	t.deepEqual(
		run(() => {
			const made = tf.matMul(a, b, false, true);
			return [made, tf.mul(tf.mul(made, 0.5), 3)];
		}),
		[
			[17, 23, 39, 53],
			[25.5, 34.5, 58.5, 79.5],
		],
	);
	t.deepEqual(
		run(() => {
			const half = tf.mul(a, 0.5);
			return [tf.matMul(half, b), tf.matMul(b, half), tf.matMul(half, half)];
		}),
		[
			[9.5, 11, 21.5, 25],
			[11.5, 17, 15.5, 23],
			[1.75, 2.5, 3.75, 5.5],
		],
	);
	t.deepEqual(
		run(() => [tf.add(tf.matMul(tf.mul(a, 2), b), tf.tensor1d([1, -1]))]),
		[[39, 43, 87, 99]],
		'a bias is not scaled',
	);
});

test.serial('a number goes through a new shape into the products around it', async (t) => {
	const { tf } = await openCompute({ device: 'onnx' });
	const a = tf.tensor2d([1, 2, 3, 4], [2, 2]);
	const b = tf.tensor2d([5, 6, 7, 8], [2, 2]);
	const read = (make: () => Tensor): number[] => [...tf.tidy(make).dataSync()];
	// By hand: a·b = [19 22; 43 50]; its columns in the order of a row of four, then halved.
	t.deepEqual(
		read(() => tf.mul(tf.reshape(tf.matMul(a, b), [4]), 0.5)),
		[9.5, 11, 21.5, 25],
	);
	t.deepEqual(
		read(() => tf.matMul(tf.reshape(tf.mul(tf.reshape(a, [1, 4]), 2), [2, 2]), b)),
		[38, 44, 86, 100],
	);
	// One reader that is no product: the scaled tensor itself is wanted.
	t.deepEqual(
		read(() => {
			const twice = tf.mul(tf.reshape(a, [1, 4]), 2);
			return tf.add(tf.reshape(tf.matMul(tf.reshape(twice, [2, 2]), b), [1, 4]), twice);
		}),
		[40, 48, 92, 108],
	);
	t.deepEqual(
		read(() => {
			const half = tf.mul(a, 0.5);
			return tf.matMul(tf.reshape(half, [2, 2]), tf.reshape(half, [2, 2]));
		}),
		[1.75, 2.5, 3.75, 5.5],
		'both factors scaled',
	);
});

test.serial('a row is added to a product under another shape number by number, not as a bias', async (t) => {
	const { tf } = await openCompute({ device: 'onnx' });
	const a = tf.tensor2d([1, 2, 3, 4], [2, 2]);
	const sum = tf.tidy(() => tf.add(tf.reshape(tf.matMul(a, a), [1, 4]), tf.tensor2d([1, 2, 3, 4], [1, 4])));
	t.deepEqual([...sum.dataSync()], [8, 12, 18, 26]);
});

test('the scale of attention scores costs no pass over memory', (t) => {
	const graph = new GraphBuilder();
	const [q, k] = [graph.input('q', 'float32', [2, 4, 3]), graph.input('k', 'float32', [2, 4, 3])];
	const scores = graph.contrib('FusedMatMul', [q.name, k.name], { transB: 1 });
	const scaled = graph.op('Mul', [scores, graph.scalar(0.25)]);
	graph.output('o', 'float32', plain(scaled, [2, 4, 4]));
	const { nodes } = scaledProducts(graph.finish());
	t.deepEqual(
		nodes.map(({ op, outputs, attributes }) => ({ op, outputs, attributes })),
		[{ op: 'FusedMatMul', outputs: ['o'], attributes: { transB: 1, alpha: { float: 0.25 } } }],
	);
});
