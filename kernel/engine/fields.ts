import type { FieldNode } from '../../dsl/plan/plan.ts';
import type { Column } from '../../stdlib/values/column.ts';
import { Missing } from '../../stdlib/values/missing.ts';
import { type ColumnBuilder, columnBuilder } from './columns/builders.ts';
import type { StepContext } from './context.ts';
import { compile } from './evaluate/compile.ts';
import { Fault } from './evaluate/fault.ts';
import { type Code, Frame, isUnknown, UNREAD } from './evaluate/frame.ts';
import { abandon, type Maybe } from './evaluate/maybe.ts';
import { type ColumnScope, type Environment, NO_SCOPE } from './evaluate/scope.ts';
import { OVER_BUDGET, type StepLog } from './failures.ts';
import { type PumpOptions, pump } from './pump.ts';
import { type EvalRows, variableFieldReader, variableReader } from './rows.ts';

/** A field to be computed. */
export interface FieldTask {
	readonly node: FieldNode;
	readonly env: Environment;
	readonly context: StepContext;
	readonly log: StepLog;
	/** First rows of the column from a run that was cut short. */
	readonly earlier?: Column | null;
}

type KeptColumns = (id: string) => Column | undefined;

export interface FieldResult {
	readonly column: Column;
	/** Cells without a value because of a failure, here or in a field before. */
	readonly failed: number;
}

/**
 * All fields of one eval in one pass over its rows. A field of a row starts as soon as what it reads is there; rows that
 * wait do not hold up others. `tasks` stand in an order in which every field comes after those that it reads.
 */
export class FieldRun {
	private readonly rows: EvalRows;
	private readonly fields: readonly Field[];
	private readonly slots: number;
	/** Fields that cannot be computed at all, and why. */
	readonly broken = new Map<string, unknown>();
	private readonly settled: Uint8Array;
	private prefix = 0;
	/** Places of rows that have ended, for the next ones. */
	private readonly idle: RowState[] = [];

	/** @param kept the column of a field that need not be computed, by node id; undefined for any other node */
	constructor(rows: EvalRows, tasks: readonly FieldTask[], kept: KeptColumns) {
		this.rows = rows;
		this.slots = rows.variables.length + tasks.length;
		this.settled = new Uint8Array(rows.length);
		const slotOf = new Map(tasks.map(({ node }, i) => [node.id, rows.variables.length + i]));
		const fields: Field[] = [];
		for (const task of tasks) {
			try {
				this.refuseBroken(task.node);
				const scope = new FieldScope(rows, task.node, slotOf, kept);
				const code = compile(task.node.body, task.env, { ...NO_SCOPE, row: scope });
				fields.push(new Field(task, code, slotOf.get(task.node.id) as number, rows.length));
			} catch (error) {
				this.broken.set(task.node.id, error);
			}
		}
		this.fields = fields;
	}

	private refuseBroken(node: FieldNode): void {
		const broken = Object.values(node.inputs).find((id) => this.broken.has(id));
		if (broken) throw new Fault(`not computed, because ${broken} failed`, node.loc);
	}

	async run(options: PumpOptions): Promise<void> {
		await pump(this.rows.length, (row) => this.start(row), options);
	}

	/** Rows from the first on that are settled in every field. */
	get settledPrefix(): number {
		while (this.prefix < this.rows.length && this.settled[this.prefix] === 1) this.prefix++;
		return this.prefix;
	}

	/** Some settled rows of a field. */
	part(id: string, from: number, to: number): Column | null {
		return this.fields.find((field) => field.task.node.id === id)?.builder.part(from, to) ?? null;
	}

	/** One row alone, for what its calls are; false when something in it has to wait. */
	again(row: number): boolean {
		const pending = this.start(row);
		if (pending) abandon(pending);
		return pending === undefined;
	}

	/** Cells that have been computed, of one field. */
	done(id: string): number {
		return this.fields.find((field) => field.task.node.id === id)?.done ?? 0;
	}

	/** The columns so far; rows that were not reached have no value for lack of budget. */
	results(): Map<string, FieldResult> {
		return new Map(
			this.fields.map((field) => [
				field.task.node.id,
				{ column: field.builder.finish(OVER_BUDGET), failed: field.failed + this.rows.length - field.done },
			]),
		);
	}

	private start(row: number): Promise<unknown> | undefined {
		const state = this.idle.pop() ?? this.newState();
		state.cells.fill(UNREAD);
		const repeat = this.rows.repeated ? this.rows.repeatPath(row) : undefined;
		const waiting: Promise<unknown>[] = [];
		state.waiting = 0;
		try {
			for (let i = 0; i < this.fields.length; i++) {
				const pending = this.startField(this.fields[i] as Field, state, i, row, repeat);
				if (pending) waiting.push(pending);
			}
		} catch (error) {
			waiting.forEach(abandon);
			throw error;
		}
		if (waiting.length > 0) return waiting.length === 1 ? waiting[0] : Promise.all(waiting);
		this.settled[row] = 1;
		this.idle.push(state);
		return undefined;
	}

