import type { KernelFunc, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs';
import { util } from '@tensorflow/tfjs';
import { fallbackFor } from '../fallback.ts';
import type { Tfjs } from '../tfjs.ts';
import type { OnnxBackend } from './backend.ts';
import type { Kernel } from './kernel.ts';
import { KERNELS } from './kernels/index.ts';
import { sizeOf } from './layout.ts';
import type { Info } from './value.ts';

export const BACKEND = 'onnx';

/** Registers everything that the backend can do: recorded kernels, shared data under new shapes, and fallbacks. */
export function registerKernels(tf: Tfjs): void {
	for (const kernel of KERNELS)
		tf.registerKernel({ kernelName: kernel.name, backendName: BACKEND, kernelFunc: recording(tf, kernel) });
	for (const [kernelName, shapeOf] of Object.entries(ALIASES))
		tf.registerKernel({ kernelName, backendName: BACKEND, kernelFunc: alias(shapeOf) });
	for (const { kernelName } of tf.getKernelsForBackend('cpu')) {
		if (tf.getKernel(kernelName, BACKEND)) continue;
		tf.registerKernel({ kernelName, backendName: BACKEND, kernelFunc: fallbackFor(tf, kernelName) });
	}
}

function recording(tf: Tfjs, kernel: Kernel): KernelFunc {
	const fallback = fallbackFor(tf, kernel.name);
	return (call) => {
		const inputs = inputsOf(kernel, call.inputs);
		const infos = inputs as readonly unknown[] as readonly Info[];
		const attrs = (call.attrs ?? {}) as never;
		if (!infos.every(fitsGraph) || !(kernel.accepts?.(infos, attrs) ?? true)) return fallback(call);
		const results = kernel.infer(infos, attrs);
		if (!results.every(fitsGraph)) return fallback(call);
		const made = (call.backend as OnnxBackend).record(kernel, inputs, attrs, results);
		return kernel.many || made.length > 1 ? made : (made[0] as TensorInfo);
	};
}

function inputsOf({ inputs }: Kernel, given: NamedTensorInfoMap): TensorInfo[] {
	if (inputs === 'list') return Object.values(given) as TensorInfo[];
	return inputs.flatMap((name) => given[name] ?? []);
}

const fitsGraph = ({ dtype, shape }: Info): boolean =>
	(dtype === 'float32' || dtype === 'int32' || dtype === 'bool') && sizeOf(shape) > 0;

type ShapeOf = (x: TensorInfo, attrs: never) => number[];

const ALIASES: Readonly<Record<string, ShapeOf>> = {
	Identity: (x) => x.shape,
	Reshape: (x, { shape }: { shape: number[] }) =>
		util.inferFromImplicitShape(shape, util.sizeFromShape(x.shape)),
	ExpandDims: (x, { dim }: { dim: number }) => {
		util.assert(
			dim >= -(x.shape.length + 1),
			() => `Axis must be in the interval [${-(x.shape.length + 1)}, ${x.shape.length}]`,
		);
		const shape = [...x.shape];
		shape.splice(dim < 0 ? x.shape.length + dim + 1 : dim, 0, 1);
		return shape;
	},
};

/** The same data, counted once more. */
function alias(shapeOf: ShapeOf): KernelFunc {
	return ({ inputs, attrs, backend }) => {
		const x = (inputs.x ?? inputs.input) as TensorInfo;
		(backend as OnnxBackend).share(x.dataId);
		return { dataId: x.dataId, shape: shapeOf(x, attrs as never), dtype: x.dtype };
	};
}
