import type { Tfjs } from '../tfjs.ts';

let atWork: string | null = null;

/** The kernel that is being called, for errors that come from below it. */
export const kernelAtWork = (): string => atWork ?? 'a tensor';

/** Has each kernel of a backend say that it is at work. */
export function nameKernels(tf: Tfjs, backend: string): void {
	for (const known of [...tf.getKernelsForBackend(backend)]) {
		tf.unregisterKernel(known.kernelName, backend);
		tf.registerKernel({
			...known,
			kernelFunc: (call) => {
				const before = atWork;
				atWork = known.kernelName;
				try {
					return known.kernelFunc(call);
				} finally {
					atWork = before;
				}
			},
		});
	}
}
