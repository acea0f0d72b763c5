import { fallbackFor } from '../fallback.ts';
import type { Tfjs } from '../tfjs.ts';
import { type ComposedKernel, kernelFunc } from './composed-kernel.ts';
import { contractions } from './contractions.ts';
import { convolutionGradients } from './convolution-gradients.ts';

const COMPOSED: readonly ComposedKernel[] = [...convolutionGradients, ...contractions];

/** Gives a backend the kernels that it lacks, made of those that it has. */
export function completeKernels(tf: Tfjs, backend: string): void {
	for (const kernel of COMPOSED)
		if (!tf.getKernel(kernel.name, backend))
			tf.registerKernel({
				kernelName: kernel.name,
				backendName: backend,
				kernelFunc: kernelFunc(tf, kernel),
			});
}

/** Lets the `cpu` backend do the rest, where results can be read at once. */
export function borrowFromCpu(tf: Tfjs, backend: string): void {
	for (const { kernelName } of tf.getKernelsForBackend('cpu'))
		if (!tf.getKernel(kernelName, backend))
			tf.registerKernel({ kernelName, backendName: backend, kernelFunc: fallbackFor(tf, kernelName) });
}
