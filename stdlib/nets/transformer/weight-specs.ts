import { constantWeight, type WeightSpec } from '../layer-kind.ts';
import type { TransformerConfig } from './config.ts';

/** Names of the linear maps of a block, with the lengths that they go between. */
function mapsOf(config: TransformerConfig): readonly LinearMap[] {
	const { width, heads, keyValueHeads, headSize, hidden, biases, gated } = config;
	const { queryKeyValue, output, feedForward } = biases;
	return [
		{ name: 'query', from: width, to: heads * headSize, bias: queryKeyValue },
		{ name: 'key', from: width, to: keyValueHeads * headSize, bias: queryKeyValue },
		{ name: 'value', from: width, to: keyValueHeads * headSize, bias: queryKeyValue },
		{ name: 'out', from: heads * headSize, to: width, bias: output },
		...(gated ? [{ name: 'gate', from: width, to: hidden, bias: feedForward }] : []),
		{ name: 'up', from: width, to: hidden, bias: feedForward },
		{ name: 'down', from: hidden, to: width, bias: feedForward },
	];
}

export interface LinearMap {
	readonly name: string;
	readonly from: number;
	readonly to: number;
	readonly bias: boolean;
}

/** Standard deviation of what embeddings and kernels begin with (Radford et al. 2019, section 2.3). */
const SPREAD = 0.02;

/**
 * Every weight of a transformer, in order. Kernels are [from, to]; the embedding and the head [vocabulary, width]. Maps
 * back into the residual stream begin smaller by √(2 layers).
 */
export function transformerWeights(config: TransformerConfig): WeightSpec[] {
	const { vocabulary, width, layers, context, positions, tied } = config;
	const specs = [drawn('token_embedding', [vocabulary, width], SPREAD)];
	if (positions.kind === 'learned') specs.push(drawn('position_embedding', [context, width], SPREAD));
	for (let layer = 0; layer < layers; layer++) specs.push(...blockWeights(config, `block_${layer}`));
	specs.push(...normWeights(config, 'final_norm'));
	if (!tied) specs.push(drawn('head', [vocabulary, width], SPREAD));
	return specs;
}

function blockWeights(config: TransformerConfig, block: string): WeightSpec[] {
	const back = SPREAD / Math.sqrt(2 * config.layers);
	const linear = mapsOf(config).flatMap(({ name, from, to, bias }) => {
		const spread = name === 'out' || name === 'down' ? back : SPREAD;
		const kernel = drawn(`${block}/${name}/kernel`, [from, to], spread);
		return bias ? [kernel, constantWeight(`${block}/${name}/bias`, to, 0)] : [kernel];
	});
	return [
		...normWeights(config, `${block}/attention_norm`),
		...normWeights(config, `${block}/feed_forward_norm`),
		...linear,
	];
}

function normWeights({ width, norm }: TransformerConfig, name: string): WeightSpec[] {
	const gain = constantWeight(`${name}/gain`, width, 1);
	return norm.kind === 'rms' ? [gain] : [gain, constantWeight(`${name}/bias`, width, 0)];
}

/** Uniform with the given standard deviation: within ±√3 of it. */
const drawn = (name: string, shape: readonly number[], spread: number): WeightSpec => ({
	name,
	shape,
	initial: { kind: 'uniform', fanIn: 1 / (3 * spread * spread) },
	trainable: true,
	decays: true,
});
