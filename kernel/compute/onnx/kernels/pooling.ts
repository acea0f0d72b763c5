import { backend_util } from '@tensorflow/tfjs';
import { type Kernel, kernel } from '../kernel.ts';
import { type Layout, shapeOf, sizeOf } from '../layout.ts';
import type { Info } from '../value.ts';
import { type Geometry, outputPadding, padsOf } from './geometry.ts';
import { fromNchw, toNchw } from './nchw.ts';

interface PoolAttrs {
	readonly filterSize: [number, number] | number;
	readonly strides: [number, number] | number;
	readonly pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
	readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

const geometry = (x: readonly number[], { filterSize, strides, pad, dimRoundingMode }: PoolAttrs): Geometry =>
	backend_util.computePool2DInfo(
		[...x] as [number, number, number, number],
		filterSize,
		strides,
		1,
		pad,
		dimRoundingMode,
	);

const accepts = (infos: readonly Info[]): boolean => infos.every(({ dtype }) => dtype === 'float32');

const padsFit = (info: Geometry): boolean =>
	padsOf(info).every((pad, i) => pad < (i % 2 === 0 ? info.filterHeight : info.filterWidth));

const windowOf = (info: Geometry) => ({
	kernel_shape: [info.filterHeight, info.filterWidth],
	strides: [info.strideHeight, info.strideWidth],
	pads: padsOf(info),
});

const pooled = ([x]: readonly Info[], attrs: PoolAttrs): Info[] => [
	{ shape: geometry((x as Info).shape, attrs).outShape, dtype: 'float32' },
];

const pool = (name: string, op: string): Kernel =>
	kernel<PoolAttrs>({
		name,
		inputs: ['x'],
		// ONNX Runtime pads by less than a window only.
		accepts: (infos, attrs) => accepts(infos) && padsFit(geometry((infos[0] as Info).shape, attrs)),
		infer: pooled,
		lower: (graph, [x], { attrs, results }) => {
			const info = geometry(shapeOf(x as Layout), attrs);
			return fromNchw(graph.op(op, [toNchw(graph, x as Layout)], windowOf(info)), (results[0] as Info).shape);
		},
	});

/** Each gradient spread evenly over its window, padding counted, as the kernel is defined in TensorFlow.js. */
const avgPoolGrad = kernel<PoolAttrs>({
	name: 'AvgPoolGrad',
	inputs: ['dy', 'input'],
	accepts: (infos, attrs) =>
		accepts(infos) && outputPadding(geometry((infos[1] as Info).shape, attrs)).every((extra) => extra >= 0),
	infer: ([, input]) => [input as Info],
	lower: (graph, [dy], { attrs, infos, results }) => {
		const info = geometry((infos[1] as Info).shape, attrs);
		const share = graph.op('Mul', [
			toNchw(graph, dy as Layout),
			graph.scalar(1 / (info.filterHeight * info.filterWidth)),
		]);
		const ones = graph.full(
			graph.filled(1, 'float32', [info.inChannels, 1, info.filterHeight, info.filterWidth]),
		);
		const { kernel_shape: _, ...window } = windowOf(info);
		const made = graph.op('ConvTranspose', [share, ones], {
			...window,
			output_padding: outputPadding(info),
			group: info.inChannels,
		});
		return fromNchw(made, (results[0] as Info).shape);
	},
});

/** The gradient goes to where the maximum was, which ONNX's pooling can report. */
const maxPoolGrad = kernel<PoolAttrs>({
	name: 'MaxPoolGrad',
	inputs: ['dy', 'input', 'output'],
	accepts: (infos, attrs) => accepts(infos) && padsFit(geometry((infos[1] as Info).shape, attrs)),
	infer: ([, input]) => [input as Info],
	lower: (graph, [dy, input], { attrs, infos, results }) => {
		const { shape } = infos[1] as Info;
		const info = geometry(shape, attrs);
		const [, places] = graph.ops('MaxPool', [toNchw(graph, input as Layout)], 2, windowOf(info));
		const size = sizeOf(shape);
		const flat = [sizeOf((infos[0] as Info).shape)];
		const updates = graph.reshape(toNchw(graph, dy as Layout), flat);
		const zeros = graph.full(graph.filled(0, 'float32', [size]));
		const inputs = [zeros, graph.reshape(places as string, flat), updates];
		const scattered = graph.op('ScatterElements', inputs, { axis: 0, reduction: 'add' });
		const [n, h, w, c] = shape as [number, number, number, number];
		return fromNchw(graph.reshape(scattered, [n, c, h, w]), (results[0] as Info).shape);
	},
});

export const pooling: readonly Kernel[] = [
	pool('MaxPool', 'MaxPool'),
	pool('AvgPool', 'AveragePool'),
	avgPoolGrad,
	maxPoolGrad,
];
