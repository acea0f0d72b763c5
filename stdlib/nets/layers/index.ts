import type { AnyDefinition } from '../../registry.ts';
import { activationDefinitions } from './activations.ts';
import { attentionDefinition } from './attention.ts';
import { addDefinition } from './combine.ts';
import { concatDefinition } from './concat.ts';
import { convDefinition } from './conv.ts';
import { convBlockDefinition } from './conv-block.ts';
import { convTransposeDefinition } from './conv-transpose.ts';
import { denseDefinition } from './dense.ts';
import { dropoutDefinition } from './dropout.ts';
import { batchNormDefinition, groupNormDefinition, layerNormDefinition } from './norms.ts';
import { globalPoolDefinition, poolDefinition } from './pool.ts';
import { flattenDefinition, reshapeDefinition } from './reshape.ts';
import { residualDefinition } from './residual.ts';
import { upsampleDefinition } from './upsample.ts';

/** Everything that stands in a `network`. Importing it also registers what the layers compute. */
export const layers: readonly AnyDefinition[] = [
	convDefinition,
	convTransposeDefinition,
	denseDefinition,
	...activationDefinitions,
	batchNormDefinition,
	layerNormDefinition,
	groupNormDefinition,
	residualDefinition,
	convBlockDefinition,
	poolDefinition,
	globalPoolDefinition,
	upsampleDefinition,
	dropoutDefinition,
	flattenDefinition,
	reshapeDefinition,
	attentionDefinition,
	addDefinition,
	concatDefinition,
];
