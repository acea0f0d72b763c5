import type { PlanNode, RowsNode, TableNode } from '../../dsl/plan/plan.ts';
import { TrainedModel } from '../../stdlib/training/trained-model.ts';
import { Data } from '../../stdlib/values/data.ts';
import { isTable, type Table } from '../../stdlib/values/table.ts';
import { type FindModel, NotStorable } from './columns/plain.ts';
import { equal } from './evaluate/operations.ts';
import type { StepLog } from './failures.ts';
import type { Origins } from './origins.ts';
import { EvalRows, restoreRows } from './rows.ts';
import { isDerived, modelInputs } from './schedule.ts';
import type { StepOutcome } from './step-outcome.ts';
import type { StepRuntime } from './step-runtime.ts';
import { handlesInRows, storableTable, tableSource } from './step-values.ts';
import type { Store } from './store/store.ts';
import { readColumn, readData, readIndices, readValue, type StepMeta, StepWriter } from './stored.ts';
import { TableStep } from './table.ts';
import { trainedModelFrom } from './training-steps.ts';

interface Header {
	readonly origins: Origins;
	readonly seconds: number;
}

/** Puts finished steps into the store and gets them back. */
export class StepKeeper {
	private readonly runtime: StepRuntime;
	private readonly writer: StepWriter | null;

	constructor(runtime: StepRuntime) {
		this.runtime = runtime;
		const { store, survey } = runtime.options;
		this.writer = store && !survey ? new StepWriter(store) : null;
	}

	/** What cannot be written ends the run, as it would be computed for nothing; the value itself is there. */
	keep(node: PlanNode, value: unknown, header: Header): void {
		if (!this.writer) return;
		try {
			this.write(this.writer, node, value, header);
		} catch (error) {
			this.runtime.options.control.callRejected(error);
		}
	}

	private write(writer: StepWriter, node: PlanNode, value: unknown, header: Header): void {
		const { key } = node;
		if (node.kind === 'field') writer.column(key, value as never, header);
		else if (value instanceof EvalRows) {
			if (value.rebuildable) {
				const arrays = value.variables.map(({ column }) => column.indices);
				writer.indices(key, value.length, arrays, header);
			} else writer.mark(key, value.length, header);
		} else if (value instanceof TrainedModel) {
			const sha256 = (this.runtime.options.store as Store).putArtefact(value.bytes);
			writer.value(key, { sha256 }, null, { ...header, artefacts: [sha256] });
		} else if (isTable(value)) this.writeTable(writer, node, value, header);
		else {
			const rows = value instanceof Data ? value.length : null;
			// An eval is its fields; files are read again rather than copied into the store.
			if (node.kind === 'eval' || !isDerived(node, this.runtime.schedule.nodes))
				writer.mark(key, rows, header);
			else if (value instanceof Data) writer.data(key, value, header);
			else writer.value(key, value, null, header);
		}
	}

	/** A table's rows of origin are not stored, so one that carries another's is made again from that. */
	private writeTable(writer: StepWriter, node: PlanNode, table: Table, header: Header): void {
		const { length } = table.rows;
		if (node.kind === 'table' || !table.lineage) writer.value(node.key, storableTable(table), length, header);
		else writer.mark(node.key, length, header);
	}

	/** Brings up a step that is finished in the store; null when it has to be computed after all. */
	async restore(node: PlanNode, meta: StepMeta, log: StepLog): Promise<StepOutcome | null> {
		const { store } = this.runtime.options;
		if (!store || meta.content === 'nothing') return null;
		const value = await this.read(store, node, meta, log);
		if (!value) return null;
		this.runtime.values.set(node.id, value);
		const { rows, origins } = meta;
		return {
			status: 'kept',
			complete: true,
			rows,
			failed: 0,
			origins,
			seconds: 0,
			fault: null,
			unknown: false,
			log: null,
		};
	}

	private async read(
		store: Store,
		node: PlanNode,
		meta: StepMeta,
		log: StepLog,
	): Promise<(() => unknown) | null> {
		if (node.kind === 'train') return trainedModel(store, meta);
		switch (meta.content) {
			case 'column':
				return () => readColumn(store, node.key, meta.rows ?? 0, this.findModel);
			case 'indices': {
				const rows = await this.readRows(node as RowsNode, store, log);
				return rows && (() => rows);
			}
			default:
				return this.readWithModels(store, node, meta, log);
		}
	}

	private async readWithModels(store: Store, node: PlanNode, meta: StepMeta, log: StepLog) {
		await Promise.all(
			[...modelInputs(node, this.runtime.schedule.nodes)].map((id) => this.runtime.settle(id)),
		);
		try {
			const { findModel } = this;
			const value =
				meta.content === 'data'
					? readData(store, node.key, meta, findModel)
					: readValue(store, node.key, findModel);
			const whole = node.kind === 'table' ? await this.withLineage(node, value as Table, log) : value;
			return () => whole;
		} catch (error) {
			if (error instanceof NotStorable) return null;
			throw error;
		}
	}

	private async readRows(node: RowsNode, store: Store, log: StepLog): Promise<EvalRows | null> {
		await this.runtime.settleInputs(node);
		const variables = node.clauses.filter((clause) => clause.kind !== 'where').length;
		const indices = readIndices(store, node.key, variables);
		const env = this.runtime.environment(node);
		const rows = await restoreRows(node.clauses, env, this.runtime.context(node, log), indices);
		if (rows) for (const handle of handlesInRows(rows)) this.runtime.models.add(handle);
		return rows;
	}

	/** Brings up what a kept table was made from, where the run needs it anyway. */
	private async withLineage(node: TableNode, table: Table, log: StepLog): Promise<Table> {
		const { schedule, values } = this.runtime;
		const inputs = [...new Set(Object.values(node.inputs))];
		const needed = new Set(schedule.needed.map(({ id }) => id));
		if (!inputs.every((id) => needed.has(id))) return table;
		const outcomes = await Promise.all(inputs.map((id) => this.runtime.settle(id)));
		if (outcomes.some((outcome) => outcome.fault || outcome.status === 'stopped')) return table;
		const source = tableSource(node, schedule.nodes, (id) => values.get(id));
		const step = new TableStep(node, source, this.runtime.environment(node), this.runtime.context(node, log));
		return { ...table, lineage: step.lineage() };
	}

	private readonly findModel: FindModel = (identity) => {
		for (const handle of this.runtime.models) if (equal(handle.provider.identity, identity)) return handle;
		return null;
	};
}

/** Null where its file is gone: then it is trained again. */
function trainedModel(store: Store, { artefacts }: StepMeta): (() => unknown) | null {
	const sha256 = artefacts?.[0];
	const model = sha256 === undefined ? null : trainedModelFrom(store, sha256);
	return model && (() => model);
}
