import type { Tfjs } from '../../../kernel/compute/index.ts';
import type { TransformerConfig } from '../../nets/transformer/config.ts';
import { anglesOf } from '../../nets/transformer/rope.ts';

/** Cosines and sines of places from 0, or null where positions are learned. */
export function anglesUpTo(tf: Tfjs, { positions }: TransformerConfig, length: number) {
	if (positions.kind !== 'rope') return null;
	const { cos, sin, pairs } = anglesOf(positions, length);
	return { cos: tf.tensor2d(cos, [length, pairs]), sin: tf.tensor2d(sin, [length, pairs]) };
}
