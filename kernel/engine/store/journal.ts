import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { RunEvent } from '../events.ts';
import { isAlive } from './steps.ts';
import type { RunAtWork, RunInfo, RunOutcome, StepTrace } from './store.ts';

interface RunRow {
	readonly name: string;
	readonly program: string;
	readonly title: string;
	readonly details: string;
	readonly started: number;
	readonly ended: number | null;
	readonly outcome: RunOutcome | null;
	readonly summary: string | null;
}

/** Runs, their events, and what the last run of a program recorded of each step. Texts come in free of secrets. */
export class Journal {
	private readonly db: DatabaseSync;

	constructor(db: DatabaseSync) {
		this.db = db;
	}

	beginRun(program: string, title: string, details: string): string {
		const now = new Date();
		const day = now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
		const name = `${day}-${randomBytes(3).toString('hex')}`;
		this.db
			.prepare('INSERT INTO runs (name, program, title, details, started) VALUES (?, ?, ?, ?, ?)')
			.run(name, program, title, details, now.getTime());
		return name;
	}

	/** Runs of a program that have not ended and whose process seems to be there, with when they began. */
	atWork(program: string): RunAtWork[] {
		const rows = this.db
			.prepare(
				"SELECT started, details ->> 'pid' AS pid FROM runs WHERE ended IS NULL AND program = ? ORDER BY id DESC",
			)
			.all(program) as unknown as { started: number; pid: number | null }[];
		return rows.flatMap(({ started, pid }) =>
			pid !== null && isAlive(pid) ? [{ startedAt: started, pid }] : [],
		);
	}

	appendEvent(run: string, event: string): void {
		this.db
			.prepare('INSERT INTO events (run, event) VALUES ((SELECT id FROM runs WHERE name = ?), ?)')
			.run(run, event);
	}

	endRun(run: string, outcome: RunOutcome, summary: string): void {
		this.db
			.prepare('UPDATE runs SET ended = ?, outcome = ?, summary = ? WHERE name = ?')
			.run(Date.now(), outcome, summary, run);
	}

	/** By number and not by time: a clock that was put back changes no order. */
	runs(): RunInfo[] {
		const rows = this.db.prepare('SELECT * FROM runs ORDER BY id DESC').all() as unknown as RunRow[];
		return rows.map((row) => ({
			id: row.name,
			program: row.program,
			title: row.title,
			startedAt: row.started,
			endedAt: row.ended,
			outcome: row.outcome,
			details: JSON.parse(row.details),
			summary: JSON.parse(row.summary ?? 'null'),
		}));
	}

	*events(run: string): IterableIterator<RunEvent> {
		const rows = this.db.prepare(
			'SELECT event FROM events WHERE run = (SELECT id FROM runs WHERE name = ?) ORDER BY id',
		);
		for (const row of rows.iterate(run)) yield JSON.parse(row.event as string) as RunEvent;
	}

	lastTrace(program: string): Map<string, StepTrace> {
		const rows = this.db.prepare('SELECT step, trace FROM traces WHERE program = ?').all(program);
		return new Map(rows.map((row) => [row.step as string, JSON.parse(row.trace as string) as StepTrace]));
	}

	recordTrace(program: string, step: string, trace: string): void {
		this.db
			.prepare('INSERT OR REPLACE INTO traces (program, step, trace) VALUES (?, ?, ?)')
			.run(program, step, trace);
	}

	/** Keys of the steps of every program's last run. */
	tracedKeys(): Set<string> {
		const rows = this.db.prepare("SELECT trace ->> 'key' AS key FROM traces").all();
		return new Set(rows.map((row) => row.key as string));
	}
}
