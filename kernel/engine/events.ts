/** What happens in a run, as it happens: terminal progress, notebook progress, reports and tests read the same stream. */
export type RunEvent =
	| {
			readonly type: 'run-started';
			readonly run: string;
			readonly title: string;
			readonly steps: readonly StepInfo[];
			readonly at: number;
	  }
	| {
			readonly type: 'step-progress';
			readonly step: string;
			readonly done: number;
			readonly total: number | null;
			readonly failed: number;
	  }
	/** A training run's state, some times a second, and with each line of its history. */
	| {
			readonly type: 'training';
			readonly step: string;
			/** Steps of the optimiser, of so many. */
			readonly at: number;
			readonly of: number;
			readonly loss: number;
			/** null until it is known. */
			readonly examplesPerSecond: number | null;
			readonly secondsLeft: number | null;
			/** A line that was just added to the history, or null. */
			readonly line: Readonly<Record<string, unknown>> | null;
	  }
	| {
			readonly type: 'step-finished';
			readonly step: string;
			readonly rows: number | null;
			readonly failed: number;
			readonly kept: boolean;
			readonly seconds: number;
	  }
	| {
			readonly type: 'step-failed';
			readonly step: string;
			readonly message: string;
			readonly help: string | null;
			readonly span: readonly [number, number] | null;
	  }
	| {
			readonly type: 'call-finished';
			readonly model: string;
			readonly kind: string;
			readonly outcome: 'done' | 'cached' | 'shared' | 'failed' | 'refused';
			readonly inputTokens: number;
			readonly outputTokens: number;
			/** null when the price is unknown */
			readonly usd: number | null;
			readonly seconds: number;
	  }
	| {
			readonly type: 'retry';
			readonly model: string;
			readonly attempt: number;
			readonly waitMs: number;
			readonly reason: string;
	  }
	| { readonly type: 'concurrency'; readonly model: string; readonly limit: number }
	| {
			readonly type: 'budget';
			readonly limit: 'usd' | 'tokens' | 'calls' | 'seconds';
			readonly spent: number;
			readonly allowed: number;
	  }
	| { readonly type: 'notice'; readonly message: string }
	| {
			readonly type: 'run-finished';
			readonly run: string;
			readonly outcome: 'done' | 'partial' | 'budget' | 'interrupted' | 'failed';
			readonly seconds: number;
	  };

export interface StepInfo {
	readonly id: string;
	readonly kept: boolean;
	readonly rows: number | null;
}

export type EventListener = (event: RunEvent) => void;
