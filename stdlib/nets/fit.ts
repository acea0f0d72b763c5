import { UserError } from '../define.ts';
import { type Shape, showShape } from './graph.ts';

/** A size from a program: a whole number above zero. */
export function wholeSize(layer: string, name: string, value: unknown, least = 1): number {
	if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value;
	throw new UserError(`${name} of ${layer} must be a whole number of at least ${least}, not ${value}`);
}

export function needRank(layer: string, shape: Shape, ranks: readonly number[], wants: string): void {
	if (ranks.includes(shape.length)) return;
	throw new UserError(`${layer} takes ${wants}, but is given ${showShape(shape)}`);
}

export function needSame(layer: string, a: Shape, b: Shape, axes: readonly number[], what: string): void {
	if (a.length === b.length && axes.every((axis) => a[axis] === b[axis])) return;
	throw new UserError(
		`${layer} needs two tensors of ${what}, but is given ${showShape(a)} and ${showShape(b)}`,
	);
}

/** A layer whose result would have no pixels left. */
export function needPositive(layer: string, input: Shape, output: Shape): Shape {
	if (output.every((dim) => dim >= 1)) return output;
	throw new UserError(
		`${layer} leaves nothing of ${showShape(input)}: the result would be ${showShape(output)}`,
		'use fewer strides or pooling layers, or larger images',
	);
}
