import type { Tensor } from '@tensorflow/tfjs';
import { composed } from '../../composed/composed-kernel.ts';
import { onHeap } from './heap.ts';

/** Rows of no segment are left out. Sums whole numbers exactly up to 2²⁴. */
export const segmentSum = composed<{ readonly numSegments: number }>({
	name: 'UnsortedSegmentSum',
	run: (tf, { x, segmentIds }, { numSegments }) => {
		const source = x as Tensor;
		const [rows = 1, ...rest] = source.shape;
		const length = source.size / rows;
		const inputs = [tf.cast(source, 'float32'), tf.cast(segmentIds as Tensor, 'float32')];
		const sums = onHeap(tf, [numSegments, ...rest], inputs, (out, numbers, ids) => {
			for (let row = 0; row < rows; row++) {
				const id = ids[row] as number;
				if (id < 0 || id >= numSegments) continue;
				for (let i = 0; i < length; i++)
					out[id * length + i] = (out[id * length + i] as number) + (numbers[row * length + i] as number);
			}
		});
		return tf.cast(sums, source.dtype);
	},
});
