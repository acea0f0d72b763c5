import { util } from '@tensorflow/tfjs';
import type { GraphBuilder } from '../graph-builder.ts';
import { type Kernel, kernel } from '../kernel.ts';
import { type Layout, permuted, plain, shapeOf } from '../layout.ts';
import { ELEMENT_TYPES } from '../model.ts';
import type { Dtype, Info } from '../value.ts';

interface ReduceAttrs {
	readonly axis?: number | number[];
	/** What Max calls its axes. */
	readonly reductionIndices?: number | number[];
	readonly keepDims?: boolean;
}

export const axesOf = (attrs: ReduceAttrs, shape: readonly number[]): number[] =>
	util.parseAxisParam((attrs.axis ?? attrs.reductionIndices) as number[], [...shape]);

function reducedShape(
	shape: readonly number[],
	axes: readonly number[],
	keep: boolean | undefined,
): number[] {
	const kept = shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
	return keep ? kept : kept.filter((_, axis) => !axes.includes(axis));
}

/**
 * Reduces in memory order: the axes are found in the stored tensor, and what remains keeps its order there.
 * @param op an ONNX reduction that takes its axes as a second input
 */
export function reduce(
	graph: GraphBuilder,
	op: string,
	x: Layout,
	axes: readonly number[],
	keep: boolean,
): Layout {
	if (axes.length === 0) return x;
	if (x.broadcast) return reduce(graph, op, plain(graph.full(x), shapeOf(x)), axes, keep);
	const { perm, stored } = x;
	if (!perm) {
		const name = graph.op(op, [x.name, graph.ints(axes)], { keepdims: keep ? 1 : 0 });
		return plain(name, reducedShape(stored, axes, keep));
	}
	const inMemory = axes.map((axis) => perm[axis] as number);
	const name = graph.op(op, [x.name, graph.ints(inMemory)], { keepdims: keep ? 1 : 0 });
	const shape = reducedShape(stored, inMemory, keep);
	if (keep) return permuted(name, shape, perm);
	const left = perm.filter((_, axis) => !axes.includes(axis));
	const order = [...left].sort((a, b) => a - b);
	return permuted(
		name,
		shape,
		left.map((axis) => order.indexOf(axis)),
	);
}

const castTo = (graph: GraphBuilder, x: Layout, dtype: Dtype): Layout => ({
	...x,
	name: graph.op('Cast', [x.name], { to: ELEMENT_TYPES[dtype] }),
});

function reduction(name: string, op: string, result?: Dtype): Kernel {
	return kernel<ReduceAttrs>({
		name,
		inputs: ['x'],
		accepts: ([x]) => (x as Info).dtype !== 'bool',
		infer: ([x], attrs) => {
			const { shape, dtype } = x as Info;
			return [{ shape: reducedShape(shape, axesOf(attrs, shape), attrs.keepDims), dtype: result ?? dtype }];
		},
		lower: (graph, [x], { attrs, infos, results }) => {
			const { shape, dtype } = infos[0] as Info;
			const input = result && result !== dtype ? castTo(graph, x as Layout, result) : (x as Layout);
			const reduced = reduce(graph, op, input, axesOf(attrs, shape), attrs.keepDims ?? false);
			return graph.reshaped(reduced, (results[0] as Info).shape);
		},
	});
}

/** All and Any, over whole numbers as ONNX reduces no booleans. */
function logical(name: string, op: string): Kernel {
	return kernel<ReduceAttrs>({
		name,
		inputs: ['x'],
		accepts: ([x]) => (x as Info).dtype === 'bool',
		infer: ([x], attrs) => {
			const { shape } = x as Info;
			return [{ shape: reducedShape(shape, axesOf(attrs, shape), attrs.keepDims), dtype: 'bool' }];
		},
		lower: (graph, [x], { attrs, infos }) => {
			const counted = castTo(graph, x as Layout, 'int32');
			const axes = axesOf(attrs, (infos[0] as Info).shape);
			return castTo(graph, reduce(graph, op, counted, axes, attrs.keepDims ?? false), 'bool');
		},
	});
}

function extreme(name: string): Kernel {
	return kernel<{ axis: number }>({
		name,
		inputs: ['x'],
		accepts: ([x]) => (x as Info).dtype !== 'bool',
		infer: ([x], attrs) => [
			{ shape: reducedShape((x as Info).shape, axesOf(attrs, (x as Info).shape), false), dtype: 'int32' },
		],
		lower: (graph, [x], { attrs, results }) => {
			const layout = x as Layout;
			const [axis = 0] = axesOf(attrs, shapeOf(layout));
			const whole = layout.broadcast || layout.perm ? plain(graph.full(layout), shapeOf(layout)) : layout;
			const index = graph.op(name, [whole.name], { axis, keepdims: 0 });
			return plain(graph.op('Cast', [index], { to: ELEMENT_TYPES.int32 }), (results[0] as Info).shape);
		},
	});
}

interface CumulativeAttrs {
	readonly axis: number;
	readonly exclusive: boolean;
	readonly reverse: boolean;
}

const cumsum = kernel<CumulativeAttrs>({
	name: 'Cumsum',
	inputs: ['x'],
	accepts: ([x]) => (x as Info).dtype !== 'bool',
	infer: ([x]) => [x as Info],
	lower: (graph, [x], { attrs, results }) => {
		const { shape } = results[0] as Info;
		const [axis = 0] = util.parseAxisParam(attrs.axis, [...shape]);
		const flags = { exclusive: attrs.exclusive ? 1 : 0, reverse: attrs.reverse ? 1 : 0 };
		return plain(graph.op('CumSum', [graph.full(x as Layout), graph.scalar(axis, 'int64')], flags), shape);
	},
});

export const reductions: readonly Kernel[] = [
	reduction('Sum', 'ReduceSum'),
	reduction('Mean', 'ReduceMean', 'float32'),
	reduction('Max', 'ReduceMax'),
	reduction('Min', 'ReduceMin'),
	reduction('Prod', 'ReduceProd'),
	logical('All', 'ReduceMin'),
	logical('Any', 'ReduceMax'),
	extreme('ArgMax'),
	extreme('ArgMin'),
	cumsum,
];
