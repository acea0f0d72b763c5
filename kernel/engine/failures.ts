import { Missing } from '../../stdlib/values/missing.ts';
import type { ModelHandle } from '../../stdlib/values/model.ts';
import { BudgetExceeded } from './calls/budget.ts';
import { Fault, located } from './evaluate/fault.ts';

/** What went wrong in a step: of many rows with one cause there is one entry. */
export interface Failure {
	readonly step: string;
	readonly message: string;
	readonly help: string | null;
	/** UTF-16 offsets into the program's text. */
	readonly span: readonly [number, number] | null;
	/** A `CallErrorKind`, `row-error`, `budget`, or null. */
	readonly code: string | null;
	/** Rows without a value because of it; absent when the whole step failed. */
	readonly rows?: number;
}

/** Thrown by everything once the run has to end early, by the user or by a limit on failures. */
export class RunStopped extends Error {
	readonly because: 'interrupted' | 'failures' | 'fatal';
	readonly help: string | null;

	constructor(because: RunStopped['because'], message: string, help: string | null = null) {
		super(message);
		this.help = help;
		this.name = 'RunStopped';
		this.because = because;
	}
}

/** Decides when a run ends early and counts what failed in it. */
export class RunControl {
	readonly signal: AbortSignal;
	/** The first limit of the budget that was met, or null. */
	budget: BudgetExceeded | null = null;
	failedRows = 0;
	private readonly limit: number;
	private readonly onStop: (reason: RunStopped) => void;
	private stopped: RunStopped | null = null;

	constructor(signal: AbortSignal, limit: number, onStop: (reason: RunStopped) => void) {
		this.signal = signal;
		this.limit = limit;
		this.onStop = onStop;
	}

	/** Throws when the run is over. */
	check(): void {
		const reason = this.stopReason;
		if (reason) throw reason;
	}

	get stopReason(): RunStopped | null {
		if (this.signal.aborted) this.stopped ??= new RunStopped('interrupted', 'the run was interrupted');
		return this.stopped;
	}

	/** What a call is rejected with is never about its row: the budget, an interrupt, a store that cannot be written. */
	callRejected(error: unknown): void {
		if (error instanceof BudgetExceeded) this.budget ??= error;
		else if (!this.stopReason) {
			const { message, help } = located(error, undefined);
			this.stop(new RunStopped('fatal', message, help));
		}
	}

	rowsFailed(count: number, message: string): void {
		this.failedRows += count;
		if (this.stopped || this.failedRows <= this.limit) return;
		const [many, verb] = this.failedRows === 1 ? ['a row', 'has'] : [`${this.failedRows} rows`, 'have'];
		this.stop(new RunStopped('failures', `stopped after ${many} ${verb} failed; the last: ${message}`));
	}

	private stop(reason: RunStopped): void {
		this.stopped = reason;
		this.onStop(reason);
	}
}

export const OVER_BUDGET = new Missing('failed', 'the budget was used up before this', 'budget');

interface Entry {
	readonly message: string;
	readonly help: string | null;
	readonly loc: number | null;
	readonly code: string | null;
	rows: number;
}

/** Failed rows of one step, and the models it called. */
export class StepLog {
	readonly models = new Set<ModelHandle>();
	/** Rows that failed here, without those that only inherited a failure. */
	failed = 0;
	/** Cells that the budget did not reach. */
	unfinished = 0;
	/** Cells that only the run can tell; in a survey alone. */
	unknown = 0;
	readonly control: RunControl;
	private readonly entries = new Map<string, Entry>();
	private readonly counted = new WeakSet<Missing>();

	constructor(control: RunControl) {
		this.control = control;
	}

	rowFault(error: unknown): Missing {
		if (error instanceof RunStopped) throw error;
		const cause = error instanceof Fault && error.cause !== undefined ? error.cause : error;
		if (cause instanceof BudgetExceeded) return OVER_BUDGET;
		this.control.check();
		const fault = located(error, undefined);
		const cell = new Missing('failed', fault.message, 'row-error');
		this.counted.add(cell);
		this.add(fault.message, fault.help, fault.loc, 'row-error', 1);
		return cell;
	}

	/** A cell that came out failed although nothing was thrown: a call that gave up, a value of the wrong type. */
	failedCell(cell: Missing, loc: number): void {
		if (cell.code === 'budget') this.unfinished++;
		else if (!this.counted.has(cell)) this.add(cell.message, null, loc, cell.code, 1);
	}

	add(message: string, help: string | null, loc: number | null, code: string | null, rows: number): void {
		this.failed += rows;
		const key = `${loc}\u0000${code}`;
		const known = this.entries.get(key);
		if (known) known.rows += rows;
		else this.entries.set(key, { message, help, loc, code, rows });
		this.control.rowsFailed(rows, message);
	}

	failures(step: string, spans: readonly (readonly [number, number])[]): Failure[] {
		return [...this.entries.values()].map(({ message, help, loc, code, rows }) => ({
			step,
			message,
			help,
			span: (loc !== null && spans[loc]) || null,
			code,
			rows,
		}));
	}
}
