import type { GraphBuilder } from '../graph-builder.ts';
import { type Layout, shapeOf } from '../layout.ts';
import { type Geometry, padsOf } from './geometry.ts';

/** A row of pixels for each position: the pixel numbers row by row, `pixels` itself standing for a pixel of zeros. */
export interface PatchPlan {
	/** Equal for equal plans. */
	readonly key: string;
	readonly positions: number;
	readonly taps: number;
	pixelAt(position: number, tap: number): number;
}

/** Below this a pixel is too short to be copied by itself. */
export const MIN_CHANNELS = 8;

/** The windows that a convolution meets, one a row: [batch · positions, taps · channels]. */
export function convolutionPatches(graph: GraphBuilder, x: Layout, info: Geometry): string {
	const { batchSize, inChannels, outHeight, outWidth, filterHeight, filterWidth } = info;
	const positions = batchSize * outHeight * outWidth;
	const length = filterHeight * filterWidth * inChannels;
	if (isPointwise(info)) return graph.full(graph.reshaped(x, [positions, length]));
	if (inChannels >= MIN_CHANNELS) return gatherPatches(graph, x, forwardPlan(info));
	return graph.reshape(graph.op('Concat', windows(graph, x, info), { axis: 3 }), [positions, length]);
}

const isPointwise = (info: Geometry): boolean =>
	info.filterHeight === 1 &&
	info.filterWidth === 1 &&
	info.strideHeight === 1 &&
	info.strideWidth === 1 &&
	padsOf(info).every((pad) => pad === 0);

function forwardPlan(info: Geometry): PatchPlan {
	const { inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, padInfo } = info;
	return {
		key: `conv ${[inHeight, inWidth, ...padsOf(info), filterHeight, filterWidth]} ${[info.strideHeight, info.strideWidth, info.dilationHeight, info.dilationWidth]}`,
		positions: outHeight * outWidth,
		taps: filterHeight * filterWidth,
		pixelAt: (position, tap) => {
			const y = Math.floor(position / outWidth) * info.strideHeight - padInfo.top;
			const x = (position % outWidth) * info.strideWidth - padInfo.left;
			const row = y + Math.floor(tap / filterWidth) * info.dilationHeight;
			const column = x + (tap % filterWidth) * info.dilationWidth;
			const inside = row >= 0 && row < inHeight && column >= 0 && column < inWidth;
			return inside ? row * inWidth + column : inHeight * inWidth;
		},
	};
}

/** Copies pixels into rows: one pass over memory, padding included. */
export function gatherPatches(graph: GraphBuilder, x: Layout, plan: PatchPlan): string {
	const [batch, height, width, channels] = shapeOf(x) as [number, number, number, number];
	const pixels = height * width;
	const { key, positions, taps } = plan;
	const places = Array.from({ length: positions * taps }, (_, i) =>
		plan.pixelAt(Math.floor(i / taps), i % taps),
	);
	const index = graph.constantOnce(key, 'int32', [places.length], () => places);
	const flat = graph.full(graph.reshaped(x, [batch, pixels, channels]));
	const source = places.includes(pixels)
		? graph.op('Concat', [flat, zeroPixel(graph, batch, channels)], { axis: 1 })
		: flat;
	const rows = graph.op('Gather', [source, index], { axis: 1 });
	return graph.reshape(rows, [batch * positions, taps * channels]);
}

const zeroPixel = (graph: GraphBuilder, batch: number, channels: number): string =>
	graph.constantOnce(`zero pixel ${batch} ${channels}`, 'float32', [batch, 1, channels], () =>
		new Array<number>(batch * channels).fill(0),
	);

/** For each position in the filter, the inputs that it meets: tensors [batch, outHeight, outWidth, channels]. */
export function windows(graph: GraphBuilder, x: Layout, info: Geometry): string[] {
	const [top, left, bottom, right] = padsOf(info) as [number, number, number, number];
	const source = graph.full(x);
	const pads = [0, top, left, 0, 0, bottom, right, 0];
	const padded = pads.some((pad) => pad > 0) ? graph.op('Pad', [source, graph.ints(pads)]) : source;
	const spanY = (info.outHeight - 1) * info.strideHeight + 1;
	const spanX = (info.outWidth - 1) * info.strideWidth + 1;
	const axes = graph.ints([1, 2]);
	const steps = graph.ints([info.strideHeight, info.strideWidth]);
	return Array.from({ length: info.filterHeight * info.filterWidth }, (_, i) => {
		const y = Math.floor(i / info.filterWidth) * info.dilationHeight;
		const z = (i % info.filterWidth) * info.dilationWidth;
		return graph.op('Slice', [padded, graph.ints([y, z]), graph.ints([y + spanY, z + spanX]), axes, steps]);
	});
}
