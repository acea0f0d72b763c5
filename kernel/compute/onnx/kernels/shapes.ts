import { backend_util, slice_util, util } from '@tensorflow/tfjs';
import type { GraphBuilder } from '../graph-builder.ts';
import { type Kernel, kernel } from '../kernel.ts';
import { type Layout, permuted, permutedShape, plain, shapeOf } from '../layout.ts';
import { ELEMENT_TYPES } from '../model.ts';
import type { Dtype, Info } from '../value.ts';

const same = ([x]: readonly Info[]): Info[] => [x as Info];

const transpose = kernel<{ perm: number[] }>({
	name: 'Transpose',
	inputs: ['x'],
	infer: ([x], { perm }) => [
		{ shape: perm.map((axis) => (x as Info).shape[axis] as number), dtype: (x as Info).dtype },
	],
	// Nothing moves until an operation needs it moved.
	lower: (graph, [x], { attrs }) => {
		const layout = x as Layout;
		const source = layout.broadcast ? plain(graph.full(layout), shapeOf(layout)) : layout;
		const perm = attrs.perm.map((axis) => source.perm?.[axis] ?? axis);
		return permuted(source.name, source.stored, perm);
	},
});

interface SliceAttrs {
	readonly begin: number | number[];
	readonly size: number | number[];
}

function sliceParams(shape: readonly number[], { begin, size }: SliceAttrs): [number[], number[]] {
	const x = { shape: [...shape], rank: shape.length } as never;
	return slice_util.parseSliceParams(x, begin, size) as [number[], number[]];
}

const slice = kernel<SliceAttrs>({
	name: 'Slice',
	inputs: ['x'],
	infer: ([x], attrs) => {
		const { shape, dtype } = x as Info;
		const [begin, size] = sliceParams(shape, attrs);
		slice_util.assertParamsValid({ shape: [...shape], rank: shape.length } as never, begin, size);
		return [{ shape: size, dtype }];
	},
	moving: ([x], attrs) => sliceParams((x as Info).shape, attrs)[0],
	withoutMoving: () => ({}),
	lower: (graph, [x, begin], { results }) => {
		const size = (results[0] as Info).shape;
		const start = begin as Layout;
		const known = graph.constantData(start.name);
		if (known) return sliceLayout(graph, x as Layout, knownStarts(known, size.length), size);
		const starts = graph.op('Cast', [start.name], { to: ELEMENT_TYPES.int64 });
		const ends = graph.op('Add', [starts, graph.ints(size)]);
		const inputs = [graph.full(x as Layout), starts, ends, graph.ints(size.map((_, axis) => axis))];
		return plain(graph.op('Slice', inputs), size);
	},
});

/** A constant of equal numbers is kept as one. */
const knownStarts = (known: readonly number[], rank: number): number[] =>
	Array.from({ length: rank }, (_, axis) => known[axis] ?? (known[0] as number));

/** Slices in memory order, on the axes where something is cut off. */
export function sliceLayout(
	graph: GraphBuilder,
	x: Layout,
	begin: readonly number[],
	size: readonly number[],
): Layout {
	const source = x.broadcast ? plain(graph.full(x), shapeOf(x)) : x;
	const shape = permutedShape(source);
	const cut = shape.flatMap((dim, axis) => (size[axis] === dim ? [] : [axis]));
	if (cut.length === 0) return source;
	const inMemory = cut.map((axis) => source.perm?.[axis] ?? axis);
	const starts = cut.map((axis) => begin[axis] as number);
	const ends = cut.map((axis) => (begin[axis] as number) + (size[axis] as number));
	const name = graph.op('Slice', [source.name, graph.ints(starts), graph.ints(ends), graph.ints(inMemory)]);
	const stored = source.stored.map((dim, axis) => {
		const at = inMemory.indexOf(axis);
		return at < 0 ? dim : (size[cut[at] as number] as number);
	});
	return source.perm ? permuted(name, stored, source.perm) : plain(name, stored);
}

interface StridedSliceAttrs {
	readonly begin: number[];
	readonly end: number[];
	readonly strides: number[];
	readonly beginMask: number;
	readonly endMask: number;
	readonly ellipsisMask: number;
	readonly newAxisMask: number;
	readonly shrinkAxisMask: number;
}

const strided = (shape: readonly number[], a: StridedSliceAttrs) =>
	slice_util.sliceInfo(
		[...shape],
		a.begin,
		a.end,
		a.strides,
		a.beginMask,
		a.endMask,
		a.ellipsisMask,
		a.newAxisMask,
		a.shrinkAxisMask,
	);

