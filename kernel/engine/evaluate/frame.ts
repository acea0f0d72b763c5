import type { RunContext } from '../../../stdlib/context.ts';
import type { Column } from '../../../stdlib/values/column.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import type { Maybe } from './maybe.ts';

/** A library function's context, and what the engine adds for itself. */
export interface EvaluationContext extends RunContext {
	/**
	 * Counts a row that could not be computed and gives its cell. Throws what it was given when that ends the run
	 * rather than a row.
	 */
	rowFault(error: unknown): Missing;
	/** A function that calls models was left out, since an argument is not known before the run; `n` calls at a guess. */
	skippedCall(values: readonly unknown[], n: number): void;
}

/** Marks what depends on a call that a survey does not make. */
export const isUnknown = (value: unknown): boolean => value instanceof Missing && value.code === 'unknown';

/** What an expression reads while it runs. One is reused for all rows of a synchronous loop. */
export class Frame {
	readonly context: EvaluationContext;
	/** Parameters of lambdas, prompts and comprehensions, by depth. */
	readonly locals: readonly unknown[];
	/** Number of the row at hand in its source. */
	row: number;
	/** Variables and fields of one row of an eval, by slot: `UNREAD` until a variable is read, a promise while a field is pending. */
	cells: unknown[];
	/** What a row function reads, by slot; null where its data has no such column and the name means something outside. */
	readonly columns: readonly (Column | null)[];
	/** Frame around a row function or a column argument. */
	readonly outer: Frame | null;
	/** The rows that a table's column is computed over. */
	readonly group: Group | null;

	constructor(
		context: EvaluationContext,
		locals: readonly unknown[],
		row: number,
		cells: unknown[],
		columns: readonly (Column | null)[],
		outer: Frame | null,
		group: Group | null,
	) {
		this.context = context;
		this.locals = locals;
		this.row = row;
		this.cells = cells;
		this.columns = columns;
		this.outer = outer;
		this.group = group;
	}

	static of(context: EvaluationContext): Frame {
		return new Frame(context, [], 0, [], [], null, null);
	}

	withLocals(locals: readonly unknown[]): Frame {
		return new Frame(this.context, locals, this.row, this.cells, this.columns, this.outer, this.group);
	}

	/** A row of other data, read from inside this frame. */
	inner(columns: readonly (Column | null)[], row: number): Frame {
		return new Frame(this.context, this.locals, row, this.cells, columns, this, this.group);
	}

	withGroup(group: Group): Frame {
		return new Frame(this.context, this.locals, this.row, this.cells, this.columns, this.outer, group);
	}
}

export const UNREAD: unique symbol = Symbol('unread');

/** Rows of a table's source that one group is made of, and what has been computed over them. */
export interface Group {
	/** Row numbers of the source. */
	readonly rows: Int32Array;
	/** Column arguments already evaluated over `rows`, by number. */
	readonly columns: Map<number, Column>;
	/** Positions in `rows`, repeats allowed, when an uncertainty method asks for the statistic of other rows. */
	readonly resample: Int32Array | null;
	/** Columns of the table computed so far for this group. */
	readonly cells: Map<string, unknown>;
}

export type Closure = (frame: Frame) => Maybe<unknown>;

/** A compiled expression. */
export interface Code {
	readonly run: Closure;
	/** False when it can never be a promise, so that whoever uses it need not look. */
	readonly async: boolean;
	/** Present when the value is the same in every frame. */
	readonly constant?: { readonly value: unknown };
}

export const constant = (value: unknown): Code => ({ run: () => value, async: false, constant: { value } });
