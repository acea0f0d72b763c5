import { convolutions } from './convolutions.ts';
import { elementwise } from './elementwise.ts';
import { indexing } from './indexing.ts';
import type { KernelCase } from './kernel-case.ts';
import { normalisation } from './normalisation.ts';
import { products } from './products.ts';
import { reductions } from './reductions.ts';
import { shapes } from './shapes.ts';

export const KERNEL_CASES: readonly KernelCase[] = [
	...elementwise,
	...reductions,
	...shapes,
	...products,
	...normalisation,
	...convolutions,
	...indexing,
];
