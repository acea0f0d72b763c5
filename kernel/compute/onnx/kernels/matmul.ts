import { backend_util } from '@tensorflow/tfjs';
import { ComputeError } from '../../compute-error.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import { type Kernel, kernel } from '../kernel.ts';
import { equal, type Layout, plain, shapeOf } from '../layout.ts';
import type { Info } from '../value.ts';
import { type ActivationAttrs, activate, isKnownActivation } from './activation.ts';

interface MatMulAttrs {
	readonly transposeA: boolean;
	readonly transposeB: boolean;
}

const allFloat = (infos: readonly Info[]): boolean => infos.every(({ dtype }) => dtype === 'float32');

function matMulShape([a, b]: readonly Info[], { transposeA, transposeB }: MatMulAttrs): Info[] {
	const [x, y] = [(a as Info).shape, (b as Info).shape];
	const batch = backend_util.assertAndGetBroadcastShape(x.slice(0, -2), y.slice(0, -2));
	const [inner, outer] = [x.at(transposeA ? -2 : -1), y.at(transposeB ? -1 : -2)];
	if (inner !== outer)
		throw new ComputeError(
			`a matrix product of [${x}]${transposeA ? ' transposed' : ''} and [${y}]${transposeB ? ' transposed' : ''} has inner lengths ${inner} and ${outer}`,
		);
	const rows = x.at(transposeA ? -1 : -2) as number;
	const columns = y.at(transposeB ? -2 : -1) as number;
	return [{ shape: [...batch, rows, columns], dtype: 'float32' }];
}

/** Takes a permutation that only swaps the two last axes as a transposed factor. */
function factor(graph: GraphBuilder, x: Layout, transposed: boolean): { name: string; transposed: boolean } {
	const rank = x.stored.length;
	const swapped = x.perm?.every((axis, i) => axis === (i < rank - 2 ? i : 2 * rank - 3 - i));
	if (swapped && !x.broadcast) return { name: x.name, transposed: !transposed };
	// A factor that is the same for the whole batch is broadcast by the product itself.
	const small =
		x.broadcast &&
		x.stored.length >= 2 &&
		equal(x.broadcast.slice(-2), shapeOf({ ...x, broadcast: null }).slice(-2));
	return { name: small ? graph.ordered(x) : graph.full(x), transposed };
}

/** a · b over the last two axes, either of them transposed. */
export function product(graph: GraphBuilder, a: Layout, b: Layout, attrs: MatMulAttrs): string {
	const left = factor(graph, a, attrs.transposeA);
	const right = factor(graph, b, attrs.transposeB);
	const names = [left.name, right.name];
	if (!left.transposed && !right.transposed) {
		const matrices = a.stored.length === 2 && b.stored.length === 2 && !a.broadcast && !b.broadcast;
		return matrices ? graph.matMul(left.name, right.name, b.stored[1] as number) : graph.op('MatMul', names);
	}
	return graph.contrib('FusedMatMul', names, {
		transA: left.transposed ? 1 : 0,
		transB: right.transposed ? 1 : 0,
	});
}

export const matmuls: readonly Kernel[] = [
	kernel<MatMulAttrs>({
		name: 'BatchMatMul',
		inputs: ['a', 'b'],
		accepts: allFloat,
		infer: matMulShape,
		lower: (graph, [a, b], { attrs, results }) =>
			plain(product(graph, a as Layout, b as Layout, attrs), (results[0] as Info).shape),
	}),
	kernel<MatMulAttrs & ActivationAttrs>({
		name: '_FusedMatMul',
		inputs: ['a', 'b', 'bias', 'preluActivationWeights'],
		accepts: (infos, attrs) => allFloat(infos) && isKnownActivation(attrs),
		infer: matMulShape,
		lower: (graph, [a, b, bias], { attrs, results }) => {
			const { shape } = results[0] as Info;
			const made = plain(product(graph, a as Layout, b as Layout, attrs), shape);
			const shifted = bias ? graph.elementwise('Add', [made, bias], shape) : made;
			return activate(graph, shifted, shape, attrs);
		},
	}),
];
