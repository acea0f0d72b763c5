import { createRequire } from 'node:module';
import type * as tfjs from '@tensorflow/tfjs';
import { registerGradients } from './gradients/index.ts';

/** TensorFlow.js as its users know it. */
export type Tfjs = typeof tfjs;

export const requireHere = createRequire(import.meta.url);

let loaded: Tfjs | null = null;

/**
 * TensorFlow.js, loaded on first use: it takes an eighth of a second, which no command that runs no tensors should pay.
 * Required, not imported, so that every package that requires tfjs-core shares this one engine.
 */
export function loadTfjs(): Tfjs {
	if (!loaded) {
		loaded = requireHere('@tensorflow/tfjs') as Tfjs;
		quietCpu(loaded);
		registerGradients(loaded);
	}
	return loaded;
}

/** The `cpu` backend greets its first use with advice to install tfjs-node; here it only serves what others lack. */
function quietCpu(tf: Tfjs): void {
	const cpu = tf.findBackend('cpu') as unknown as { firstUse?: boolean } | null;
	if (cpu) cpu.firstUse = false;
}
