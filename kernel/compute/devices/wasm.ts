import { requireHere } from '../tfjs.ts';
import type { Device } from './device.ts';

/** WebAssembly with SIMD: everywhere Node runs, several times slower than `onnx`. */
export const wasm: Device = {
	name: 'wasm',
	probe: async () => ({ usable: true, automatic: true, says: 'WebAssembly with SIMD' }),
	open: async () => {
		requireHere('@tensorflow/tfjs-backend-wasm');
		return 'wasm';
	},
};
