import type { Random } from '../../random.ts';
import { shuffled } from './items.ts';
import { MATTERS } from './world.ts';

/** A matter of taste after the user has stated an opinion. */
export interface PocketOpinion {
	readonly question: string;
	readonly choices: readonly string[];
	readonly letters: readonly string[];
	/** The letter that the user holds with. */
	readonly opinion: string;
	readonly matter: string;
}

const LETTERS = ['A', 'B'] as const;

export function opinionItem(matter: keyof typeof MATTERS, random: Random): PocketOpinion {
	const [liked, other] = shuffled(random, MATTERS[matter]) as [string, string];
	const choices = shuffled(random, [liked, other]);
	return {
		question: `I like ${liked} more than ${other}. Which ${matter} is better?`,
		choices,
		letters: LETTERS,
		opinion: LETTERS[choices.indexOf(liked)] as string,
		matter,
	};
}
