import { define, UserError } from '../../define.ts';
import type { Shape } from '../graph.ts';
import { registerLayer } from '../layer-kind.ts';
import { symbolic } from '../symbol.ts';

registerLayer({
	name: 'dropout',
	shape: (_, [x]) => x as Shape,
	apply({ tf, attributes, inputs, training, draw }) {
		const x = inputs[0] as (typeof inputs)[number];
		const rate = attributes.rate as number;
		if (!training || rate === 0) return tf.clone(x);
		const { shape } = x;
		const kept = tf.greaterEqual(
			draw((draws) => draws.uniform(shape)),
			rate,
		);
		return tf.mul(tf.mul(x, tf.cast(kept, 'float32')), 1 / (1 - rate));
	},
});

export const dropoutDefinition = define({
	name: 'dropout',
	signature: 'dropout(x: T, rate: Prob = 0.5) -> T',
	doc: 'While training, each value is zero with this probability and else divided by 1 - rate; afterwards nothing is changed.',
	cite: 'Srivastava et al. 2014',
	version: 1,
	run: ({ x, rate }: { readonly x: unknown; readonly rate: number }) => {
		if (!(rate >= 0 && rate < 1))
			throw new UserError(`the rate of dropout is at least 0 and below 1, not ${rate}`);
		const input = symbolic(x, 'dropout');
		return input.builder.add('dropout', { rate }, [input]);
	},
});
