import type { Core } from '../../../../dsl/plan/core.ts';
import { compile } from '../../../../kernel/engine/evaluate/compile.ts';
import { type Fault, located } from '../../../../kernel/engine/evaluate/fault.ts';
import { type Code, type EvaluationContext, Frame } from '../../../../kernel/engine/evaluate/frame.ts';
import {
	type ColumnScope,
	type Environment,
	NO_SCOPE,
	type Scope,
} from '../../../../kernel/engine/evaluate/scope.ts';
import { randomStream } from '../../../../stdlib/random.ts';
import { type AnyDefinition, library } from '../../../../stdlib/registry.ts';
import { Missing } from '../../../../stdlib/values/missing.ts';

export interface Surroundings {
	/** Columns of the row at hand. */
	readonly row?: Readonly<Record<string, unknown>>;
	readonly inputs?: Readonly<Record<string, unknown>>;
	readonly functions?: readonly AnyDefinition[];
	readonly used?: Environment['used'];
}

/** What row faults left behind, newest last. */
export const faults: Fault[] = [];

export const context: EvaluationContext = {
	signal: new AbortController().signal,
	seed: 0,
	call: () => {
		throw new Error('no model here');
	},
	random: randomStream,
	resolvePath: (path) => path,
	rowFault: (error) => {
		const fault = located(error, undefined);
		faults.push(fault);
		return new Missing('failed', fault.message, 'row-error');
	},
	skippedCall: () => {},
};

const rowScope = (row: Readonly<Record<string, unknown>>): ColumnScope => ({
	reader: (name): Code | null =>
		name in row ? { async: row[name] instanceof Promise, run: () => row[name] } : null,
});

export function environment({ inputs = {}, functions = [], used = () => null }: Surroundings): Environment {
	return { library: library(functions), inputs: new Map(Object.entries(inputs)), used };
}

/** The value of an expression in a row, as it comes: a promise only where something was pending. */
export function evaluate(core: Core, around: Surroundings = {}): unknown {
	const scope: Scope = { ...NO_SCOPE, row: rowScope(around.row ?? {}) };
	return compile(core, environment(around), scope).run(Frame.of(context));
}
