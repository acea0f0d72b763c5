import type { Tensor } from '@tensorflow/tfjs';
import { define } from '../../define.ts';
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
import type { NetworkFunction } from '../symbol.ts';
import { graphNamed, traceAutoencoder } from './networks.ts';

/** Mean squared error of each example of a batch: [n]. */
export function errorPerExample(tf: TrainingPass['tf'], images: Tensor, made: Tensor): Tensor {
	const axes = images.shape.slice(1).map((_, axis) => axis + 1);
	return tf.mean(tf.square(tf.sub(images, made)), axes);
}

function reconstruct({ graphs }: Architecture, images: Tensor, pass: TrainingPass): Tensor {
	const latents = forward(graphNamed(graphs, 'encoder'), [images], pass);
	return forward(graphNamed(graphs, 'decoder'), [latents], pass);
}

const autoencoderFamily: Family = registerFamily({
	name: 'autoencoder',
	weights: () => [],
	summary: () => [],
	parts: [],
	measures: ['error'],
	loss(architecture, { image }, pass) {
		const { tf } = pass;
		const made = reconstruct(architecture, image as Tensor, pass);
		return { loss: tf.mean(tf.square(tf.sub(image as Tensor, made))), parts: {} };
	},
	async measure(architecture, { tf, pass, batches }) {
		const errors: number[] = [];
		for await (const { image } of batches()) {
			const found = tf.tidy(() =>
				errorPerExample(tf, image as Tensor, reconstruct(architecture, image as Tensor, pass)),
			);
			errors.push(...(await found.data()));
			found.dispose();
		}
		return { error: mean(errors) };
	},
});

interface AutoencoderArgs {
	readonly encoder: NetworkFunction;
	readonly decoder: NetworkFunction;
}

export function autoencoder({ encoder, decoder }: AutoencoderArgs): Trainable {
	return {
		kind: 'trainable',
		family: autoencoderFamily.name,
		async build(data: Data) {
			const image = featureOf(data, 'image');
			const graphs = await traceAutoencoder(encoder, decoder, image.shape);
			return { family: autoencoderFamily.name, graphs, config: {}, features: [image] };
		},
	};
}

export const autoencoderDefinition = define({
	name: 'autoencoder',
	signature: 'autoencoder(encoder: Network<A -> B>, decoder: Network<B -> A>) -> Model<train, reconstruct>',
	doc: 'Two networks that learn to give back the column `image` through what lies between them. The loss is the mean squared error.',
	cite: 'Hinton & Salakhutdinov 2006',
	example: 'model ae = autoencoder(enc, dec)',
	version: 1,
	run: autoencoder,
});
