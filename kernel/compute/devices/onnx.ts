import { requireHere } from '../tfjs.ts';
import type { Availability, Device } from './device.ts';

/** Lazy graphs on ONNX Runtime: the fastest on a CPU. */
export const onnx: Device = {
	name: 'onnx',
	probe: async () => probe(),
	open: async (tf, options) => (await import('../onnx/index.ts')).registerOnnx(tf, options),
};

function probe(): Availability {
	const says = 'lazy graphs on ONNX Runtime, on the CPU';
	try {
		requireHere.resolve('onnxruntime-node/package.json');
		requireHere.resolve(
			`onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}/onnxruntime_binding.node`,
		);
		return { usable: true, automatic: true, says };
	} catch {
		return {
			usable: false,
			says: `onnxruntime-node has no binary for ${process.platform} ${process.arch}`,
			help: 'npm ci installs it on Linux, macOS and Windows; elsewhere use wasm.',
		};
	}
}
