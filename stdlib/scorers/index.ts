import type { AnyDefinition } from '../registry.ts';
import { gradedDefinition } from './graded.ts';
import { letterDefinition } from './letter.ts';
import { numberDefinition, numericDefinition } from './numeric.ts';
import { ratingDefinition, ratingsDefinition } from './ratings.ts';
import { refusalDefinition } from './refusal.ts';
import { regexDefinition } from './regex.ts';
import { exactDefinition, matchesDefinition, normalisedDefinition } from './text-match.ts';

/** What reads answers and says how good they are. */
export const scorers: readonly AnyDefinition[] = [
	exactDefinition,
	normalisedDefinition,
	matchesDefinition,
	numericDefinition,
	numberDefinition,
	regexDefinition,
	letterDefinition,
	refusalDefinition,
	gradedDefinition,
	ratingDefinition,
	ratingsDefinition,
];
