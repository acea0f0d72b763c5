import type { backend_util } from '@tensorflow/tfjs';

export type Geometry = ReturnType<typeof backend_util.computeConv2DInfo>;

/** Output pixels side by side that meet an input at one place of their windows; inputs are `strideWidth` pixels apart. */
export type VisitRun = (input: number, output: number, count: number, tap: number) => void;

/** Every pair of an input pixel and an output pixel, a row of outputs at a time: what belongs together stays in the cache. */
export function visitRuns(info: Geometry, visit: VisitRun): void {
	const { batchSize, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, padInfo } = info;
	const { strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
	for (let row = 0; row < batchSize * outHeight; row++) {
		const n = Math.floor(row / outHeight);
		const top = (row % outHeight) * strideHeight - padInfo.top;
		for (let tap = 0; tap < filterHeight * filterWidth; tap++) {
			const y = top + Math.floor(tap / filterWidth) * dilationHeight;
			if (y < 0 || y >= inHeight) continue;
			const left = (tap % filterWidth) * dilationWidth - padInfo.left;
			const first = Math.max(0, Math.ceil(-left / strideWidth));
			const end = Math.min(outWidth, Math.floor((inWidth - 1 - left) / strideWidth) + 1);
			const input = (n * inHeight + y) * inWidth + left + first * strideWidth;
			if (end > first) visit(input, row * outWidth + first, end - first, tap);
		}
	}
}

/** Output pixels side by side whose windows hold as many rows and columns of inputs; the first window's first input. */
export type VisitWindows = (
	input: number,
	output: number,
	count: number,
	rows: number,
	columns: number,
) => void;

/** The part of a window, from its start, that lies within a length. */
function within(start: number, extent: number, length: number): readonly [from: number, count: number] {
	const from = Math.max(0, start);
	return [from, Math.min(start + extent, length) - from];
}

/** Windows without dilation, as pooling has them, cut off where they go over the edge. */
export function visitWindows(info: Geometry, visit: VisitWindows): void {
	const { batchSize, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, padInfo } = info;
	const across = Array.from({ length: outWidth }, (_, x) =>
		within(x * info.strideWidth - padInfo.left, filterWidth, inWidth),
	);
	for (let row = 0; row < batchSize * outHeight; row++) {
		const n = Math.floor(row / outHeight);
		const top = (row % outHeight) * info.strideHeight - padInfo.top;
		const [y, rows] = within(top, filterHeight, inHeight);
		for (let x = 0, count = 1; rows > 0 && x < outWidth; x += count, count = 1) {
			const [from, columns] = across[x] as readonly [number, number];
			// Whole windows are as far apart as the stride; those that an edge cuts go alone.
			while (columns === filterWidth && across[x + count]?.[1] === filterWidth) count++;
			if (columns > 0) visit((n * inHeight + y) * inWidth + from, row * outWidth + x, count, rows, columns);
		}
	}
}
