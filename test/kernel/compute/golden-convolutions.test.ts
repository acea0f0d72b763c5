import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { ExecutionContext } from 'ava';
import { openCompute } from '../../../kernel/compute/index.ts';
import type { Tfjs } from '../../../kernel/compute/tfjs.ts';
import { type GoldenCase, type GoldenTensor, goldenTests, near } from '../../helpers/golden.ts';

/** The convolution of a case, as TensorFlow.js is called for it. */
function convolution(tf: Tfjs, { kind, input }: GoldenCase) {
	const shape = input.dy.shape as [number, number, number, number];
	return (x: Tensor, filter: Tensor, bias: Tensor): Tensor => {
		const made =
			kind === 'conv2d'
				? tf.conv2d(x as Tensor4D, filter as Tensor4D, input.strides, input.padding, 'NHWC', input.dilations)
				: tf.conv2dTranspose(x as Tensor4D, filter as Tensor4D, shape, input.strides, input.padding);
		return tf.add(made, bias);
	};
}

const DEVICES = ['cpu', 'wasm', 'onnx'] as const;
for (const device of DEVICES) await openCompute({ device });
const { tf } = await openCompute({ device: 'onnx' });

const tensor = ({ shape, data }: GoldenTensor): Tensor => tf.tensor(data, shape, 'float32');

function agrees(t: ExecutionContext, found: GoldenCase, device: string): void {
	// Opened before, so it is active at once: tests take turns.
	tf.setBackend(device);
	const run = convolution(tf, found);
	const inputs = [found.input.x, found.input.filter, found.input.bias].map(tensor) as [
		Tensor,
		Tensor,
		Tensor,
	];
	const dy = tensor(found.input.dy);
	const loss = (...of: Tensor[]) => tf.sum(tf.mul(run(...(of as [Tensor, Tensor, Tensor])), dy));
	const gradients = tf.grads(loss as never)(inputs);
	near(t, run(...inputs).dataSync(), found.expected.y.data, `${device} y`);
	for (const [i, name] of ['dx', 'dfilter', 'dbias'].entries()) {
		const expected = found.expected[name];
		near(t, (gradients[i] as Tensor).dataSync(), expected.data ?? expected, `${device} ${name}`);
	}
}

goldenTests(
	'conv',
	() => true,
	(t, found) => {
		for (const device of DEVICES) agrees(t, found, device);
	},
);
