import type { Awaitable } from '../models/provider.ts';
import type { BatchTensors } from './family.ts';

/** A data set in batches, in order; each batch's tensors are gone when the next one is taken. */
export class Measured implements AsyncIterable<BatchTensors> {
	private readonly length: number;
	private readonly size: number;
	private readonly load: (from: number, count: number) => Awaitable<BatchTensors>;
	private readonly between: () => Promise<unknown>;

	/** @param between runs after each batch; what it throws ends the measurement */
	constructor(
		length: number,
		size: number,
		load: (from: number, count: number) => Awaitable<BatchTensors>,
		between: () => Promise<unknown>,
	) {
		this.length = length;
		this.size = size;
		this.load = load;
		this.between = between;
	}

	async *[Symbol.asyncIterator](): AsyncIterator<BatchTensors> {
		for (let from = 0; from < this.length; from += this.size) {
			const count = Math.min(this.size, this.length - from);
			const batch = await this.load(from, count);
			try {
				yield batch;
			} finally {
				for (const tensor of Object.values(batch)) tensor.dispose();
			}
			await this.between();
		}
	}
}
