import type { Tensor } from '@tensorflow/tfjs';
import { gelu, standardised, type Tfjs } from '../../../kernel/compute/index.ts';
import type { TransformerConfig } from './config.ts';

/** √2 / √π and the cubic's factor of GELU's approximation (Hendrycks & Gimpel 2016, arXiv:1606.08415, section 2). */
const TANH_SCALE = Math.sqrt(2 / Math.PI);
const TANH_CUBIC = 0.044715;

/** (x - mean) / √(variance + ε) × gain + bias over the last axis, the variance that of the population. */
export function layerNorm(tf: Tfjs, x: Tensor, gain: Tensor, bias: Tensor, epsilon: number): Tensor {
	return tf.add(tf.mul(standardised(tf, x, epsilon), gain), bias);
}

/** x / √(mean of squares + ε) × gain over the last axis (Zhang & Sennrich 2019, arXiv:1910.07467). */
export function rmsNorm(tf: Tfjs, x: Tensor, gain: Tensor, epsilon: number): Tensor {
	const squares = tf.mean(tf.square(x), -1, true);
	return tf.mul(tf.mul(x, tf.rsqrt(tf.add(squares, epsilon))), gain);
}

/** x Φ(x) exactly, its approximation by tanh, or x σ(x). */
export function activate(tf: Tfjs, x: Tensor, activation: TransformerConfig['activation']): Tensor {
	switch (activation) {
		case 'gelu':
			return gelu(tf, x);
		case 'gelu_tanh': {
			const cubic = tf.mul(tf.mul(tf.square(x), x), TANH_CUBIC);
			return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(tf.mul(tf.add(x, cubic), TANH_SCALE)), 1));
		}
		case 'silu':
			return tf.mul(x, tf.sigmoid(x));
	}
}

/** Keys and values of some places: [rows, key-value heads, places, d] each. */
export interface KeyValues {
	readonly keys: Tensor;
	readonly values: Tensor;
}

/**
 * softmax(q kᵀ / √d + mask) v, heads of queries in groups that share keys and values.
 * @param q [rows, heads, time, d]
 * @param seen what may be looked at, in stretches that follow each other; they are not copied together
 * @param mask added to the scores: broadcasts to [rows, key-value heads, group, time, places of all stretches]
 * @returns [rows, heads, time, d]
 */
export function groupedAttention(tf: Tfjs, q: Tensor, seen: readonly KeyValues[], mask: Tensor): Tensor {
	const [rows, heads, time, d] = q.shape as [number, number, number, number];
	const keyHeads = seen[0]?.keys.shape[1] as number;
	const group = heads / keyHeads;
	const grouped = tf.reshape(tf.mul(q, 1 / Math.sqrt(d)), [rows, keyHeads, group * time, d]);
	const scores = joined(
		tf,
		seen.map(({ keys }) => tf.matMul(grouped, keys, false, true)),
	);
	const places = scores.shape.at(-1) as number;
	const masked = tf.add(tf.reshape(scores, [rows, keyHeads, group, time, places]), mask);
	const shares = tf.reshape(tf.softmax(masked), [rows, keyHeads, group * time, places]);
	const lengths = seen.map(({ keys }) => keys.shape[2] as number);
	const parts = seen.length === 1 ? [shares] : tf.split(shares, lengths, -1);
	const mixed = seen.map(({ values }, i) => tf.matMul(parts[i] as Tensor, values));
	return tf.reshape(mixed.length === 1 ? (mixed[0] as Tensor) : tf.addN(mixed), [rows, heads, time, d]);
}

const joined = (tf: Tfjs, parts: readonly Tensor[]): Tensor =>
	parts.length === 1 ? (parts[0] as Tensor) : tf.concat([...parts], -1);

/** Far enough below every score that softmax makes it exactly 0. */
export const MASKED = -1e9;

/** 0 where a place may look, `MASKED` where a later one is: [time, time]. */
export function causalMask(tf: Tfjs, time: number): Tensor {
	const values = Float32Array.from({ length: time * time }, (_, i) =>
		i % time > Math.floor(i / time) ? MASKED : 0,
	);
	return tf.tensor(values, [time, time]);
}
