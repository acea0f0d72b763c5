import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../../../kernel/compute/index.ts';
import { constantWeight, kernelWeight, type WeightSpec } from '../../nets/layer-kind.ts';
import type { TransformerConfig } from '../../nets/transformer/config.ts';
import type { TransformerPass } from '../../nets/transformer/forward.ts';
import { transformerWeights } from '../../nets/transformer/weight-specs.ts';
import type { WeightValue, WeightValues } from '../../nets/weights.ts';

/** Adapters of low rank beside the maps to queries and values (Hu et al. 2021, arXiv:2106.09685, sections 4.1 and 4.2). */
export interface LowRank {
	readonly rank: number;
	/** What an adapter gives is multiplied by alpha / rank. */
	readonly alpha: number;
}

const ADAPTED = /\/(?:query|value)\/kernel$/;

/** The weights of a model whose own are kept as they are, and of its adapters, which begin by giving nothing. */
export function adaptedWeights(config: TransformerConfig, { rank }: LowRank): WeightSpec[] {
	const own = transformerWeights(config).map((spec) => ({ ...spec, trainable: false }));
	const adapters = own.flatMap(({ name, shape }) => {
		if (!ADAPTED.test(name)) return [];
		const [from, to] = shape as [number, number];
		const map = name.replace(/\/kernel$/, '');
		const zeros = { ...constantWeight(`${map}/lora_b`, 1, 0), shape: [rank, to], decays: true };
		return [kernelWeight([from, rank], from, `${map}/lora_a`), zeros];
	});
	return [...own, ...adapters];
}

/** y + x A B × alpha / rank for the maps that have an adapter. */
export const adapter =
	(
		tf: Tfjs,
		weight: (name: string) => Tensor,
		{ rank, alpha }: LowRank,
	): NonNullable<TransformerPass['adapt']> =>
	(map, x, y) => {
		if (!ADAPTED.test(`${map}/kernel`)) return y;
		const low = tf.matMul(x, weight(`${map}/lora_a`));
		return tf.add(y, tf.mul(tf.matMul(low, weight(`${map}/lora_b`)), alpha / rank));
	};

/** The weights of a plain model that computes the same: adapters added into the maps that they stand beside. */
export function* mergedWeights(
	config: TransformerConfig,
	weights: WeightValues,
	lowRank: LowRank | null,
): Iterable<readonly [string, WeightValue]> {
	for (const { name } of transformerWeights(config)) {
		const value = weights.get(name) as WeightValue;
		yield [name, lowRank && ADAPTED.test(name) ? merged(name, value, weights, lowRank) : value];
	}
}

function merged(
	name: string,
	{ shape, data }: WeightValue,
	weights: WeightValues,
	{ rank, alpha }: LowRank,
): WeightValue {
	const [from, to] = shape as [number, number];
	const map = name.replace(/\/kernel$/, '');
	const a = (weights.get(`${map}/lora_a`) as WeightValue).data;
	const b = (weights.get(`${map}/lora_b`) as WeightValue).data;
	const made = data.slice();
	for (let row = 0; row < from; row++)
		for (let r = 0; r < rank; r++) {
			const factor = ((a[row * rank + r] as number) * alpha) / rank;
			for (let column = 0; column < to; column++)
				made[row * to + column] =
					(made[row * to + column] as number) + factor * (b[r * to + column] as number);
		}
	return { shape, data: made };
}
