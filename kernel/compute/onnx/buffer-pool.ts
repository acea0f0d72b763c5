import type { Tensor as OrtTensor } from 'onnxruntime-common';
import { OutOfMemoryError } from '../out-of-memory.ts';
import type { Ort } from './ort.ts';
import { arrayFor, BYTES, type Info } from './value.ts';

/**
 * Memory that outputs are written to, used again when its tensor is disposed: a training step allocates nothing.
 * What is free is bounded; the longest unused goes first, and what was unused while much else was given back goes too: memory
 * of shapes that do not come again.
 */
export class BufferPool {
	private readonly ort: Ort;
	private readonly limitBytes: number;
	/** In the order of their last use. */
	private readonly free = new Map<string, OrtTensor[]>();
	private freeBytes = 0;
	/** Buffers given back so far, and for each size how many there had been when it was last used. */
	private given = 0;
	private readonly usedAt = new Map<string, number>();

	constructor(ort: Ort, limitBytes: number) {
		this.ort = ort;
		this.limitBytes = limitBytes;
	}

	take(info: Info, size: number, what: string): OrtTensor {
		const { dtype, shape } = info;
		const key = `${dtype}${size}`;
		const kept = this.free.get(key)?.pop();
		if (kept) {
			this.usedAt.set(key, this.given);
			this.freeBytes -= size * BYTES[dtype];
			if (sameShape(kept.dims, shape)) return kept;
			return new this.ort.Tensor(dtype as 'float32', kept.data as Float32Array, shape);
		}
		try {
			return new this.ort.Tensor(dtype as 'float32', arrayFor(dtype, size) as Float32Array, shape);
		} catch (error) {
			throw new OutOfMemoryError(size * BYTES[dtype], what, error);
		}
	}

	give(tensor: OrtTensor): void {
		const dtype = tensor.type as Info['dtype'];
		const key = `${dtype}${tensor.size}`;
		const list = this.free.get(key) ?? [];
		list.push(tensor);
		this.free.delete(key);
		this.free.set(key, list);
		this.freeBytes += tensor.size * BYTES[dtype];
		this.usedAt.set(key, this.given++);
		while (this.freeBytes > this.limitBytes) this.dropOldest();
		if (this.given % SWEEP === 0) this.dropStale();
	}

	/** Sizes of which none was taken or given back for long. */
	private dropStale(): void {
		for (const [key, at] of this.usedAt) {
			if (this.given - at < STALE) continue;
			const list = this.free.get(key) ?? [];
			this.freeBytes -= list.reduce((sum, { size, type }) => sum + size * BYTES[type as Info['dtype']], 0);
			this.free.delete(key);
			this.usedAt.delete(key);
		}
	}

	get bytes(): number {
		return this.freeBytes;
	}

	clear(): void {
		this.free.clear();
		this.freeBytes = 0;
	}

	private dropOldest(): void {
		for (const [key, list] of this.free) {
			const dropped = list.pop();
			if (dropped) {
				this.freeBytes -= dropped.size * BYTES[dropped.type as Info['dtype']];
				return;
			}
			this.free.delete(key);
		}
	}
}

/** Buffers that are given back between two looks for stale ones, and after which one is: a few training steps. */
const SWEEP = 1024;
const STALE = 4096;

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
	a.length === b.length && a.every((dim, i) => dim === b[i]);
