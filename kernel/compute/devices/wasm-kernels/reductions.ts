import type { KernelFunc, Tensor, TensorInfo } from '@tensorflow/tfjs';
import { composed, kernelFunc } from '../../composed/composed-kernel.ts';
import type { Tfjs } from '../../tfjs.ts';
import { onHeap } from './heap.ts';
import { loopsOf, pointer } from './loops.ts';

interface SumAttrs {
	readonly axis: number | number[];
	readonly keepDims: boolean;
}

/** Over the leading axes, as the gradient of a bias is: the backend first turns the whole tensor. */
export function sumOfRows(tf: Tfjs, known: KernelFunc): KernelFunc {
	const byRows = kernelFunc(
		tf,
		composed<SumAttrs>({
			name: 'Sum',
			run: (_, { x }, { axis, keepDims }) => {
				const source = x as Tensor;
				const reduced = tf.util.parseAxisParam(axis as number[], source.shape).length;
				const kept = source.shape.slice(reduced);
				const size = tf.util.sizeFromShape(kept);
				const loops = loopsOf(tf);
				const shape = keepDims ? [...Array<number>(reduced).fill(1), ...kept] : kept;
				return onHeap(tf, shape, [source], (out, rows) => {
					// Every row onto the same one.
					loops.addScaled(pointer(out, 0), 0, pointer(rows, 0), 4 * size, 1, source.size / size, size);
				});
			},
		}),
	);
	return (call) => {
		const { dtype, shape } = call.inputs.x as TensorInfo;
		const { axis } = call.attrs as unknown as SumAttrs;
		const axes = tf.util.parseAxisParam(axis as number[], shape);
		const leading = axes.length < shape.length && [...axes].sort((a, b) => a - b).every((at, i) => at === i);
		const isWorth = leading && tf.util.sizeFromShape(shape) > 0;
		return dtype === 'float32' && isWorth ? byRows(call) : known(call);
	};
}

/** One number everywhere, as the gradient of a mean is. */
export function tileOfOne(tf: Tfjs, known: KernelFunc): KernelFunc {
	const filled = kernelFunc(
		tf,
		composed<{ readonly reps: readonly number[] }>({
			name: 'Tile',
			run: (_, { x }, { reps }) =>
				onHeap(tf, reps, [x as Tensor], (out, [value]) => void out.fill(value as number)),
		}),
	);
	return (call) => {
		const { dtype, shape } = call.inputs.x as TensorInfo;
		const isOne = dtype === 'float32' && tf.util.sizeFromShape(shape) === 1;
		return isOne ? filled(call) : known(call);
	};
}
