import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from './tfjs.ts';

/**
 * A float32 tensor whose numbers are written into its own memory, all 0 before, where the backend has such: nothing is copied.
 * @param fill must not keep the array
 */
export function filledTensor(tf: Tfjs, shape: number[], fill: (values: Float32Array) => void): Tensor {
	const backend = tf.backend() as Partial<Filler> & object;
	const engine = tf.engine();
	if (backend.fillNew) {
		const dataId = backend.fillNew(shape, fill);
		return engine.makeTensorFromDataId(dataId as never, shape, 'float32', backend as never) as Tensor;
	}
	const values = new Float32Array(shape.reduce((size, dim) => size * dim, 1));
	fill(values);
	return tf.tensor(values, shape);
}

/** A backend that hands out memory of new tensors. */
interface Filler {
	/** @returns the tensor's data id */
	fillNew(shape: number[], fill: (values: Float32Array) => void): object;
}
