import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs';
import { debug } from './debug.ts';
import type { Tfjs } from './tfjs.ts';

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
		const inputs = mapTensors(call.inputs as Inputs, (x) => transfer(x, here, cpu));
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

type Inputs = TensorInfo[] | Record<string, TensorInfo | TensorInfo[] | undefined>;

/** Inputs are a list of tensors, or tensors and lists of them by name. */
function mapTensors(inputs: Inputs, map: (x: TensorInfo) => TensorInfo): Inputs {
	if (Array.isArray(inputs)) return inputs.map(map);
	const entries = Object.entries(inputs).map(([name, x]) => [
		name,
		Array.isArray(x) ? x.map(map) : x && map(x),
	]);
	return Object.fromEntries(entries);
}
