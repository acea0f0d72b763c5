import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs';
import { debug } from '../debug.ts';
import type { Tfjs } from '../tfjs.ts';

const told = new Set<string>();

/**
 * Runs a kernel on the `cpu` backend, with its inputs copied there and its results back. Each is named once in the debug
 * log, as it is slow.
 */
export function fallbackFor(tf: Tfjs, kernelName: string): KernelFunc {
	return (call) => {
		const config = tf.getKernel(kernelName, 'cpu');
		if (!config) throw new Error(`no backend here has the kernel ${kernelName}`);
		if (!told.has(kernelName)) {
			told.add(kernelName);
			debug('%s runs on the cpu backend', kernelName);
		}
		const here = call.backend as KernelBackend;
		const cpu = tf.findBackend('cpu') as KernelBackend;
		const inputs = mapTensors(call.inputs, (x) => transfer(x, here, cpu));
		const results = config.kernelFunc({ inputs: inputs as never, backend: cpu, attrs: call.attrs });
		const back = (x: TensorInfo): TensorInfo => {
			const moved = transfer(x, cpu, here);
			cpu.disposeData(x.dataId);
			return moved;
		};
		const made = Array.isArray(results) ? results.map(back) : back(results);
		mapTensors(inputs, (x) => {
			cpu.disposeData(x.dataId, true);
			return x;
		});
		return made;
	};
}

function transfer(x: TensorInfo, from: KernelBackend, to: KernelBackend): TensorInfo {
	const values = from.readSync(x.dataId);
	return { dataId: to.write(values, x.shape, x.dtype) as object, shape: x.shape, dtype: x.dtype };
}

/** Inputs are tensors by name, or lists of them. */
function mapTensors(
	inputs: object,
	map: (x: TensorInfo) => TensorInfo,
): Record<string, TensorInfo | TensorInfo[]> {
	const mapped: Record<string, TensorInfo | TensorInfo[]> = {};
	for (const [name, x] of Object.entries(inputs as Record<string, TensorInfo | TensorInfo[] | undefined>))
		if (x) mapped[name] = Array.isArray(x) ? x.map(map) : map(x);
	return mapped;
}
