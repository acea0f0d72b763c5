import type { Tensor, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import { define, UserError } from '../../define.ts';
import { needPositive, needRank, wholeSize } from '../fit.ts';
import { type Attributes, type Shape, sizeOf } from '../graph.ts';
import { biasWeight, kernelWeight, type LayerRun, registerLayer } from '../layer-kind.ts';
import { symbolic } from '../symbol.ts';

interface ConvAttributes {
	readonly channels: number;
	readonly kernel: number;
	readonly stride: number;
	readonly dilation: number;
	/** Zeros on each side; -1 is as many as keep the size (divided by the stride, rounded up). */
	readonly padding: number;
}

const read = (attributes: Attributes): ConvAttributes => attributes as unknown as ConvAttributes;

const SAME = -1;

function outputLength(length: number, { kernel, stride, dilation, padding }: ConvAttributes): number {
	if (padding === SAME) return Math.ceil(length / stride);
	return Math.floor((length + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
}

registerLayer({
	name: 'conv',
	shape(attributes, [x]) {
		const input = x as Shape;
		needRank('conv', input, [2, 3], 'an Image[h, w, c] or a sequence Tensor[t, c]');
		const conv = read(attributes);
		const lengths = input.slice(0, -1).map((length) => outputLength(length, conv));
		return needPositive('conv', input, [...lengths, conv.channels]);
	},
	weights(attributes, [x]) {
		const { channels, kernel } = read(attributes);
		const input = x as Shape;
		const cin = input.at(-1) as number;
		const window = input.slice(0, -1).map(() => kernel);
		const fanIn = sizeOf(window) * cin;
		return [kernelWeight([...window, cin, channels], fanIn), biasWeight(channels, fanIn)];
	},
	operations(attributes, [x], output) {
		const { kernel } = read(attributes);
		const input = x as Shape;
		return 2 * sizeOf(output) * kernel ** (input.length - 1) * (input.at(-1) as number);
	},
	apply(run) {
		return run.inputShapes[0]?.length === 2 ? conv1d(run) : conv2d(run);
	},
});

/**
 * The kernel [k, k, …] with zeros between its taps. TensorFlow.js has no gradient of a dilated convolution, so a dilated one is
 * an ordinary one with a wider kernel.
 */
function spreadKernel(tf: LayerRun['tf'], kernel: Tensor, axes: number, dilation: number): Tensor {
	if (dilation === 1) return kernel;
	let spread = kernel;
	for (let axis = 0; axis < axes; axis++) spread = spreadAxis(tf, spread, axis, dilation);
	return spread;
}

function spreadAxis(tf: LayerRun['tf'], kernel: Tensor, axis: number, dilation: number): Tensor {
	const taps = kernel.shape[axis] as number;
	const wide = dilation * (taps - 1) + 1;
	const places = Float32Array.from({ length: wide * taps }, (_, i) =>
		Math.floor(i / taps) === dilation * (i % taps) ? 1 : 0,
	);
	const order = kernel.shape.map((_, i) => (i === 0 ? axis : i === axis ? 0 : i));
	const first = tf.transpose(kernel, order);
	const rows = tf.matMul(tf.tensor2d(places, [wide, taps]), tf.reshape(first, [taps, -1]) as Tensor2D);
	return tf.transpose(tf.reshape(rows, [wide, ...first.shape.slice(1)]), order);
}

function conv2d({ tf, attributes, inputs, weight }: LayerRun) {
	const { stride, dilation, padding } = read(attributes);
	const x = padding > 0 ? padded(tf, inputs[0] as Tensor4D, padding) : (inputs[0] as Tensor4D);
	const pad = padding === SAME ? 'same' : 'valid';
	const kernel = spreadKernel(tf, weight('kernel'), 2, dilation) as Tensor4D;
	return tf.add(tf.conv2d(x, kernel, stride, pad), weight('bias'));
}

const padded = (tf: LayerRun['tf'], x: Tensor4D, padding: number): Tensor4D =>
	tf.pad4d(x, [
		[0, 0],
		[padding, padding],
		[padding, padding],
		[0, 0],
	]);

function conv1d({ tf, attributes, inputs, weight }: LayerRun) {
	const { stride, dilation, padding } = read(attributes);
	const sequence = inputs[0] as Tensor3D;
	const x =
		padding > 0
			? tf.pad3d(sequence, [
					[0, 0],
					[padding, padding],
					[0, 0],
				])
			: sequence;
	const pad = padding === SAME ? 'same' : 'valid';
	const kernel = spreadKernel(tf, weight('kernel'), 1, dilation) as Tensor3D;
	return tf.add(tf.conv1d(x, kernel, stride, pad), weight('bias'));
}

export interface ConvOptions {
	readonly kernel?: number;
	readonly stride?: number;
	readonly dilation?: number;
	readonly padding?: number | null;
}

/** Adds a convolution to the network of `x`. */
export function conv(x: unknown, channels: number, options: ConvOptions = {}): ReturnType<typeof symbolic> {
	const { kernel = 3, stride = 1, dilation = 1, padding = null } = options;
	if (stride > 1 && dilation > 1) throw new UserError('conv takes a stride or a dilation, not both');
	const attributes = {
		channels: wholeSize('conv', 'channels', channels),
		kernel: wholeSize('conv', 'kernel', kernel),
		stride: wholeSize('conv', 'stride', stride),
		dilation: wholeSize('conv', 'dilation', dilation),
		padding: padding === null ? SAME : wholeSize('conv', 'padding', padding, 0),
	};
	const input = symbolic(x, 'conv');
	return input.builder.add('conv', attributes, [input]);
}

const valid = (length: string): string =>
	`floor((${length} + 2 * padding - dilation * (kernel - 1) - 1 + stride) / stride)`;

export const convDefinition = define({
	name: 'conv',
	signature: [
		'conv(x: Image[h, w, c], channels: Number, kernel: Number = 3, stride: Number = 1, dilation: Number = 1) -> Image[ceil(h / stride), ceil(w / stride), channels]',
		`conv(x: Image[h, w, c], channels: Number, kernel: Number = 3, stride: Number = 1, dilation: Number = 1, padding: Number) -> Image[${valid('h')}, ${valid('w')}, channels]`,
		'conv(x: Tensor[t, c], channels: Number, kernel: Number = 3, stride: Number = 1, dilation: Number = 1) -> Tensor[ceil(t / stride), channels]',
		`conv(x: Tensor[t, c], channels: Number, kernel: Number = 3, stride: Number = 1, dilation: Number = 1, padding: Number) -> Tensor[${valid('t')}, channels]`,
	],
	doc:
		'A convolution (cross-correlation) with a bias over an image, or along a sequence. Without `padding` there are as many zeros as ' +
		'keep the size, which the stride divides and rounds up; `padding: 0` adds none. Weights and bias begin uniform within ±1/√fan_in.',
	cite: 'Dumoulin & Visin 2016 (arXiv:1603.07285)',
	example: 'network enc(x: Image[28, 28, 1]) { x |> conv(32, stride: 2) |> relu |> conv(16) }',
	version: 1,
	run: ({ x, channels, ...options }: { readonly x: unknown; readonly channels: number } & ConvOptions) =>
		conv(x, channels, options),
});
