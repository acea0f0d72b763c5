import type { TransformerConfig } from '../../nets/transformer/config.ts';
import { transformerWeights } from '../../nets/transformer/weight-specs.ts';
import type { Architecture } from '../../training/family.ts';
import type { Work } from '../../training/needs.ts';
import type { LanguageModelConfig } from './language-model-family.ts';

/** Tokens of a row, from the shape of that column. */
function lengthOf({ features }: Architecture, column: string): number {
	return features.find((feature) => feature.column === column)?.shape[0] ?? 0;
}

export interface DecoderPasses {
	/** The column of an example's tokens. */
	readonly column: string;
	/** Rows of tokens that an example has. */
	readonly rows: number;
	/** Passes without a gradient, for each of them. */
	readonly references?: number;
	/** Whether the scores of all next tokens are computed. */
	readonly scores: boolean;
}

/** What an example takes in a decoder: products and attention, and what they leave for the gradient. */
export function decoderWork(architecture: Architecture, passes: DecoderPasses): Work {
	const { transformer, lowRank } = architecture.config as LanguageModelConfig;
	const length = lengthOf(architecture, passes.column);
	const operations = length * operationsOf(transformer, length, passes.scores);
	// Gradients of weights that stay as they are need not be computed: two products a map of three.
	const gradient = lowRank ? 2 / 3 : 1;
	const reference = (passes.references ?? 0) / 3;
	return {
		operations: passes.rows * operations * (gradient + reference),
		kept: passes.rows * length * keptOf(transformer, length, passes.scores),
	};
}

/** A token's multiplications and additions; it looks at all places of its row, masked or not. */
function operationsOf(config: TransformerConfig, length: number, scores: boolean): number {
	const { layers, heads, headSize, vocabulary, width } = config;
	const maps = transformerWeights(config)
		.filter(({ name }) => name.endsWith('/kernel'))
		.reduce((sum, { shape }) => sum + (shape[0] as number) * (shape[1] as number), 0);
	const attention = layers * 2 * length * heads * headSize;
	return 2 * (maps + attention + (scores ? vocabulary * width : 0));
}

/** A token's numbers between the products of a block, and its scores with their gradient. */
function keptOf(config: TransformerConfig, length: number, scores: boolean): number {
	const { layers, width, heads, keyValueHeads, headSize, hidden, gated, vocabulary } = config;
	const residual = 6 * width;
	const attention = 2 * (heads + keyValueHeads) * headSize + 2 * heads * length;
	const inside = (gated ? 4 : 3) * hidden;
	return layers * (residual + attention + inside) + (scores ? 3 * vocabulary : 0);
}
