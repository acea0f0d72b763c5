import { backend_util } from '@tensorflow/tfjs';
import type { GraphBuilder } from '../graph-builder.ts';
import { type Kernel, kernel } from '../kernel.ts';
import { equal, type Layout, permuted, plain, shapeOf, sizeOf } from '../layout.ts';
import type { Info } from '../value.ts';
import { type ActivationAttrs, activate, isKnownActivation } from './activation.ts';

export interface ConvAttrs {
	readonly strides: [number, number] | number;
	readonly pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
	readonly dataFormat?: 'NHWC' | 'NCHW';
	readonly dilations?: [number, number] | number;
	readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

export type Geometry = backend_util.Conv2DInfo;
type Shape4 = [number, number, number, number];

/** Where the axes of an NHWC value lie in an NCHW tensor. */
const NHWC_IN_NCHW = [0, 2, 3, 1];

export const geometry = (
	x: readonly number[],
	filter: readonly number[],
	attrs: ConvAttrs,
	depthwise = false,
): Geometry =>
	backend_util.computeConv2DInfo(
		[...x] as Shape4,
		[...filter] as Shape4,
		attrs.strides,
		attrs.dilations ?? 1,
		attrs.pad,
		attrs.dimRoundingMode,
		depthwise,
	);

export const padsOf = ({ padInfo }: Geometry): number[] => [
	padInfo.top,
	padInfo.left,
	padInfo.bottom,
	padInfo.right,
];

export const windowOf = (info: Geometry) => ({
	strides: [info.strideHeight, info.strideWidth],
	pads: padsOf(info),
	dilations: [info.dilationHeight, info.dilationWidth],
});

/** The tensor in NCHW: free where it comes from another convolution. */
export function toNchw(graph: GraphBuilder, x: Layout): string {
	if (x.perm && equal(x.perm, NHWC_IN_NCHW) && !x.broadcast) return x.name;
	const [n, h, w, c] = shapeOf(x) as Shape4;
	if (c === 1) return graph.full(graph.reshaped(x, [n, 1, h, w]));
	return graph.op('Transpose', [graph.full(x)], { perm: [0, 3, 1, 2] });
}

export const fromNchw = (name: string, [n, h, w, c]: readonly number[]): Layout =>
	permuted(name, [n, c, h, w] as number[], NHWC_IN_NCHW);

/** A filter [height, width, in, out] as ONNX has it, [out, in, height, width]. */
export function filterOihw(graph: GraphBuilder, filter: Layout): string {
	if (filter.perm && equal(filter.perm, [2, 3, 1, 0]) && !filter.broadcast) return filter.name;
	return graph.op('Transpose', [graph.full(filter)], { perm: [3, 2, 0, 1] });
}

const accepts = (infos: readonly Info[], attrs: ConvAttrs): boolean =>
	infos.every(({ dtype }) => dtype === 'float32') && attrs.dataFormat !== 'NCHW';

const convShape = ([x, filter]: readonly Info[], attrs: ConvAttrs): Info[] => [
	{ shape: geometry((x as Info).shape, (filter as Info).shape, attrs).outShape, dtype: 'float32' },
];

function convolve(
	graph: GraphBuilder,
	[x, filter, bias]: readonly Layout[],
	attrs: ConvAttrs,
	shape: readonly number[],
): Layout {
	const info = geometry(shapeOf(x as Layout), shapeOf(filter as Layout), attrs);
	const inputs = [toNchw(graph, x as Layout), filterOihw(graph, filter as Layout)];
	if (bias) inputs.push(graph.full(graph.reshaped(bias, [sizeOf(shapeOf(bias))])));
	return fromNchw(graph.op('Conv', inputs, windowOf(info)), shape);
}

const conv2d = kernel<ConvAttrs>({
	name: 'Conv2D',
	inputs: ['x', 'filter'],
	accepts,
	infer: convShape,
	lower: (graph, inputs, { attrs, results }) => convolve(graph, inputs, attrs, (results[0] as Info).shape),
});

const fusedConv2d = kernel<ConvAttrs & ActivationAttrs>({
	name: 'FusedConv2D',
	inputs: ['x', 'filter', 'bias', 'preluActivationWeights'],
	accepts: (infos, attrs) => accepts(infos, attrs) && isKnownActivation(attrs),
	infer: convShape,
	lower: (graph, inputs, { attrs, results }) => {
		const { shape } = results[0] as Info;
		return activate(graph, convolve(graph, inputs, attrs, shape), shape, attrs);
	},
});

/** What a transposed convolution must add at the far edge to give exactly the input's size back. */
export function outputPadding(info: Geometry): number[] {
	const { padInfo } = info;
	const reached = (out: number, stride: number, extent: number, pads: number): number =>
		(out - 1) * stride + extent - pads;
	return [
		info.inHeight -
			reached(info.outHeight, info.strideHeight, info.effectiveFilterHeight, padInfo.top + padInfo.bottom),
		info.inWidth -
			reached(info.outWidth, info.strideWidth, info.effectiveFilterWidth, padInfo.left + padInfo.right),
	];
}

type InputAttrs = ConvAttrs & { readonly inputShape: Shape4 };

const backpropInput = kernel<InputAttrs>({
	name: 'Conv2DBackpropInput',
	inputs: ['dy', 'filter'],
	accepts: (infos, attrs) =>
		accepts(infos, attrs) &&
		outputPadding(geometry(attrs.inputShape, (infos[1] as Info).shape, attrs)).every((extra) => extra >= 0),
	infer: (_, { inputShape }) => [{ shape: inputShape, dtype: 'float32' }],
	lower: (graph, [dy, filter], { attrs, results }) => {
		const info = geometry(attrs.inputShape, shapeOf(filter as Layout), attrs);
		const inputs = [toNchw(graph, dy as Layout), filterOihw(graph, filter as Layout)];
		const made = graph.op('ConvTranspose', inputs, {
			...windowOf(info),
			output_padding: outputPadding(info),
		});
		return fromNchw(made, (results[0] as Info).shape);
	},
});

type FilterAttrs = ConvAttrs & { readonly filterShape: Shape4 };

const backpropFilter = kernel<FilterAttrs>({
	name: 'Conv2DBackpropFilter',
	inputs: ['x', 'dy'],
	accepts,
	infer: (_, { filterShape }) => [{ shape: filterShape, dtype: 'float32' }],
	lower: (graph, [x, dy], { attrs }) => filterGradient(graph, x as Layout, dy as Layout, attrs),
});

/**
 * Every window of the input as a row, times the gradient: one large matrix product, where a convolution with axes
 * swapped was measured 1.4 times slower.
 */
function filterGradient(graph: GraphBuilder, x: Layout, dy: Layout, attrs: FilterAttrs): Layout {
	const info = geometry(shapeOf(x), attrs.filterShape, attrs);
	const [height, width, inputs, outputs] = attrs.filterShape;
	const positions = info.batchSize * info.outHeight * info.outWidth;
	const columns = windows(graph, x, info);
	const rows = graph.reshape(graph.op('Concat', columns, { axis: 3 }), [positions, height * width * inputs]);
	const gradient = graph.full(graph.reshaped(dy, [positions, outputs]));
	const product = graph.contrib('FusedMatMul', [rows, gradient], { transA: 1 });
	return graph.reshaped(plain(product, [height * width * inputs, outputs]), attrs.filterShape);
}

/** For each position in the filter, the inputs that it meets: tensors [batch, outHeight, outWidth, channels]. */
export function windows(graph: GraphBuilder, x: Layout, info: Geometry): string[] {
	const [top, left, bottom, right] = padsOf(info) as Shape4;
	const source = graph.full(x);
	const pads = [0, top, left, 0, 0, bottom, right, 0];
	const padded = pads.some((pad) => pad > 0) ? graph.op('Pad', [source, graph.ints(pads)]) : source;
	const spanY = (info.outHeight - 1) * info.strideHeight + 1;
	const spanX = (info.outWidth - 1) * info.strideWidth + 1;
	const axes = graph.ints([1, 2]);
	const steps = graph.ints([info.strideHeight, info.strideWidth]);
	return Array.from({ length: info.filterHeight * info.filterWidth }, (_, i) => {
		const y = Math.floor(i / info.filterWidth) * info.dilationHeight;
		const z = (i % info.filterWidth) * info.dilationWidth;
		return graph.op('Slice', [padded, graph.ints([y, z]), graph.ints([y + spanY, z + spanX]), axes, steps]);
	});
}

export const convolutions: readonly Kernel[] = [conv2d, fusedConv2d, backpropInput, backpropFilter];
