import type { DatabaseSync } from 'node:sqlite';
import { keyBytes, keyHex } from './packing.ts';

/** Uses are written when so many of a scope have gathered, or at a flush that was asked for: 16 kB a row. */
const BATCH = 4096;

interface Gathered {
	ids: number[];
	/** Calls of cassettes, which have no number here. */
	keys: string[];
}

/** Which calls a scope used: 4 bytes a use, so that a million rows leave 4 MB and nothing in memory. */
export class Usage {
	private readonly db: DatabaseSync;
	private readonly gathered = new Map<string, Gathered>();
	private full = false;

	constructor(db: DatabaseSync) {
		this.db = db;
	}

	addId(scope: string, id: number): void {
		const { ids } = this.of(scope);
		ids.push(id);
		if (ids.length >= BATCH) this.full = true;
	}

	addKey(scope: string, key: string): void {
		const { keys } = this.of(scope);
		keys.push(key);
		if (keys.length >= BATCH) this.full = true;
	}

	/** Time to write. */
	get isFull(): boolean {
		return this.full;
	}

	get isEmpty(): boolean {
		return this.gathered.size === 0;
	}

	/** Within a transaction; `committed` follows when it held. */
	write(): void {
		const insert = this.db.prepare('INSERT INTO used (scope, ids, keys) VALUES (?, ?, ?)');
		for (const [scope, { ids, keys }] of this.gathered) {
			insert.run(this.scopeId(scope), bytesOf(Uint32Array.from(ids)), Buffer.concat(keys.map(keyBytes)));
		}
	}

	committed(): void {
		this.gathered.clear();
		this.full = false;
	}

	/** One row for a scope that was used by several runs; within a transaction. */
	compact(scope: string): void {
		const id = this.scopeId(scope);
		const { n } = this.db.prepare('SELECT count(*) AS n FROM used WHERE scope = ?').get(id) as { n: number };
		if (n < 2) return;
		const { ids, keys } = this.read([scope]);
		this.db.prepare('DELETE FROM used WHERE scope = ?').run(id);
		this.db
			.prepare('INSERT INTO used (scope, ids, keys) VALUES (?, ?, ?)')
			.run(id, bytesOf(ids), Buffer.concat([...keys].map(keyBytes)));
	}

	/** Numbers of calls in ascending order, each once; and keys of calls of cassettes. */
	read(scopes: Iterable<string>): { ids: Uint32Array; keys: Set<string> } {
		const rows = this.db.prepare(
			'SELECT ids, keys FROM used WHERE scope = (SELECT id FROM scopes WHERE name = ?)',
		);
		const lists: Uint32Array[] = [];
		const keys = new Set<string>();
		for (const scope of scopes) {
			for (const row of rows.iterate(scope)) {
				lists.push(idsOf(row.ids as Uint8Array));
				const foreign = row.keys as Uint8Array;
				for (let at = 0; at < foreign.length; at += 32) keys.add(keyHex(foreign.subarray(at, at + 32)));
			}
		}
		return { ids: union(lists), keys };
	}

	private of(scope: string): Gathered {
		let gathered = this.gathered.get(scope);
		if (!gathered) {
			gathered = { ids: [], keys: [] };
			this.gathered.set(scope, gathered);
		}
		return gathered;
	}

	private scopeId(name: string): number {
		this.db.prepare('INSERT INTO scopes (name) VALUES (?) ON CONFLICT DO NOTHING').run(name);
		return (this.db.prepare('SELECT id FROM scopes WHERE name = ?').get(name) as { id: number }).id;
	}
}

const bytesOf = (ids: Uint32Array): Uint8Array => new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength);

/** Copied, as a blob need not start at a multiple of four. */
const idsOf = (bytes: Uint8Array): Uint32Array => new Uint32Array(bytes.slice().buffer);

function union(lists: readonly Uint32Array[]): Uint32Array {
	const all = new Uint32Array(lists.reduce((sum, list) => sum + list.length, 0));
	let length = 0;
	for (const list of lists) {
		all.set(list, length);
		length += list.length;
	}
	all.sort();
	let kept = 0;
	for (let i = 0; i < length; i++) if (i === 0 || all[i] !== all[i - 1]) all[kept++] = all[i] as number;
	return all.slice(0, kept);
}