	private startField(
		field: Field,
		state: RowState,
		index: number,
		row: number,
		repeat: string | undefined,
	): Promise<unknown> | null {
		const earlier = field.earlier(row);
		if (earlier !== undefined) {
			state.cells[field.slot] = field.keep(row, earlier, state.cells);
			return null;
		}
		const frame = state.frames[index] as Frame;
		frame.row = row;
		const context = frame.context as StepContext;
		context.repeat = repeat;
		context.row = row;
		const value = started(field.code, frame);
		if (!(value instanceof Promise)) {
			state.cells[field.slot] = field.keep(row, value, state.cells);
			return null;
		}
		state.waiting++;
		const settle = (settled: unknown): unknown => {
			const kept = field.keep(row, settled, state.cells);
			state.cells[field.slot] = kept;
			if (--state.waiting === 0) this.rowEnded(row, state);
			return kept;
		};
		const pending = value.then(settle, (error: unknown) => {
			// Other calls of a list of which one has failed may still be on their way, and read this row's place.
			state.abandoned = true;
			return settle(frame.context.rowFault(error));
		});
		state.cells[field.slot] = pending;
		return pending;
	}

	private rowEnded(row: number, state: RowState): void {
		this.settled[row] = 1;
		if (!state.abandoned) this.idle.push(state);
	}

	private newState(): RowState {
		const cells = new Array<unknown>(this.slots);
		const frames = this.fields.map(
			({ task }) => new Frame(task.context.fork(), [], 0, cells, [], null, null),
		);
		return { cells, frames, waiting: 0, abandoned: false };
	}
}

/** One row in work: its cells, and a frame a field, since each field is a step with a context of its own. */
interface RowState {
	readonly cells: unknown[];
	readonly frames: readonly Frame[];
	/** Fields of which the cell is not there yet. */
	waiting: number;
	/** Something of it may still run after its last field has settled. */
	abandoned: boolean;
}

/** `rowValue`, except that a failure which comes later is left to who waits for it: every row would pay for a promise more. */
function started(code: Code, frame: Frame): Maybe<unknown> {
	try {
		return code.run(frame);
	} catch (error) {
		return frame.context.rowFault(error);
	}
}

class Field {
	readonly task: FieldTask;
	readonly code: Code;
	readonly slot: number;
	readonly builder: ColumnBuilder;
	done = 0;
	failed = 0;

	constructor(task: FieldTask, code: Code, slot: number, length: number) {
		this.task = task;
		this.code = code;
		this.slot = slot;
		this.builder = columnBuilder(task.node.type, length);
	}

	/** The cell that a run before this one came to; undefined where it came to none, or failed. */
	earlier(row: number): unknown {
		const { earlier } = this.task;
		if (!earlier || row >= earlier.length) return undefined;
		const cell = earlier.get(row);
		return cell instanceof Missing && cell.reason === 'failed' ? undefined : cell;
	}

	/** Puts a cell into the column and counts it as failed where it is; a failure that another cell of the row had first is not counted again. */
	keep(row: number, value: unknown, cells: readonly unknown[]): unknown {
		const kept = this.builder.set(row, value);
		this.done++;
		if (kept instanceof Missing && kept.reason === 'failed') {
			this.failed++;
			if (isUnknown(kept)) this.task.log.unknown++;
			else if (!cells.includes(kept)) this.task.log.failedCell(kept, this.task.node.loc);
		}
		return kept;
	}
}

/** What a field can read: the variables of its row, fields in work, fields that were kept. */
class FieldScope implements ColumnScope {
	private readonly rows: EvalRows;
	private readonly node: FieldNode;
	private readonly slotOf: ReadonlyMap<string, number>;
	private readonly kept: KeptColumns;

	constructor(rows: EvalRows, node: FieldNode, slotOf: ReadonlyMap<string, number>, kept: KeptColumns) {
		this.rows = rows;
		this.node = node;
		this.slotOf = slotOf;
		this.kept = kept;
	}

	reader(name: string): Code | null {
		const id = this.node.inputs[name];
		const slot = id === undefined ? undefined : this.slotOf.get(id);
		if (slot !== undefined) return { async: true, run: (frame) => frame.cells[slot] };
		const column = id === undefined ? undefined : this.kept(id);
		if (column) return { async: false, run: (frame) => column.get(frame.row) };
		const at = this.rows.variables.findIndex((variable) => variable.name === name);
		return at < 0
			? null
			: variableReader(this.rows.variables[at] as (typeof this.rows.variables)[number], at);
	}

	fieldReader(name: string, field: string): Code | null {
		const id = this.node.inputs[name];
		if (id !== undefined && (this.slotOf.has(id) || this.kept(id))) return null;
		const variable = this.rows.variable(name);
		return variable && variableFieldReader(variable, field);
	}
}
