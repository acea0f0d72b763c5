import type { TypeDefinition } from '../define.ts';
import type { AnyDefinition } from '../registry.ts';
import { augmentationDefinitions, augmentationType } from './augmentation.ts';
import { historyDefinition, historyTypes } from './history-method.ts';
import { optimizerDefinitions, optimizerType } from './optimizer.ts';
import { scheduleDefinitions } from './schedule.ts';
import { trainDefinition } from './train.ts';

/** Training runs, and what they are set up with. */
export const trainingFunctions: readonly AnyDefinition[] = [
	trainDefinition,
	...optimizerDefinitions,
	...scheduleDefinitions,
	...augmentationDefinitions,
	historyDefinition,
];

export const trainingTypes: readonly TypeDefinition[] = [optimizerType, augmentationType, ...historyTypes];
