import type { KernelConfig, KernelFunc, Tensor, TensorInfo } from '@tensorflow/tfjs';
import type { Tfjs } from '../tfjs.ts';

/** A kernel made of others, for backends that lack it. Inputs come by name; attributes are whatever TensorFlow.js gives. */
export interface ComposedKernel<Attrs = object> {
	readonly name: string;
	readonly run: (tf: Tfjs, inputs: Readonly<Record<string, Tensor>>, attrs: Attrs) => Tensor;
}

export const composed = <Attrs>(kernel: ComposedKernel<Attrs>): ComposedKernel => kernel as ComposedKernel;

export function kernelFunc(tf: Tfjs, { run }: ComposedKernel): KernelFunc {
	const engine = tf.engine();
	const tensor = (x: TensorInfo): Tensor =>
		x instanceof tf.Tensor ? x : (engine.makeTensorFromTensorInfo(x) as Tensor);
	return ({ inputs, attrs }) => {
		const given = Object.entries(inputs).flatMap(([name, x]) =>
			x ? [[name, tensor(x as TensorInfo)] as const] : [],
		);
		return tf.tidy(() => {
			const made = run(tf, Object.fromEntries(given), attrs ?? {});
			// A result that is an input under another name must be counted on its own.
			return given.some(([, x]) => x.dataId === made.dataId) ? tf.clone(made) : made;
		});
	};
}

/** Puts something around a backend's own kernel. */
export const wrapper =
	(tf: Tfjs, backend: string) =>
	(name: string, make: (known: KernelConfig) => KernelFunc): void => {
		const known = tf.getKernel(name, backend);
		if (!known) return;
		tf.unregisterKernel(name, backend);
		tf.registerKernel({ ...known, kernelFunc: make(known) });
	};
