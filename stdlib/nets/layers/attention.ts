import type { Tensor } from '@tensorflow/tfjs';
import { define, UserError } from '../../define.ts';
import { needRank, wholeSize } from '../fit.ts';
import type { Shape } from '../graph.ts';
import { biasWeight, kernelWeight, type LayerRun, registerLayer, type WeightSpec } from '../layer-kind.ts';
import { symbolic } from '../symbol.ts';

type Tfjs = LayerRun['tf'];

/**
 * softmax(q kᵀ / √d) v over the last two dimensions; q, k, v are [batch, heads, time, d].
 * @param causal each place sees itself and what is before it
 */
export function scaledDotProduct(tf: Tfjs, q: Tensor, k: Tensor, v: Tensor, causal: boolean): Tensor {
	const [time, d] = q.shape.slice(-2) as [number, number];
	const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(d));
	return tf.matMul(tf.softmax(causal ? tf.add(scores, laterMask(tf, time)) : scores), v);
}

/** 0 where a place may look, and so far below as softmax can tell where it may not. */
function laterMask(tf: Tfjs, time: number): Tensor {
	const values = Float32Array.from({ length: time * time }, (_, i) =>
		i % time > Math.floor(i / time) ? -1e9 : 0,
	);
	return tf.tensor(values, [time, time]);
}

const projection = (name: string, d: number): WeightSpec[] => [
	kernelWeight([d, d], d, `${name}/kernel`),
	{ ...biasWeight(d, d), name: `${name}/bias` },
];

const lengthOf = (shape: Shape): number => shape.slice(0, -1).reduce((product, size) => product * size, 1);

registerLayer({
	name: 'attention',
	shape(attributes, [x]) {
		const input = x as Shape;
		needRank('attention', input, [2, 3], 'a sequence Tensor[t, d] or an Image[h, w, c]');
		const [d, heads] = [input.at(-1) as number, attributes.heads as number];
		if (d % heads !== 0) throw new UserError(`attention cannot part ${d} channels into ${heads} equal heads`);
		return input;
	},
	weights(_, [x]) {
		const d = (x as Shape).at(-1) as number;
		return ['query', 'key', 'value', 'out'].flatMap((name) => projection(name, d));
	},
	operations(_, [x]) {
		const [time, d] = [lengthOf(x as Shape), (x as Shape).at(-1) as number];
		return 8 * time * d * d + 4 * time * time * d;
	},
	apply(run) {
		const { tf, attributes, inputs, shape, weight } = run;
		const [time, d, heads] = [lengthOf(shape), shape.at(-1) as number, attributes.heads as number];
		const rows = tf.reshape(inputs[0] as Tensor, [-1, d]);
		const project = (name: string, of: Tensor): Tensor =>
			tf.add(tf.matMul(of, weight(`${name}/kernel`)), weight(`${name}/bias`));
		const split = (name: string): Tensor =>
			tf.transpose(tf.reshape(project(name, rows), [-1, time, heads, d / heads]), [0, 2, 1, 3]);
		const causal = attributes.causal as boolean;
		const mixed = scaledDotProduct(tf, split('query'), split('key'), split('value'), causal);
		const joined = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [-1, d]);
		return tf.reshape(project('out', joined), [-1, ...shape]);
	},
});

interface AttentionArgs {
	readonly x: unknown;
	readonly heads: number;
	readonly causal: boolean;
}

export const attentionDefinition = define({
	name: 'attention',
	signature: [
		'attention(x: Tensor[t, d], heads: Number = 1, causal: Bool = false) -> Tensor[t, d]',
		'attention(x: Image[h, w, c], heads: Number = 1, causal: Bool = false) -> Image[h, w, c]',
	],
	doc:
		'Multi-head self-attention with learned query, key, value and output maps; over the pixels of an image in reading order. ' +
		'`causal` lets each place see only itself and what is before it.',
	cite: 'Vaswani et al. 2017 (arXiv:1706.03762), section 3.2',
	version: 1,
	run: ({ x, heads, causal }: AttentionArgs) => {
		const input = symbolic(x, 'attention');
		return input.builder.add('attention', { heads: wholeSize('attention', 'heads', heads), causal }, [input]);
	},
});
