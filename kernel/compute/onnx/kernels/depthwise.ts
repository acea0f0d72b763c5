import type { GraphBuilder } from '../graph-builder.ts';
import { type Kernel, kernel } from '../kernel.ts';
import { type Layout, plain, shapeOf, sizeOf } from '../layout.ts';
import type { Info } from '../value.ts';
import { type ActivationAttrs, activate, isKnownActivation } from './activation.ts';
import { type ConvAttrs, geometry, outputPadding, windowOf } from './geometry.ts';
import { fromNchw, toNchw } from './nchw.ts';
import { windows } from './patches.ts';

type Shape4 = [number, number, number, number];

const accepts = (infos: readonly Info[], attrs: ConvAttrs): boolean =>
	infos.every(({ dtype }) => dtype === 'float32') && attrs.dataFormat !== 'NCHW';

const shape = ([x, filter]: readonly Info[], attrs: ConvAttrs): Info[] => [
	{ shape: geometry((x as Info).shape, (filter as Info).shape, attrs, true).outShape, dtype: 'float32' },
];

/** A filter [height, width, channels, multiplier] as one group a channel: [channels · multiplier, 1, height, width]. */
function grouped(graph: GraphBuilder, filter: Layout): string {
	const [height, width, channels, multiplier] = shapeOf(filter) as Shape4;
	const moved = graph.op('Transpose', [graph.full(filter)], { perm: [2, 3, 0, 1] });
	return graph.reshape(moved, [channels * multiplier, 1, height, width]);
}

function convolve(
	graph: GraphBuilder,
	[x, filter, bias]: readonly Layout[],
	attrs: ConvAttrs,
	result: Info,
): Layout {
	const info = geometry(shapeOf(x as Layout), shapeOf(filter as Layout), attrs, true);
	const inputs = [toNchw(graph, x as Layout), grouped(graph, filter as Layout)];
	if (bias) inputs.push(graph.full(graph.reshaped(bias, [sizeOf(shapeOf(bias))])));
	const made = graph.op('Conv', inputs, { ...windowOf(info), group: info.inChannels });
	return fromNchw(made, result.shape);
}

const forward = kernel<ConvAttrs>({
	name: 'DepthwiseConv2dNative',
	inputs: ['x', 'filter'],
	accepts,
	infer: shape,
	lower: (graph, inputs, { attrs, results }) => convolve(graph, inputs, attrs, results[0] as Info),
});

const fused = kernel<ConvAttrs & ActivationAttrs>({
	name: 'FusedDepthwiseConv2D',
	inputs: ['x', 'filter', 'bias', 'preluActivationWeights'],
	accepts: (infos, attrs) => accepts(infos, attrs) && isKnownActivation(attrs),
	infer: shape,
	lower: (graph, inputs, { attrs, results }) => {
		const result = results[0] as Info;
		return activate(graph, convolve(graph, inputs, attrs, result), result.shape, attrs);
	},
});

const backpropInput = kernel<ConvAttrs & { inputShape: Shape4 }>({
	name: 'DepthwiseConv2dNativeBackpropInput',
	inputs: ['dy', 'filter'],
	accepts: (infos, attrs) =>
		accepts(infos, attrs) &&
		outputPadding(geometry(attrs.inputShape, (infos[1] as Info).shape, attrs, true)).every(
			(extra) => extra >= 0,
		),
	infer: (_, { inputShape }) => [{ shape: inputShape, dtype: 'float32' }],
	lower: (graph, [dy, filter], { attrs, results }) => {
		const info = geometry(attrs.inputShape, shapeOf(filter as Layout), attrs, true);
		const made = graph.op('ConvTranspose', [toNchw(graph, dy as Layout), grouped(graph, filter as Layout)], {
			...windowOf(info),
			output_padding: outputPadding(info),
			group: info.inChannels,
		});
		return fromNchw(made, (results[0] as Info).shape);
	},
});

const backpropFilter = kernel<ConvAttrs & { filterShape: Shape4 }>({
	name: 'DepthwiseConv2dNativeBackpropFilter',
	inputs: ['x', 'dy'],
	accepts,
	infer: (_, { filterShape }) => [{ shape: filterShape, dtype: 'float32' }],
	lower: (graph, [x, dy], { attrs }) => filterGradient(graph, x as Layout, dy as Layout, attrs),
});

/** For each position in the filter: the inputs it meets times the gradient, summed over the batch and the image. */
function filterGradient(
	graph: GraphBuilder,
	x: Layout,
	dy: Layout,
	attrs: ConvAttrs & { filterShape: Shape4 },
): Layout {
	const info = geometry(shapeOf(x), attrs.filterShape, attrs, true);
	const [, , channels, multiplier] = attrs.filterShape;
	const spread = [info.batchSize, info.outHeight, info.outWidth, channels, 1];
	const gradient = graph.full(graph.reshaped(dy, [...spread.slice(0, 4), multiplier]));
	const parts = windows(graph, x, info).map((met) => {
		const product = graph.op('Mul', [graph.reshape(met, spread), gradient]);
		return graph.op('ReduceSum', [product, graph.ints([0, 1, 2])], { keepdims: 0 });
	});
	const stacked = graph.op('Concat', parts, { axis: 0 });
	return plain(graph.reshape(stacked, attrs.filterShape), attrs.filterShape);
}

export const depthwise: readonly Kernel[] = [forward, fused, backpropInput, backpropFilter];
