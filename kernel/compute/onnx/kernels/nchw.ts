import type { GraphBuilder } from '../graph-builder.ts';
import { equal, type Layout, permuted, shapeOf } from '../layout.ts';
import type { Shape4 } from './geometry.ts';

/** Where the axes of an NHWC value lie in an NCHW tensor. */
const NHWC_IN_NCHW = [0, 2, 3, 1];

/** The tensor in NCHW: free where it comes from another convolution. */
export function toNchw(graph: GraphBuilder, x: Layout): string {
	if (x.perm && equal(x.perm, NHWC_IN_NCHW) && !x.broadcast) return x.name;
	const [n, h, w, c] = shapeOf(x) as Shape4;
	if (c === 1) return graph.full(graph.reshaped(x, [n, 1, h, w]));
	return graph.op('Transpose', [graph.full(x)], { perm: [0, 3, 1, 2] });
}

export const fromNchw = (name: string, [n, h, w, c]: readonly number[]): Layout =>
	permuted(name, [n, c, h, w] as number[], NHWC_IN_NCHW);
