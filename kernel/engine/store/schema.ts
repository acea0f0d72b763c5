import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { UserError } from '../../../stdlib/define.ts';
import { damaged, isBusy, isReadOnly } from './errors.ts';

export const SCHEMA_VERSION = 1;

/** `Assy`: tells our files from another program's. */
const APPLICATION_ID = 0x41737379;

/** 64 MB of log before it is worked into the file, which waits for the disk. */
const CHECKPOINT_PAGES = 8000;
const PAGE_BYTES = 8192;
const CACHE_KIB = 16 * 1024;

/**
 * `calls` is only appended to, and `call_index` is extended in bulk (see `CallTable`): a sha256 lands anywhere in an index,
 * so that updating it call by call wrote a page or two for each (20 to 60 µs a call at half a million, against 4).
 */
const SCHEMA = `
	CREATE TABLE models (id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE);
	CREATE TABLE calls (
		id INTEGER PRIMARY KEY, key BLOB NOT NULL, kind INTEGER NOT NULL, outcome NOT NULL,
		model INTEGER NOT NULL, usd REAL, seconds REAL NOT NULL, at INTEGER NOT NULL, request NOT NULL
	);
	CREATE TABLE call_index (key BLOB PRIMARY KEY, id INTEGER NOT NULL) WITHOUT ROWID;
	CREATE TABLE indexed (up_to INTEGER NOT NULL);
	INSERT INTO indexed VALUES (0);
	CREATE TABLE scopes (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
	CREATE TABLE used (scope INTEGER NOT NULL, ids BLOB NOT NULL, keys BLOB NOT NULL);
	CREATE INDEX used_by_scope ON used (scope);
	CREATE TABLE steps (
		id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, meta TEXT NOT NULL, chunks INTEGER NOT NULL,
		bytes INTEGER NOT NULL, complete INTEGER NOT NULL, pid INTEGER NOT NULL
	);
	CREATE UNIQUE INDEX complete_steps ON steps (key) WHERE complete = 1;
	CREATE TABLE step_chunks (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
	CREATE TABLE traces (program TEXT NOT NULL, step TEXT NOT NULL, trace TEXT NOT NULL, PRIMARY KEY (program, step)) WITHOUT ROWID;
	CREATE TABLE runs (
		id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, program TEXT NOT NULL, title TEXT NOT NULL,
		details TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER, outcome TEXT, summary TEXT
	);
	CREATE TABLE events (id INTEGER PRIMARY KEY, run INTEGER NOT NULL, event TEXT NOT NULL);
	CREATE INDEX events_by_run ON events (run);
	PRAGMA application_id = ${APPLICATION_ID};
	PRAGMA user_version = ${SCHEMA_VERSION};
`;

export interface DatabaseOptions {
	readonly readOnly: boolean;
	readonly busyMs: number;
}

/** An open database with the present schema, made when the file is new. */
export function openDatabase(path: string, options: DatabaseOptions): DatabaseSync {
	if (!options.readOnly && path !== ':memory:' && path !== '') makeFolder(dirname(resolve(path)));
	const db = options.readOnly ? openForReading(path, options) : connect(path, options);
	try {
		db.exec(`PRAGMA cache_size = -${CACHE_KIB}; PRAGMA foreign_keys = OFF; PRAGMA trusted_schema = OFF`);
		const isNew = !options.readOnly && readPragma(db, 'user_version') === 0 && isEmpty(db);
		if (!isNew) requireOurs(db, path);
		if (!options.readOnly) prepareForWriting(db, options.busyMs, isNew);
		if (isNew) createSchema(db);
		return db;
	} catch (error) {
		db.close();
		throw error;
	}
}

const connect = (path: string | URL, { readOnly, busyMs }: DatabaseOptions): DatabaseSync =>
	new DatabaseSync(path, { readOnly, timeout: busyMs });

/**
 * Reading in WAL mode makes a file beside the store. In a folder that may not be written it is read as a file that nobody
 * changes instead, as long as everything is in it: whoever writes there at the time has files beside it that can be used.
 */
function openForReading(path: string, options: DatabaseOptions): DatabaseSync {
	const db = connect(path, options);
	try {
		readPragma(db, 'user_version');
		return db;
	} catch (error) {
		db.close();
		const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
		if (!isReadOnly(error) || (log && log.size > 0)) throw error;
	}
	const url = pathToFileURL(path);
	url.searchParams.set('immutable', '1');
	return connect(url, options);
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** With `recursive`, Node tries for ever where a system refuses folders as if their parent were missing, as /proc does. */
function makeFolder(path: string): void {
	if (isFolder(path)) return;
	if (dirname(path) !== path) makeFolder(dirname(path));
	try {
		mkdirSync(path);
	} catch (error) {
		// Another process may have made it in the meantime.
		if (!isFolder(path)) throw error;
	}
}

/** Before anything is written: a file that is not ours, or not of this version, stays as it is. */
function requireOurs(db: DatabaseSync, path: string): void {
	if (readPragma(db, 'application_id') !== APPLICATION_ID) {
		throw damaged(path, null, 'it is the database of another program');
	}
	const version = readPragma(db, 'user_version');
	if (version === SCHEMA_VERSION) return;
	throw new UserError(
		`the store ${path} was written by a newer Assay (its format is ${version}, this one knows ${SCHEMA_VERSION})`,
		'Update Assay, or name another store with --store.',
	);
}

function prepareForWriting(db: DatabaseSync, busyMs: number, isNew: boolean): void {
	// Pages are given back one by one: `VACUUM` would need as much room again, just when the disk is full.
	if (isNew) db.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA auto_vacuum = INCREMENTAL`);
	// Two processes that make one file at once: SQLite does not wait on its own while the log's mode is changed.
	retryWhileBusy(busyMs, () => db.exec('PRAGMA journal_mode = WAL'));
	db.exec(`PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
}

function isEmpty(db: DatabaseSync): boolean {
	const { n } = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number };
	return n === 0;
}

function createSchema(db: DatabaseSync): void {
	db.exec('BEGIN IMMEDIATE');
	try {
		// Another process may have made it in the meantime.
		if (isEmpty(db)) db.exec(SCHEMA);
		db.exec('COMMIT');
	} catch (error) {
		if (db.isTransaction) db.exec('ROLLBACK');
		throw error;
	}
}

export function readPragma(db: DatabaseSync, name: string): number {
	const row = db.prepare(`PRAGMA ${name}`).get() as Record<string, number>;
	return row[name] as number;
}

function retryWhileBusy(busyMs: number, attempt: () => void): void {
	const end = performance.now() + busyMs;
	for (;;) {
		try {
			attempt();
			return;
		} catch (error) {
			if (!isBusy(error) || performance.now() > end) throw error;
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
		}
	}
}
