import type { NamedAttrMap, Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { Tfjs } from '../tfjs.ts';
import { replaceGradient } from './replace.ts';

interface ConvAttrs {
	readonly dilations?: number | [number, number];
}

/**
 * Dilated convolutions, whose gradients TensorFlow.js refuses: they are convolutions with a larger filter that is zero in
 * between.
 */
export function registerDilatedGradients(tf: Tfjs): void {
	extend(tf, 'Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter');
	extend(
		tf,
		'DepthwiseConv2dNative',
		'DepthwiseConv2dNativeBackpropInput',
		'DepthwiseConv2dNativeBackpropFilter',
	);
}

function extend(tf: Tfjs, name: string, byInput: string, byFilter: string): void {
	const known = tf.getGradient(name);
	if (!known) return;
	replaceGradient(tf, name, ['x', 'filter'], (dy, saved, attrs: ConvAttrs) => {
		const dilations = pair(attrs.dilations ?? 1);
		if (dilations.every((dilation) => dilation === 1))
			return known.gradFunc(dy, saved, attrs as NamedAttrMap) as Record<string, () => Tensor>;
		const [x, filter] = saved as [Tensor4D, Tensor4D];
		const spread = spreadShape(filter.shape, dilations);
		const plain = { ...attrs, dilations: 1 };
		const run = (kernel: string, inputs: object, more: object): Tensor =>
			tf.engine().runKernel(kernel, inputs as never, { ...plain, ...more } as never) as Tensor;
		return {
			x: () => run(byInput, { dy, filter: spreadOut(tf, filter, dilations) }, { inputShape: x.shape }),
			filter: () =>
				tf.stridedSlice(run(byFilter, { x, dy }, { filterShape: spread }), [0, 0, 0, 0], spread, [
					...dilations,
					1,
					1,
				]),
		};
	});
}

const pair = (of: number | [number, number]): [number, number] => (typeof of === 'number' ? [of, of] : of);

const spreadShape = ([h, w, ...rest]: number[], [down, across]: [number, number]): number[] => [
	((h as number) - 1) * down + 1,
	((w as number) - 1) * across + 1,
	...rest,
];

/** The filter with zeros between its weights. */
function spreadOut(tf: Tfjs, filter: Tensor4D, dilations: [number, number]): Tensor {
	const [h, w, i, o] = filter.shape;
	const [down, across] = dilations;
	const apart = tf.pad(tf.reshape(filter, [h, 1, w, i * o]), [
		[0, 0],
		[0, down - 1],
		[0, 0],
		[0, 0],
	]);
	const rows = tf.reshape(apart, [h * down, w, 1, i * o]);
	const both = tf.pad(rows, [
		[0, 0],
		[0, 0],
		[0, across - 1],
		[0, 0],
	]);
	const [height, width] = spreadShape([h, w], dilations) as [number, number];
	const wide = tf.reshape(both, [h * down, w * across, i, o]);
	return tf.slice(wide, [0, 0, 0, 0], [height, width, i, o]);
}
