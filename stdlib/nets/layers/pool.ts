import type { Tensor4D } from '@tensorflow/tfjs';
import { define, UserError } from '../../define.ts';
import { needPositive, needRank, wholeSize } from '../fit.ts';
import { type Shape, sizeOf } from '../graph.ts';
import { registerLayer } from '../layer-kind.ts';
import { symbolic } from '../symbol.ts';

registerLayer({
	name: 'pool',
	shape(attributes, [x]) {
		const input = x as Shape;
		needRank('pool', input, [3], 'an Image[h, w, c]');
		const size = attributes.size as number;
		const [h, w, c] = input as [number, number, number];
		return needPositive('pool', input, [Math.floor(h / size), Math.floor(w / size), c]);
	},
	operations: (_, [x]) => sizeOf(x as Shape),
	apply({ tf, attributes, inputs }) {
		const size = attributes.size as number;
		const x = inputs[0] as Tensor4D;
		return attributes.by === 'mean' ? tf.avgPool(x, size, size, 'valid') : tf.maxPool(x, size, size, 'valid');
	},
});

registerLayer({
	name: 'global_pool',
	shape(_, [x]) {
		needRank('global_pool', x as Shape, [2, 3], 'an Image[h, w, c] or a sequence Tensor[t, c]');
		return [(x as Shape).at(-1) as number];
	},
	operations: (_, [x]) => sizeOf(x as Shape),
	apply({ tf, inputs, inputShapes }) {
		const axes = (inputShapes[0] as Shape).slice(0, -1).map((_, axis) => axis + 1);
		return tf.mean(inputs[0] as Tensor4D, axes);
	},
});

/** Adds pooling over windows that do not overlap to the network of `x`. */
export function pool(x: unknown, size = 2, by = 'max') {
	if (by !== 'max' && by !== 'mean') throw new UserError(`pool takes by: "max" or by: "mean", not "${by}"`);
	const input = symbolic(x, 'pool');
	return input.builder.add('pool', { size: wholeSize('pool', 'size', size), by }, [input]);
}

export const poolDefinition = define({
	name: 'pool',
	signature:
		'pool(x: Image[h, w, c], size: Number = 2, by: Text = "max") -> Image[floor(h / size), floor(w / size), c]',
	doc: 'The largest value, or with `by: "mean"` the mean, of each window of size × size pixels. What does not fill a window is left out.',
	completions: { by: ['max', 'mean'] },
	version: 1,
	run: ({ x, size, by }: { readonly x: unknown; readonly size: number; readonly by: string }) =>
		pool(x, size, by),
});

export const globalPoolDefinition = define({
	name: 'global_pool',
	signature: ['global_pool(x: Image[h, w, c]) -> Tensor[c]', 'global_pool(x: Tensor[t, c]) -> Tensor[c]'],
	doc: 'The mean of each channel over all places.',
	cite: 'Lin et al. 2013 (arXiv:1312.4400)',
	version: 1,
	run: ({ x }: { readonly x: unknown }) => {
		const input = symbolic(x, 'global_pool');
		return input.builder.add('global_pool', {}, [input]);
	},
});
