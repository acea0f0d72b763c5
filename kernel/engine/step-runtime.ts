import type { PlanNode } from '../../dsl/plan/plan.ts';
import type { Library } from '../../stdlib/registry.ts';
import type { TrainingSummary } from '../../stdlib/training/train.ts';
import type { TrainingProgress } from '../../stdlib/training/training-hooks.ts';
import type { ModelHandle } from '../../stdlib/values/model.ts';
import type { Caller } from './calls/caller.ts';
import type { RunSettings, StepContext } from './context.ts';
import type { Environment, UsedFunction } from './evaluate/scope.ts';
import type { RunControl, StepLog } from './failures.ts';
import type { LazyMap } from './lazy-map.ts';
import type { Schedule } from './schedule.ts';
import type { StepOutcome } from './step-outcome.ts';
import type { Store } from './store/store.ts';

export interface ExecutionOptions {
	readonly library: Library;
	readonly used: (module: string, name: string) => UsedFunction | null;
	readonly store: Store | null;
	readonly caller: Caller;
	readonly control: RunControl;
	readonly settings: RunSettings;
	readonly onProgress: (step: string, done: number, total: number | null, failed: number) => void;
	readonly onTraining?: (step: string, progress: TrainingProgress) => void;
	readonly onSettled: (node: PlanNode, outcome: StepOutcome) => void;
	/** How often rows of unfinished columns are put away. */
	readonly checkpointSeconds?: number;
	/** A survey looks at some rows only, given by number, and keeps nothing; null is all rows. */
	readonly survey?: {
		readonly sample: (rows: number) => Int32Array | null;
		/** Hears of the training runs that would be made, by step. */
		readonly training?: Map<string, TrainingSummary>;
	};
}

/** What computing one step needs of the rest of the run. */
export interface StepRuntime {
	readonly options: ExecutionOptions;
	readonly schedule: Schedule;
	/** Values of settled steps; columns of kept fields are read when asked for. */
	readonly values: LazyMap<string, unknown>;
	/** Every model that a value of the run holds. */
	readonly models: Set<ModelHandle>;
	settle(id: string): Promise<StepOutcome>;
	/** Waits for what a step reads; throws when something of it failed. */
	settleInputs(node: PlanNode): Promise<StepOutcome[]>;
	environment(node: PlanNode): Environment;
	context(node: PlanNode, log: StepLog): StepContext;
}
