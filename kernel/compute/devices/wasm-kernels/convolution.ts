import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { type ComposedKernel, composed } from '../../composed/composed-kernel.ts';
import type { Tfjs } from '../../tfjs.ts';
import { onHeap } from './heap.ts';
import { loopsOf, pointer } from './loops.ts';
import { isTurnedConvolution, withMargin } from './turned-convolution.ts';
import { type Geometry, visitRuns } from './windows.ts';

type Shape4 = [number, number, number, number];

export interface ConvAttrs {
	readonly strides: number | [number, number];
	readonly pad: 'same' | 'valid' | number;
	readonly dilations?: number | [number, number];
	readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

export const geometry = (
	tf: Tfjs,
	x: readonly number[],
	filter: readonly number[],
	attrs: ConvAttrs,
	depthwise = false,
): Geometry =>
	tf.backend_util.computeConv2DInfo(
		x as Shape4,
		filter as Shape4,
		attrs.strides,
		attrs.dilations ?? 1,
		attrs.pad,
		attrs.dimRoundingMode,
		depthwise,
	);

const positionsOf = (info: Geometry): number => info.batchSize * info.outHeight * info.outWidth;

/** A row for each number of a window, a column for each position: [taps · channels, positions]. */
function transposedWindows(tf: Tfjs, x: Tensor, info: Geometry): Tensor {
	const { inChannels: channels } = info;
	const positions = positionsOf(info);
	const rows = info.filterHeight * info.filterWidth * channels;
	const step = 4 * info.strideWidth * channels;
	const loops = loopsOf(tf);
	return onHeap(tf, [rows, positions], [x], (out, source) => {
		visitRuns(info, (input, position, count, tap) => {
			const to = pointer(out, tap * channels * positions + position);
			loops.transpose(to, 4 * positions, pointer(source, input * channels), step, count, channels);
		});
	});
}

/** As one product of the windows with the gradient. */
const byFilter = composed<ConvAttrs & { readonly filterShape: Shape4 }>({
	name: 'Conv2DBackpropFilter',
	run: (tf, { x, dy }, attrs) => {
		const info = geometry(tf, (x as Tensor4D).shape, attrs.filterShape, attrs);
		const gradient = tf.reshape(dy as Tensor, [positionsOf(info), info.outChannels]);
		return tf.reshape(
			tf.matMul(transposedWindows(tf, x as Tensor, info) as never, gradient as never),
			attrs.filterShape,
		);
	},
});

function turned(tf: Tfjs, dy: Tensor, filter: Tensor4D, info: Geometry): Tensor {
	const round = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]) as Tensor4D;
	return tf.conv2d(withMargin(tf, dy, info), round, 1, 'valid');
}

/** The gradient of every window by one product, then added up where windows overlap. */
const byInput = composed<ConvAttrs & { readonly inputShape: Shape4 }>({
	name: 'Conv2DBackpropInput',
	run: (tf, { dy, filter }, attrs) => {
		const info = geometry(tf, attrs.inputShape, (filter as Tensor4D).shape, attrs);
		if (isTurnedConvolution(info)) return turned(tf, dy as Tensor, filter as Tensor4D, info);
		const { inChannels: channels, outChannels } = info;
		const taps = info.filterHeight * info.filterWidth;
		const matrix = tf.transpose(tf.reshape(filter as Tensor, [taps * channels, outChannels]), [1, 0]);
		const rows = tf.matMul(
			tf.reshape(dy as Tensor, [positionsOf(info), outChannels]) as never,
			matrix as never,
		);
		const loops = loopsOf(tf);
		const step = 4 * channels;
		return onHeap(tf, attrs.inputShape, [rows], (out, gradients) => {
			visitRuns(info, (input, position, count, tap) => {
				const from = pointer(gradients, (position * taps + tap) * channels);
				const to = pointer(out, input * channels);
				loops.addScaled(to, info.strideWidth * step, from, taps * step, 1, count, channels);
			});
		});
	},
});

export const convolutionGradients: readonly ComposedKernel[] = [byFilter, byInput];
