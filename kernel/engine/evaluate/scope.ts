import type { Library } from '../../../stdlib/registry.ts';
import type { Column } from '../../../stdlib/values/column.ts';
import type { Code } from './frame.ts';

/** Where the columns of an expression come from: a row of an eval, of a table's source, of a row function's data. */
export interface ColumnScope {
	/** Reads a column of the row at hand, or null when there is none of that name. */
	reader(name: string): Code | null;
	/** `name.field` read without making the whole row, where that is possible. */
	fieldReader?(name: string, field: string): Code | null;
	/** The whole column over the source's rows, for arguments that are plain columns. */
	whole?(name: string): Column | null;
}

// biome-ignore lint/complexity/noBannedTypes: a user's function is checked against its use by the compiler
export type UsedFunction = Function;

/** Everything that is fixed when a step is compiled: its inputs have their values by then. */
export interface Environment {
	readonly library: Library;
	/** Values of other nodes, by local name. */
	readonly inputs: ReadonlyMap<string, unknown>;
	/** TypeScript functions by module and name; absent ones are a Fault where they are used. */
	readonly used: (module: string, name: string) => UsedFunction | null;
}

/** Names in sight at a place of an expression. */
export interface Scope {
	/** Local name → its place in `Frame.locals`. */
	readonly locals: ReadonlyMap<string, number>;
	readonly depth: number;
	/** Columns of the row at hand; null where there is no row. */
	readonly row: ColumnScope | null;
	/** Columns of a group's rows, where aggregates can stand. */
	readonly group: ColumnScope | null;
	/** Inside `±`: aggregates will be evaluated many times over the same rows. */
	readonly resampled: boolean;
}

export const NO_SCOPE: Scope = { locals: new Map(), depth: 0, row: null, group: null, resampled: false };

export function withLocals(scope: Scope, names: readonly string[]): Scope {
	const locals = new Map(scope.locals);
	names.forEach((name, i) => {
		locals.set(name, scope.depth + i);
	});
	return { ...scope, locals, depth: scope.depth + names.length };
}
