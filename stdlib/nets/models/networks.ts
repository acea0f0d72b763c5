import { UserError } from '../../define.ts';
import { type NetworkGraph, outputShape, type Shape, sameShape, showShape } from '../graph.ts';
import { type NetworkFunction, traceNetwork } from '../symbol.ts';

/** An encoder and a decoder that undoes its shape. */
export async function traceAutoencoder(
	encoder: NetworkFunction,
	decoder: NetworkFunction,
	image: Shape,
): Promise<readonly [NetworkGraph, NetworkGraph]> {
	const encoderGraph = await traceNetwork(encoder, 'encoder', [image]);
	const latent = outputShape(encoderGraph);
	const decoderGraph = await traceNetwork(decoder, 'decoder', [latent]);
	if (!sameShape(outputShape(decoderGraph), image))
		throw new UserError(
			`the decoder makes ${showShape(outputShape(decoderGraph))} of the encoder's ${showShape(latent)}, where the data has ${showShape(image)}`,
			'the last layers of the decoder must come back to the size and the channels of the images',
		);
	return [encoderGraph, decoderGraph];
}

export const graphNamed = (graphs: readonly NetworkGraph[], name: string): NetworkGraph => {
	const graph = graphs.find((each) => each.name === name);
	if (!graph) throw new Error(`the architecture has no network ${name}`);
	return graph;
};
