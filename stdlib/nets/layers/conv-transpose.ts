import type { Tensor4D } from '@tensorflow/tfjs';
import { define } from '../../define.ts';
import { needPositive, needRank, wholeSize } from '../fit.ts';
import { type Attributes, type Shape, sizeOf } from '../graph.ts';
import { biasWeight, kernelWeight, type LayerRun, registerLayer } from '../layer-kind.ts';
import { symbolic } from '../symbol.ts';

interface TransposeAttributes {
	readonly channels: number;
	readonly kernel: number;
	readonly stride: number;
	/** Pixels cut from each side of the full result; -1 leaves the size times the stride. */
	readonly padding: number;
}

const read = (attributes: Attributes): TransposeAttributes => attributes as unknown as TransposeAttributes;

const SAME = -1;

/** Before anything is cut away: the adjoint of a convolution without padding. */
const fullLength = (length: number, { kernel, stride }: TransposeAttributes): number =>
	length * stride + Math.max(kernel - stride, 0);

function outputLength(length: number, attributes: TransposeAttributes): number {
	const { stride, padding } = attributes;
	return padding === SAME ? length * stride : fullLength(length, attributes) - 2 * padding;
}

registerLayer({
	name: 'conv_transpose',
	shape(attributes, [x]) {
		const input = x as Shape;
		needRank('conv_transpose', input, [3], 'an Image[h, w, c]');
		const settings = read(attributes);
		const lengths = input.slice(0, 2).map((length) => outputLength(length, settings));
		return needPositive('conv_transpose', input, [...lengths, settings.channels]);
	},
	weights(attributes, [x]) {
		const { channels, kernel } = read(attributes);
		const cin = (x as Shape)[2] as number;
		// PyTorch takes the fan-in of a transposed convolution from its result's channels.
		const fanIn = kernel * kernel * channels;
		return [kernelWeight([kernel, kernel, channels, cin], fanIn), biasWeight(channels, fanIn)];
	},
	operations(attributes, [x]) {
		const { channels, kernel } = read(attributes);
		return 2 * sizeOf(x as Shape) * kernel * kernel * channels;
	},
	apply: transposed,
});

function transposed({ tf, attributes, inputs, weight, inputShapes, shape }: LayerRun) {
	const settings = read(attributes);
	const x = inputs[0] as Tensor4D;
	const [h, w] = inputShapes[0] as [number, number, number];
	const filter = weight('kernel') as Tensor4D;
	const { channels, stride, padding } = settings;
	const batch = x.shape[0];
	if (padding === SAME) {
		const y = tf.conv2dTranspose(x, filter, [batch, h * stride, w * stride, channels], stride, 'same');
		return tf.add(y, weight('bias'));
	}
	const full = [batch, fullLength(h, settings), fullLength(w, settings), channels] as const;
	const y = tf.conv2dTranspose(x, filter, [...full], stride, 'valid');
	const cut = padding === 0 ? y : tf.slice(y, [0, padding, padding, 0], [batch, ...shape]);
	return tf.add(cut, weight('bias'));
}

export interface ConvTransposeOptions {
	readonly kernel?: number;
	readonly stride?: number;
	readonly padding?: number | null;
}

/** Adds a transposed convolution to the network of `x`. */
export function convTranspose(x: unknown, channels: number, options: ConvTransposeOptions = {}) {
	const { kernel = 3, stride = 2, padding = null } = options;
	const attributes = {
		channels: wholeSize('conv_transpose', 'channels', channels),
		kernel: wholeSize('conv_transpose', 'kernel', kernel),
		stride: wholeSize('conv_transpose', 'stride', stride),
		padding: padding === null ? SAME : wholeSize('conv_transpose', 'padding', padding, 0),
	};
	const input = symbolic(x, 'conv_transpose');
	return input.builder.add('conv_transpose', attributes, [input]);
}

export const convTransposeDefinition = define({
	name: 'conv_transpose',
	signature: [
		'conv_transpose(x: Image[h, w, c], channels: Number, kernel: Number = 3, stride: Number = 2) -> Image[h * stride, w * stride, channels]',
		'conv_transpose(x: Image[h, w, c], channels: Number, kernel: Number = 3, stride: Number = 2, padding: Number) -> Image[(h - 1) * stride + kernel - 2 * padding, (w - 1) * stride + kernel - 2 * padding, channels]',
	],
	doc:
		'The adjoint of a convolution: it makes images larger by its stride. Without `padding` the size is multiplied by the stride; with ' +
		'it, that many pixels are cut from each side of the full result.',
	cite: 'Dumoulin & Visin 2016 (arXiv:1603.07285), section 4',
	example: 'network dec(z: Image[7, 7, 16]) { z |> conv_transpose(32) |> relu |> conv_transpose(1) }',
	version: 1,
	run: ({
		x,
		channels,
		...options
	}: { readonly x: unknown; readonly channels: number } & ConvTransposeOptions) =>
		convTranspose(x, channels, options),
});
