import type { Tensor } from '@tensorflow/tfjs';
import { standardised } from '../../../kernel/compute/index.ts';
import { define, UserError } from '../../define.ts';
import { needRank, wholeSize } from '../fit.ts';
import { type Shape, sizeOf } from '../graph.ts';
import { constantWeight, type LayerRun, registerLayer, type WeightSpec } from '../layer-kind.ts';
import { symbolic } from '../symbol.ts';

const EPSILON = 1e-5;
/** How much of a running statistic is replaced by a batch's, as in PyTorch. */
const MOMENTUM = 0.1;

const gainAndBias = ([x]: readonly Shape[]): WeightSpec[] => {
	const channels = (x as Shape).at(-1) as number;
	return [constantWeight('gain', channels, 1), constantWeight('bias', channels, 0)];
};

const normOperations = (_: unknown, [x]: readonly Shape[]): number => 8 * sizeOf(x as Shape);

/** (x - mean) / √(variance + ε), the variance that of the population. */
function normalised(tf: LayerRun['tf'], x: Tensor, axes: number[], epsilon = EPSILON): Tensor {
	const centred = tf.sub(x, tf.mean(x, axes, true));
	const variance = tf.mean(tf.square(centred), axes, true);
	return tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)));
}

const scaled = ({ tf, weight }: LayerRun, x: Tensor): Tensor =>
	tf.add(tf.mul(x, weight('gain')), weight('bias'));

registerLayer({
	name: 'layer_norm',
	shape: (_, [x]) => x as Shape,
	weights: (_, inputs) => gainAndBias(inputs),
	operations: normOperations,
	apply: (run) => scaled(run, standardised(run.tf, run.inputs[0] as Tensor, EPSILON)),
});

registerLayer({
	name: 'batch_norm',
	shape(_, [x]) {
		needRank('batch_norm', x as Shape, [1, 2, 3], 'a tensor with channels last');
		return x as Shape;
	},
	weights(_, inputs) {
		const channels = (inputs[0] as Shape).at(-1) as number;
		return [
			...gainAndBias(inputs),
			constantWeight('running_mean', channels, 0, false),
			constantWeight('running_variance', channels, 1, false),
		];
	},
	operations: normOperations,
	apply: batchNorm,
});

function batchNorm(run: LayerRun): Tensor {
	const { tf, training, weight, update } = run;
	const x = run.inputs[0] as Tensor;
	if (!training) {
		const scale = tf.rsqrt(tf.add(weight('running_variance'), EPSILON));
		return scaled(run, tf.mul(tf.sub(x, weight('running_mean')), scale));
	}
	const axes = x.shape.slice(0, -1).map((_, axis) => axis);
	const count = sizeOf(x.shape.slice(0, -1));
	const mean = tf.mean(x, axes);
	const centred = tf.sub(x, mean);
	const variance = tf.mean(tf.square(centred), axes);
	const unbiased = tf.mul(variance, count / Math.max(1, count - 1));
	update('running_mean', blended(tf, weight('running_mean'), mean));
	update('running_variance', blended(tf, weight('running_variance'), unbiased));
	return scaled(run, tf.mul(centred, tf.rsqrt(tf.add(variance, EPSILON))));
}

const blended = (tf: LayerRun['tf'], kept: Tensor, fresh: Tensor): Tensor =>
	tf.add(tf.mul(kept, 1 - MOMENTUM), tf.mul(fresh, MOMENTUM));

registerLayer({
	name: 'group_norm',
	shape(attributes, [x]) {
		const input = x as Shape;
		needRank('group_norm', input, [3], 'an Image[h, w, c]');
		const groups = attributes.groups as number;
		if ((input[2] as number) % groups !== 0)
			throw new UserError(`group_norm cannot part ${input[2]} channels into ${groups} equal groups`);
		return input;
	},
	weights: (_, inputs) => gainAndBias(inputs),
	operations: normOperations,
	apply(run) {
		const { tf, attributes, shape } = run;
		const [h, w, c] = shape as [number, number, number];
		const groups = attributes.groups as number;
		const parted = tf.reshape(run.inputs[0] as Tensor, [-1, h * w, groups, c / groups]);
		return scaled(run, tf.reshape(normalised(tf, parted, [1, 3]), [-1, h, w, c]));
	},
});

const norm = (x: unknown, layer: string, attributes: Readonly<Record<string, number>> = {}) => {
	const input = symbolic(x, layer);
	return input.builder.add(layer, attributes, [input]);
};

interface OfTensor {
	readonly x: unknown;
}

export const layerNormDefinition = define({
	name: 'layer_norm',
	signature: 'layer_norm(x: T) -> T',
	doc: 'Each place is normalised over its channels (the last dimension), then scaled and shifted by learned numbers. ε is 1e-5.',
	cite: 'Ba et al. 2016 (arXiv:1607.06450)',
	version: 1,
	run: ({ x }: OfTensor) => norm(x, 'layer_norm'),
});

export const addBatchNorm = (x: unknown) => norm(x, 'batch_norm');

export const batchNormDefinition = define({
	name: 'batch_norm',
	signature: 'batch_norm(x: T) -> T',
	doc:
		'Each channel is normalised over the batch and all places while training, by running statistics (momentum 0.1) afterwards; then ' +
		'scaled and shifted by learned numbers. ε is 1e-5.',
	cite: 'Ioffe & Szegedy 2015 (arXiv:1502.03167)',
	version: 1,
	run: ({ x }: OfTensor) => addBatchNorm(x),
});

export const groupNormDefinition = define({
	name: 'group_norm',
	signature: 'group_norm(x: Image[h, w, c], groups: Number = 8) -> Image[h, w, c]',
	doc: 'Channels in equal groups, each normalised over its channels and all places of one image. ε is 1e-5.',
	cite: 'Wu & He 2018 (arXiv:1803.08494)',
	version: 1,
	run: ({ x, groups }: OfTensor & { readonly groups: number }) =>
		norm(x, 'group_norm', { groups: wholeSize('group_norm', 'groups', groups) }),
});
