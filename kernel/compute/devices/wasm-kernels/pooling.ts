import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { type ComposedKernel, composed } from '../../composed/composed-kernel.ts';
import type { Tfjs } from '../../tfjs.ts';
import { onHeap } from './heap.ts';
import { type Geometry, visitRuns } from './windows.ts';

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
		const inputs = [dy, input, output] as [Tensor, Tensor, Tensor];
		return onHeap(tf, shape, inputs, (out, gradient, source, most) => {
			const given = new Uint8Array(most.length);
			visitRuns(info, (place, position, count) => {
				for (let i = 0; i < count; i++) {
					const from = (place + i * info.strideWidth) * channels;
					const at = (position + i) * channels;
					for (let c = 0; c < channels; c++) {
						if (source[from + c] !== most[at + c] || given[at + c] === 1) continue;
						given[at + c] = 1;
						out[from + c] = (out[from + c] as number) + (gradient[at + c] as number);
					}
				}
			});
		});
	},
});

/** An equal part to each number of the window, padding counted: whoever calls has put that right in `dy`. */
const avgPool = composed<PoolAttrs>({
	name: 'AvgPoolGrad',
	run: (tf, { dy, input }, attrs) => {
		const { shape } = input as Tensor4D;
		const info = geometry(tf, shape, attrs);
		const { inChannels: channels } = info;
		const part = 1 / (info.filterHeight * info.filterWidth);
		return onHeap(tf, shape, [dy as Tensor], (out, gradient) => {
			visitRuns(info, (place, position, count) => {
				for (let i = 0; i < count; i++) {
					const to = (place + i * info.strideWidth) * channels;
					const at = (position + i) * channels;
					for (let c = 0; c < channels; c++)
						out[to + c] = (out[to + c] as number) + part * (gradient[at + c] as number);
				}
			});
		});
	},
});

export const poolingGradients: readonly ComposedKernel[] = [maxPool, avgPool];
