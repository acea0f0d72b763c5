import type { Core, CoreClause } from '../../dsl/plan/core.ts';
import { type Column, RefColumn, ValueColumn } from '../../stdlib/values/column.ts';
import { Missing } from '../../stdlib/values/missing.ts';
import type { StepContext } from './context.ts';
import { rowValue } from './evaluate/column-argument.ts';
import { compile } from './evaluate/compile.ts';
import { type Code, Frame, UNREAD } from './evaluate/frame.ts';
import type { Maybe } from './evaluate/maybe.ts';
import { plain, truth } from './evaluate/operations.ts';
import { type ColumnScope, type Environment, NO_SCOPE } from './evaluate/scope.ts';
import { countColumn, fieldColumn, repeatCount, sourceColumn } from './evaluate/sources.ts';
import { type PumpOptions, pump } from './pump.ts';

/** A variable of an eval's rows: which element of its source each row has. */
export interface Variable {
	readonly name: string;
	readonly column: RefColumn<unknown>;
	/** From a `repeat`: equal rows with another index are other draws. */
	readonly repeat: boolean;
}

/** The rows of an eval: four bytes a row and variable, whatever the rows hold. */
export class EvalRows {
	readonly length: number;
	readonly variables: readonly Variable[];
	/** False when a source depends on the row: then indices alone do not bring the rows back. */
	readonly rebuildable: boolean;
	private readonly repeats: readonly Variable[];

	constructor(length: number, variables: readonly Variable[], rebuildable = true) {
		this.length = length;
		this.variables = variables;
		this.rebuildable = rebuildable;
		this.repeats = variables.filter((variable) => variable.repeat);
	}

	get repeated(): boolean {
		return this.repeats.length > 0;
	}

	/** Indices of the repeats around a row, `"3"` or `"3.0"`. */
	repeatPath(row: number): string {
		if (this.repeats.length === 1) return String((this.repeats[0] as Variable).column.indices[row]);
		return this.repeats.map(({ column }) => column.indices[row]).join('.');
	}

	/** Some of the rows. */
	take(rows: Int32Array): EvalRows {
		const variables = this.variables.map((each) => ({ ...each, column: each.column.take(rows) }));
		return new EvalRows(rows.length, variables);
	}

	variable(name: string): Variable | null {
		return this.variables.find((variable) => variable.name === name) ?? null;
	}
}

/** Reads variables of the row at hand; a whole row of a data set is made once, when first looked at. */
export function variableReader(variable: Variable, slot: number): Code {
	const { column } = variable;
	return {
		async: false,
		run: (frame) => {
			const known = frame.cells[slot];
			if (known !== UNREAD) return known;
			const value = column.get(frame.row) ?? null;
			frame.cells[slot] = value;
			return value;
		},
	};
}

/** `x.context` straight from the data set's column. */
export function variableFieldReader(variable: Variable, field: string): Code | null {
	const column = fieldColumn(variable.column, field);
	return column && { async: false, run: (frame) => column.get(frame.row) ?? null };
}

/** Variables bound so far, while clauses are gone through. */
class Product implements ColumnScope {
	readonly variables: Variable[] = [];
	length = 1;
	/** Set when something asked for a variable: then a clause depends on the row. */
	asked = false;

	reader(name: string): Code | null {
		const slot = this.variables.findLastIndex((variable) => variable.name === name);
		if (slot < 0) return null;
		this.asked = true;
		return variableReader(this.variables[slot] as Variable, slot);
	}

	fieldReader(name: string, field: string): Code | null {
		const variable = this.variables.findLast((each) => each.name === name);
		const code = variable ? variableFieldReader(variable, field) : null;
		this.asked ||= code !== null;
		return code;
	}

	/** Keeps the rows whose numbers are given, in that order and as often as named. */
	select(rows: Int32Array): void {
		this.length = rows.length;
		for (let i = 0; i < this.variables.length; i++) {
			const variable = this.variables[i] as Variable;
			this.variables[i] = { ...variable, column: variable.column.take(rows) };
		}
	}

	bind(name: string, source: Column, indices: Int32Array, repeat: boolean): void {
		this.variables.push({ name, column: new RefColumn(source, indices), repeat });
	}
}

export interface BuiltRows {
	readonly rows: EvalRows;
	/** Rows left out because a condition or a source had no value. */
	readonly undecided: number;
}

