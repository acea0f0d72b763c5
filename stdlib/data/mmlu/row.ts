import { defineType } from '../../define.ts';

/** One question of the Massive Multitask Language Understanding test. */
export interface MMLU {
	readonly question: string;
	readonly choices: readonly string[];
	readonly letters: readonly string[];
	/** A letter of `letters`. */
	readonly answer: string;
	readonly answer_text: string;
	readonly subject: string;
	readonly index: number;
}

export const MMLU_LETTERS: readonly string[] = ['A', 'B', 'C', 'D'];

export const MMLU_FIELDS = [
	'question',
	'choices',
	'letters',
	'answer',
	'answer_text',
	'subject',
	'index',
] as const satisfies readonly (keyof MMLU)[];

export const mmluType = defineType({
	name: 'MMLU',
	type: '{question: Text, choices: List<Text>, letters: List<Text>, answer: Text, answer_text: Text, subject: Text, index: Number}',
	doc:
		'A four-choice question. `letters` are A to D, `answer` is the letter of the right one and `answer_text` its text; `index` is the ' +
		"question's place in its subject's file, from 0.",
});

/** Puts a question together; `right` is the index of the right choice. */
export function mmluRow(
	subject: string,
	index: number,
	question: string,
	choices: readonly string[],
	right: number,
): MMLU {
	return {
		question,
		choices,
		letters: MMLU_LETTERS,
		answer: MMLU_LETTERS[right] as string,
		answer_text: choices[right] as string,
		subject,
		index,
	};
}
