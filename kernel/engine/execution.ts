import type {
	EvalNode,
	FieldNode,
	PlanNode,
	RowsNode,
	TableNode,
	TrainNode,
	ValueNode,
} from '../../dsl/plan/plan.ts';
import type { Column } from '../../stdlib/values/column.ts';
import { Data } from '../../stdlib/values/data.ts';
import { isFigure } from '../../stdlib/values/figure.ts';
import { Missing } from '../../stdlib/values/missing.ts';
import type { ModelHandle } from '../../stdlib/values/model.ts';
import { isTable, type Table } from '../../stdlib/values/table.ts';
import { StepContext } from './context.ts';
import { compile } from './evaluate/compile.ts';
import { Fault } from './evaluate/fault.ts';
import { Frame, isUnknown } from './evaluate/frame.ts';
import { type Environment, NO_SCOPE } from './evaluate/scope.ts';
import { StepLog } from './failures.ts';
import { FieldSteps } from './field-steps.ts';
import { captioned } from './figure-caption.ts';
import { LazyMap } from './lazy-map.ts';
import { handlesIn, mergeOrigins, NO_ORIGINS, type Origins, originsOf, provenanceOf } from './origins.ts';
import { buildRows, type EvalRows } from './rows.ts';
import type { Schedule } from './schedule.ts';
import { StepKeeper } from './step-keeper.ts';
import { Blocked, failedOutcome, type StepOutcome, secondsSince } from './step-outcome.ts';
import type { ExecutionOptions, StepRuntime } from './step-runtime.ts';
import { evalData, handlesInRows, tableSource } from './step-values.ts';
import { assembleTable, TableStep } from './table.ts';
import { computeTrain, TrainingCheckpoint, trainingContext } from './training-steps.ts';

interface Computed {
	readonly value: unknown;
	readonly rows: number | null;
	readonly notices?: readonly string[];
}

/** Settles the steps of a schedule: each as soon as its inputs are there, each once. */
export class Execution implements StepRuntime {
	readonly schedule: Schedule;
	readonly options: ExecutionOptions;
	readonly values = new LazyMap<string, unknown>();
	readonly models = new Set<ModelHandle>();
	readonly outcomes = new Map<string, StepOutcome>();
	private readonly keeper: StepKeeper;
	private readonly settling = new Map<string, Promise<StepOutcome>>();
	/** Of training runs that came to their end. */
	private readonly checkpoints = new Map<string, TrainingCheckpoint | null>();
	private readonly fieldRuns = new Map<string, Promise<ReadonlyMap<string, StepOutcome>>>();

	constructor(schedule: Schedule, options: ExecutionOptions) {
		this.schedule = schedule;
		this.options = options;
		this.keeper = new StepKeeper(this);
	}

	async settleAll(): Promise<void> {
		await Promise.all(this.schedule.needed.map(({ id }) => this.settle(id)));
	}

	settle(id: string): Promise<StepOutcome> {
		let settling = this.settling.get(id);
		if (!settling) {
			const node = this.schedule.nodes.get(id) as PlanNode;
			settling = this.outcomeOf(node).then((outcome) => {
				this.outcomes.set(id, outcome);
				this.options.onSettled(node, outcome);
				return outcome;
			});
			this.settling.set(id, settling);
		}
		return settling;
	}

	private async outcomeOf(node: PlanNode): Promise<StepOutcome> {
		const started = performance.now();
		const log = new StepLog(this.options.control);
		try {
			this.options.control.check();
			const meta = this.schedule.kept.get(node.id);
			const kept = meta && (await this.keeper.restore(node, meta, log));
			if (kept) return kept;
			if (node.kind === 'field') return (await this.fieldsOf(node.rows)).get(node.id) as StepOutcome;
			return await this.compute(node, log, started, meta?.origins.at ?? null);
		} catch (error) {
			return failedOutcome(node, error, log, started);
		}
	}

	/** All fields of an eval that have to be computed, in one pass. */
	private fieldsOf(rowsId: string): Promise<ReadonlyMap<string, StepOutcome>> {
		const running = this.fieldRuns.get(rowsId) ?? new FieldSteps(this, this.keeper, rowsId).run();
		this.fieldRuns.set(rowsId, running);
		return running;
	}

	/**
	 * Computes anything but a field.
	 * @param keptAt when it was computed first, for a step of which the store only has the mark
	 */
	private async compute(
		node: PlanNode,
		log: StepLog,
		started: number,
		keptAt: number | null,
	): Promise<StepOutcome> {
		const inputs = await this.settleInputs(node);
		const { value: bare, rows, notices = [] } = await this.computeKind(node, this.context(node, log), log);
		const at = keptAt ?? Date.now();
		const origins = mergeOrigins([
			...inputs.map((input) => input.origins),
			originsOf([...log.models], at),
			originsOf(bare, at),
			{ ...NO_ORIGINS, notices, rows: node.kind === 'rows' ? rows : null },
		]);
		const value = finished(node, bare, origins);
		for (const handle of handlesIn(value)) this.models.add(handle);
		this.values.set(node.id, () => value);
		const unknown = log.unknown > 0 || inputs.some((input) => input.unknown);
		const whole = log.failed === 0 && log.unfinished === 0 && inputs.every((input) => input.complete);
		const complete = whole && !unknown;
		const seconds = secondsSince(started);
		if (complete && keptAt === null) this.keeper.keep(node, value, { origins, seconds });
		if (complete) this.checkpoints.get(node.id)?.clear();
		const status = keptAt === null ? 'done' : 'kept';
		return { status, complete, rows, failed: log.failed, origins, seconds, fault: null, unknown, log };
	}

