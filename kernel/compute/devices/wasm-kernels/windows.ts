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
