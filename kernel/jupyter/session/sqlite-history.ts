import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { History, HistoryEntry } from './history.ts';

const SCHEMA = `
CREATE TABLE IF NOT EXISTS sessions (session INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS cells (
	session INTEGER NOT NULL, line INTEGER NOT NULL, input TEXT NOT NULL, output TEXT,
	PRIMARY KEY (session, line)
) WITHOUT ROWID;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
`;

/** Longer outputs are kept without their end: history is for recalling. */
const OUTPUT_CHARS = 10_000;

const COLUMNS = 'SELECT session, line, input, output FROM cells';

/** `$XDG_DATA_HOME/assay/history.db`, or `~/.local/share/assay/history.db`. */
export const historyPath = (env: NodeJS.ProcessEnv = process.env): string =>
	join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'assay', 'history.db');

/** History in one file for all kernels of a user. */
export class SqliteHistory implements History {
	readonly #db: DatabaseSync;
	readonly #session: number;
	readonly #redact: (text: string) => string;

	/** @throws Error when the file cannot be made or opened */
	constructor(path: string, redact: (text: string) => string) {
		this.#redact = redact;
		if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
		this.#db = new DatabaseSync(path, { timeout: 2000 });
		this.#db.exec(SCHEMA);
		const { lastInsertRowid } = this.#db
			.prepare('INSERT INTO sessions (started) VALUES (?)')
			.run(new Date().toISOString());
		this.#session = Number(lastInsertRowid);
	}

	add(line: number, input: string, output: string | null): void {
		const kept = output === null ? null : this.#redact(output.slice(0, OUTPUT_CHARS));
		this.#db
			.prepare('INSERT OR REPLACE INTO cells VALUES (?, ?, ?, ?)')
			.run(this.#session, line, this.#redact(input), kept);
	}

	tail(count: number): readonly HistoryEntry[] {
		return this.#latest(`${COLUMNS} ORDER BY session DESC, line DESC LIMIT ?`, count);
	}

	range(session: number, start: number, stop: number | null): readonly HistoryEntry[] {
		const which = session <= 0 ? this.#session + session : session;
		return this.#rows(
			`${COLUMNS} WHERE session = ? AND line >= ? AND line < ? ORDER BY line`,
			which,
			start,
			stop ?? Number.MAX_SAFE_INTEGER,
		);
	}

	search(pattern: string, count: number | null, unique: boolean): readonly HistoryEntry[] {
		const latest = unique
			? 'AND NOT EXISTS (SELECT 1 FROM cells later WHERE later.input = cells.input AND (later.session, later.line) > (cells.session, cells.line))'
			: '';
		return this.#latest(
			`${COLUMNS} WHERE input GLOB ? ${latest} ORDER BY session DESC, line DESC LIMIT ?`,
			glob(pattern),
			count ?? -1,
		);
	}

	close(): void {
		this.#db.close();
	}

	#latest(sql: string, ...values: (string | number)[]): readonly HistoryEntry[] {
		return this.#rows(sql, ...values).reverse();
	}

	#rows(sql: string, ...values: (string | number)[]): HistoryEntry[] {
		return this.#db.prepare(sql).all(...values) as unknown as HistoryEntry[];
	}
}

/** In the protocol's globs brackets mean themselves; in SQLite's they are sets. */
const glob = (pattern: string): string => pattern.replaceAll('[', '[[]');
