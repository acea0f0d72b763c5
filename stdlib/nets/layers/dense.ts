import { define } from '../../define.ts';
import { needRank, wholeSize } from '../fit.ts';
import { type Shape, sizeOf } from '../graph.ts';
import { biasWeight, kernelWeight, registerLayer } from '../layer-kind.ts';
import { symbolic } from '../symbol.ts';

registerLayer({
	name: 'dense',
	shape(attributes, [x]) {
		const input = x as Shape;
		needRank('dense', input, [1, 2], 'a Tensor[n] (an image goes through `flatten` first)');
		return [...input.slice(0, -1), attributes.units as number];
	},
	weights(attributes, [x]) {
		const fanIn = (x as Shape).at(-1) as number;
		const units = attributes.units as number;
		return [kernelWeight([fanIn, units], fanIn), biasWeight(units, fanIn)];
	},
	operations: (attributes, [x]) => 2 * sizeOf(x as Shape) * (attributes.units as number),
	apply({ tf, inputs, weight, shape }) {
		const x = inputs[0] as (typeof inputs)[number];
		const fanIn = x.shape.at(-1) as number;
		const rows = tf.matMul(tf.reshape(x, [-1, fanIn]), weight('kernel'));
		return tf.reshape(tf.add(rows, weight('bias')), [-1, ...shape]);
	},
});

/** Adds an affine map of the last dimension to the network of `x`. */
export function dense(x: unknown, units: number) {
	const input = symbolic(x, 'dense');
	return input.builder.add('dense', { units: wholeSize('dense', 'units', units) }, [input]);
}

export const denseDefinition = define({
	name: 'dense',
	signature: [
		'dense(x: Tensor[n], units: Number) -> Tensor[units]',
		'dense(x: Tensor[t, n], units: Number) -> Tensor[t, units]',
	],
	doc: 'An affine map of the last dimension. Weights and bias begin uniform within ±1/√fan_in.',
	example: 'network logits(x: Image[28, 28, 1]) { x |> flatten |> dense(128) |> relu |> dense(10) }',
	version: 1,
	run: ({ x, units }: { readonly x: unknown; readonly units: number }) => dense(x, units),
});
