import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../tfjs.ts';

/** What is used of the engine's inside; the package's version is pinned. */
interface Engine {
	state: { activeTape: unknown[] | null | undefined };
	addTapeNode(
		kernel: string,
		inputs: Record<string, Tensor>,
		outputs: Tensor[],
		gradient: unknown,
		saved: Tensor[] | undefined,
		attrs: unknown,
	): void;
}

const engineOf = (tf: Tfjs): Engine => tf.engine() as unknown as Engine;

/**
 * Whole numbers and booleans carry no gradient, so a gather by an argmax or a choice by a comparison ends the path there.
 * TensorFlow.js goes on, and throws where a gradient of whole numbers would be needed or computes with zeros.
 */
export function endPathsAtWholeNumbers(tf: Tfjs): void {
	const engine = engineOf(tf);
	const { addTapeNode } = engine;
	const computed = new WeakSet<Tensor>();
	engine.addTapeNode = (kernel, inputs, outputs, gradient, saved, attrs) => {
		for (const output of outputs) if (isWhole(output)) computed.add(output);
		const followed = outputs.every(isWhole)
			? inputs
			: Object.fromEntries(Object.entries(inputs).filter(([, x]) => !(isWhole(x) && computed.has(x))));
		addTapeNode.call(engine, kernel, followed, outputs, gradient, saved, attrs);
	};
}

const isWhole = ({ dtype }: Tensor): boolean => dtype === 'int32' || dtype === 'bool';

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
