import type { Tfjs } from '../../tfjs.ts';
import { LOOPS_MODULE } from './loops-module.ts';

/** Loops over rows of channels in the backend's memory (`loops.wat`). Pointers and steps from row to row are in bytes. */
interface Loops {
	/** out[row][c] += scale · x[row][c] */
	addScaled(
		out: number,
		outStep: number,
		x: number,
		xStep: number,
		scale: number,
		count: number,
		channels: number,
	): void;
	/** out[row][c] += weights[c] · x[row][c] */
	addWeighted(
		out: number,
		outStep: number,
		x: number,
		xStep: number,
		weights: number,
		count: number,
		channels: number,
	): void;
	/**
	 * Windows of `tapRows` × `tapColumns` places side by side: out += dy at the first place, in reading order, whose x is most.
	 * `out` is laid out as `x`, `dy` as `most`. Where no place is in two windows, a `fresh` out (1) need not hold zeros.
	 */
	addToFirst(
		out: number,
		x: number,
		pixelStep: number,
		most: number,
		dy: number,
		step: number,
		tapRows: number,
		tapColumns: number,
		rowStep: number,
		tapStep: number,
		count: number,
		channels: number,
		fresh: number,
	): void;
	/** out[i] = dy[i] where y[i] > 0, and 0 elsewhere */
	passPositive(out: number, dy: number, y: number, count: number): void;
	/** sums[c] += Σ x[row][c] · y[row][c] */
	addProducts(
		sums: number,
		x: number,
		xStep: number,
		y: number,
		yStep: number,
		count: number,
		channels: number,
	): void;
	/** out[c][row] = x[row][c]; `outStep` leads from one channel to the next. */
	transpose(out: number, outStep: number, x: number, xStep: number, count: number, channels: number): void;
}

/** Of the wasm backend's inside; the package's version is pinned. */
interface Backend {
	readonly wasm: { readonly asm: { readonly memory: object } };
}

/** Its types come with browsers only. */
const { WebAssembly } = globalThis as unknown as {
	readonly WebAssembly: {
		readonly Module: new (bytes: Uint8Array) => object;
		readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
	};
};

const known = new WeakMap<object, Loops>();

export function loopsOf(tf: Tfjs): Loops {
	const { memory } = (tf.findBackend('wasm') as unknown as Backend).wasm.asm;
	let loops = known.get(memory);
	if (!loops) {
		const module = new WebAssembly.Module(Buffer.from(LOOPS_MODULE, 'base64'));
		loops = new WebAssembly.Instance(module, { backend: { memory } }).exports as Loops;
		known.set(memory, loops);
	}
	return loops;
}

/** Where a number of a view of the backend's memory is. */
export const pointer = (view: Float32Array, index: number): number => view.byteOffset + 4 * index;
