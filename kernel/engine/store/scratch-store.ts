import type { ModelResult } from '../../../stdlib/models/provider.ts';
import type { Missing } from '../../../stdlib/values/missing.ts';
import type { RunEvent } from '../events.ts';
import type { RunAtWork, RunInfo, RunOutcome, StepTrace, Store, StoredCall, StoreStats } from './store.ts';

/**
 * Reads another store and writes beside it, into one that is forgotten: for who makes a study's results again out of what
 * is kept, and leaves no trace of having looked. What is said of the store as a whole is said of the one that is read.
 */
export class ScratchStore implements Store {
	private readonly base: Store;
	private readonly scratch: Store;

	/** @param scratch takes what is written; both are closed with this one */
	constructor(base: Store, scratch: Store) {
		this.base = base;
		this.scratch = scratch;
	}

	get path(): string {
		return this.base.path;
	}

	get isOpen(): boolean {
		return this.base.isOpen;
	}

	get failure(): Error | null {
		return this.scratch.failure;
	}

	getCall(key: string): StoredCall | undefined {
		return this.scratch.getCall(key) ?? this.base.getCall(key);
	}

	getResult(key: string, scope?: string): ModelResult | Missing | undefined {
		const found = this.base.getResult(key);
		if (found === undefined) return this.scratch.getResult(key, scope);
		if (scope !== undefined) this.scratch.useCall(scope, key);
		return found;
	}

	putCall(key: string, call: StoredCall, scope?: string): void {
		this.scratch.putCall(key, call, scope);
	}

	useCall(scope: string, key: string): void {
		this.scratch.useCall(scope, key);
	}

	/** Merged from two ascending sequences, so that none has to be held. */
	*usedCalls(scopes: Iterable<string>): IterableIterator<string> {
		const asked = [...scopes];
		const [left, right] = [this.base.usedCalls(asked), this.scratch.usedCalls(asked)];
		let [a, b] = [left.next(), right.next()];
		while (!a.done || !b.done) {
			const key = b.done || (!a.done && a.value <= b.value) ? (a.value as string) : (b.value as string);
			yield key;
			if (!a.done && a.value === key) a = left.next();
			if (!b.done && b.value === key) b = right.next();
		}
	}

	flush(): void {
		this.scratch.flush();
	}

	getStep(key: string): { readonly meta: unknown; readonly chunks: number } | undefined {
		return this.scratch.getStep(key) ?? this.base.getStep(key);
	}

	readChunk(key: string, index: number): Uint8Array {
		return (this.scratch.getStep(key) ? this.scratch : this.base).readChunk(key, index);
	}

	writeStep(key: string, meta: unknown, chunks: Iterable<Uint8Array>): void {
		this.scratch.writeStep(key, meta, chunks);
	}

	lastTrace(program: string): Map<string, StepTrace> {
		return this.base.lastTrace(program);
	}

	recordTrace(program: string, trace: StepTrace): void {
		this.scratch.recordTrace(program, trace);
	}

	beginRun(info: { readonly program: string; readonly title: string; readonly details?: unknown }): string {
		return this.scratch.beginRun(info);
	}

	appendEvent(run: string, event: RunEvent): void {
		this.scratch.appendEvent(run, event);
	}

	endRun(run: string, outcome: RunOutcome, summary: unknown): void {
		this.scratch.endRun(run, outcome, summary);
	}

	runs(): RunInfo[] {
		return this.base.runs();
	}

	atWork(program: string): RunAtWork[] {
		return this.base.atWork(program);
	}

	events(run: string): IterableIterator<RunEvent> {
		return this.base.events(run);
	}

	putArtefact(bytes: Uint8Array): string {
		return this.scratch.putArtefact(bytes);
	}

	getArtefact(sha256: string): Uint8Array | undefined {
		return this.scratch.getArtefact(sha256) ?? this.base.getArtefact(sha256);
	}

	stats(): StoreStats {
		return this.base.stats();
	}

	verify(): string[] {
		return this.base.verify();
	}

	gc(): { readonly steps: number; readonly artefacts: number; readonly bytes: number } {
		return this.base.gc();
	}

	close(): void {
		try {
			this.scratch.close();
		} finally {
			this.base.close();
		}
	}
}
