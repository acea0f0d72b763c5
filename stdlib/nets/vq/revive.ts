import type { UniformSource } from '../../../kernel/compute/index.ts';

/** Standard deviation of the noise by which a new code differs from the latent that it is put on, as part of the latents' spread. */
const JITTER = 0.01;

/**
 * Puts every code on a latent drawn at random. Changes `codes` [k, d].
 * @param latents [n, d]
 * @returns the codes that were changed
 */
export function startCodes(
	codes: Float32Array,
	latents: Float32Array,
	d: number,
	random: UniformSource,
): number[] {
	const all = Array.from({ length: codes.length / d }, (_, k) => k);
	place(all, codes, latents, d, random);
	return all;
}

/** Puts codes without a use on latents drawn at random. Changes `codes`. */
export function reviveCodes(
	codes: Float32Array,
	uses: Float32Array,
	latents: Float32Array,
	d: number,
	random: UniformSource,
): number[] {
	const dead = Array.from({ length: codes.length / d }, (_, k) => k).filter((k) => uses[k] === 0);
	place(dead, codes, latents, d, random);
	return dead;
}

function place(
	which: readonly number[],
	codes: Float32Array,
	latents: Float32Array,
	d: number,
	random: UniformSource,
): void {
	const spread = JITTER * deviation(latents);
	for (const k of which) {
		const from = Math.floor(random.next() * (latents.length / d)) * d;
		for (let i = 0; i < d; i++) {
			// A triangular draw is noise enough, and needs no logarithm.
			const noise = random.next() - random.next();
			codes[k * d + i] = (latents[from + i] as number) + spread * noise;
		}
	}
}

function deviation(values: Float32Array): number {
	let sum = 0;
	let squares = 0;
	for (const value of values) {
		sum += value;
		squares += value * value;
	}
	const average = sum / values.length;
	return Math.sqrt(Math.max(0, squares / values.length - average * average));
}
