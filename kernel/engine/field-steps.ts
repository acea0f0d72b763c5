import type { FieldNode } from '../../dsl/plan/plan.ts';
import type { Column } from '../../stdlib/values/column.ts';
import type { ModelHandle } from '../../stdlib/values/model.ts';
import { Checkpoints, earlierRows } from './checkpoints.ts';
import { StepLog } from './failures.ts';
import { FieldRun, type FieldTask } from './fields.ts';
import { mergeOrigins, NO_ORIGINS, originsOf } from './origins.ts';
import type { EvalRows } from './rows.ts';
import type { StepKeeper } from './step-keeper.ts';
import { Blocked, failedOutcome, type StepOutcome, secondsSince } from './step-outcome.ts';
import type { StepRuntime } from './step-runtime.ts';

/** How often progress is told, in milliseconds. */
const PROGRESS_MS = 200;

/** The fields of one eval that have to be computed: steps of their own, computed in one pass over the rows. */
export class FieldSteps {
	private readonly runtime: StepRuntime;
	private readonly keeper: StepKeeper;
	private readonly rowsId: string;
	private readonly started = performance.now();
	private readonly outcomes = new Map<string, StepOutcome>();
	/** What each field reads from outside of this pass. */
	private readonly inputs = new Map<string, readonly StepOutcome[]>();

	constructor(runtime: StepRuntime, keeper: StepKeeper, rowsId: string) {
		this.runtime = runtime;
		this.keeper = keeper;
		this.rowsId = rowsId;
	}

	async run(): Promise<ReadonlyMap<string, StepOutcome>> {
		const { needed, kept } = this.runtime.schedule;
		const fields = needed.filter(
			(node): node is FieldNode => node.kind === 'field' && node.rows === this.rowsId && !kept.has(node.id),
		);
		const together = new Set(fields.map(({ id }) => id));
		const tasks: FieldTask[] = [];
		for (const node of fields) {
			const task = await this.prepare(node, together);
			if (task) tasks.push(task);
		}
		if (tasks.length > 0) await this.compute(tasks);
		return this.outcomes;
	}

	private async prepare(node: FieldNode, together: ReadonlySet<string>): Promise<FieldTask | null> {
		const log = new StepLog(this.runtime.options.control);
		try {
			this.inputs.set(node.id, await this.settleInputs(node, together));
			const { store, survey } = this.runtime.options;
			const earlier = store && !survey ? earlierRows(store, node) : null;
			const env = this.runtime.environment(node);
			return { node, env, context: this.runtime.context(node, log), log, earlier };
		} catch (error) {
			this.fail(node, error, log);
			return null;
		}
	}

	private settleInputs(node: FieldNode, together: ReadonlySet<string>): Promise<StepOutcome[]> {
		const ids = [...new Set([node.rows, ...Object.values(node.inputs)])];
		for (const id of ids) {
			const { fault = null, unknown = false } = this.outcomes.get(id) ?? {};
			if (fault) throw new Blocked(id, fault, unknown, node.loc);
		}
		const outside = ids.filter((id) => !together.has(id));
		return this.runtime.settleInputs({ ...node, inputs: Object.fromEntries(outside.map((id) => [id, id])) });
	}

	private async compute(tasks: readonly FieldTask[]): Promise<void> {
		const { options, values, models } = this.runtime;
		const all = values.get(this.rowsId) as EvalRows;
		const some = options.survey?.sample(all.length) ?? null;
		const run = new FieldRun(some ? all.take(some) : all, tasks, (id) => {
			const column = this.fieldColumn(id);
			return some ? column?.take(some) : column;
		});
		for (const { node, log } of tasks) {
			if (run.broken.has(node.id)) this.fail(node, run.broken.get(node.id), log);
		}
		const running = tasks.filter(({ node }) => !run.broken.has(node.id));
		const checkpoints =
			options.store && !options.survey
				? new Checkpoints(
						options.store,
						running.map(({ node }) => node),
						run,
						options.checkpointSeconds,
					)
				: null;
		const check = (): void => {
			try {
				checkpoints?.tick();
			} catch (error) {
				options.control.callRejected(error);
			}
			options.control.check();
		};
		try {
			await this.withProgress(run, running, all.length, () => run.run({ window: windowFor(models), check }));
		} catch (error) {
			for (const { node, log } of running) this.fail(node, error, log);
			return;
		}
		const results = run.results();
		for (const { node, log } of running) {
			const { column, failed } = results.get(node.id) as { column: Column; failed: number };
			values.set(node.id, () => column);
			const outcome = this.finish(node, log, column, failed, some !== null);
			this.outcomes.set(node.id, outcome);
			const { complete, origins, seconds } = outcome;
			if (complete) this.keeper.keep(node, column, { origins, seconds });
		}
		if (running.every(({ node }) => this.outcomes.get(node.id)?.complete)) checkpoints?.clear();
	}

	private async withProgress(
		run: FieldRun,
		tasks: readonly FieldTask[],
		total: number,
		work: () => Promise<void>,
	): Promise<void> {
		const tell = (): void => {
			for (const { node, log } of tasks) {
				this.runtime.options.onProgress(node.id, run.done(node.id), total, log.failed);
			}
		};
		const timer = setInterval(tell, PROGRESS_MS);
		try {
			await work();
		} finally {
			clearInterval(timer);
			tell();
		}
	}

	private fieldColumn(id: string): Column | undefined {
		const { schedule, values } = this.runtime;
		return schedule.nodes.get(id)?.kind === 'field' ? (values.get(id) as Column | undefined) : undefined;
	}

	private fail(node: FieldNode, error: unknown, log: StepLog): void {
		this.outcomes.set(node.id, failedOutcome(node, error, log, this.started));
	}

	private finish(
		node: FieldNode,
		log: StepLog,
		column: Column,
		failed: number,
		sampled: boolean,
	): StepOutcome {
		const behind = [
			...(this.inputs.get(node.id) ?? []),
			...Object.values(node.inputs).flatMap((id) => this.outcomes.get(id) ?? []),
		];
		const at = Date.now();
		const reached = column.length - log.unfinished;
		const notice = `${node.id} has ${reached} of ${column.length} rows: the budget was used up`;
		const notices = log.unfinished > 0 ? [notice] : [];
		return {
			status: 'done',
			complete: !sampled && failed === 0 && behind.every((outcome) => outcome.complete),
			rows: column.length,
			failed: log.failed,
			origins: mergeOrigins([
				...behind.map((outcome) => outcome.origins),
				originsOf([...log.models], at),
				{ ...NO_ORIGINS, notices, at },
			]),
			seconds: secondsSince(this.started),
			fault: null,
			unknown: sampled || log.unknown > 0,
			log,
		};
	}
}

/**
 * Rows that may wait at once. Where rows go from model to model, several for each call that the models can have in flight,
 * so that none of them runs dry while rows wait for another; for one model a few more than it can take. Every row that
 * waits is copied by V8's collector again and again: with four times as many, a call cost a third more.
 */
function windowFor(models: ReadonlySet<ModelHandle>): number {
	let concurrency = 0;
	for (const { provider } of models) concurrency += provider.limits.concurrency.max;
	return Math.min(8192, Math.max(64, Math.ceil((models.size > 1 ? 4 : 1.25) * concurrency)));
}
