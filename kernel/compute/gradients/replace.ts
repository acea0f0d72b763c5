import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../tfjs.ts';

export type Gradient<Attrs> = (dy: Tensor, saved: Tensor[], attrs: Attrs) => Record<string, () => Tensor>;

/** Registers a kernel's gradient in place of the one that may be there. */
export function replaceGradient<Attrs>(
	tf: Tfjs,
	kernelName: string,
	inputsToSave: string[],
	gradient: Gradient<Attrs>,
	more: { readonly saveAllInputs?: boolean; readonly outputsToSave?: boolean[] } = {},
): void {
	if (tf.getGradient(kernelName)) tf.unregisterGradient(kernelName);
	tf.registerGradient({ kernelName, inputsToSave, ...more, gradFunc: gradient as never });
}
