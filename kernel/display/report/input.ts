import type { Plan } from '../../../dsl/plan/plan.ts';
import type { ModelIdentity } from '../../../stdlib/models/provider.ts';
import type { Message } from '../../../stdlib/values/prompt.ts';
import type { Spent } from '../../engine/calls/spent.ts';
import type { Failure } from '../../engine/failures.ts';
import type { StepSummary } from '../../engine/run.ts';
import type { RunOutcome } from '../../engine/store/store.ts';

/** All that the page of a run shows. */
export interface ReportInput {
	readonly plan: Plan;
	/** Values of steps by id; steps that were not reached have none. */
	readonly values: ReadonlyMap<string, unknown>;
	readonly run: {
		/** The run's id in the store, or null without one. */
		readonly id: string | null;
		/** Milliseconds since 1970. */
		readonly startedAt: number;
		readonly seconds: number;
		readonly outcome: RunOutcome;
		/** Why it ended early, in a sentence, or null. */
		readonly stopped: string | null;
		readonly steps: readonly StepSummary[];
	};
	readonly spent: Spent;
	readonly models: readonly ModelUse[];
	readonly failures: readonly Failure[];
	/** The calls behind a row of an eval, where they are known; asked only for rows that the page holds. */
	readonly prompts?: (evalId: string, row: number) => readonly RowCall[];
	readonly environment: ReportEnvironment;
	/** The day of the price table, `2026-05-01`. */
	readonly priceDate: string | null;
	/** Assay's version. */
	readonly version: string;
	readonly reproduce: {
		/** Shell commands, in order. */
		readonly commands: readonly string[];
		/** The cassette's file name, when one was written. */
		readonly cassette: string | null;
	};
	/** Plotly's script, for tests that draw nothing; the installed package when absent. */
	readonly plotly?: string;
}

export interface ModelUse {
	readonly identity: ModelIdentity;
	/** Number of weights, or null where it is not published. */
	readonly parameters: number | null;
	/** What must be shown beside its results, or null. */
	readonly notice: string | null;
	/** Calls behind the results, those that were kept from earlier runs included. */
	readonly calls: number;
	readonly inputTokens: number;
	readonly outputTokens: number;
	/** null when the price is not known. */
	readonly usd: number | null;
}

/** One model call of a row. */
export interface RowCall {
	/** The eval's field that made it. */
	readonly field: string;
	readonly messages: readonly Message[];
	/** The answer as text; of a choice its options with their probabilities. */
	readonly answer: string;
}

export interface ReportEnvironment {
	/** `v24.21.0` */
	readonly node: string;
	/** `linux x64` */
	readonly platform: string;
	/** Further facts by name, such as `processor`. */
	readonly more?: Readonly<Record<string, string>>;
}
