import type { Tfjs } from '../tfjs.ts';
import { registerBroadcastGradients } from './broadcasting.ts';
import { registerEinsumGradient } from './contractions.ts';
import { registerDilatedGradients } from './dilation.ts';
import { registerIndexingGradients } from './indexing.ts';
import { registerAvgPoolGradient } from './pooling.ts';
import { registerReductionGradients } from './reductions.ts';
import { registerReluGradient } from './relu.ts';
import { registerResizeGradients } from './resizing.ts';
import { endPathsAtWholeNumbers } from './tape.ts';

/** Gradients that TensorFlow.js lacks, has wrong or computes wastefully, for every backend. */
export function registerGradients(tf: Tfjs): void {
	endPathsAtWholeNumbers(tf);
	registerReductionGradients(tf);
	registerReluGradient(tf);
	registerBroadcastGradients(tf);
	registerEinsumGradient(tf);
	registerDilatedGradients(tf);
	registerIndexingGradients(tf);
	registerAvgPoolGradient(tf);
	registerResizeGradients(tf);
}
