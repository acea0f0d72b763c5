/**
 * `assay/tf`: TensorFlow.js on the best device at hand (`ASSAY_DEVICE` chooses another), with a seeded generator.
 *
 *     import * as tf from 'assay/tf';
 *     const weights = tf.random(0, 'weights').normal([784, 128]);
 */
import { randomStream } from '../stdlib/random.ts';
import { openCompute } from './compute/index.ts';
import { type TensorDraws, tensorDraws } from './compute/random.ts';

export * from '@tensorflow/tfjs';

const compute = await openCompute();

/** Where tensors live: `onnx`, `webgpu`, … */
export const device = compute.device;

/** Draws from the stream of that name under a root seed: the same numbers on every device. */
export const random = (seed: number, stream: string): TensorDraws =>
	tensorDraws(compute.tf, randomStream(seed, stream));