const stridedSlice = kernel<StridedSliceAttrs>({
	name: 'StridedSlice',
	inputs: ['x'],
	infer: ([x], attrs) => [{ shape: strided((x as Info).shape, attrs).finalShape, dtype: (x as Info).dtype }],
	lower: (graph, [x], { attrs, infos, results }) => {
		const { begin, end, strides } = strided((infos[0] as Info).shape, attrs);
		const axes = begin.map((_, axis) => axis);
		// Going backwards, TensorFlow.js ends at -1 before the first element, where ONNX counts from the end.
		const ends = end.map((stop, axis) => ((strides[axis] as number) < 0 && stop < 0 ? -(2 ** 31) : stop));
		const name = graph.op('Slice', [
			graph.full(x as Layout),
			...[begin, ends, axes, strides].map((v) => graph.ints(v)),
		]);
		return plain(graph.reshape(name, (results[0] as Info).shape), (results[0] as Info).shape);
	},
});

const concat = kernel<{ axis: number }>({
	name: 'Concat',
	inputs: 'list',
	infer: (infos, { axis }) => {
		const shapes = infos.map(({ shape }) => [...shape]);
		const [along = 0] = util.parseAxisParam(axis, shapes[0] as number[]);
		backend_util.assertParamsConsistent(shapes, along);
		return [{ shape: backend_util.computeOutShape(shapes, along), dtype: (infos[0] as Info).dtype }];
	},
	lower: (graph, inputs, { attrs, results }) => {
		const { shape } = results[0] as Info;
		const [axis = 0] = util.parseAxisParam(attrs.axis, [...shape]);
		return plain(
			graph.op(
				'Concat',
				inputs.map((x) => graph.full(x)),
				{ axis },
			),
			shape,
		);
	},
});

const pack = kernel<{ axis: number }>({
	name: 'Pack',
	inputs: 'list',
	infer: (infos, { axis }) => {
		const shape = [...(infos[0] as Info).shape];
		for (const info of infos) {
			util.assertShapesMatch([...info.shape], shape, 'All tensors passed to stack must have matching shapes');
			util.assert(
				info.dtype === infos[0]?.dtype,
				() => 'All tensors passed to stack must have matching dtypes',
			);
		}
		shape.splice(axis < 0 ? axis + shape.length + 1 : axis, 0, infos.length);
		return [{ shape, dtype: (infos[0] as Info).dtype }];
	},
	lower: (graph, inputs, { attrs, results }) => {
		const { shape } = results[0] as Info;
		const axis = attrs.axis < 0 ? attrs.axis + shape.length : attrs.axis;
		const one = shape.map((dim, i) => (i === axis ? 1 : dim));
		return plain(
			graph.op(
				'Concat',
				inputs.map((x) => graph.full(graph.reshaped(x, one))),
				{ axis },
			),
			shape,
		);
	},
});

const unpack = kernel<{ axis: number }>({
	name: 'Unpack',
	inputs: ['value'],
	many: true,
	infer: ([x], { axis }) => {
		const { shape, dtype } = x as Info;
		const along = axis < 0 ? axis + shape.length : axis;
		const part = shape.filter((_, i) => i !== along);
		return Array.from({ length: shape[along] as number }, () => ({ shape: part, dtype }));
	},
	lower: (graph, [x], { attrs, infos, results }) => {
		const { shape } = infos[0] as Info;
		const axis = attrs.axis < 0 ? attrs.axis + shape.length : attrs.axis;
		return split(
			graph,
			x as Layout,
			axis,
			results.map(() => 1),
		).map((name, i) => {
			const part = (results[i] as Info).shape;
			return plain(graph.reshape(name, part), part);
		});
	},
});

interface SplitAttrs {
	readonly numOrSizeSplits: number[] | number;
	readonly axis: number;
}

const splitV = kernel<SplitAttrs>({
	name: 'SplitV',
	inputs: ['x'],
	many: true,
	infer: ([x], { numOrSizeSplits, axis }) => {
		const { shape, dtype } = x as Info;
		const [along = 0] = util.parseAxisParam(axis, [...shape]);
		const sizes = backend_util.prepareSplitSize({ shape: [...shape] } as never, numOrSizeSplits, along);
		return sizes.map((size) => ({ shape: shape.map((dim, i) => (i === along ? size : dim)), dtype }));
	},
	lower: (graph, [x], { attrs, infos, results }) => {
		const [axis = 0] = util.parseAxisParam(attrs.axis, [...(infos[0] as Info).shape]);
		const sizes = results.map(({ shape }) => shape[axis] as number);
		return split(graph, x as Layout, axis, sizes).map((name, i) => plain(name, (results[i] as Info).shape));
	},
});

function split(graph: GraphBuilder, x: Layout, axis: number, sizes: readonly number[]): string[] {
	if (sizes.length === 1) return [graph.full(x)];
	return graph.ops('Split', [graph.full(x), graph.ints(sizes)], sizes.length, { axis });
}

interface PadAttrs {
	readonly paddings: [number, number][];
	readonly constantValue: number;
}

