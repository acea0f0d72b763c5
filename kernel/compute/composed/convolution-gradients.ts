import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { Tfjs } from '../tfjs.ts';
import { type ComposedKernel, composed } from './composed-kernel.ts';

type Shape4 = [number, number, number, number];

interface ConvAttrs {
	readonly strides: number | [number, number];
	readonly pad: 'same' | 'valid' | number;
	readonly dilations?: number | [number, number];
	readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

const geometry = (tf: Tfjs, x: Shape4, filter: Shape4, attrs: ConvAttrs, depthwise: boolean) =>
	tf.backend_util.computeConv2DInfo(
		x,
		filter,
		attrs.strides,
		attrs.dilations ?? 1,
		attrs.pad,
		attrs.dimRoundingMode,
		depthwise,
	);

type Geometry = ReturnType<typeof geometry>;

/** For each position in the filter, the inputs that it meets: [batch, outHeight, outWidth, channels]. */
function windows(tf: Tfjs, x: Tensor, info: Geometry): Tensor[] {
	const { padInfo, strideHeight, strideWidth, outHeight, outWidth } = info;
	const padded = tf.pad(x, [
		[0, 0],
		[padInfo.top, padInfo.bottom + strideHeight],
		[padInfo.left, padInfo.right + strideWidth],
		[0, 0],
	]);
	return Array.from({ length: info.filterHeight * info.filterWidth }, (_, tap) => {
		const top = Math.floor(tap / info.filterWidth) * info.dilationHeight;
		const left = (tap % info.filterWidth) * info.dilationWidth;
		const end = [
			info.batchSize,
			top + (outHeight - 1) * strideHeight + 1,
			left + (outWidth - 1) * strideWidth + 1,
		];
		return tf.stridedSlice(
			padded,
			[0, top, left, 0],
			[...end, info.inChannels],
			[1, strideHeight, strideWidth, 1],
		);
	});
}

/** Every window as a row, transposed, times the gradient. */
const byFilter = composed<ConvAttrs & { filterShape: Shape4 }>({
	name: 'Conv2DBackpropFilter',
	run: (tf, { x, dy }, attrs) => {
		const info = geometry(tf, (x as Tensor4D).shape, attrs.filterShape, attrs, false);
		const positions = info.batchSize * info.outHeight * info.outWidth;
		const rows = tf.reshape(tf.concat(windows(tf, x as Tensor, info), 3), [positions, -1]);
		const product = tf.matMul(
			rows as never,
			tf.reshape(dy as Tensor, [positions, info.outChannels]) as never,
			true,
		);
		return tf.reshape(product, attrs.filterShape);
	},
});

/** For each position in the filter: the inputs that it meets times the gradient, summed over batch and image. */
const byDepthwiseFilter = composed<ConvAttrs & { filterShape: Shape4 }>({
	name: 'DepthwiseConv2dNativeBackpropFilter',
	run: (tf, { x, dy }, attrs) => {
		const info = geometry(tf, (x as Tensor4D).shape, attrs.filterShape, attrs, true);
		const [, , channels, multiplier] = attrs.filterShape;
		const spread = [info.batchSize * info.outHeight * info.outWidth, channels];
		const gradient = tf.reshape(dy as Tensor, [...spread, multiplier]);
		const parts = windows(tf, x as Tensor, info).map((met) =>
			tf.sum(tf.mul(tf.reshape(met, [...spread, 1]), gradient), 0),
		);
		return tf.reshape(tf.stack(parts), attrs.filterShape);
	},
});

/**
 * One ordinary convolution's gradient with a filter that is zero between channels that do not meet: more arithmetic than
 * needed, in one fast kernel.
 */
const byDepthwiseInput = composed<ConvAttrs & { inputShape: Shape4 }>({
	name: 'DepthwiseConv2dNativeBackpropInput',
	run: (tf, { dy, filter }, attrs) => {
		const [height, width, channels, multiplier] = (filter as Tensor4D).shape;
		const own = tf.reshape(tf.eye(channels), [1, 1, channels, channels, 1]);
		const wide = tf.mul(tf.reshape(filter as Tensor, [height, width, channels, 1, multiplier]), own);
		const full = tf.reshape(wide, [height, width, channels, channels * multiplier]);
		return tf.engine().runKernel('Conv2DBackpropInput', { dy: dy as Tensor, filter: full }, {
			...attrs,
			dataFormat: 'NHWC',
		} as never) as Tensor;
	},
});

export const convolutionGradients: readonly ComposedKernel[] = [
	byFilter,
	byDepthwiseFilter,
	byDepthwiseInput,
];
