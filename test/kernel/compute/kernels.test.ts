import test from 'ava';
import { openCompute } from '../../../kernel/compute/index.ts';
import { KERNEL_CASES } from './kernel-cases/index.ts';
import { compare, slopeError } from './kernel-check.ts';

test.serial('onnx computes every kernel of the list, and its gradients, as cpu does', async (t) => {
	const wrong: string[] = [];
	for (const kernelCase of KERNEL_CASES) wrong.push(...(await compare('onnx', 'cpu', kernelCase)));
	t.deepEqual(wrong, []);
});

test.serial('wasm computes every kernel of the list, and its gradients, as cpu does', async (t) => {
	const wrong: string[] = [];
	for (const kernelCase of KERNEL_CASES) wrong.push(...(await compare('wasm', 'cpu', kernelCase)));
	t.deepEqual(wrong, []);
});

test.serial('gradients agree with finite differences along a random direction', async (t) => {
	const { tf } = await openCompute({ device: 'cpu' });
	const wrong: string[] = [];
	for (const kernelCase of KERNEL_CASES) {
		if (kernelCase.gradient === false || kernelCase.jumps) continue;
		const error = slopeError(tf, kernelCase);
		if (error) wrong.push(error);
	}
	t.deepEqual(wrong, []);
});

test.serial(
	'where both factors of a batched product are broadcast, each product is of the right pair',
	async (t) => {
		const { tf } = await openCompute({ device: 'onnx' });
		const a = tf.tensor([1, 2], [2, 1, 1, 1]);
		const b = tf.tensor([10, 20, 30], [1, 3, 1, 1]);
		t.deepEqual([...tf.matMul(a, b).dataSync()], [10, 20, 30, 20, 40, 60]);
	},
);
