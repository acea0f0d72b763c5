import type { Tfjs } from '../tfjs.ts';
import { registerReductionGradients } from './reductions.ts';
import { registerReluGradient } from './relu.ts';
import { keepOnlyFloatsOnTape } from './tape.ts';

/** Gradients that TensorFlow.js lacks or computes wastefully, for every backend. */
export function registerGradients(tf: Tfjs): void {
	keepOnlyFloatsOnTape(tf);
	registerReductionGradients(tf);
	registerReluGradient(tf);
}