	async settleInputs(node: PlanNode): Promise<StepOutcome[]> {
		const ids = [...new Set(Object.values(node.inputs))];
		const outcomes = await Promise.all(ids.map((id) => this.settle(id)));
		this.options.control.check();
		outcomes.forEach(({ fault, unknown }, i) => {
			if (fault || (unknown && node.kind !== 'eval'))
				throw new Blocked(ids[i] as string, fault, unknown, node.loc);
		});
		return outcomes;
	}

	environment(node: PlanNode): Environment {
		const inputs = new Map<string, unknown>();
		for (const [name, id] of Object.entries(node.inputs)) {
			const kind = this.schedule.nodes.get(id)?.kind;
			// Rows and fields are read as columns, not as values.
			if (kind !== 'rows' && kind !== 'field') inputs.set(name, this.values.get(id));
		}
		return { library: this.options.library, inputs, used: this.options.used };
	}

	context(node: PlanNode, log: StepLog): StepContext {
		return new StepContext(this.options.settings, this.options.caller.within(node.key), log);
	}

	private computeKind(node: PlanNode, context: StepContext, log: StepLog): Promise<Computed> | Computed {
		switch (node.kind) {
			case 'value':
				return this.computeValue(node, context, log);
			case 'rows':
				return this.computeRows(node, context);
			case 'eval':
				return this.computeEval(node);
			case 'table':
				return this.computeTable(node, context);
			case 'train':
				return this.computeTrain(node, context, log);
			case 'field':
				throw new Error('internal: fields are computed together');
		}
	}

	private async computeValue(node: ValueNode, context: StepContext, log: StepLog): Promise<Computed> {
		const value = await compile(node.body, this.environment(node), NO_SCOPE).run(Frame.of(context));
		if (value instanceof Missing && value.reason === 'failed') {
			if (value.code === 'budget') log.unfinished++;
			else if (isUnknown(value)) log.unknown++;
			else throw new Fault(value.message, node.loc);
		}
		if (node.keyword === 'network') Object.assign(value as object, { declared: node.type });
		const rows = value instanceof Data ? value.length : isTable(value) ? value.rows.length : null;
		return { value, rows };
	}

	private async computeTrain(node: TrainNode, context: StepContext, log: StepLog): Promise<Computed> {
		const { store, survey, onProgress, onTraining } = this.options;
		const checkpoint = store && !survey ? new TrainingCheckpoint(store, node.key) : null;
		context.training = trainingContext(node, {
			checkpoint,
			progress: (progress) => {
				onProgress(node.id, progress.step, progress.steps, 0);
				onTraining?.(node.id, progress);
			},
			plan: survey ? (summary) => survey.training?.set(node.id, summary) : null,
		});
		const value = await computeTrain(node, this.environment(node), context);
		if (isUnknown(value)) log.unknown++;
		else if (value instanceof Missing) throw new Fault(value.message, node.loc);
		this.checkpoints.set(node.id, checkpoint);
		return { value, rows: null };
	}

	private async computeRows(node: RowsNode, context: StepContext): Promise<Computed> {
		const pump = { window: ROWS_WINDOW, check: () => this.options.control.check() };
		const { rows, undecided } = await buildRows(node.clauses, this.environment(node), context, pump);
		for (const handle of handlesInRows(rows)) this.models.add(handle);
		const [row, all] = [`row of ${node.declaration}`, `rows of ${node.declaration}`];
		const notices = rows.length === 0 ? [`${node.declaration} has no rows`] : [];
		if (undecided > 0) notices.push(`${counted(undecided, row, all)} left out: a condition had no value`);
		return { value: rows, rows: rows.length, notices };
	}

	private computeEval(node: EvalNode): Computed {
		const rows = this.values.get(node.rows) as EvalRows;
		const fields = node.fields.map((id) => {
			const { name } = this.schedule.nodes.get(id) as FieldNode;
			return [name, () => this.values.get(id) as Column] as const;
		});
		return { value: evalData(rows, fields), rows: rows.length };
	}

	private async computeTable(node: TableNode, context: StepContext): Promise<Computed> {
		const source = tableSource(node, this.schedule.nodes, (id) => this.values.get(id));
		const step = new TableStep(node, source, this.environment(node), context);
		const { rows, keyless } = await step.compute(() => this.options.control.check());
		const where = `in no group of ${node.declaration}: a key has no value`;
		const notices = keyless > 0 ? [`${counted(keyless, 'row', 'rows')} ${where}`] : [];
		return { value: assembleTable(node, rows, step.lineage()), rows: rows.length, notices };
	}
}

/** Conditions and sources of clauses that may wait for a model at once. */
const ROWS_WINDOW = 256;

/** The value with what must be said of it, which is known only now. */
function finished(node: PlanNode, value: unknown, origins: Origins): unknown {
	if (node.kind === 'table') {
		return { ...(value as Table), notices: origins.notices, models: origins.models };
	}
	if (node.kind === 'eval') {
		const { length, columns } = value as Data;
		return new Data(length, columns, provenanceOf(origins, node.id));
	}
	return isFigure(value) ? captioned(value, origins) : value;
}

const counted = (count: number, one: string, many: string): string =>
	count === 1 ? `1 ${one} is` : `${count} ${many} are`;
