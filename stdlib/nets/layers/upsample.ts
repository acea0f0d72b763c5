import type { Tensor } from '@tensorflow/tfjs';
import { define } from '../../define.ts';
import { needRank, wholeSize } from '../fit.ts';
import type { Shape } from '../graph.ts';
import { registerLayer } from '../layer-kind.ts';
import { symbolic } from '../symbol.ts';

registerLayer({
	name: 'upsample',
	shape(attributes, [x]) {
		needRank('upsample', x as Shape, [3], 'an Image[h, w, c]');
		const [h, w, c] = x as [number, number, number];
		const factor = attributes.factor as number;
		return [h * factor, w * factor, c];
	},
	apply({ tf, attributes, inputs, inputShapes }) {
		const factor = attributes.factor as number;
		const [h, w, c] = inputShapes[0] as [number, number, number];
		// Repeated by broadcasting: its gradient is a sum, which every device has.
		const places = tf.reshape(inputs[0] as Tensor, [-1, h, 1, w, 1, c]);
		const repeated = tf.mul(places, tf.ones([1, 1, factor, 1, factor, 1]));
		return tf.reshape(repeated, [-1, h * factor, w * factor, c]);
	},
});

export const upsampleDefinition = define({
	name: 'upsample',
	signature: 'upsample(x: Image[h, w, c], factor: Number = 2) -> Image[h * factor, w * factor, c]',
	doc: 'Every pixel repeated factor × factor times (nearest neighbour).',
	version: 1,
	run: ({ x, factor }: { readonly x: unknown; readonly factor: number }) => {
		const input = symbolic(x, 'upsample');
		return input.builder.add('upsample', { factor: wholeSize('upsample', 'factor', factor) }, [input]);
	},
});
