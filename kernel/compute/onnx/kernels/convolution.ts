import type { GraphBuilder } from '../graph-builder.ts';
import { type Kernel, kernel } from '../kernel.ts';
import { equal, type Layout, plain, shapeOf, sizeOf } from '../layout.ts';
import type { Info } from '../value.ts';
import { type ActivationAttrs, activate, isKnownActivation } from './activation.ts';
import { addBias } from './elementwise.ts';
import { type ConvAttrs, type Geometry, geometry, outputPadding, type Shape4, windowOf } from './geometry.ts';
import { inputGradient } from './input-gradient.ts';
import { fromNchw, toNchw } from './nchw.ts';
import { convolutionPatches, MIN_CHANNELS } from './patches.ts';
import { sliceLayout } from './shapes.ts';

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

/** Beyond this the windows of an input are not written out at once. */
const MAX_PATCH_BYTES = 2 ** 27;

const patchBytes = (info: Geometry): number =>
	4 *
	info.batchSize *
	info.outHeight *
	info.outWidth *
	info.filterHeight *
	info.filterWidth *
	info.inChannels;

/**
 * As one matrix product of the windows with the filter, which ONNX Runtime multiplies faster than it convolves, and
 * whose windows the filter's gradient uses again. Large ones by its own convolution.
 */
function convolve(
	graph: GraphBuilder,
	[x, filter, bias]: readonly Layout[],
	attrs: ConvAttrs,
	shape: readonly number[],
): Layout {
	const info = geometry(shapeOf(x as Layout), shapeOf(filter as Layout), attrs);
	if (patchBytes(info) <= MAX_PATCH_BYTES) {
		const rows = convolutionPatches(graph, x as Layout, info);
		const matrix = graph.full(graph.reshaped(filter as Layout, matrixOf(info)));
		const made = plain(graph.reshape(graph.matMul(rows, matrix, info.outChannels), shape), shape);
		return bias ? addBias(graph, made, bias, shape) : made;
	}
	const inputs = [toNchw(graph, x as Layout), filterOihw(graph, filter as Layout)];
	if (bias) inputs.push(graph.full(graph.reshaped(bias, [sizeOf(shapeOf(bias))])));
	return fromNchw(graph.op('Conv', inputs, windowOf(info)), shape);
}

/** The filter as a matrix, one column a channel of the output. */
const matrixOf = (info: Geometry): number[] => [
	info.filterHeight * info.filterWidth * info.inChannels,
	info.outChannels,
];

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

type InputAttrs = ConvAttrs & { readonly inputShape: Shape4 };

const backpropInput = kernel<InputAttrs>({
	name: 'Conv2DBackpropInput',
	inputs: ['dy', 'filter'],
	accepts: (infos, attrs) => {
		const info = geometry(attrs.inputShape, (infos[1] as Info).shape, attrs);
		const fits = equal((infos[0] as Info).shape, info.outShape);
		return accepts(infos, attrs) && fits && outputPadding(info).every((extra) => extra >= 0);
	},
	infer: (_, { inputShape }) => [{ shape: inputShape, dtype: 'float32' }],
	lower: (graph, [dy, filter], { attrs, results }) => {
		const info = geometry(attrs.inputShape, shapeOf(filter as Layout), attrs);
		// For few channels its matrix products are too thin.
		if (patchBytes(info) <= MAX_PATCH_BYTES && info.inChannels >= MIN_CHANNELS)
			return inputGradient(graph, dy as Layout, filter as Layout, info);
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

/** The windows of the input, transposed, times the gradient; in parts of the batch where they would take much memory. */
function filterGradient(graph: GraphBuilder, x: Layout, dy: Layout, attrs: FilterAttrs): Layout {
	const info = geometry(shapeOf(x), attrs.filterShape, attrs);
	const images = Math.max(1, Math.floor(info.batchSize / Math.ceil(patchBytes(info) / MAX_PATCH_BYTES)));
	const parts: string[] = [];
	for (let first = 0; first < info.batchSize; first += images) {
		const count = Math.min(images, info.batchSize - first);
		const take = (of: Layout): Layout => {
			const [, ...rest] = shapeOf(of);
			return sliceLayout(graph, of, [first, 0, 0, 0], [count, ...rest]);
		};
		const part = geometry([count, info.inHeight, info.inWidth, info.inChannels], attrs.filterShape, attrs);
		const rows = convolutionPatches(graph, take(x), part);
		const positions = count * info.outHeight * info.outWidth;
		const gradient = graph.full(graph.reshaped(take(dy), [positions, info.outChannels]));
		parts.push(graph.contrib('FusedMatMul', [rows, gradient], { transA: 1 }));
	}
	const sum = parts.length === 1 ? (parts[0] as string) : graph.op('Sum', parts);
	return graph.reshaped(plain(sum, matrixOf(info)), attrs.filterShape);
}

export const convolutions: readonly Kernel[] = [conv2d, fusedConv2d, backpropInput, backpropFilter];
