import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { type ComposedKernel, composed } from '../../composed/composed-kernel.ts';
import type { Tfjs } from '../../tfjs.ts';
import { onHeap } from './heap.ts';
import { loopsOf, pointer } from './loops.ts';
import { type Geometry, visitRuns, visitWindows } from './windows.ts';

interface PoolAttrs {
	readonly filterSize: number | [number, number];
	readonly strides: number | [number, number];
	readonly pad: 'same' | 'valid' | number;
	readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

const geometry = (tf: Tfjs, shape: readonly number[], attrs: PoolAttrs): Geometry =>
	tf.backend_util.computePool2DInfo(
		shape as [number, number, number, number],
		attrs.filterSize,
		attrs.strides,
		1,
		attrs.pad,
		attrs.dimRoundingMode,
	);

/** To the first of the largest in each window, as on the other backends. */
const maxPool = composed<PoolAttrs>({
	name: 'MaxPoolGrad',
	run: (tf, { dy, input, output }, attrs) => {
		const { shape } = input as Tensor4D;
		const info = geometry(tf, shape, attrs);
		const { inChannels: channels } = info;
		const loops = loopsOf(tf);
		const step = 4 * channels;
		const inputs = [input, output, dy] as [Tensor, Tensor, Tensor];
		const fresh = isPartition(info);
		const give: Parameters<typeof onHeap>[3] = (out, ...views) => {
			const [source, most, gradient] = views as [Float32Array, Float32Array, Float32Array];
			visitWindows(info, (place, position, count, rows, columns) => {
				loops.addToFirst(
					pointer(out, place * channels),
					pointer(source, place * channels),
					info.strideWidth * step,
					pointer(most, position * channels),
					pointer(gradient, position * channels),
					step,
					rows,
					columns,
					info.inWidth * step,
					step,
					count,
					channels,
					Number(fresh),
				);
			});
		};
		return onHeap(tf, shape, inputs, give, fresh);
	},
});

/** Whether every input is in one window. */
const isPartition = (info: Geometry): boolean =>
	info.strideHeight === info.filterHeight &&
	info.strideWidth === info.filterWidth &&
	info.outHeight * info.strideHeight >= info.inHeight + info.padInfo.top &&
	info.outWidth * info.strideWidth >= info.inWidth + info.padInfo.left;

/** An equal part to each number of the window, padding counted: whoever calls has put that right in `dy`. */
const avgPool = composed<PoolAttrs>({
	name: 'AvgPoolGrad',
	run: (tf, { dy, input }, attrs) => {
		const { shape } = input as Tensor4D;
		const info = geometry(tf, shape, attrs);
		const { inChannels: channels } = info;
		const part = 1 / (info.filterHeight * info.filterWidth);
		const loops = loopsOf(tf);
		const step = 4 * channels;
		return onHeap(tf, shape, [dy as Tensor], (out, gradient) => {
			visitRuns(info, (place, position, count) => {
				const [to, from] = [pointer(out, place * channels), pointer(gradient, position * channels)];
				loops.addScaled(to, info.strideWidth * step, from, step, part, count, channels);
			});
		});
	},
});

export const poolingGradients: readonly ComposedKernel[] = [maxPool, avgPool];
