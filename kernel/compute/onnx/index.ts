import type { Tfjs } from '../tfjs.ts';
import { defaultOptions, OnnxBackend, type OnnxOptions } from './backend.ts';
import { loadOrt } from './ort.ts';
import { BACKEND, registerKernels } from './register.ts';

/** Registers the lazy backend with TensorFlow.js; @returns its name there. */
export function registerOnnx(tf: Tfjs, options: Partial<OnnxOptions> = {}): string {
	if (tf.findBackendFactory(BACKEND)) return BACKEND;
	const ort = loadOrt();
	registerKernels(tf);
	tf.registerBackend(BACKEND, () => new OnnxBackend(tf, ort, { ...defaultOptions(), ...options }), 10);
	flushAfterMinimize(tf);
	return BACKEND;
}

export const onnxBackend = (tf: Tfjs): OnnxBackend | null => tf.findBackend(BACKEND) as OnnxBackend | null;

/** Steps whose loss nobody reads would pile up into one ever new graph. */
function flushAfterMinimize(tf: Tfjs): void {
	const { prototype } = tf.Optimizer;
	const { minimize } = prototype;
	prototype.minimize = function (this: typeof prototype, ...args: Parameters<typeof minimize>) {
		const cost = minimize.apply(this, args);
		if (tf.getBackend() === BACKEND) onnxBackend(tf)?.flush();
		return cost;
	};
}
