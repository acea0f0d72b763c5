import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { UserError } from '../../../stdlib/define.ts';
import type { ModelResult } from '../../../stdlib/models/provider.ts';
import type { Missing } from '../../../stdlib/values/missing.ts';
import { createRedact, createRedactBytes } from '../calls/redact.ts';
import type { RunEvent } from '../events.ts';
import { Artefacts } from './artefacts.ts';
import { type CallRecord, CallTable, storedCall } from './call-table.ts';
import { identityText } from './canonical.ts';
import { cassetteTable } from './cassette-layer.ts';
import { CommitSchedule } from './commit-schedule.ts';
import { storeError } from './errors.ts';
import { Journal } from './journal.ts';
import { readStats, verifyStore } from './maintenance.ts';
import { encodeOutcome } from './outcome.ts';
import { keyBytes, keyHex } from './packing.ts';
import { openDatabase } from './schema.ts';
import { Steps } from './steps.ts';
import type {
	RunAtWork,
	RunInfo,
	RunOutcome,
	StepTrace,
	Store,
	StoredCall,
	StoreOptions,
	StoreStats,
} from './store.ts';
import { Transactions } from './transaction.ts';
import { Usage } from './usage.ts';

const BUSY_MS = 20_000;

interface Waiting {
	readonly call: StoredCall;
	readonly scopes: string[];
}

export class SqliteStore implements Store {
	readonly path: string;
	failure: Error | null = null;
	isOpen = true;
	private readonly db: DatabaseSync;
	private readonly transactions: Transactions;
	private readonly calls: CallTable;
	private readonly cassettes: readonly CallTable[];
	private readonly usage: Usage;
	private readonly steps: Steps;
	private readonly journal: Journal;
	private readonly artefacts: Artefacts;
	private readonly readOnly: boolean;
	private readonly redactBytes: (bytes: Uint8Array) => Uint8Array;
	private readonly redactText: (text: string) => string;
	private waitingCalls = new Map<string, Waiting>();
	private waitingEvents: [run: string, event: string][] = [];
	private readonly schedule: CommitSchedule;
	private askedTables = 0;

	constructor(path: string, options: StoreOptions) {
		this.path = path;
		this.readOnly = options.readOnly ?? false;
		this.redactText = createRedact(options.env);
		this.redactBytes = createRedactBytes(options.env);
		if (this.readOnly && path !== ':memory:' && !existsSync(path)) {
			throw new UserError(`there is no store at ${path}`, 'A run makes one; or name another with --store.');
		}
		try {
			this.db = openDatabase(path, { readOnly: this.readOnly, busyMs: options.busyMs ?? BUSY_MS });
			this.transactions = new Transactions(this.db);
			this.calls = new CallTable(this.db);
		} catch (error) {
			throw storeError(error, path);
		}
		this.schedule = new CommitSchedule(
			() => this.waitingCalls.size,
			() => this.commitWhatWaits(),
		);
		this.usage = new Usage(this.db);
		this.steps = new Steps(this.db, this.transactions);
		this.journal = new Journal(this.db);
		this.artefacts = new Artefacts(path === ':memory:' ? null : join(dirname(path), 'artefacts'));
		this.cassettes = (options.cassettes ?? []).map(cassetteTable);
		openStores.add(this);
	}

	getCall(key: string): StoredCall | undefined {
		const waiting = this.waitingCalls.get(key);
		if (waiting) return waiting.call;
		return this.guard(() => {
			for (const table of [...this.cassettes, this.calls]) {
				const id = table.find(key);
				const record = id === undefined ? undefined : table.record(id);
				if (record) return storedCall(record);
			}
			return undefined;
		});
	}

	getResult(key: string, scope?: string): ModelResult | Missing | undefined {
		try {
			if (this.waitingCalls.size > 0) {
				const waiting = this.waitingCalls.get(key);
				if (waiting) {
					if (scope !== undefined && !waiting.scopes.includes(scope)) waiting.scopes.push(scope);
					return waiting.call.outcome;
				}
			}
			for (const cassette of this.cassettes) {
				const found = cassette.outcome(key);
				if (!found) continue;
				if (scope !== undefined) this.noteForeignUse(scope, key);
				return found.outcome;
			}
			const found = this.calls.outcome(key);
			if (found && scope !== undefined) this.noteUse(scope, found.id);
			return found?.outcome;
		} catch (error) {
			throw storeError(error, this.path);
		}
	}

