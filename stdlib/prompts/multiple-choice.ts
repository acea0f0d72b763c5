import { define, UserError } from '../define.ts';
import { Data } from '../values/data.ts';
import { type Message, Prompt } from '../values/prompt.ts';

/** A question with lettered choices. */
export interface ChoiceQuestion {
	readonly question: string;
	readonly choices: readonly string[];
	readonly letters: readonly string[];
}

export interface AnsweredChoiceQuestion extends ChoiceQuestion {
	/** A letter. */
	readonly answer: string;
}

/**
 * The lettered format of Kadavath et al. 2022, section 3: `Question`, `Choices`, ` (A) …` a line. The assistant's turn is opened
 * with `Answer: (`, so that the letters themselves, without a space or a bracket, continue it. Shots are earlier turns with
 * their answers.
 */
export function multipleChoice(item: ChoiceQuestion, shots: Iterable<AnsweredChoiceQuestion> = []): Prompt {
	const messages: Message[] = [];
	for (const shot of shots)
		messages.push(
			{ role: 'user', content: asked(shot) },
			{ role: 'assistant', content: `Answer: (${shot.answer})` },
		);
	messages.push({ role: 'user', content: asked(item) }, { role: 'assistant', content: 'Answer: (' });
	return new Prompt(messages, [item]);
}

function asked({ question, choices, letters }: ChoiceQuestion): string {
	if (choices.length !== letters.length)
		throw new UserError(`a question has ${choices.length} choices and ${letters.length} letters`);
	return [
		'Question: ',
		question,
		'\nChoices:',
		...choices.map((choice, i) => `\n (${letters[i]}) ${choice}`),
	].join('');
}

const QUESTION = '{question: Text, choices: List<Text>, letters: List<Text>}';
const SHOT = '{question: Text, choices: List<Text>, letters: List<Text>, answer: Text}';

interface MultipleChoiceArgs {
	readonly x: ChoiceQuestion;
	readonly shots?: readonly AnsweredChoiceQuestion[] | Data | null;
}

export const multipleChoiceDefinition = define({
	name: 'multiple_choice',
	signature: [
		`multiple_choice(x: ${QUESTION}, shots: Data<${SHOT}>) -> Prompt`,
		`multiple_choice(x: ${QUESTION}, shots: List<${SHOT}>?) -> Prompt`,
	],
	doc:
		'A question with lettered choices. The assistant\'s turn begins with "Answer: (", so choose among the letters as they are: ' +
		'`options: x.letters`. `shots` are answered questions that come before it as turns of the conversation.',
	cite: 'Kadavath et al. 2022 (arXiv:2207.05221), section 3',
	example: 'p = m.choose(multiple_choice(x), options: x.letters)',
	version: 1,
	run: ({ x, shots }: MultipleChoiceArgs) => {
		const rows = shots instanceof Data ? Array.from(shots) : (shots ?? []);
		return multipleChoice(x, rows as readonly AnsweredChoiceQuestion[]);
	},
});
