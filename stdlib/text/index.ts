import type { AnyDefinition } from '../registry.ts';
import { listFunctions } from './lists.ts';
import { missingFunctions } from './missing.ts';
import { numberFunctions } from './numbers.ts';
import { stringFunctions } from './strings.ts';

/** Small functions over texts, numbers, lists and missing values. */
export const textFunctions: readonly AnyDefinition[] = [
	...stringFunctions,
	...listFunctions,
	...numberFunctions,
	...missingFunctions,
];
