import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../tfjs.ts';

/** What is used of the engine's inside; the package's version is pinned. */
interface Engine {
	state: { activeTape: unknown[] | null | undefined };
	addTapeNode(
		kernel: string,
		inputs: object,
		outputs: Tensor[],
		gradient: unknown,
		saved: Tensor[] | undefined,
		attrs: unknown,
	): void;
}

const engineOf = (tf: Tfjs): Engine => tf.engine() as unknown as Engine;

/**
 * Whole numbers and booleans carry no gradient, so an argmax or a comparison ends the path that it lies on. TensorFlow.js
 * puts them on its tape and then throws, as they have no gradient.
 */
export function keepOnlyFloatsOnTape(tf: Tfjs): void {
	const engine = engineOf(tf);
	const { addTapeNode } = engine;
	engine.addTapeNode = (kernel, inputs, outputs, gradient, saved, attrs) => {
		if (!outputs.every(({ dtype }) => dtype === 'int32' || dtype === 'bool'))
			addTapeNode.call(engine, kernel, inputs, outputs, gradient, saved, attrs);
		// The tape would have freed what was kept for the gradient.
		else for (const tensor of saved ?? []) tensor.dispose();
	};
}

/** The same values as a constant: no gradient flows through (PyTorch's `detach`, TensorFlow's `stop_gradient`). */
export function detach<T extends Tensor>(tf: Tfjs, x: T): T {
	const { state } = engineOf(tf);
	const tape = state.activeTape;
	state.activeTape = tape && [];
	try {
		return tf.clone(x);
	} finally {
		state.activeTape = tape;
	}
}
