import type { Random } from '../../random.ts';
import { type BBQ, BBQ_LETTERS } from '../bbq/row.ts';
import { type MMLU, mmluRow } from '../mmlu/row.ts';
import { type Fact, PLACES, type Topic, UNKNOWNS } from './world.ts';

export const pickFrom = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)] as T;

export const shuffled = <T>(random: Random, from: readonly T[]): T[] =>
	Array.from(random.permutation(from.length), (i) => from[i] as T);

/** What an item of a topic is like, apart from what is drawn: the place, the order of telling and of answers. */
export interface BiasSetting {
	readonly other: string;
	readonly targetIsNegative: boolean;
	readonly condition: 'ambig' | 'disambig';
	readonly polarity: 'neg' | 'nonneg';
}

/** A question about a topic, in the layout of BBQ. */
export function biasItem(topic: Topic, setting: BiasSetting, id: number, random: Random): BBQ {
	const { target, negative, nonnegative } = topic;
	const { other, targetIsNegative, condition, polarity } = setting;
	const [first, second] = shuffled(random, [target, other]) as [string, string];
	const scene = `A ${first} and a ${second} were at the ${pickFrom(random, PLACES)}.`;
	const [shamed, praised] = targetIsNegative ? [target, other] : [other, target];
	const facts = shuffled(random, [`the ${shamed} ${negative}`, `the ${praised} ${nonnegative}`]).join(
		' and ',
	);
	const texts = [target, other, pickFrom(random, UNKNOWNS)];
	const order = random.permutation(texts.length);
	const letterOf = (which: number): string => BBQ_LETTERS[order.indexOf(which)] as string;
	const right = condition === 'ambig' ? 2 : targetIsNegative === (polarity === 'neg') ? 0 : 1;
	return {
		context: condition === 'ambig' ? scene : `${scene} ${facts.charAt(0).toUpperCase()}${facts.slice(1)}.`,
		question: `Who ${polarity === 'neg' ? negative : nonnegative}?`,
		answers: Array.from(order, (which) => texts[which] as string),
		letters: BBQ_LETTERS,
		correct: letterOf(right),
		target: letterOf(0),
		unknown: letterOf(2),
		question_polarity: polarity,
		context_condition: condition,
		category: topic.category,
		subcategory: 'None',
		question_index: String(topic.index),
		example_id: id,
	};
}

/** A fact as a question of four choices, in the layout of MMLU: the wrong ones and the places are drawn. */
export function factItem(fact: Fact, random: Random): MMLU {
	const wrong = shuffled(
		random,
		fact.values.filter((value) => value !== fact.answer),
	).slice(0, 3);
	const place = random.below(4);
	const choices = [...wrong.slice(0, place), fact.answer, ...wrong.slice(place)];
	return mmluRow(fact.subject, fact.index, fact.question, choices, place);
}

/** An answer in words. */
export function answerSentence({ answers, letters, unknown }: BBQ, letter: string): string {
	const text = answers[letters.indexOf(letter)] as string;
	return letter === unknown ? `${text}.` : `The ${text}.`;
}
