import { createHash } from 'node:crypto';

/** Seeded random numbers: the same draws on every machine and backend. */
export interface Random {
	/** Uniform in [0, 1), 53 bits. */
	next(): number;
	/** Uniform whole number in [0, n). */
	below(n: number): number;
	/** Standard normal. */
	normal(): number;
	/** A shuffled 0 … n-1 (Fisher–Yates). */
	permutation(n: number): Int32Array;
}

/** A 32-bit seed for a name under a root seed; independent names give independent streams. */
export function deriveSeed(root: number, name: string): number {
	return createHash('sha256').update(`${root}\u0000${name}`).digest().readUInt32LE(0);
}

/** xoshiro128** (Blackman & Vigna 2018), its state filled from sha256(root, stream). */
export function randomStream(root: number, stream: string): Random {
	const digest = createHash('sha256').update(`${root}\u0000${stream}`).digest();
	let a = digest.readUInt32LE(0);
	let b = digest.readUInt32LE(4);
	let c = digest.readUInt32LE(8);
	let d = digest.readUInt32LE(12) | 1;

	const word = (): number => {
		const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9);
		const t = b << 9;
		c ^= a;
		d ^= b;
		b ^= c;
		a ^= d;
		c ^= t;
		d = rotate(d, 11);
		return scrambled >>> 0;
	};
	const next = (): number => ((word() >>> 5) * 67108864 + (word() >>> 6)) / 9007199254740992;
	const below = (n: number): number => Math.floor(next() * n);
	return {
		next,
		below,
		normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
		permutation: (n) => {
			const order = Int32Array.from({ length: n }, (_, i) => i);
			for (let i = n - 1; i > 0; i--) {
				const j = below(i + 1);
				const held = order[i] as number;
				order[i] = order[j] as number;
				order[j] = held;
			}
			return order;
		},
	};
}

const rotate = (x: number, k: number): number => (x << k) | (x >>> (32 - k));
