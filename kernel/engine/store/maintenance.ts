import { existsSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { ModelIdentity } from '../../../stdlib/models/provider.ts';
import { REDACTED } from '../calls/redact.ts';
import type { Artefacts } from './artefacts.ts';
import type { CallTable } from './call-table.ts';
import { keyOfTexts } from './canonical.ts';
import { decodeOutcome } from './outcome.ts';
import type { StoreStats } from './store.ts';

interface ModelRow {
	readonly identity: string;
	readonly calls: number;
	readonly usd: number;
}

export function readStats(db: DatabaseSync, path: string, artefacts: Artefacts): StoreStats {
	const count = (sql: string): number => (db.prepare(sql).get() as { n: number }).n;
	const models = db
		.prepare(
			`SELECT m.identity, count(*) AS calls, total(c.usd) AS usd FROM calls c JOIN models m ON m.id = c.model
			GROUP BY m.id ORDER BY m.identity`,
		)
		.all() as unknown as ModelRow[];
	return {
		path,
		bytes: bytesOf(path) + bytesOf(`${path}-wal`),
		calls: models.reduce((sum, model) => sum + model.calls, 0),
		steps: count('SELECT count(*) AS n FROM steps WHERE complete = 1'),
		runs: count('SELECT count(*) AS n FROM runs'),
		artefacts: artefacts.stats(),
		models: models.map(({ identity, calls, usd }) => ({
			model: JSON.parse(identity) as ModelIdentity,
			calls,
			usd,
		})),
	};
}

const bytesOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0);

/** Sentences about everything that does not fit. */
export function verifyStore(db: DatabaseSync, calls: CallTable, artefacts: Artefacts): string[] {
	try {
		return [
			...pageProblems(db),
			...callProblems(calls),
			...stepProblems(db),
			...artefacts.damaged().map((file) => `the artefact ${file} is not what its name says`),
		];
	} catch (error) {
		return [`the store cannot be read to its end: ${(error as Error).message}`];
	}
}

function pageProblems(db: DatabaseSync): string[] {
	const rows = db.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
	return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok');
}

function* callProblems(calls: CallTable): IterableIterator<string> {
	for (const { key, kind, identity, request, outcome } of calls.records()) {
		const masked = request.includes(REDACTED);
		if (!masked && keyOfTexts(identity, request) !== key) yield `call ${key} does not fit its key`;
		if (calls.find(key) === undefined) yield `call ${key} cannot be found by its key`;
		try {
			decodeOutcome(kind, outcome);
		} catch {
			yield `the outcome of call ${key} cannot be read`;
		}
	}
}

function stepProblems(db: DatabaseSync): string[] {
	const rows = db
		.prepare(
			`SELECT s.key FROM steps s WHERE complete = 1 AND chunks <>
			(SELECT count(*) FROM step_chunks WHERE id >= s.id * 1048576 AND id < (s.id + 1) * 1048576)`,
		)
		.all() as { key: string }[];
	return rows.map(({ key }) => `step ${key} lacks a part of its result`);
}
