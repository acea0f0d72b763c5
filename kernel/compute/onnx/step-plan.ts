import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { OnnxBackend } from './backend.ts';
import type { PendingGraph } from './pending-graph.ts';
import type { GraphSession } from './session.ts';
import type { Info, Value } from './value.ts';

/** Where a step finds one of the values that it reads. */
type Source =
	| { readonly kind: 'argument'; readonly index: number }
	| { readonly kind: 'variable'; readonly variable: Variable }
	/** Made before the step and the same every time. */
	| { readonly kind: 'kept'; readonly value: Value }
	/** Written by the step itself from the host. */
	| { readonly kind: 'written'; readonly value: Value };

/** Where it puts one of its results. */
type Target =
	| { readonly kind: 'variable'; readonly variable: Variable }
	| { readonly kind: 'result'; readonly index: number };

/** Why a step must be traced every time. */
export class NotReplayable extends Error {}

/** A step as one compiled graph: what it reads, what it sets. */
export interface StepPlan {
	readonly graph: PendingGraph;
	readonly session: GraphSession;
	readonly sources: readonly Source[];
	readonly targets: readonly Target[];
	readonly results: readonly Info[];
}

/** What was there before a step was traced. */
export interface Surroundings {
	readonly serial: number;
	readonly inputs: readonly Tensor[];
	readonly variables: ReadonlyMap<Value, Variable>;
}

/**
 * @param results what the step returned
 * @throws {NotReplayable} with the reason
 */
export function planStep(
	backend: OnnxBackend,
	graph: PendingGraph,
	before: Surroundings,
	variables: readonly Variable[],
	results: readonly Tensor[],
): StepPlan {
	const behind = (tensor: Tensor): Value | null => backend.valueBehind(tensor.dataId);
	const byInput = new Map(before.inputs.map((input, index) => [behind(input), index]));
	const sources = graph.leaves.map((value): Source => {
		const index = byInput.get(value);
		if (index !== undefined) return { kind: 'argument', index };
		const variable = before.variables.get(value);
		if (variable) return { kind: 'variable', variable };
		return value.serial <= before.serial ? { kind: 'kept', value } : { kind: 'written', value };
	});
	const setBy = new Map(variables.map((variable) => [behind(variable), variable]));
	const returned = new Map(results.map((tensor, index) => [behind(tensor), index]));
	const targets = graph.wanted.map((value): Target => {
		const variable = setBy.get(value);
		if (variable) return { kind: 'variable', variable };
		const index = returned.get(value);
		if (index === undefined) throw new NotReplayable('it keeps tensors that it does not return');
		return { kind: 'result', index };
	});
	if (results.some((tensor) => !graph.wanted.includes(behind(tensor) as Value)))
		throw new NotReplayable('a result was there before the step, is returned twice or is a variable');
	const infos = results.map(({ shape, dtype }) => ({ shape, dtype }) as Info);
	return { graph, session: backend.sessionFor(graph), sources, targets, results: infos };
}

/** Why two traces of one step differ in more than their arguments and variables; null when they do not. */
export function difference(a: StepPlan, b: StepPlan): string | null {
	if (a.session !== b.session) return 'it records other operations each time';
	for (const [i, source] of a.sources.entries()) {
		const other = b.sources[i] as Source;
		if (source.kind !== other.kind) return 'it reads other tensors each time';
		if (source.kind === 'argument' && source.index !== (other as typeof source).index)
			return 'it reads its arguments in another order';
		if (source.kind === 'variable' && source.variable !== (other as typeof source).variable)
			return 'it reads other variables each time';
		if (source.kind === 'kept' && source.value !== (other as typeof source).value)
			return 'it reads a tensor that is made anew between steps; pass it as an argument';
		if (source.kind === 'written' && !sameNumbers(source.value, (other as typeof source).value))
			return 'a number that it computes on the host changes from step to step; pass it as an argument';
	}
	return null;
}

function sameNumbers(a: Value, b: Value): boolean {
	const [x, y] = [a.numbers, b.numbers];
	return x !== null && y !== null && x.length === y.length && x.every((number, i) => Object.is(number, y[i]));
}
