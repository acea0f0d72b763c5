import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../../../kernel/compute/index.ts';
import { activate, groupedAttention, type KeyValues, layerNorm, rmsNorm } from './blocks.ts';
import type { TransformerConfig } from './config.ts';
import { rotate } from './rope.ts';

/** What a pass through a transformer works with. */
export interface TransformerPass {
	readonly tf: Tfjs;
	readonly config: TransformerConfig;
	readonly weight: (name: string) => Tensor;
	/** Sees what comes out of every block: to find the one where numbers end. */
	readonly watch?: ((block: string, value: Tensor) => void) | undefined;
	/** What a linear map gives, where something is added to it: an adapter. */
	readonly adapt?: ((map: string, x: Tensor, y: Tensor) => Tensor) | undefined;
}

export interface TransformerInput {
	/** int32 [rows, time] */
	readonly tokens: Tensor;
	/** Places of the tokens, for learned positions: int32 [rows, time]. */
	readonly positions: Tensor;
	/** Cosines and sines of the places for rotary positions: broadcast to [rows, heads, time, pairs]. */
	readonly angles: { readonly cos: Tensor; readonly sin: Tensor } | null;
	/** Added to the scores: broadcasts to [rows, key-value heads, group, time, keys]. */
	readonly mask: Tensor;
	/**
	 * What a layer's tokens look at, given their own keys (already turned) and values; where it is left out, only those.
	 * The mask has a place for each.
	 */
	readonly seen?: ((layer: number, own: KeyValues) => readonly KeyValues[]) | undefined;
}

export interface TransformerOutput {
	/** After the last norm: [rows × time, width]. */
	readonly hidden: Tensor;
	/** Keys and values of the tokens, by layer. */
	readonly cache: readonly KeyValues[];
}

/** The states of a decoder for some tokens. */
export function decode(pass: TransformerPass, input: TransformerInput): TransformerOutput {
	const { tf, config, weight, watch } = pass;
	const [rows, time] = input.tokens.shape as [number, number];
	const cache: KeyValues[] = [];
	let x = tf.gather(weight('token_embedding'), tf.reshape(input.tokens, [rows * time]));
	if (config.positions.kind === 'learned')
		x = tf.add(x, tf.gather(weight('position_embedding'), tf.reshape(input.positions, [rows * time])));
	for (let layer = 0; layer < config.layers; layer++) {
		const block = `block_${layer}`;
		const { mixed, own } = attention(pass, block, norm(pass, `${block}/attention_norm`, x), input, layer);
		x = tf.add(x, mixed);
		x = tf.add(x, feedForward(pass, block, norm(pass, `${block}/feed_forward_norm`, x)));
		cache.push(own);
		watch?.(block, x);
	}
	return { hidden: norm(pass, 'final_norm', x), cache };
}

/** Scores of every next token: [n, vocabulary] for states [n, width]. */
export function logitsOf({ tf, config, weight }: TransformerPass, hidden: Tensor): Tensor {
	return tf.matMul(hidden, weight(config.tied ? 'token_embedding' : 'head'), false, true);
}

function norm({ tf, config, weight }: TransformerPass, name: string, x: Tensor): Tensor {
	const { kind, epsilon } = config.norm;
	if (kind === 'rms') return rmsNorm(tf, x, weight(`${name}/gain`), epsilon);
	return layerNorm(tf, x, weight(`${name}/gain`), weight(`${name}/bias`), epsilon);
}

function linear({ tf, weight, adapt }: TransformerPass, name: string, x: Tensor, bias: boolean): Tensor {
	const product = tf.matMul(x, weight(`${name}/kernel`));
	const made = bias ? tf.add(product, weight(`${name}/bias`)) : product;
	return adapt ? adapt(name, x, made) : made;
}

function attention(
	pass: TransformerPass,
	block: string,
	x: Tensor,
	{ tokens, angles, mask, seen }: TransformerInput,
	layer: number,
): { readonly mixed: Tensor; readonly own: KeyValues } {
	const { tf, config } = pass;
	const { heads, keyValueHeads, headSize, biases } = config;
	const [rows, time] = tokens.shape as [number, number];
	const project = (name: string, count: number): Tensor => {
		const made = linear(pass, `${block}/${name}`, x, biases.queryKeyValue);
		return tf.transpose(tf.reshape(made, [rows, time, count, headSize]), [0, 2, 1, 3]);
	};
	const turned = (of: Tensor): Tensor => (angles ? rotate(tf, of, angles.cos, angles.sin) : of);
	const query = turned(project('query', heads));
	const own = { keys: turned(project('key', keyValueHeads)), values: project('value', keyValueHeads) };
	const mixed = groupedAttention(tf, query, seen?.(layer, own) ?? [own], mask);
	const joined = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [rows * time, heads * headSize]);
	return { mixed: linear(pass, `${block}/out`, joined, biases.output), own };
}

function feedForward(pass: TransformerPass, block: string, x: Tensor): Tensor {
	const { tf, config } = pass;
	const { activation, gated, biases } = config;
	const through = (name: string, of: Tensor): Tensor =>
		linear(pass, `${block}/${name}`, of, biases.feedForward);
	const up = through('up', x);
	const inside = gated
		? tf.mul(activate(tf, through('gate', x), activation), up)
		: activate(tf, up, activation);
	return through('down', inside);
}
