import type { KernelBackend } from '@tensorflow/tfjs';
import { OutOfMemoryError } from '../out-of-memory.ts';
import { kernelAtWork } from './kernel-at-work.ts';

/** What is used of the wasm backend's inside; the package's version is pinned. */
interface Allocating {
	wasm: { _malloc(bytes: number): number };
}

/** What 32 bits address, less a page. */
const MOST_BYTES = 2 ** 32 - 2 ** 16;

/**
 * The backend takes what an allocation returns for memory also when it failed, and writes over its own at address 0: it is dead
 * from then on. Here the allocation is an error, and the backend lives.
 */
export function refusingTooMuch<Backend extends KernelBackend>(backend: Backend): Backend {
	const inside = backend as unknown as Allocating;
	const { wasm } = inside;
	const _malloc = (bytes: number): number => {
		const place = bytes > MOST_BYTES ? 0 : wasm._malloc(bytes);
		if (place !== 0 || bytes === 0) return place;
		throw new OutOfMemoryError(bytes, kernelAtWork(), undefined, 'WebAssembly has 4 GiB for all tensors');
	};
	inside.wasm = Object.create(wasm, { _malloc: { value: _malloc } }) as Allocating['wasm'];
	return backend;
}