	putCall(key: string, call: StoredCall, scope?: string): void {
		// It waits even when the disk is full: there may be room again before the process ends.
		if (!this.readOnly) this.waitingCalls.set(key, { call, scopes: scope === undefined ? [] : [scope] });
		this.mustWrite();
		this.commitSoon();
	}

	useCall(scope: string, key: string): void {
		const waiting = this.waitingCalls.get(key);
		if (waiting) {
			if (!waiting.scopes.includes(scope)) waiting.scopes.push(scope);
			return;
		}
		const id = this.guard(() => this.calls.find(key));
		if (id === undefined) this.noteForeignUse(scope, key);
		else this.noteUse(scope, id);
	}

	*usedCalls(scopes: Iterable<string>): IterableIterator<string> {
		if (!this.readOnly) this.flush();
		const { ids, keys } = this.guard(() => this.usage.read(scopes));
		// SQLite sorts outside of memory; a temporary table is private to this connection.
		const table = `asked_${this.askedTables++}`;
		this.db.exec(`CREATE TEMP TABLE ${table} (key BLOB PRIMARY KEY) WITHOUT ROWID`);
		try {
			const add = this.db.prepare(`INSERT OR IGNORE INTO ${table} SELECT key FROM calls WHERE id = ?`);
			const addKey = this.db.prepare(`INSERT OR IGNORE INTO ${table} VALUES (?)`);
			this.db.exec('BEGIN');
			for (const id of ids) add.run(id);
			for (const key of keys) addKey.run(keyBytes(key));
			this.db.exec('COMMIT');
			for (const row of this.db.prepare(`SELECT key FROM ${table} ORDER BY key`).iterate()) {
				yield keyHex(row.key as Uint8Array);
			}
		} finally {
			this.db.exec(`DROP TABLE ${table}`);
		}
	}

	flush(): void {
		this.mustWrite();
		this.commit(true);
	}

	getStep(key: string): { readonly meta: unknown; readonly chunks: number } | undefined {
		return this.guard(() => this.steps.get(key));
	}

	readChunk(key: string, index: number): Uint8Array {
		return this.guard(() => this.steps.readChunk(key, index));
	}

	writeStep(key: string, meta: unknown, chunks: Iterable<Uint8Array>): void {
		this.flush();
		const clean = function* (redact: (bytes: Uint8Array) => Uint8Array) {
			for (const chunk of chunks) yield redact(chunk);
		};
		this.guard(() =>
			this.steps.write(key, this.json(meta), clean(this.redactBytes), () => this.usage.compact(key)),
		);
	}

	lastTrace(program: string): Map<string, StepTrace> {
		return this.guard(() => this.journal.lastTrace(program));
	}

	recordTrace(program: string, trace: StepTrace): void {
		this.write(() => this.journal.recordTrace(program, trace.step, this.json(trace)));
	}

	beginRun(info: { readonly program: string; readonly title: string; readonly details?: unknown }): string {
		const { program, title, details } = info;
		return this.write(() => this.journal.beginRun(program, this.redactText(title), this.json(details)));
	}

	appendEvent(run: string, event: RunEvent): void {
		this.mustWrite();
		this.waitingEvents.push([run, this.json(event)]);
		this.commitSoon();
	}

	endRun(run: string, outcome: RunOutcome, summary: unknown): void {
		this.flush();
		this.write(() => this.journal.endRun(run, outcome, this.json(summary)));
	}

	runs(): RunInfo[] {
		return this.guard(() => this.journal.runs());
	}

	atWork(program: string): RunAtWork[] {
		return this.guard(() => this.journal.atWork(program));
	}

	*events(run: string): IterableIterator<RunEvent> {
		if (!this.readOnly) this.flush();
		yield* this.journal.events(run);
	}

	putArtefact(bytes: Uint8Array): string {
		this.mustWrite();
		return this.guard(() => this.artefacts.put(bytes));
	}

	getArtefact(sha256: string): Uint8Array | undefined {
		return this.guard(() => this.artefacts.get(sha256));
	}

	stats(): StoreStats {
		if (!this.readOnly) this.flush();
		return this.guard(() => readStats(this.db, this.path, this.artefacts));
	}

	verify(): string[] {
		if (!this.readOnly) this.flush();
		return verifyStore(this.db, this.calls, this.artefacts);
	}

