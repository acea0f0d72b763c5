import { backend_util, util } from '@tensorflow/tfjs';
import type { GraphBuilder } from '../graph-builder.ts';
import { type Kernel, kernel } from '../kernel.ts';
import { type Layout, plain, shapeOf, sizeOf } from '../layout.ts';
import { ELEMENT_TYPES } from '../model.ts';
import type { Dtype, Info } from '../value.ts';

interface GatherAttrs {
	readonly axis: number;
	readonly batchDims: number;
}

const gather = kernel<GatherAttrs>({
	name: 'GatherV2',
	inputs: ['x', 'indices'],
	accepts: (infos, { batchDims }) => !batchDims && (infos[1] as Info).dtype === 'int32',
	infer: ([x, indices], { axis, batchDims }) => {
		const { shape, dtype } = x as Info;
		const [along = 0] = util.parseAxisParam(axis, [...shape]);
		const tensors = [{ shape: [...shape] }, { shape: [...(indices as Info).shape] }] as never[];
		const { outputShape } = backend_util.segment_util.collectGatherOpShapeInfo(
			tensors[0] as never,
			tensors[1] as never,
			along,
			batchDims,
		);
		return [{ shape: outputShape, dtype }];
	},
	lower: (graph, [x, indices], { attrs, infos, results }) => {
		const [axis = 0] = util.parseAxisParam(attrs.axis, [...(infos[0] as Info).shape]);
		const name = graph.op('Gather', [graph.full(x as Layout), graph.full(indices as Layout)], { axis });
		return plain(name, (results[0] as Info).shape);
	},
});

const gatherNd = kernel({
	name: 'GatherNd',
	inputs: ['params', 'indices'],
	accepts: ([, indices]) => (indices as Info).dtype === 'int32',
	infer: ([params, indices]) => {
		const [of, by] = [params, indices].map(
			(info) => ({ ...info, rank: (info as Info).shape.length }) as never,
		);
		backend_util.prepareAndValidate(of as never, by as never);
		const depth = (indices as Info).shape.at(-1) as number;
		const shape = [...(indices as Info).shape.slice(0, -1), ...(params as Info).shape.slice(depth)];
		return [{ shape, dtype: (params as Info).dtype }];
	},
	lower: (graph, [params, indices], { results }) => {
		const places = graph.op('Cast', [graph.full(indices as Layout)], { to: ELEMENT_TYPES.int64 });
		return plain(graph.op('GatherND', [graph.full(params as Layout), places]), (results[0] as Info).shape);
	},
});

interface OneHotAttrs {
	readonly depth: number;
	readonly onValue: number;
	readonly offValue: number;
	readonly dtype?: Dtype;
}

/**
 * A row of `off` with an `on` at each index, in float32, by comparison with 0, 1, 2 …: ONNX Runtime's OneHot takes five times
 * as long. An index outside of the row, such as a negative one, gives a row without.
 */
function oneHotFloat(graph: GraphBuilder, indices: string, depth: number, off: number, on: number): string {
	const places = graph.constantOnce(`range ${depth}`, 'int32', [depth], () =>
		Array.from({ length: depth }, (_, i) => i),
	);
	const hits = graph.op('Equal', [graph.op('Unsqueeze', [indices, graph.ints([-1])]), places]);
	if (off === 0 && on === 1) return graph.op('Cast', [hits], { to: ELEMENT_TYPES.float32 });
	return graph.op('Where', [hits, graph.scalar(on), graph.scalar(off)]);
}

const oneHot = kernel<OneHotAttrs>({
	name: 'OneHot',
	inputs: ['indices'],
	accepts: ([indices], { dtype }) => (indices as Info).dtype === 'int32' && dtype !== 'bool',
	infer: ([indices], { depth, dtype }) => [
		{ shape: [...(indices as Info).shape, depth], dtype: dtype ?? 'int32' },
	],
	lower: (graph, [indices], { attrs, results }) => {
		const { shape, dtype } = results[0] as Info;
		const places = graph.full(indices as Layout);
		const made = oneHotFloat(graph, places, attrs.depth, attrs.offValue, attrs.onValue);
		if (dtype === 'float32') return plain(made, shape);
		const cast = graph.op('Cast', [made], { to: ELEMENT_TYPES.int32 });
		graph.rememberFloatTwin(cast, made);
		return plain(cast, shape);
	},
});

