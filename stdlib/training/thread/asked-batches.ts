import type { BatchSource } from '../batch-source.ts';
import type { Batch } from '../batches.ts';
import type { Host } from './host.ts';

/** Batches that the thread with the data makes. */
export class AskedBatches implements BatchSource {
	readonly perEpoch: number;
	readonly measuredRows: number;
	private readonly host: Host;
	private readonly coming = new Map<number, Promise<Batch>>();

	constructor(host: Host, lengths: { readonly perEpoch: number; readonly measuredRows: number }) {
		this.host = host;
		this.perEpoch = lengths.perEpoch;
		this.measuredRows = lengths.measuredRows;
	}

	prepare(step: number): void {
		if (!this.coming.has(step)) this.coming.set(step, this.host.ask('batch', { step }));
	}

	take(step: number): Promise<Batch> {
		const batch = this.coming.get(step) ?? this.host.ask('batch', { step });
		this.coming.delete(step);
		return batch;
	}

	measured(from: number, count: number): Promise<Batch> {
		return this.host.ask('measured', { from, count });
	}
}