/** The product of the clauses, in order; the first varies slowest. */
export async function buildRows(
	clauses: readonly CoreClause[],
	env: Environment,
	context: StepContext,
	options: PumpOptions,
): Promise<BuiltRows> {
	const product = new Product();
	let undecided = 0;
	let rebuildable = true;
	for (const clause of clauses) {
		const condition =
			clause.kind === 'where' ? clause.condition : clause.kind === 'for' ? clause.source : clause.count;
		product.asked = false;
		const code = compile(condition, env, { ...NO_SCOPE, row: product });
		const evaluate = () => evaluateEach(code, product, context, options);
		if (clause.kind === 'where') undecided += keepWhere(product, await evaluate(), condition);
		else if (product.asked) {
			rebuildable = false;
			undecided += bindEach(product, clause, await evaluate());
		} else bindAll(product, clause, await code.run(Frame.of(context)));
	}
	return { rows: new EvalRows(product.length, product.variables, rebuildable), undecided };
}

/** The rows again from their stored indices, or null when they do not fit the sources. */
export async function restoreRows(
	clauses: readonly CoreClause[],
	env: Environment,
	context: StepContext,
	indices: readonly Int32Array[],
): Promise<EvalRows | null> {
	const variables: Variable[] = [];
	for (const clause of clauses) {
		if (clause.kind === 'where') continue;
		const own = indices[variables.length];
		const code = compile(clause.kind === 'for' ? clause.source : clause.count, env, NO_SCOPE);
		const items = itemsOf(clause, await code.run(Frame.of(context)));
		if (!own?.every((index) => index < items.length)) return null;
		const column = new RefColumn(items, own);
		variables.push({ name: clause.name, column, repeat: clause.kind === 'repeat' });
	}
	return new EvalRows(indices[0]?.length ?? 1, variables);
}

/** One value a row of the product so far. */
async function evaluateEach(
	code: Code,
	product: Product,
	context: StepContext,
	options: PumpOptions,
): Promise<readonly unknown[]> {
	const values = new Array<unknown>(product.length);
	const rows = new EvalRows(product.length, product.variables);
	const blank = new Array<unknown>(product.variables.length).fill(UNREAD);
	const start = (row: number): Maybe<unknown> => {
		const own = context.fork();
		if (rows.repeated) own.repeat = rows.repeatPath(row);
		const value = rowValue(code, new Frame(own, [], row, blank.slice(), [], null, null));
		if (value instanceof Promise) return value.then((settled) => (values[row] = settled));
		values[row] = value;
		return value;
	};
	await pump(product.length, start, options);
	return values;
}

function keepWhere(product: Product, values: readonly unknown[], condition: Core): number {
	const kept: number[] = [];
	let undecided = 0;
	for (let row = 0; row < values.length; row++) {
		const value = plain(values[row]);
		if (value instanceof Missing || value === null) undecided++;
		else if (truth(value, condition.loc ?? null)) kept.push(row);
	}
	product.select(Int32Array.from(kept));
	return undecided;
}

type Binding = CoreClause & { readonly kind: 'for' | 'repeat' };

function itemsOf(clause: Binding, value: unknown): Column {
	if (clause.kind === 'repeat') return countColumn(repeatCount(value, clause.count.loc ?? null));
	return sourceColumn(value, clause.labelled, clause.source.loc ?? null);
}

/** The same items for every row so far. */
function bindAll(product: Product, clause: Binding, value: unknown): void {
	const items = itemsOf(clause, value);
	const before = product.length;
	const rows = new Int32Array(before * items.length);
	const indices = new Int32Array(rows.length);
	for (let row = 0, at = 0; row < before; row++) {
		for (let i = 0; i < items.length; i++, at++) {
			rows[at] = row;
			indices[at] = i;
		}
	}
	product.select(rows);
	product.bind(clause.name, items, indices, clause.kind === 'repeat');
}

/** Each row has items of its own: they are laid end to end. Gives the number of rows that had none because they are missing. */
function bindEach(product: Product, clause: Binding, values: readonly unknown[]): number {
	const parts = values.map((value) => (value instanceof Missing ? null : itemsOf(clause, value)));
	const total = parts.reduce((sum, part) => sum + (part?.length ?? 0), 0);
	const rows = new Int32Array(total);
	const indices = new Int32Array(total);
	const laid = new Array<unknown>(total);
	let at = 0;
	parts.forEach((part, row) => {
		for (let i = 0; i < (part?.length ?? 0); i++, at++) {
			rows[at] = row;
			// Repeats keep their own number: it names the draw.
			indices[at] = clause.kind === 'repeat' ? i : at;
			laid[at] = (part as Column).get(i);
		}
	});
	product.select(rows);
	const source = clause.kind === 'repeat' ? countColumn(total) : new ValueColumn(laid);
	product.bind(clause.name, source, indices, clause.kind === 'repeat');
	return parts.filter((part) => part === null).length;
}
