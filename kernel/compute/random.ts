import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { Tfjs } from './tfjs.ts';

/** A stream of uniform numbers in [0, 1): the library's `randomStream(root, name)` is one. */
export interface UniformSource {
	next(): number;
}

/** Random tensors drawn on the host from one stream: the same numbers on every device. All float32 unless said. */
export interface TensorDraws {
	/** Uniform in [low, high). */
	uniform(shape: number[], low?: number, high?: number): Tensor;
	normal(shape: number[], mean?: number, sd?: number): Tensor;
	/** Normal, drawn again where it falls beyond two standard deviations. */
	truncatedNormal(shape: number[], mean?: number, sd?: number): Tensor;
	/** Standard Gumbel, -ln(-ln u). */
	gumbel(shape: number[]): Tensor;
	/** `n` draws a row of unnormalised log-probabilities [rows, classes], by Gumbel-max: int32 [rows, n]. */
	categorical(logits: Tensor2D, n?: number): Tensor2D;
	/** A shuffled 0 … n-1 (Fisher–Yates): int32 [n]. */
	permutation(n: number): Tensor1D;
}

export function tensorDraws(tf: Tfjs, source: UniformSource): TensorDraws {
	const filled = (shape: number[], draw: () => number): Tensor => {
		const values = new Float32Array(shape.reduce((size, d) => size * d, 1));
		for (let i = 0; i < values.length; i++) values[i] = draw();
		return tf.tensor(values, shape, 'float32');
	};
	const normal = polar(source);
	const truncated = (): number => {
		for (;;) {
			const z = normal();
			if (Math.abs(z) <= 2) return z;
		}
	};
	const gumbel = (): number => -Math.log(-Math.log(open(source)));
	return {
		uniform: (shape, low = 0, high = 1) => filled(shape, () => low + (high - low) * below1(source)),
		normal: (shape, mean = 0, sd = 1) => filled(shape, () => mean + sd * normal()),
		truncatedNormal: (shape, mean = 0, sd = 1) => filled(shape, () => mean + sd * truncated()),
		gumbel: (shape) => filled(shape, gumbel),
		categorical: (logits, n = 1) =>
			tf.tidy(() => {
				const [rows, classes] = logits.shape;
				const noise = filled([rows, n, classes], gumbel);
				return tf.argMax(tf.add(tf.expandDims(logits, 1), noise), -1) as Tensor2D;
			}),
		permutation: (n) => tf.tensor1d(shuffled(n, source), 'int32'),
	};
}

/** The polar method (Marsaglia & Bray 1964), which yields two normals a time. */
function polar(source: UniformSource): () => number {
	let spare: number | null = null;
	return () => {
		if (spare !== null) {
			const kept = spare;
			spare = null;
			return kept;
		}
		for (;;) {
			const u = 2 * source.next() - 1;
			const v = 2 * source.next() - 1;
			const s = u * u + v * v;
			if (s > 0 && s < 1) {
				const scale = Math.sqrt((-2 * Math.log(s)) / s);
				spare = v * scale;
				return u * scale;
			}
		}
	};
}

/** Never 0, whose logarithm is infinite. */
function open(source: UniformSource): number {
	for (;;) {
		const u = source.next();
		if (u > 0) return u;
	}
}

/** Never rounded up to 1 in single precision. */
const below1 = (source: UniformSource): number => Math.min(source.next(), 1 - 2 ** -24);

function shuffled(n: number, source: UniformSource): Int32Array {
	const order = Int32Array.from({ length: n }, (_, i) => i);
	for (let i = n - 1; i > 0; i--) {
		const j = Math.floor(source.next() * (i + 1));
		const held = order[i] as number;
		order[i] = order[j] as number;
		order[j] = held;
	}
	return order;
}
