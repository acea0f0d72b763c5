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
		const inputs = mapTensors(call.inputs as Inputs, (x) => asInput(toCpu(tf, x, here, cpu)));
		const results = config.kernelFunc({ inputs: inputs as never, backend: cpu, attrs: call.attrs });
		const back = (x: TensorInfo): TensorInfo => {
			const moved = copy(x, cpu, here);
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

/** Some kernels of the `cpu` backend take their inputs for tensors. */
const asInput = (x: TensorInfo): TensorInfo =>
	Object.assign(x, { rank: x.shape.length, size: x.shape.reduce((size, length) => size * length, 1) });

function copy(x: TensorInfo, from: KernelBackend, to: KernelBackend): TensorInfo {
	const { shape, dtype } = x;
	return { dataId: to.write(from.readSync(x.dataId), shape, dtype) as object, shape, dtype };
}

/** The `cpu` backend keeps the parts of complex numbers apart; a read gives them in pairs. */
function toCpu(tf: Tfjs, x: TensorInfo, from: KernelBackend, cpu: KernelBackend): TensorInfo {
	if (x.dtype !== 'complex64') return copy(x, from, cpu);
	const pairs = from.readSync(x.dataId) as Float32Array;
	const part = (offset: 0 | 1): TensorInfo => {
		const values = Float32Array.from({ length: pairs.length / 2 }, (_, i) => pairs[2 * i + offset] as number);
		return { dataId: cpu.write(values, x.shape, 'float32') as object, shape: x.shape, dtype: 'float32' };
	};
	const inputs = { real: part(0), imag: part(1) };
	const made = tf.getKernel('Complex', 'cpu').kernelFunc({ inputs, backend: cpu, attrs: {} }) as TensorInfo;
	for (const { dataId } of Object.values(inputs)) cpu.disposeData(dataId);
	return made;
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
