import { define } from '../define.ts';
import { Missing } from '../values/missing.ts';
import { parseChoice } from './parse-choice.ts';

/** The option that a free answer chooses, as it is written in `options`; missing where it refuses or cannot be read. */
export function chosenOption(answer: string, options: readonly string[]): string | Missing {
	const parsed = parseChoice(answer, options);
	if (parsed.kind === 'option') return options[parsed.index] as string;
	if (parsed.kind === 'refused') return new Missing('refused', 'the model declined to answer');
	return new Missing(
		'unparsed',
		`none of ${options.map((option) => JSON.stringify(option)).join(', ')} could be read from the answer`,
	);
}

interface LetterArgs {
	readonly answer: string;
	readonly options: readonly string[];
}

export const letterDefinition = define({
	name: 'letter',
	signature: 'letter(answer: Text, options: List<Text>) -> Text',
	doc:
		'Which of the options a free answer chooses: the whole answer, the last "the answer is …", what it opens with, or the only one that it ' +
		'names. Case, brackets and punctuation do not matter. A refusal and an answer that names none or several are missing, each with its reason.',
	example: 'correct = letter(answer, x.letters) == x.correct',
	version: 2,
	run: ({ answer, options }: LetterArgs) => chosenOption(answer, options),
});
