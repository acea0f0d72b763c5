import type { ModelIdentity, ModelRequest, ModelResult } from '../../../stdlib/models/provider.ts';
import type { Missing } from '../../../stdlib/values/missing.ts';
import type { RunEvent } from '../events.ts';
import { SqliteStore } from './sqlite-store.ts';

/** One answer of a model. Refusals are kept, as asking again would be paid again; failures are not. */
export interface StoredCall {
	readonly model: ModelIdentity;
	readonly kind: ModelRequest['kind'];
	/** Canonical JSON of what was asked (`requestText`): with the identity it hashes to the call's key. */
	readonly request: string;
	readonly outcome: ModelResult | Missing;
	/** null when the price was not known. */
	readonly usd: number | null;
	readonly seconds: number;
	/** Milliseconds since 1970 by the clock on the wall; shown, never used for an order. */
	readonly at: number;
}

/** What a run recorded of a step, so that the next plan can say why the step will run. */
export interface StepTrace {
	readonly step: string;
	readonly key: string;
	/** Hash of the step's body without versions and inputs. */
	readonly bodyHash: string;
	readonly versions: Readonly<Record<string, string>>;
	/** Local name → key of the input. */
	readonly inputs: Readonly<Record<string, string>>;
	readonly fingerprints: Readonly<Record<string, string>>;
	readonly status: 'done' | 'partial' | 'failed';
	/** Rows without a value because of a failure. */
	readonly failed: number;
}

export type RunOutcome = 'done' | 'partial' | 'budget' | 'interrupted' | 'failed';

export interface RunInfo {
	readonly id: string;
	readonly program: string;
	readonly title: string;
	/** Milliseconds since 1970. */
	readonly startedAt: number;
	/** null while it runs, and for ever when it was killed. */
	readonly endedAt: number | null;
	readonly outcome: RunOutcome | null;
	/** What `beginRun` and `endRun` were given, plain JSON. */
	readonly details: unknown;
	readonly summary: unknown;
}

/** What `beginRun` was given as `pid` in its details. */
export interface RunAtWork {
	readonly startedAt: number;
	readonly pid: number;
}

export interface StoreOptions {
	readonly readOnly?: boolean;
	/** Cassettes that are read before the store; they are never written to. */
	readonly cassettes?: readonly string[];
	/** How long a write waits for another process's write, in milliseconds. */
	readonly busyMs?: number;
	/** Where keys are looked for, so that none is written. */
	readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Calls, finished steps and runs of one folder. Writes are gathered and committed when the event loop's turn ends, but not
 * sooner than 5 ms after the last commit, and where they come in a flood 20 ms: a `kill -9` loses at most what came back in
 * that time. Several processes may have one store open.
 *
 * Errors of the disk and of the file are `UserError`s. One that strikes in the background is thrown by the next call of a
 * method, and what could not be written is kept and tried again with the next `flush`.
 */
export interface Store {
	readonly path: string;
	/** False once it was closed. */
	readonly isOpen: boolean;
	/** Why writing does not work at present, or null. */
	readonly failure: Error | null;

	/** A key is the sha256 of a call in hex. */
	getCall(key: string): StoredCall | undefined;
	/** Only the outcome: the way that a million rows take. A `scope` records that it used this call. */
	getResult(key: string, scope?: string): ModelResult | Missing | undefined;
	putCall(key: string, call: StoredCall, scope?: string): void;
	/** Records that a scope, mostly the key of a step, used a call that is in the store. */
	useCall(scope: string, key: string): void;
	/** Keys of the calls that these scopes used, each once, in ascending order. */
	usedCalls(scopes: Iterable<string>): IterableIterator<string>;
	/** Commits everything that waits. */
	flush(): void;

	getStep(key: string): { readonly meta: unknown; readonly chunks: number } | undefined;
	readChunk(key: string, index: number): Uint8Array;
	/** Visible as a whole or not at all; replaces what was there. Chunks are taken one at a time. */
	writeStep(key: string, meta: unknown, chunks: Iterable<Uint8Array>): void;

	/** The latest trace of every step of a program, by the step's id. */
	lastTrace(program: string): Map<string, StepTrace>;
	recordTrace(program: string, trace: StepTrace): void;

	/** The new run's id. `details` is plain JSON. */
	beginRun(info: { readonly program: string; readonly title: string; readonly details?: unknown }): string;
	appendEvent(run: string, event: RunEvent): void;
	endRun(run: string, outcome: RunOutcome, summary: unknown): void;
	/** Latest first. */
	runs(): RunInfo[];
	/** Runs of a program in other processes that go on, as far as can be told; latest first. */
	atWork(program: string): RunAtWork[];
	events(run: string): IterableIterator<RunEvent>;

	/** The sha256 of the bytes, in hex. */
	putArtefact(bytes: Uint8Array): string;
	getArtefact(sha256: string): Uint8Array | undefined;

	stats(): StoreStats;
	/** Reads everything and lists what is wrong, in sentences; empty when nothing is. */
	verify(): string[];
	/** Drops finished steps that no program's last run used, and what was left by killed runs. Paid calls are kept. */
	gc(): { readonly steps: number; readonly artefacts: number; readonly bytes: number };
	close(): void;
}

export interface StoreStats {
	readonly path: string;
	readonly bytes: number;
	readonly calls: number;
	readonly steps: number;
	readonly runs: number;
	readonly artefacts: { readonly count: number; readonly bytes: number };
	readonly models: readonly { readonly model: ModelIdentity; readonly calls: number; readonly usd: number }[];
}

/**
 * Opens the store at `path` (mostly `.assay/store.db`), making it and its folder when they are not there. The path
 * `:memory:` is a store that is gone when it is closed.
 */
export function openStore(path: string, options: StoreOptions = {}): Store {
	return new SqliteStore(path, options);
}
