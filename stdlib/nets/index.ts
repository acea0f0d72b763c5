import { defineType, type TypeDefinition } from '../define.ts';
import type { AnyDefinition } from '../registry.ts';
import { imageErrorDefinitions } from './image-error.ts';
import { layers } from './layers/index.ts';
import { autoencoderDefinition } from './models/autoencoder.ts';
import { classifierDefinition } from './models/classifier.ts';
import { vqvaeDefinition } from './models/vqvae.ts';
import { trainedMethods } from './trained-methods.ts';
import { quantizerDefinitions, quantizerType } from './vq/quantizer.ts';

/** Layers of networks, models that are made of networks, and what trained ones can do. */
export const netFunctions: readonly AnyDefinition[] = [
	...layers,
	classifierDefinition,
	autoencoderDefinition,
	vqvaeDefinition,
	...quantizerDefinitions,
	...trainedMethods,
	...imageErrorDefinitions,
];

export const netTypes: readonly TypeDefinition[] = [
	quantizerType,
	defineType({
		name: 'CodeUse',
		type: '{rank: Number, code: Number, uses: Number, share: Number}',
		doc: 'A code of a codebook: its place by use, its number, how often and for which part of all codes it is used.',
	}),
];
