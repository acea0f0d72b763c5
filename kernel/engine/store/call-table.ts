import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { ModelIdentity, ModelResult } from '../../../stdlib/models/provider.ts';
import type { Missing } from '../../../stdlib/values/missing.ts';
import { KeyTable } from './key-table.ts';
import { CALL_KINDS, type CallKind, decodeOutcome } from './outcome.ts';
import { keyBytes, keyHex, packText, unpackText } from './packing.ts';
import type { StoredCall } from './store.ts';

/** Calls that the index does not have yet are found through a table in memory: 2 MB of it. */
const TAIL_LIMIT = 50_000;
/** Smaller tails are left for the next one who opens the store. */
const TAIL_WORTH_INDEXING = 1_000;

/** Rows that one statement inserts: running one costs about as much as what it does for a row. */
const TOGETHER = 16;

const insertOf = (rows: number): string =>
	`INSERT INTO calls (key, kind, outcome, model, usd, seconds, at, request) VALUES ${Array.from({ length: rows }, () => '(?, ?, ?, ?, ?, ?, ?, ?)').join(', ')}`;

type CallRow = [
	key: Uint8Array,
	kind: number,
	outcome: string | Uint8Array,
	identity: string,
	usd: number | null,
	seconds: number,
	at: number,
	request: string | Uint8Array,
];
type OutcomeRow = [id: number, kind: number, outcome: string | Uint8Array];

export interface Found {
	readonly id: number;
	readonly outcome: ModelResult | Missing;
}

/** A call as it is written: its texts are made and free of secrets. */
export interface CallRecord {
	readonly key: string;
	readonly kind: CallKind;
	readonly outcome: string;
	readonly identity: string;
	readonly usd: number | null;
	readonly seconds: number;
	readonly at: number;
	readonly request: string;
}

const COLUMNS = `c.key, c.kind, c.outcome, m.identity, c.usd, c.seconds, c.at, c.request
	FROM calls c JOIN models m ON m.id = c.model`;

/**
 * An append-only journal of calls and an index over all but its tail. The tail's keys are in memory; they go into the index
 * in one sorted sweep when there are enough of them, which is several times faster than one by one.
 */
export class CallTable {
	private readonly db: DatabaseSync;
	private readonly insert: StatementSync;
	private readonly insertTogether: StatementSync;
	private readonly insertModel: StatementSync;
	private readonly findModel: StatementSync;
	private readonly findId: StatementSync;
	private readonly outcomeById: StatementSync;
	private readonly outcomeByKey: StatementSync;
	private readonly callById: StatementSync;
	private readonly keysAfter: StatementSync;
	private readonly dataVersion: StatementSync;
	private tail = new KeyTable();
	private readonly modelIds = new Map<string, number>();
	/** Appended in the transaction that is open. */
	private appended: [key: string, id: number][] = [];
	private seenUpTo = 0;
	private seenVersion = -1;
	/** False in a new store: then the tail has every call, and a call that is not there costs no statement. */
	private indexed: boolean;

	constructor(db: DatabaseSync) {
		this.db = db;
		const rows = (sql: string): StatementSync => {
			const statement = db.prepare(sql);
			statement.setReturnArrays(true);
			return statement;
		};
		this.insert = rows(insertOf(1));
		this.insertTogether = rows(insertOf(TOGETHER));
		this.insertModel = rows('INSERT INTO models (identity) VALUES (?) ON CONFLICT DO NOTHING');
		this.findModel = rows('SELECT id FROM models WHERE identity = ?');
		this.findId = rows('SELECT id FROM call_index WHERE key = ?');
		this.outcomeById = rows('SELECT id, kind, outcome FROM calls WHERE id = ?');
		this.outcomeByKey = rows(
			'SELECT c.id, c.kind, c.outcome FROM call_index x JOIN calls c ON c.id = x.id WHERE x.key = ?',
		);
		this.callById = rows(`SELECT ${COLUMNS} WHERE c.id = ?`);
		this.keysAfter = rows('SELECT id, key FROM calls WHERE id > ?');
		this.dataVersion = rows('PRAGMA data_version');
		this.seenUpTo = this.indexedUpTo();
		this.indexed = this.seenUpTo > 0;
		this.refresh();
	}

	/** The call's number, or undefined. */
	find(key: string): number | undefined {
		const inTail = this.tail.get(key);
		if (inTail !== undefined || !this.indexed) return inTail;
		const row = this.findId.get(keyBytes(key)) as unknown as [number] | undefined;
		return row?.[0];
	}

