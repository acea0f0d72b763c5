import type { GraphBuilder } from '../graph-builder.ts';
import { type Layout, plain } from '../layout.ts';
import { type Geometry, padsOf } from './geometry.ts';
import { gatherPatches } from './patches.ts';

/**
 * The gradient of a convolution with respect to its input, which is also the transposed convolution. Inputs whose
 * coordinates leave the same remainders by the strides meet the same positions of the filter: one matrix product for
 * each such phase, with no multiplication by zeros in between.
 */
export function inputGradient(graph: GraphBuilder, dy: Layout, filter: Layout, info: Geometry): Layout {
	const { batchSize, inHeight, inWidth, inChannels } = info;
	const shape = [batchSize, inHeight, inWidth, inChannels];
	const phases = phasesOf(info);
	const parts = phases.map((phase) => product(graph, dy, filter, info, phase));
	if (parts.length === 1) return plain(graph.reshape(parts[0] as string, shape), shape);
	const stacked = graph.op('Concat', parts, { axis: 1 });
	const order = graph.constantOnce(`phases ${keyOf(info)}`, 'int32', [inHeight * inWidth], () =>
		placesOf(phases, info),
	);
	return plain(graph.reshape(graph.op('Gather', [stacked, order], { axis: 1 }), shape), shape);
}

interface Phase {
	readonly rows: readonly number[];
	readonly columns: readonly number[];
	/** Positions of the filter that these inputs meet. */
	readonly taps: readonly (readonly [number, number])[];
}

const range = (from: number, to: number, step: number): number[] =>
	Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, i) => from + i * step);

function phasesOf(info: Geometry): Phase[] {
	const { inHeight, inWidth, strideHeight, strideWidth, padInfo } = info;
	const meets = (length: number, dilation: number, stride: number, at: number): number[] =>
		range(0, length, 1).filter((tap) => (at - tap * dilation) % stride === 0);
	return range(0, Math.min(strideHeight, inHeight), 1).flatMap((top) =>
		range(0, Math.min(strideWidth, inWidth), 1).map((left) => {
			const vertical = meets(info.filterHeight, info.dilationHeight, strideHeight, top + padInfo.top);
			const horizontal = meets(info.filterWidth, info.dilationWidth, strideWidth, left + padInfo.left);
			return {
				rows: range(top, inHeight, strideHeight),
				columns: range(left, inWidth, strideWidth),
				taps: vertical.flatMap((y) => horizontal.map((x) => [y, x] as const)),
			};
		}),
	);
}

/** Where each input lies when the phases stand one after the other. */
function placesOf(phases: readonly Phase[], { inHeight, inWidth }: Geometry): number[] {
	const places = new Array<number>(inHeight * inWidth);
	let next = 0;
	for (const { rows, columns } of phases)
		for (const row of rows) for (const column of columns) places[row * inWidth + column] = next++;
	return places;
}

const keyOf = (info: Geometry): string =>
	[
		...[info.inHeight, info.inWidth, info.outHeight, info.outWidth, info.filterHeight, info.filterWidth],
		...[info.strideHeight, info.strideWidth, info.dilationHeight, info.dilationWidth, ...padsOf(info)],
	].join();

/** [batch, inputs of the phase, inChannels]. */
function product(graph: GraphBuilder, dy: Layout, filter: Layout, info: Geometry, phase: Phase): string {
	const { batchSize, inChannels, outChannels, outHeight, outWidth, padInfo } = info;
	const { rows, columns, taps } = phase;
	const shape = [batchSize, rows.length * columns.length, inChannels];
	if (taps.length === 0) return graph.full(graph.filled(0, 'float32', shape));
	const patches = gatherPatches(graph, dy, {
		key: `transposed ${keyOf(info)} ${rows[0]},${columns[0]}`,
		positions: rows.length * columns.length,
		taps: taps.length,
		pixelAt: (position, tap) => {
			const [y, x] = taps[tap] as readonly [number, number];
			const down =
				(rows[Math.floor(position / columns.length)] as number) + padInfo.top - y * info.dilationHeight;
			const across = (columns[position % columns.length] as number) + padInfo.left - x * info.dilationWidth;
			const [row, column] = [down / info.strideHeight, across / info.strideWidth];
			const inside = row >= 0 && row < outHeight && column >= 0 && column < outWidth;
			return inside ? row * outWidth + column : outHeight * outWidth;
		},
	});
	const weights = tapWeights(graph, filter, info, taps);
	const matrix = graph.reshape(weights, [taps.length * outChannels, inChannels]);
	return graph.reshape(graph.matMul(patches, matrix, inChannels), shape);
}

/** The filter's weights at those positions: [taps, outChannels, inChannels]. */
function tapWeights(graph: GraphBuilder, filter: Layout, info: Geometry, taps: Phase['taps']): string {
	const { filterHeight, filterWidth, inChannels, outChannels } = info;
	const count = filterHeight * filterWidth;
	const flat = graph.full(graph.reshaped(filter, [count, inChannels, outChannels]));
	const swapped = graph.op('Transpose', [flat], { perm: [0, 2, 1] });
	if (taps.length === count) return swapped;
	const index = graph.constant(
		'int32',
		[taps.length],
		taps.map(([y, x]) => y * filterWidth + x),
	);
	return graph.op('Gather', [swapped, index], { axis: 0 });
}
