import { bilinear, nearest, type ResizeAttrs, type Weights } from '../../resize-weights.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import { type Kernel, kernel } from '../kernel.ts';
import { type Layout, plain } from '../layout.ts';
import type { Info } from '../value.ts';

type Shape4 = [number, number, number, number];

/** Resizing is linear, so it is a matrix product along each axis, and its gradient the transposed one. */
function alongBoth(
	graph: GraphBuilder,
	x: string,
	[n, h, w, c]: Shape4,
	[rows, columns]: readonly [string, string],
	[height, width]: readonly [number, number],
	transposed: boolean,
): string {
	const transA = transposed ? 1 : 0;
	const vertical = graph.contrib('FusedMatMul', [rows, graph.reshape(x, [n, h, w * c])], { transA });
	const lines = graph.reshape(vertical, [n * height, w, c]);
	const horizontal = graph.contrib('FusedMatMul', [columns, lines], { transA });
	return graph.reshape(horizontal, [n, height, width, c]);
}

const matrices = (
	graph: GraphBuilder,
	weights: Weights,
	from: Shape4,
	attrs: ResizeAttrs,
): [string, string] => {
	const [, h, w] = from;
	const [height, width] = attrs.size;
	return [
		graph.constant('float32', [height, h], weights(h, height, attrs)),
		graph.constant('float32', [width, w], weights(w, width, attrs)),
	];
};

const accepts = (infos: readonly Info[]): boolean => infos.every(({ dtype }) => dtype === 'float32');

const resize = (name: string, weights: Weights): Kernel =>
	kernel<ResizeAttrs>({
		name,
		inputs: ['images'],
		accepts,
		infer: ([x], { size }) => {
			const [n, , , c] = (x as Info).shape as Shape4;
			return [{ shape: [n, ...size, c], dtype: 'float32' }];
		},
		lower: (graph, [x], { attrs, infos, results }) => {
			const from = (infos[0] as Info).shape as Shape4;
			const weighted = matrices(graph, weights, from, attrs);
			const name = alongBoth(graph, graph.full(x as Layout), from, weighted, attrs.size, false);
			return plain(name, (results[0] as Info).shape);
		},
	});

const resizeGrad = (name: string, weights: Weights): Kernel =>
	kernel<ResizeAttrs>({
		name,
		inputs: ['images', 'dy'],
		accepts,
		infer: ([images]) => [images as Info],
		lower: (graph, [, dy], { attrs, infos }) => {
			const [images, gradient] = infos.map(({ shape }) => shape as Shape4) as [Shape4, Shape4];
			const size = [gradient[1], gradient[2]] as [number, number];
			const weighted = matrices(graph, weights, images, { ...attrs, size });
			const to = [images[1], images[2]] as const;
			return plain(alongBoth(graph, graph.full(dy as Layout), gradient, weighted, to, true), images);
		},
	});

export const resizing: readonly Kernel[] = [
	resize('ResizeBilinear', bilinear),
	resize('ResizeNearestNeighbor', nearest),
	resizeGrad('ResizeBilinearGrad', bilinear),
	resizeGrad('ResizeNearestNeighborGrad', nearest),
];