	/** One statement where it can be: starting a statement costs more than what it does. */
	outcome(key: string): Found | undefined {
		const inTail = this.tail.get(key);
		if (inTail === undefined && !this.indexed) return undefined;
		const row = (inTail === undefined
			? this.outcomeByKey.get(keyBytes(key))
			: this.outcomeById.get(inTail)) as unknown as OutcomeRow | undefined;
		if (row === undefined) return undefined;
		const [id, kind, outcome] = row;
		return { id, outcome: decodeOutcome(CALL_KINDS[kind] as CallKind, unpackText(outcome)) };
	}

	record(id: number): CallRecord | undefined {
		const row = this.callById.get(id) as unknown as CallRow | undefined;
		return row && recordOf(row);
	}

	/** Every call in the order it came. */
	*records(): IterableIterator<CallRecord> {
		const all = this.db.prepare(`SELECT ${COLUMNS} ORDER BY c.id`);
		all.setReturnArrays(true);
		for (const row of all.iterate()) yield recordOf(row as unknown as CallRow);
	}

	/**
	 * The calls' numbers, in their order. Within a transaction, which ends with `committed` or `rolledBack`.
	 */
	append(calls: readonly CallRecord[]): number[] {
		const ids: number[] = [];
		for (let at = 0; at < calls.length; ) {
			const together = calls.length - at >= TOGETHER ? TOGETHER : 1;
			const part = calls.slice(at, at + together);
			const statement = together === 1 ? this.insert : this.insertTogether;
			const { lastInsertRowid } = statement.run(...part.flatMap((call) => this.valuesOf(call)));
			// Rows of one statement are numbered one after another.
			for (let i = 0; i < together; i++) ids.push(Number(lastInsertRowid) - together + 1 + i);
			at += together;
		}
		calls.forEach(({ key }, i) => {
			this.appended.push([key, ids[i] as number]);
		});
		return ids;
	}

	private valuesOf(call: CallRecord): SQLInputValue[] {
		return [
			keyBytes(call.key),
			CALL_KINDS.indexOf(call.kind),
			packText(call.outcome),
			this.modelId(call.identity),
			call.usd,
			call.seconds,
			call.at,
			packText(call.request),
		];
	}

	committed(): void {
		for (const [key, id] of this.appended) this.tail.add(key, id);
		this.appended = [];
	}

	rolledBack(): void {
		this.appended = [];
		this.modelIds.clear();
	}

	/** Learns of calls that other processes have appended. */
	refresh(): void {
		const [version] = this.dataVersion.get() as unknown as [number];
		if (version === this.seenVersion) return;
		this.seenVersion = version;
		for (const row of this.keysAfter.iterate(this.seenUpTo)) {
			const [id, key] = row as unknown as [number, Uint8Array];
			this.tail.add(keyHex(key), id);
			this.seenUpTo = id;
		}
	}

	get wantsIndexing(): boolean {
		return this.tail.size >= TAIL_LIMIT;
	}

	get worthIndexing(): boolean {
		return this.tail.size >= TAIL_WORTH_INDEXING;
	}

	/** Moves the tail into the index; within a transaction. A call that two processes made is found as the first one. */
	extendIndex(): void {
		const from = this.indexedUpTo();
		this.db
			.prepare('INSERT OR IGNORE INTO call_index SELECT key, id FROM calls WHERE id > ? ORDER BY key, id')
			.run(from);
		this.db.prepare('UPDATE indexed SET up_to = (SELECT coalesce(max(id), 0) FROM calls)').run();
	}

	/** After `extendIndex` was committed. */
	indexExtended(): void {
		this.tail = new KeyTable();
		this.seenUpTo = this.indexedUpTo();
		this.indexed = this.seenUpTo > 0;
	}

	private indexedUpTo(): number {
		return (this.db.prepare('SELECT up_to FROM indexed').get() as { up_to: number }).up_to;
	}

	private modelId(identity: string): number {
		let id = this.modelIds.get(identity);
		if (id === undefined) {
			this.insertModel.run(identity);
			[id] = this.findModel.get(identity) as unknown as [number];
			this.modelIds.set(identity, id);
		}
		return id;
	}
}

function recordOf([key, kind, outcome, identity, usd, seconds, at, request]: CallRow): CallRecord {
	return {
		key: keyHex(key),
		kind: CALL_KINDS[kind] as CallKind,
		outcome: unpackText(outcome),
		identity,
		usd,
		seconds,
		at,
		request: unpackText(request),
	};
}

export function storedCall(record: CallRecord): StoredCall {
	return {
		model: JSON.parse(record.identity) as ModelIdentity,
		kind: record.kind,
		request: record.request,
		outcome: decodeOutcome(record.kind, record.outcome),
		usd: record.usd,
		seconds: record.seconds,
		at: record.at,
	};
}
