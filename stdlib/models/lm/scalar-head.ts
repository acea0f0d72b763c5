import type { Tensor } from '@tensorflow/tfjs';
import { constantWeight, kernelWeight, type WeightSpec } from '../../nets/layer-kind.ts';
import { causalMask } from '../../nets/transformer/blocks.ts';
import { decode } from '../../nets/transformer/forward.ts';
import type { Architecture, TrainingPass } from '../../training/family.ts';
import { anglesUpTo } from './angles.ts';
import { languageModelConfig } from './language-model-family.ts';
import { adapter } from './low-rank.ts';

/** Weights of a linear map from a state to one number. */
export const scalarHead = (name: string, width: number): WeightSpec[] => [
	kernelWeight([width, 1], width, `${name}/kernel`),
	constantWeight(`${name}/bias`, 1, 0),
];

/** What a pass up to a head needs. */
export type HeadPass = Pick<TrainingPass, 'tf' | 'weight' | 'watch'>;

/** The head's number for each state: [n] for states [n, width]. */
export const headValues = ({ tf, weight }: HeadPass, name: string, states: Tensor): Tensor =>
	tf.reshape(tf.add(tf.matMul(states, weight(`${name}/kernel`)), weight(`${name}/bias`)), [-1]);

/**
 * The head's number for each text: of the state at its last token.
 * @param tokens int32 [rows, length], padded after the text; @param last int32 [rows]
 * @returns [rows]
 */
export function valuesAtEnd(
	architecture: Architecture,
	name: string,
	tokens: Tensor,
	last: Tensor,
	pass: HeadPass,
): Tensor {
	const { tf, weight, watch } = pass;
	const { transformer: config, lowRank } = languageModelConfig(architecture);
	const [rows, length] = tokens.shape as [number, number];
	const adapt = lowRank ? adapter(tf, weight, lowRank) : undefined;
	const { hidden } = decode(
		{ tf, config, weight, watch, adapt },
		{
			tokens,
			positions: tf.tile(tf.reshape(tf.range(0, length, 1, 'int32'), [1, length]), [rows, 1]),
			angles: anglesUpTo(tf, config, length),
			// What is over stands behind the text, where its tokens do not look.
			mask: causalMask(tf, length),
		},
	);
	const at = tf.add(tf.mul(tf.range(0, rows, 1, 'int32'), tf.scalar(length, 'int32')), last);
	return headValues(pass, name, tf.gather(hidden, tf.cast(at, 'int32')));
}
