import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from './tfjs.ts';

/**
 * A step that is run many times: tensors in, tensors out, tf variables read and set. On `onnx` it is traced twice or three
 * times and then replayed as one compiled graph; JavaScript in it runs only while tracing, so everything that changes from
 * step to step — a learning rate, a random mask — must come in as an argument. A step for which that does not hold is
 * noticed where it shows between traces and traced every time (`NODE_DEBUG=assay-compute` says why). Other devices simply
 * run it. Inputs stay the caller's; results are the caller's to dispose of.
 */
export function compiledStep(
	tf: Tfjs,
	step: (...inputs: Tensor[]) => Tensor[],
): (...inputs: Tensor[]) => Tensor[] {
	const compiled = new WeakMap<object, (inputs: Tensor[]) => Tensor[]>();
	return (...inputs) => {
		const backend = tf.backend() as Partial<StepCompiler> & object;
		if (!backend.compileStep) return tf.tidy(() => step(...inputs));
		const run = compiled.get(backend) ?? backend.compileStep(step);
		compiled.set(backend, run);
		return run(inputs);
	};
}

/** What a backend has that can compile steps. */
interface StepCompiler {
	compileStep(step: (...inputs: Tensor[]) => Tensor[]): (inputs: Tensor[]) => Tensor[];
}