const padded = ([x]: readonly Info[], { paddings }: { paddings: [number, number][] }): Info[] => [
	{
		shape: (x as Info).shape.map((dim, i) => dim + (paddings[i]?.[0] ?? 0) + (paddings[i]?.[1] ?? 0)),
		dtype: (x as Info).dtype,
	},
];

const padAmounts = (graph: GraphBuilder, paddings: [number, number][]): string =>
	graph.ints([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]);

const pad = kernel<PadAttrs>({
	name: 'PadV2',
	inputs: ['x'],
	infer: padded,
	lower: (graph, [x], { attrs, results }) => {
		const { shape, dtype } = results[0] as Info;
		const value = graph.scalar(attrs.constantValue, dtype);
		return plain(graph.op('Pad', [graph.full(x as Layout), padAmounts(graph, attrs.paddings), value]), shape);
	},
});

const mirrorPad = kernel<{ paddings: [number, number][]; mode: 'reflect' | 'symmetric' }>({
	name: 'MirrorPad',
	inputs: ['x'],
	// ONNX reflects only without the edge.
	accepts: (_, { mode }) => mode === 'reflect',
	infer: padded,
	lower: (graph, [x], { attrs, results }) =>
		plain(
			graph.op('Pad', [graph.full(x as Layout), padAmounts(graph, attrs.paddings)], { mode: 'reflect' }),
			(results[0] as Info).shape,
		),
});

const tile = kernel<{ reps: number[] }>({
	name: 'Tile',
	inputs: ['x'],
	infer: ([x], { reps }) => [
		{ shape: (x as Info).shape.map((dim, i) => dim * (reps[i] as number)), dtype: (x as Info).dtype },
	],
	lower: (graph, [x], { attrs, infos, results }) => {
		const { shape } = results[0] as Info;
		const layout = x as Layout;
		// Repeating axes of length 1 is broadcasting, which need not be written out.
		const repeatsOnes = (infos[0] as Info).shape.every((dim, i) => dim === 1 || attrs.reps[i] === 1);
		if (repeatsOnes) return { ...layout, broadcast: shape };
		return plain(graph.op('Tile', [graph.full(layout), graph.ints(attrs.reps)]), shape);
	},
});

const reverse = kernel<{ dims: number | number[] }>({
	name: 'Reverse',
	inputs: ['x'],
	infer: ([x], { dims }) => {
		util.parseAxisParam(dims, [...(x as Info).shape]);
		return [x as Info];
	},
	lower: (graph, [x], { attrs, results }) => {
		const { shape } = results[0] as Info;
		const axes = util.parseAxisParam(attrs.dims, [...shape]);
		if (axes.length === 0) return x as Layout;
		const [starts, ends, steps] = [-1, -(2 ** 31), -1].map((v) => graph.ints(axes.map(() => v)));
		const inputs = [graph.full(x as Layout), starts, ends, graph.ints(axes), steps] as string[];
		return plain(graph.op('Slice', inputs), shape);
	},
});

const fill = (name: string, value: number): Kernel =>
	kernel({
		name,
		inputs: ['x'],
		shapesOnly: true,
		infer: same,
		lower: (graph, _, { results }) => {
			const { shape, dtype } = results[0] as Info;
			return graph.filled(value, dtype, shape);
		},
	});

const fillKernel = kernel<{ shape: number[]; value: number; dtype: Dtype }>({
	name: 'Fill',
	inputs: [],
	accepts: (_, { dtype }) => dtype === 'float32' || dtype === 'int32' || dtype === 'bool',
	infer: (_, { shape, dtype }) => [{ shape, dtype }],
	lower: (graph, _, { attrs }) => graph.filled(Number(attrs.value), attrs.dtype, attrs.shape),
});

const depthToSpace = kernel<{ blockSize: number; dataFormat: string }>({
	name: 'DepthToSpace',
	inputs: ['x'],
	accepts: (_, { dataFormat }) => dataFormat === 'NHWC',
	infer: ([x], { blockSize: b }) => {
		const [n, h, w, c] = (x as Info).shape as [number, number, number, number];
		return [{ shape: [n, h * b, w * b, c / (b * b)], dtype: (x as Info).dtype }];
	},
	lower: (graph, [x], { attrs: { blockSize: b }, infos, results }) => {
		const [n, h, w, c] = (infos[0] as Info).shape as [number, number, number, number];
		const blocks = graph.full(graph.reshaped(x as Layout, [n, h, w, b, b, c / (b * b)]));
		const moved = graph.op('Transpose', [blocks], { perm: [0, 1, 3, 2, 4, 5] });
		return plain(graph.reshape(moved, (results[0] as Info).shape), (results[0] as Info).shape);
	},
});

export const shapes: readonly Kernel[] = [
	transpose,
	slice,
	stridedSlice,
	concat,
	pack,
	unpack,
	splitV,
	pad,
	mirrorPad,
	tile,
	reverse,
	fill('ZerosLike', 0),
	fill('OnesLike', 1),
	fillKernel,
	depthToSpace,
];
