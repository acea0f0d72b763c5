import type { Tensor } from '@tensorflow/tfjs';
import { define } from '../../define.ts';
import { needSame } from '../fit.ts';
import { type Shape, sizeOf } from '../graph.ts';
import { registerLayer } from '../layer-kind.ts';
import { type SymbolicTensor, symbolic } from '../symbol.ts';

registerLayer({
	name: 'add',
	shape(_, [a, b]) {
		const axes = (a as Shape).map((_size, axis) => axis);
		needSame('add', a as Shape, b as Shape, axes, 'one shape');
		return a as Shape;
	},
	operations: (_, [a]) => sizeOf(a as Shape),
	apply: ({ tf, inputs }) => tf.add(inputs[0] as Tensor, inputs[1] as Tensor),
});

registerLayer({
	name: 'concat',
	shape(_, [a, b]) {
		const first = a as Shape;
		const axes = first.slice(0, -1).map((_size, axis) => axis);
		needSame('concat', first, b as Shape, axes, 'one height and width');
		return [...first.slice(0, -1), (first.at(-1) as number) + ((b as Shape).at(-1) as number)];
	},
	apply: ({ tf, inputs }) => tf.concat([...inputs] as Tensor[], -1),
});

interface Two {
	readonly a: unknown;
	readonly b: unknown;
}

/** Adds the sum of two branches to their network. */
export function add(a: unknown, b: unknown): SymbolicTensor {
	const [left, right] = [symbolic(a, 'add'), symbolic(b, 'add')];
	return left.builder.add('add', {}, [left, right]);
}

export const addDefinition = define({
	name: 'add',
	signature: [
		'add(a: Image[h, w, c], b: Image[h, w, c]) -> Image[h, w, c]',
		'add(a: Tensor[t, n], b: Tensor[t, n]) -> Tensor[t, n]',
		'add(a: Tensor[n], b: Tensor[n]) -> Tensor[n]',
	],
	doc: 'The sum of two branches of one shape.',
	version: 1,
	run: ({ a, b }: Two) => add(a, b),
});

/** Adds the channels of two branches, one after the other, to their network. */
export function concatChannels(a: unknown, b: unknown): SymbolicTensor {
	const [left, right] = [symbolic(a, 'concat'), symbolic(b, 'concat')];
	return left.builder.add('concat', {}, [left, right]);
}

export const CONCAT_SIGNATURES = [
	'concat(a: Image[h, w, c], b: Image[h, w, d]) -> Image[h, w, c + d]',
	'concat(a: Tensor[n], b: Tensor[m]) -> Tensor[n + m]',
] as const;
