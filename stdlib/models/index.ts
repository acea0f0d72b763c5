import type { TypeDefinition } from '../define.ts';
import type { AnyDefinition } from '../registry.ts';
import { anthropicDefinition } from './anthropic.ts';
import { bpeDefinition, tokenizerType } from './bpe.ts';
import { chooseDefinition, logprobBy, samplingBy } from './choose.ts';
import { dpoDefinition } from './dpo.ts';
import { ggufDefinition } from './gguf.ts';
import { lmDefinition } from './lm.ts';
import { loraDefinition } from './lora.ts';
import { modelNamedDefinition } from './model-named.ts';
import { openaiDefinition } from './openai.ts';
import { preferenceModelDefinition, rewardDefinition } from './preference-model.ts';
import { sampleDefinition } from './sample.ts';
import { embedDefinition, logprobDefinition } from './score.ts';
import { simulatedDefinition } from './simulated.ts';
import { transformerDefinition } from './transformer.ts';
import { pIkDefinition, valueHeadDefinition } from './value-head.ts';

export const models: readonly AnyDefinition[] = [
	openaiDefinition,
	anthropicDefinition,
	ggufDefinition,
	lmDefinition,
	transformerDefinition,
	bpeDefinition,
	loraDefinition,
	preferenceModelDefinition,
	dpoDefinition,
	rewardDefinition,
	valueHeadDefinition,
	pIkDefinition,
	simulatedDefinition,
	modelNamedDefinition,
	sampleDefinition,
	chooseDefinition,
	logprobDefinition,
	embedDefinition,
	logprobBy,
	samplingBy,
];

export const modelTypes: readonly TypeDefinition[] = [tokenizerType];