	gc(): { readonly steps: number; readonly artefacts: number; readonly bytes: number } {
		this.flush();
		return this.guard(() => {
			const wanted = this.journal.tracedKeys();
			const steps = this.steps.gc((key) => wanted.has(key));
			const named = new Set(this.steps.metas().flatMap((meta) => meta.match(/[0-9a-f]{64}/g) ?? []));
			const files = this.artefacts.gc((sha256) => named.has(sha256));
			this.db.exec('PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)');
			return { steps: steps.steps, artefacts: files.artefacts, bytes: steps.bytes + files.bytes };
		});
	}

	/** Throws when something could not be written; the store is closed all the same. */
	close(): void {
		if (!this.isOpen) return;
		try {
			if (!this.readOnly) {
				this.commit(true);
				if (this.calls.worthIndexing) this.extendIndex();
			}
		} finally {
			this.isOpen = false;
			openStores.delete(this);
			this.schedule.cancel();
			this.artefacts.close();
			this.db.close();
		}
	}

	private noteUse(scope: string, id: number): void {
		if (this.readOnly) return;
		this.usage.addId(scope, id);
		if (this.usage.isFull) this.commitSoon();
	}

	private noteForeignUse(scope: string, key: string): void {
		if (this.readOnly) return;
		this.usage.addKey(scope, key);
		if (this.usage.isFull) this.commitSoon();
	}

	private commitSoon(): void {
		if (this.schedule.isDue(this.waitingCalls.size + this.waitingEvents.length)) this.commit(false);
		else this.schedule.soon();
	}

	private commitWhatWaits(): void {
		try {
			if (this.isOpen) this.commit(false);
		} catch (error) {
			// Nobody called, so nobody can catch it: the next write throws it.
			this.failure ??= storeError(error, this.path);
		}
	}

	/** Writes what waits; `everything` includes the uses of calls. What cannot be written goes on waiting. */
	private commit(everything: boolean): void {
		this.schedule.committed();
		if (this.waitingCalls.size > 0 || this.waitingEvents.length > 0) this.commitWaiting();
		if (this.usage.isFull || (everything && !this.usage.isEmpty)) {
			this.write(() => this.usage.write());
			this.usage.committed();
		}
		this.failure = null;
		if (this.calls.wantsIndexing) this.extendIndex();
		this.guard(() => this.calls.refresh());
	}

	private commitWaiting(): void {
		const waiting = [...this.waitingCalls];
		let ids: number[] = [];
		try {
			this.write(() => {
				ids = this.calls.append(waiting.map(([key, { call }]) => this.recordOf(key, call)));
				for (const [run, event] of this.waitingEvents) this.journal.appendEvent(run, event);
			});
		} catch (error) {
			this.calls.rolledBack();
			throw error;
		}
		this.calls.committed();
		// Not cleared: V8 links a cleared map's table to the next one, and an old one then keeps every call alive.
		this.waitingCalls = new Map();
		this.waitingEvents = [];
		waiting.forEach(([, { scopes }], i) => {
			for (const scope of scopes) this.usage.addId(scope, ids[i] as number);
		});
	}

	private extendIndex(): void {
		this.write(() => this.calls.extendIndex());
		this.calls.indexExtended();
	}

	private write<T>(work: () => T): T {
		if (this.readOnly) throw new UserError(`the store ${this.path} is open for reading only`);
		try {
			return this.transactions.run(work);
		} catch (error) {
			this.failure = storeError(error, this.path);
			throw this.failure;
		}
	}

	/** After a failure everything that waits is tried again, which throws when it fails again. */
	private mustWrite(): void {
		if (!this.isOpen) throw new Error(`the store ${this.path} is closed`);
		if (this.readOnly) throw new UserError(`the store ${this.path} is open for reading only`);
		if (this.failure) this.commit(false);
	}

	private guard<T>(work: () => T): T {
		try {
			return work();
		} catch (error) {
			throw storeError(error, this.path);
		}
	}

	private recordOf(key: string, call: StoredCall): CallRecord {
		return {
			key,
			kind: call.kind,
			outcome: this.redactText(encodeOutcome(call.kind, call.outcome)),
			identity: identityText(call.model),
			usd: call.usd,
			seconds: call.seconds,
			at: call.at,
			request: this.redactText(call.request),
		};
	}

	private json(value: unknown): string {
		return this.redactText(JSON.stringify(value ?? null));
	}
}

/** `process.exit` ends the turn before its end: what waits is written then. */
const openStores = new Set<SqliteStore>();
process.on('exit', () => {
	for (const store of openStores) {
		try {
			store.close();
		} catch (error) {
			process.exitCode = 1;
			process.stderr.write(`${(error as Error).message}\n`);
		}
	}
});
