import { borrowFromCpu, completeKernels } from '../composed/register.ts';
import { requireHere } from '../tfjs.ts';
import type { Device } from './device.ts';
import { mendWasm } from './wasm-mended.ts';

/** WebAssembly with SIMD: everywhere Node runs, several times slower than `onnx`. */
export const wasm: Device = {
	name: 'wasm',
	probe: async () => ({ usable: true, automatic: true, says: 'WebAssembly with SIMD' }),
	open: async (tf) => {
		if (!tf.findBackendFactory('wasm')) {
			requireHere('@tensorflow/tfjs-backend-wasm');
			completeKernels(tf, 'wasm');
			mendWasm(tf);
			borrowFromCpu(tf, 'wasm');
		}
		return 'wasm';
	},
};
