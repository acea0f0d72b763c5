import { borrowFromCpu, completeKernels } from '../composed/register.ts';
import { requireHere } from '../tfjs.ts';
import type { Device } from './device.ts';
import { nameKernels } from './kernel-at-work.ts';
import { refusingTooMuch } from './wasm-memory.ts';
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
			nameKernels(tf, 'wasm');
			const make = tf.findBackendFactory('wasm');
			tf.removeBackend('wasm');
			tf.registerBackend('wasm', async () => refusingTooMuch(await make()), 2);
		}
		return 'wasm';
	},
};
