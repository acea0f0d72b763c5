import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Runs `work` as one transaction that has the right to write from its start, so that it never fails half-way for a lock. */
export class Transactions {
	private readonly db: DatabaseSync;
	private readonly begin: StatementSync;
	private readonly commit: StatementSync;

	constructor(db: DatabaseSync) {
		this.db = db;
		this.begin = db.prepare('BEGIN IMMEDIATE');
		this.commit = db.prepare('COMMIT');
	}

	run<T>(work: () => T): T {
		this.begin.run();
		try {
			const result = work();
			this.commit.run();
			return result;
		} catch (error) {
			// A full disk has rolled back already.
			if (this.db.isTransaction) this.db.exec('ROLLBACK');
			throw error;
		}
	}
}
