import { dirname, resolve } from 'node:path';
import type { EvalNode, FieldNode, Plan } from '../../dsl/plan/plan.ts';
import type { ModelRequest, ModelResult } from '../../stdlib/models/provider.ts';
import type { Library } from '../../stdlib/registry.ts';
import type { Column } from '../../stdlib/values/column.ts';
import type { Missing } from '../../stdlib/values/missing.ts';
import { type CallScope, createCaller } from './calls/caller.ts';
import { type RunSettings, StepContext } from './context.ts';
import type { UsedFunction } from './evaluate/scope.ts';
import { RunControl, StepLog } from './failures.ts';
import { FieldRun } from './fields.ts';
import { EvalRows } from './rows.ts';
import type { Store } from './store/store.ts';

/** One call that a row made, as it was asked and answered. */
export interface RecordedCall {
	readonly field: string;
	readonly model: string;
	readonly request: ModelRequest;
	readonly answer: ModelResult | Missing;
}

export interface RowCallsOptions {
	readonly library: Library;
	readonly store: Store;
	/** Values of a run's steps, by id. */
	readonly values: ReadonlyMap<string, unknown>;
	readonly modules?: Readonly<Record<string, Readonly<Record<string, UsedFunction>>>>;
}

const NO_BUDGET = { usd: null, tokens: null, calls: null, seconds: null };

/**
 * Tells which calls stand behind a row of an eval: its fields are computed once more over the store, which answers at
 * once, and what they ask for is written down. Makes no call, and keeps nothing.
 */
export function rowCalls(
	plan: Plan,
	options: RowCallsOptions,
): (evalId: string, row: number) => readonly RecordedCall[] {
	const recorders = new Map<string, Recorder>();
	return (evalId, row) => {
		let recorder = recorders.get(evalId);
		if (!recorder) {
			recorder = new Recorder(plan, evalId, options);
			recorders.set(evalId, recorder);
		}
		return recorder.record(row);
	};
}

class Recorder {
	private readonly rows: EvalRows | null;
	private readonly fields: readonly FieldRun[];
	private calls: RecordedCall[] = [];

	constructor(plan: Plan, evalId: string, options: RowCallsOptions) {
		const node = plan.nodes.find(
			(candidate): candidate is EvalNode => candidate.kind === 'eval' && candidate.id === evalId,
		);
		const rows = node && options.values.get(node.rows);
		this.rows = rows instanceof EvalRows ? rows : null;
		const fields = plan.nodes.filter(
			(field): field is FieldNode => field.kind === 'field' && field.declaration === evalId,
		);
		this.fields = this.rows
			? fields.map((field) => this.fieldRun(field, this.rows as EvalRows, plan, options))
			: [];
	}

	record(row: number): readonly RecordedCall[] {
		if (!this.rows || row >= this.rows.length) return [];
		this.calls = [];
		for (const field of this.fields) field.again(row);
		return this.calls;
	}

	private fieldRun(node: FieldNode, rows: EvalRows, plan: Plan, options: RowCallsOptions): FieldRun {
		const log = new StepLog(new RunControl(new AbortController().signal, Number.POSITIVE_INFINITY, () => {}));
		const inputs = new Map(Object.entries(node.inputs).map(([name, id]) => [name, options.values.get(id)]));
		const used = (module: string, name: string): UsedFunction | null =>
			options.modules?.[module]?.[name] ?? null;
		const context = new StepContext(settingsOf(plan), this.scope(node, options.store), log);
		const task = { node, env: { library: options.library, inputs, used }, context, log };
		return new FieldRun(rows, [task], (id) =>
			id === node.id ? undefined : columnOf(options.values.get(id)),
		);
	}

	private scope(node: FieldNode, store: Store): CallScope {
		const { signal } = new AbortController();
		const caller = createCaller({ store, budget: NO_BUDGET, onEvent: () => {}, signal, mode: 'replay' });
		return {
			call: (model, request, sample, repeat) => {
				const answer = caller.call(model, request, sample, repeat);
				if (!(answer instanceof Promise)) {
					this.calls.push({ field: node.name, model: model.name, request, answer });
				}
				return answer;
			},
		};
	}
}

const columnOf = (value: unknown): Column | undefined =>
	typeof value === 'object' && value !== null && 'get' in value && 'take' in value
		? (value as Column)
		: undefined;

function settingsOf(plan: Plan): RunSettings {
	const folder = plan.source.path ? dirname(resolve(plan.source.path)) : process.cwd();
	return {
		signal: new AbortController().signal,
		seed: plan.study.seed,
		resolvePath: (path) => resolve(folder, path),
		notice: () => {},
	};
}
