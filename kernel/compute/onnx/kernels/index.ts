import type { Kernel } from '../kernel.ts';
import { contractions } from './contractions.ts';
import { convolutions } from './convolution.ts';
import { depthwise } from './depthwise.ts';
import { elementwise } from './elementwise.ts';
import { indexing } from './indexing.ts';
import { matmuls } from './matmul.ts';
import { pooling } from './pooling.ts';
import { reductions } from './reductions.ts';
import { resizing } from './resizing.ts';
import { shapes } from './shapes.ts';
import { softmaxes } from './softmax.ts';
import { standardise } from './standardise.ts';

/** Every kernel that is recorded and lowered to ONNX; the rest fall back. */
export const KERNELS: readonly Kernel[] = [
	...elementwise,
	...reductions,
	...matmuls,
	...shapes,
	...softmaxes,
	standardise,
	...convolutions,
	...depthwise,
	...pooling,
	...indexing,
	...resizing,
	...contractions,
];
