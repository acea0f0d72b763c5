import type { AnyDefinition } from '../registry.ts';
import { fillPronounDefinition } from './blank.ts';
import { dialogueDefinition } from './dialogue.ts';
import { answeredDefinition, fewShotDefinition } from './few-shot.ts';
import { letteredDefinition } from './lettered.ts';
import { multipleChoiceDefinition } from './multiple-choice.ts';
import { personaStatementDefinition, wouldSayDefinition, yesNoDefinition } from './persona.ts';
import {
	askDefinition,
	isItTrueDefinition,
	openQuestionDefinition,
	trueFalseDefinition,
} from './questions.ts';

/** Ready-made prompts, and what prompts are made of. */
export const prompts: readonly AnyDefinition[] = [
	letteredDefinition,
	multipleChoiceDefinition,
	openQuestionDefinition,
	isItTrueDefinition,
	trueFalseDefinition,
	askDefinition,
	personaStatementDefinition,
	wouldSayDefinition,
	yesNoDefinition,
	fillPronounDefinition,
	answeredDefinition,
	fewShotDefinition,
	dialogueDefinition,
];
