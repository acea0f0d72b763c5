import type { PlanNode } from '../../dsl/plan/plan.ts';
import { Fault, located } from './evaluate/fault.ts';
import { RunStopped, type StepLog } from './failures.ts';
import { NO_ORIGINS, type Origins } from './origins.ts';

/** How a step came out. */
export interface StepOutcome {
	readonly status: 'kept' | 'done' | 'failed' | 'blocked' | 'stopped';
	/** False when cells behind it failed or were not reached: then it is not kept, and the next run goes on with it. */
	readonly complete: boolean;
	readonly rows: number | null;
	/** Rows that failed in this step itself. */
	readonly failed: number;
	readonly origins: Origins;
	readonly seconds: number;
	/** Why it failed. */
	readonly fault: Fault | null;
	/** In a survey: its value depends on calls that are still to be made. */
	readonly unknown: boolean;
	readonly log: StepLog | null;
}

/** A step that was not tried, since something before it failed. */
export class Blocked extends Fault {
	/** The step that failed first. */
	readonly root: string;
	/** In a survey: nothing failed, but its input is not known before the run. */
	readonly unknown: boolean;

	constructor(input: string, failure: Fault | null, unknown: boolean, loc: number) {
		const root = failure instanceof Blocked ? failure.root : input;
		super(unknown ? `depends on ${root}` : `not computed, because ${root} failed`, loc);
		this.root = root;
		this.unknown = unknown;
	}
}

/** The outcome of a step that threw. */
export function failedOutcome(node: PlanNode, error: unknown, log: StepLog, started: number): StepOutcome {
	const stopped = error instanceof RunStopped || log.control.stopReason !== null;
	const blocked = error instanceof Blocked;
	return {
		status: stopped ? 'stopped' : blocked ? 'blocked' : 'failed',
		complete: false,
		rows: null,
		failed: log.failed,
		origins: NO_ORIGINS,
		seconds: secondsSince(started),
		fault: stopped ? null : located(error, node.loc),
		unknown: blocked && error.unknown,
		log,
	};
}

export const secondsSince = (started: number): number => (performance.now() - started) / 1000;
