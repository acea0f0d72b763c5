import type { Tensor, TensorInfo } from '@tensorflow/tfjs';
import { kernelFunc, wrapper } from '../composed/composed-kernel.ts';
import { expm1, log1p } from '../composed/near-zero.ts';
import type { Tfjs } from '../tfjs.ts';

/** Puts right what the webgpu backend of TensorFlow.js 4.22 computes otherwise than the others. */
export function mendWebgpu(tf: Tfjs): void {
	const wrap = wrapper(tf, 'webgpu');
	wrap('Log1p', () => kernelFunc(tf, log1p(tf)));
	wrap('Expm1', () => kernelFunc(tf, expm1(tf)));
	// Drops the reduced axes even where they are to be kept.
	wrap('Prod', ({ kernelFunc: known }) => (call) => {
		const { axis, keepDims } = call.attrs as { axis: number | number[]; keepDims: boolean };
		const { shape } = call.inputs.x as TensorInfo;
		const made = known(call) as TensorInfo;
		if (!keepDims) return made;
		const axes = tf.util.parseAxisParam(axis, shape);
		return { ...made, shape: shape.map((length, i) => (axes.includes(i) ? 1 : length)) };
	});
	wrap('Cumprod', ({ kernelFunc: known }) => (call) => {
		const { axis, reverse, exclusive } = call.attrs as Record<'reverse' | 'exclusive', boolean> & {
			axis: number;
		};
		if (!reverse) return known(call);
		// Reads what it has already overwritten.
		return tf.tidy(() => {
			const forward = tf.cumprod(tf.reverse(call.inputs.x as Tensor, axis), axis, exclusive, false);
			return tf.reverse(forward, axis);
		});
	});
}
