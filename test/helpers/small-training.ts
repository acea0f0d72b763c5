import { mnist } from '../../stdlib/data/mnist/mnist.ts';
import { standardLibrary } from '../../stdlib/index.ts';
import type { Trainable } from '../../stdlib/training/family.ts';
import { testContext } from './run-context.ts';

const context = testContext();

/** A function of the library, as a study calls it. */
export const call = (name: string, args: Record<string, unknown>): unknown =>
	standardLibrary.functions.get(name)?.run(args, context);

/** Digits of eight by eight pixels. */
export const { train: digits } = mnist([8, 8]);
export const few = digits.take(Int32Array.from({ length: 100 }, (_, i) => i));

/** Everything that a step can carry from one to the next: moving averages, a normalised batch, codes that are revived. */
export const codes = call('vqvae', {
	encoder: (x: unknown) => call('batch_norm', { x: call('conv', { x, channels: 4, stride: 4 }) }),
	decoder: (x: unknown) => call('conv_transpose', { x, channels: 1, stride: 4, kernel: 4 }),
	codes: 8,
	revive: 3,
}) as Trainable;
