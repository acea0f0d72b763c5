import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../../../kernel/compute/index.ts';
import type { RopeScaling, TransformerConfig } from './config.ts';

/** Cosines and sines of the angles by position: [positions, pairs] each. */
export interface Angles {
	readonly cos: Float32Array;
	readonly sin: Float32Array;
	readonly pairs: number;
}

type Rope = Extract<TransformerConfig['positions'], { kind: 'rope' }>;

/** Angles of `count` positions from `first`: position × base^(-2i / size), stretched as the scaling says. */
export function anglesOf({ base, size, scaling }: Rope, count: number, first = 0): Angles {
	const pairs = size / 2;
	const frequencies = Array.from({ length: pairs }, (_, i) => scaled(base ** ((-2 * i) / size), scaling, i));
	const cos = new Float32Array(count * pairs);
	const sin = new Float32Array(count * pairs);
	for (let position = 0; position < count; position++) {
		for (let i = 0; i < pairs; i++) {
			const angle = (first + position) * (frequencies[i] as number);
			cos[position * pairs + i] = Math.cos(angle);
			sin[position * pairs + i] = Math.sin(angle);
		}
	}
	return { cos, sin, pairs };
}

function scaled(frequency: number, scaling: RopeScaling, pair: number): number {
	switch (scaling.kind) {
		case 'none':
			return frequency;
		case 'linear':
			return frequency / scaling.factor;
		case 'divisors':
			return frequency / (scaling.divisors[pair] as number);
		case 'llama3':
			return llama3(frequency, scaling);
	}
}

/** As in Llama 3.1's reference code: by how often the angle went round within the original context. */
function llama3(frequency: number, scaling: Extract<RopeScaling, { kind: 'llama3' }>): number {
	const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalContext } = scaling;
	const turns = (originalContext * frequency) / (2 * Math.PI);
	if (turns < low) return frequency / factor;
	if (turns > high) return frequency;
	const kept = (turns - low) / (high - low);
	return (1 - kept) * (frequency / factor) + kept * frequency;
}

/** Which channels make a pair: 2i with 2i + 1, or i with i + size / 2. */
export type PairLayout = 'interleaved' | 'half_split';

/**
 * Turns the first `2 × pairs` channels of x [..., time, channels] by angles whose cosines and sines [..., time, pairs]
 * broadcast to it.
 */
export function rotate(
	tf: Tfjs,
	x: Tensor,
	cos: Tensor,
	sin: Tensor,
	layout: PairLayout = 'half_split',
): Tensor {
	const pairs = cos.shape.at(-1) as number;
	const channels = x.shape.at(-1) as number;
	const parts = [2 * pairs, channels - 2 * pairs];
	const [turned, rest] = parts[1] === 0 ? [x, null] : tf.split(x, parts, -1);
	const made = (layout === 'half_split' ? halves : neighbours)(tf, turned as Tensor, cos, sin);
	return rest ? tf.concat([made, rest], -1) : made;
}

function halves(tf: Tfjs, x: Tensor, cos: Tensor, sin: Tensor): Tensor {
	const [a, b] = tf.split(x, 2, -1) as [Tensor, Tensor];
	const left = tf.sub(tf.mul(a, cos), tf.mul(b, sin));
	return tf.concat([left, tf.add(tf.mul(b, cos), tf.mul(a, sin))], -1);
}

function neighbours(tf: Tfjs, x: Tensor, cos: Tensor, sin: Tensor): Tensor {
	const pairs = cos.shape.at(-1) as number;
	const [a, b] = tf.unstack(tf.reshape(x, [...x.shape.slice(0, -1), pairs, 2]), -1) as [Tensor, Tensor];
	const left = tf.sub(tf.mul(a, cos), tf.mul(b, sin));
	return tf.reshape(tf.stack([left, tf.add(tf.mul(b, cos), tf.mul(a, sin))], -1), x.shape);
}
