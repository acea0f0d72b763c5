import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import { softmaxCrossEntropy } from '../../../kernel/compute/index.ts';
import { define, UserError } from '../../define.ts';
import { mean } from '../../statistics/mean.ts';
import { featureOf } from '../../training/batches.ts';
import {
	type Architecture,
	type Family,
	registerFamily,
	type Trainable,
	type TrainingPass,
} from '../../training/family.ts';
import type { Data } from '../../values/data.ts';
import { forward } from '../forward.ts';
import { outputShape, showShape } from '../graph.ts';
import { type NetworkFunction, traceNetwork } from '../symbol.ts';
import { graphNamed } from './networks.ts';

/** -ln of the probability of each row's class: logits [n, k], labels [n] from 0 to k - 1. Result [n]. */
export function crossEntropy(tf: TrainingPass['tf'], logits: Tensor2D, labels: Tensor): Tensor {
	return softmaxCrossEntropy(tf, logits, tf.cast(labels, 'int32'));
}

const logitsOf = ({ graphs }: Architecture, images: Tensor, pass: TrainingPass): Tensor2D =>
	forward(graphNamed(graphs, 'network'), [images], pass) as Tensor2D;

const classifierFamily: Family = registerFamily({
	name: 'classifier',
	weights: () => [],
	summary: () => [],
	parts: ['accuracy'],
	measures: ['cross_entropy', 'eval_accuracy'],
	loss(architecture, { image, label }, pass) {
		const { tf } = pass;
		const logits = logitsOf(architecture, image as Tensor, pass);
		const right = tf.equal(tf.argMax(logits, 1), tf.cast(label as Tensor, 'int32'));
		return {
			loss: tf.mean(crossEntropy(tf, logits, label as Tensor)),
			parts: { accuracy: tf.mean(tf.cast(right, 'float32')) },
		};
	},
	async measure(architecture, { tf, pass, batches }) {
		const losses: number[] = [];
		const right: boolean[] = [];
		for await (const { image, label } of batches()) {
			const [entropies, hits] = tf.tidy(() => {
				const logits = logitsOf(architecture, image as Tensor, pass);
				const hit = tf.equal(tf.argMax(logits, 1), tf.cast(label as Tensor, 'int32'));
				return [crossEntropy(tf, logits, label as Tensor), tf.cast(hit, 'float32')] as [Tensor, Tensor];
			});
			losses.push(...(await entropies.data()));
			for (const hit of await hits.data()) right.push(hit === 1);
			entropies.dispose();
			hits.dispose();
		}
		return { cross_entropy: mean(losses), eval_accuracy: mean(right) };
	},
});

/** Labels are checked once, as a wrong one would be a silent row of zeros. */
function checkLabels(data: Data, classes: number): void {
	const labels = data.column('label');
	for (let row = 0; row < data.length; row++) {
		const label = labels.get(row);
		if (Number.isInteger(label) && (label as number) >= 0 && (label as number) < classes) continue;
		throw new UserError(
			`row ${row} has the label ${String(label)}, but the network gives ${classes} classes`,
			`labels are whole numbers from 0 to ${classes - 1}`,
		);
	}
}

export function classifier({ network }: { readonly network: NetworkFunction }): Trainable {
	return {
		kind: 'trainable',
		family: classifierFamily.name,
		async build(data: Data) {
			const features = [featureOf(data, 'image'), featureOf(data, 'label')];
			const graph = await traceNetwork(network, 'network', [features[0]?.shape ?? []]);
			const shape = outputShape(graph);
			if (shape.length !== 1)
				throw new UserError(
					`a classifier needs one number a class, but its network gives ${showShape(shape)}`,
				);
			checkLabels(data, shape[0] as number);
			return { family: classifierFamily.name, graphs: [graph], config: {}, features };
		},
	};
}

export const classifierDefinition = define({
	name: 'classifier',
	signature: 'classifier(network: Network<A -> Tensor[k]>) -> Model<train, classify>',
	doc: 'A network whose result is one logit a class, trained on the columns `image` and `label` (whole numbers from 0) with cross-entropy.',
	example: 'model net = classifier(logits)',
	version: 1,
	run: classifier,
});