/**
 * Sums rows by segment, one number at a time in order: ONNX Runtime's ScatterElements runs on one thread, where its
 * ScatterND with addition loses updates when it runs on two. Rows outside the segments go to one that is cut off.
 */
function segmentSum(
	graph: GraphBuilder,
	rows: string,
	segments: string,
	[n, count, length]: readonly [number, number, number],
	dtype: Dtype,
): string {
	const [zero, end] = [0, count].map((bound) => graph.scalar(bound, 'int32')) as [string, string];
	const inside = graph.op('And', [
		graph.op('GreaterOrEqual', [segments, zero]),
		graph.op('Less', [segments, end]),
	]);
	const places = graph.reshape(graph.op('Where', [inside, segments, end]), [n, 1]);
	const zeros = graph.full(graph.filled(0, dtype, [count + 1, length]));
	const index = graph.op('Expand', [places, graph.ints([n, length])]);
	const sums = graph.op('ScatterElements', [zeros, index, rows], { axis: 0, reduction: 'add' });
	return graph.op('Slice', [sums, graph.ints([0]), graph.ints([count]), graph.ints([0])]);
}

const unsortedSegmentSum = kernel<{ numSegments: number }>({
	name: 'UnsortedSegmentSum',
	inputs: ['x', 'segmentIds'],
	accepts: ([x, ids]) =>
		(x as Info).dtype !== 'bool' && (ids as Info).shape.length === 1 && (ids as Info).dtype === 'int32',
	infer: ([x], { numSegments }) => [
		{ shape: [numSegments, ...(x as Info).shape.slice(1)], dtype: (x as Info).dtype },
	],
	lower: (graph, [x, ids], { attrs, results }) => {
		const { shape, dtype } = results[0] as Info;
		const [n, length] = [shapeOf(x as Layout)[0] as number, sizeOf(shape.slice(1))];
		const rows = graph.full(graph.reshaped(x as Layout, [n, length]));
		const sums = segmentSum(graph, rows, graph.full(ids as Layout), [n, attrs.numSegments, length], dtype);
		return plain(graph.reshape(sums, shape), shape);
	},
});

/** Duplicate places add up. */
const scatterNd = kernel<{ shape: number[] }>({
	name: 'ScatterNd',
	inputs: ['indices', 'updates'],
	accepts: ([indices, updates]) => (updates as Info).dtype !== 'bool' && (indices as Info).shape.length > 1,
	infer: ([, updates], { shape }) => [{ shape, dtype: (updates as Info).dtype }],
	lower: (graph, [indices, updates], { attrs: { shape }, infos }) => {
		const depth = (infos[0] as Info).shape.at(-1) as number;
		const n = sizeOf((infos[0] as Info).shape.slice(0, -1));
		const strides = shape.slice(0, depth).map((_, i) => sizeOf(shape.slice(i + 1, depth)));
		const scaled = graph.op('Mul', [
			graph.full(indices as Layout),
			graph.constant('int32', [depth], strides),
		]);
		const places = graph.op('ReduceSum', [scaled, graph.ints([-1])], { keepdims: 0 });
		const length = sizeOf(shape.slice(depth));
		const rows = graph.full(graph.reshaped(updates as Layout, [n, length]));
		const { dtype } = infos[1] as Info;
		const sums = segmentSum(
			graph,
			rows,
			graph.reshape(places, [n]),
			[n, sizeOf(shape.slice(0, depth)), length],
			dtype,
		);
		return plain(graph.reshape(sums, shape), shape);
	},
});

const topK = kernel<{ k: number; sorted: boolean }>({
	name: 'TopK',
	inputs: ['x'],
	many: true,
	accepts: ([x]) => (x as Info).dtype !== 'bool',
	infer: ([x], { k }) => {
		const shape = [...(x as Info).shape.slice(0, -1), k];
		return [
			{ shape, dtype: (x as Info).dtype },
			{ shape, dtype: 'int32' },
		];
	},
	lower: (graph, [x], { attrs, results }) => {
		const inputs = [graph.full(x as Layout), graph.ints([attrs.k])];
		const [values, indices] = graph.ops('TopK', inputs, 2, { axis: -1, largest: 1, sorted: 1 }) as [
			string,
			string,
		];
		const places = graph.op('Cast', [indices], { to: ELEMENT_TYPES.int32 });
		return [values, places].map((name, i) => plain(name, (results[i] as Info).shape));
	},
});

export const indexing: readonly Kernel[] = [gather, gatherNd, oneHot, unsortedSegmentSum, scatterNd, topK];
