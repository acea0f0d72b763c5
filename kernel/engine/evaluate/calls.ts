import type { Core } from '../../../dsl/plan/core.ts';
import type { AnyDefinition } from '../../../stdlib/registry.ts';
import type { Data } from '../../../stdlib/values/data.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { isTable } from '../../../stdlib/values/table.ts';
import { compileColumnArgument } from './column-argument.ts';
import { compile } from './compile.ts';
import { Fault } from './fault.ts';
import { type Code, type Frame, isUnknown } from './frame.ts';
import { relocated } from './lambdas.ts';
import { chain, each, type Maybe } from './maybe.ts';
import { plain } from './operations.ts';
import { compileRowFunction } from './row-function.ts';
import type { Environment, Scope } from './scope.ts';
import { dataOf } from './sources.ts';

interface Argument {
	readonly name: string;
	/** Of a row function: over the rows that a table was made from, not over its own. */
	readonly overSource: boolean;
	/** Evaluated before the others: a row function needs the data that it is over. */
	readonly code: Code | null;
	readonly rowFunction: ReturnType<typeof compileRowFunction> | null;
}

/** A library function: a missing argument is the result, unless it wants to see them. */
export function compileCall(core: Core & { op: 'call' }, env: Environment, scope: Scope): Code {
	const definition = env.library.functions.get(core.fn);
	if (!definition) {
		throw new Fault(
			`this version of Assay has no function "${core.fn}"`,
			core.loc ?? null,
			'plan the study again with this version',
		);
	}
	const overSource = sourceParameters(definition);
	const args = Object.entries(core.args).map(([name, arg]) =>
		compileArgument(name, arg, overSource, env, scope),
	);
	const call = invocation(definition, args, core.loc);
	if (args.every((arg) => arg.code && !arg.code.async)) {
		const codes = args.map((arg) => (arg.code as Code).run);
		return {
			async: true,
			run: (frame) => {
				const values = new Array<unknown>(codes.length);
				for (let i = 0; i < codes.length; i++) values[i] = (codes[i] as Code['run'])(frame);
				return call(frame, values);
			},
		};
	}
	return {
		async: true,
		run: (frame) =>
			chain(
				each(args, (arg) => arg.code?.run(frame)),
				(values) => call(frame, values),
			),
	};
}

function compileArgument(
	name: string,
	arg: Core,
	sources: ReadonlySet<string>,
	env: Environment,
	scope: Scope,
): Argument {
	const overSource = sources.has(name);
	if (arg.op === 'rowfn')
		return { name, overSource, code: null, rowFunction: compileRowFunction(arg, env, scope) };
	const code = arg.op === 'columns' ? compileColumnArgument(arg, env, scope) : compile(arg, env, scope);
	return { name, overSource, code, rowFunction: null };
}

function invocation(definition: AnyDefinition, args: readonly Argument[], loc: number | undefined) {
	const hasRowFunctions = args.some((arg) => arg.rowFunction);
	return (frame: Frame, values: readonly unknown[]): Maybe<unknown> => {
		const given: Record<string, unknown> = {};
		for (let i = 0; i < args.length; i++) {
			const value = values[i];
			if (value instanceof Missing && !definition.acceptsMissing) {
				if (definition.calls && isUnknown(value)) frame.context.skippedCall(values, drawsAmong(args, values));
				return value;
			}
			given[(args[i] as Argument).name] = value;
		}
		if (hasRowFunctions) bindRowFunctions(args, values, given, frame);
		// While an uncertainty method resamples, only the bare value is wanted.
		if (definition.point && frame.group?.resample) return definition.point(given);
		return relocated(() => definition.run(given, frame.context), loc);
	};
}

/** How often a model is asked: `n` where one is given. */
function drawsAmong(args: readonly Argument[], values: readonly unknown[]): number {
	const n = values[args.findIndex(({ name }) => name === 'n')];
	return typeof n === 'number' ? n : 1;
}

/** Row functions are over the rows of the first data set or table among the arguments. */
function bindRowFunctions(
	args: readonly Argument[],
	values: readonly unknown[],
	given: Record<string, unknown>,
	frame: Frame,
): void {
	const first = values.find((value) => dataOf(value) !== null);
	const data = dataOf(first);
	for (const { name, rowFunction, overSource } of args) {
		if (rowFunction) given[name] = rowFunction(frame, overSource ? sourceOf(first) : data);
	}
}

const sourceOf = (value: unknown): Data | null => {
	const table = plain(value);
	return isTable(table) ? (table.lineage?.source ?? null) : dataOf(table);
};

/**
 * Parameters of type `S -> T` where another is a `Table<R, S>`: their rows are those that the table was made from, as
 * in `contrast(bias, on: c, paired: x)`.
 */
function sourceParameters(definition: AnyDefinition): ReadonlySet<string> {
	const names = new Set<string>();
	for (const signature of [definition.signature].flat()) {
		const source = /\bTable<\s*\w+\s*,\s*(\w+)\s*>/.exec(signature)?.[1];
		if (source === undefined) continue;
		for (const [, name] of signature.matchAll(new RegExp(`(\\w+):\\s*\\(?${source}\\s*->`, 'g')))
			names.add(name as string);
	}
	return names;
}

/** A TypeScript function: positional, strict about missing arguments like every other operation. */
export function compileUsed(core: Core & { op: 'used' }, env: Environment, scope: Scope): Code {
	const args = core.args.map((arg) => compile(arg, env, scope));
	const fn = env.used(core.module, core.fn);
	if (!fn) throw new Fault(`the function "${core.fn}" of ${core.module} was not loaded`, core.loc ?? null);
	return {
		async: true,
		run: (frame) =>
			chain(
				each(args, (arg) => arg.run(frame)),
				(values) =>
					values.find((value) => value instanceof Missing) ?? relocated(() => fn(...values), core.loc),
			),
	};
}
