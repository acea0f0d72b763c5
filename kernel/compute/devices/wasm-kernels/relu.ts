import type { Tensor } from '@tensorflow/tfjs';
import { composed } from '../../composed/composed-kernel.ts';
import { RELU_GRADIENT } from '../../gradients/relu.ts';
import { onHeap } from './heap.ts';
import { loopsOf, pointer } from './loops.ts';

/** In one pass, where the backend's comparison with one number looks that up anew for every other. */
export const reluGradient = composed({
	name: RELU_GRADIENT,
	run: (tf, { dy, y }) => {
		const { shape, size } = dy as Tensor;
		const loops = loopsOf(tf);
		const inputs = [dy as Tensor, y as Tensor];
		return onHeap(
			tf,
			shape,
			inputs,
			(out, gradient, output) =>
				loops.passPositive(
					pointer(out, 0),
					pointer(gradient as Float32Array, 0),
					pointer(output as Float32Array, 0),
					size,
				),
			true,
		);
	},
});
