import type { Tensor } from '@tensorflow/tfjs';
import { define, UserError } from '../../define.ts';
import { wholeSize } from '../fit.ts';
import { type Shape, showShape, sizeOf } from '../graph.ts';
import { registerLayer } from '../layer-kind.ts';
import { symbolic } from '../symbol.ts';

registerLayer({
	name: 'flatten',
	shape: (_, [x]) => [sizeOf(x as Shape)],
	apply: ({ tf, inputs, shape }) => tf.reshape(inputs[0] as Tensor, [-1, ...shape]),
});

registerLayer({
	name: 'reshape',
	shape(attributes, [x]) {
		const [input, output] = [x as Shape, attributes.to as Shape];
		if (sizeOf(input) !== sizeOf(output))
			throw new UserError(
				`reshape cannot make ${showShape(output)} of ${showShape(input)}: ${sizeOf(output)} numbers of ${sizeOf(input)}`,
			);
		return output;
	},
	apply: ({ tf, inputs, shape }) => tf.reshape(inputs[0] as Tensor, [-1, ...shape]),
});

export const flattenDefinition = define({
	name: 'flatten',
	signature: [
		'flatten(x: Image[h, w, c]) -> Tensor[h * w * c]',
		'flatten(x: Tensor[t, n]) -> Tensor[t * n]',
		'flatten(x: Tensor[n]) -> Tensor[n]',
	],
	doc: 'All numbers of an image or a sequence in one row.',
	version: 1,
	run: ({ x }: { readonly x: unknown }) => {
		const input = symbolic(x, 'flatten');
		return input.builder.add('flatten', {}, [input]);
	},
});

interface ReshapeArgs {
	readonly x: unknown;
	readonly height?: number;
	readonly width?: number;
	readonly channels?: number;
	readonly length?: number;
}

export const reshapeDefinition = define({
	name: 'reshape',
	signature: [
		'reshape(x: Tensor[height * width * channels], height: Number, width: Number, channels: Number) -> Image[height, width, channels]',
		'reshape(x: Tensor[length * channels], length: Number, channels: Number) -> Tensor[length, channels]',
		'reshape(x: Image[h, w, c], length: Number, channels: Number) -> Tensor[length, channels]',
	],
	doc: 'The same numbers, row by row, in another shape: an image, or a sequence of `length` places.',
	example:
		'network dec(z: Tensor[32]) { z |> dense(784) |> reshape(7, 7, 16) |> conv_transpose(1, stride: 4) }',
	version: 1,
	run: ({ x, ...sizes }: ReshapeArgs) => {
		const input = symbolic(x, 'reshape');
		const to = (['height', 'width', 'length', 'channels'] as const)
			.filter((name) => sizes[name] !== undefined && sizes[name] !== null)
			.map((name) => wholeSize('reshape', name, sizes[name]));
		return input.builder.add('reshape', { to }, [input]);
	},
});
