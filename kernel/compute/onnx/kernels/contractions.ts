import { backend_util } from '@tensorflow/tfjs';
import { type Kernel, kernel } from '../kernel.ts';
import { type Layout, plain } from '../layout.ts';
import type { Info } from '../value.ts';

const einsum = kernel<{ equation: string }>({
	name: 'Einsum',
	inputs: 'list',
	accepts: (infos) => infos.every(({ dtype }) => dtype === 'float32'),
	infer: (infos, { equation }) => {
		const { allDims, summedDims, idDims } = backend_util.decodeEinsumEquation(equation, infos.length);
		const shaped = infos.map(({ shape }) => ({ shape: [...shape], rank: shape.length }));
		backend_util.checkEinsumDimSizes(allDims.length, idDims, shaped as never);
		const sizes = new Map<number, number>();
		idDims.forEach((ids, i) => {
			ids.forEach((id, axis) => {
				sizes.set(id, (infos[i] as Info).shape[axis] as number);
			});
		});
		const kept = allDims.length - summedDims.length;
		return [{ shape: Array.from({ length: kept }, (_, id) => sizes.get(id) as number), dtype: 'float32' }];
	},
	lower: (graph, inputs, { attrs, results }) => {
		const names = inputs.map((x) => graph.full(x));
		return plain(graph.op('Einsum', names, { equation: attrs.equation }), (results[0] as Info).shape);
	},
});

const batchNorm = kernel<{ varianceEpsilon: number }>({
	name: 'FusedBatchNorm',
	inputs: ['x', 'mean', 'variance', 'scale', 'offset'],
	// Inputs that are absent are left out, so that only the full set can be told apart.
	accepts: (infos) => infos.length === 5 && infos.every(({ dtype }) => dtype === 'float32'),
	infer: ([x]) => [x as Info],
	lower: (graph, inputs, { attrs, results }) => {
		const [x, mean, variance, scale, offset] = inputs as [Layout, Layout, Layout, Layout, Layout];
		const { shape } = results[0] as Info;
		const small = (results[0] as Info).shape;
		const spread = graph.elementwise(
			(g, [v]) => g.op('Sqrt', [g.op('Add', [v as string, g.scalar(attrs.varianceEpsilon)])]),
			[variance],
			variance.broadcast ?? variance.stored,
		);
		const slope = graph.elementwise('Div', [scale, spread], scale.broadcast ?? scale.stored);
		const centred = graph.elementwise('Sub', [x, mean], shape);
		return graph.elementwise('Add', [graph.elementwise('Mul', [centred, slope], small), offset], small);
	},
});

export const contractions: readonly Kernel[] = [einsum, batchNorm];
