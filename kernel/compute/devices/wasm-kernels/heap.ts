import type { Tensor, TensorInfo } from '@tensorflow/tfjs';
import type { Tfjs } from '../../tfjs.ts';

/** What is used of the wasm backend's inside; the package's version is pinned. */
interface WasmBackend {
	makeOutput(shape: number[], dtype: 'float32'): TensorInfo;
	/** A view, until memory grows. */
	typedArrayFromHeap(of: TensorInfo): Float32Array | Int32Array;
}

type Fill = (out: Float32Array, ...inputs: readonly Float32Array[]) => void;

/**
 * A tensor whose numbers are written by a loop over the backend's own memory, where it has no kernel. It begins with zeros,
 * unless every number is written. Plain loops run at a number a nanosecond; through the `cpu` backend they take a hundred times as long.
 */
export function onHeap(
	tf: Tfjs,
	shape: readonly number[],
	inputs: readonly Tensor[],
	fill: Fill,
	writesAll = false,
): Tensor {
	const backend = tf.findBackend('wasm') as unknown as WasmBackend;
	const out = backend.makeOutput([...shape], 'float32');
	// Views come after the output: making it may move the memory.
	const views = inputs.map((x) => backend.typedArrayFromHeap(x) as Float32Array);
	const numbers = backend.typedArrayFromHeap(out) as Float32Array;
	if (!writesAll) numbers.fill(0);
	fill(numbers, ...views);
	return tf.engine().makeTensorFromTensorInfo(out) as Tensor;
}
