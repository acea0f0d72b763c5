import { define, UserError } from '../define.ts';
import { Prompt } from '../values/prompt.ts';

/** The prompt with the assistant's turn ended by this text: what a model that answered so would have been part of. */
export function answered(prompt: Prompt, answer: string): Prompt {
	const last = prompt.messages.at(-1);
	const opened = last?.role === 'assistant' ? last.content : '';
	const before = last?.role === 'assistant' ? prompt.messages.slice(0, -1) : prompt.messages;
	return new Prompt([...before, { role: 'assistant', content: opened + answer }], prompt.subjects);
}

/** The prompt after answered examples, as earlier turns of one conversation. System messages of examples are left out. */
export function fewShot(prompt: Prompt, examples: readonly Prompt[]): Prompt {
	const system = prompt.messages.filter((message) => message.role === 'system');
	const turns = examples.flatMap((example, i) => {
		if (example.messages.at(-1)?.role === 'assistant')
			return example.messages.filter((message) => message.role !== 'system');
		throw new UserError(
			`example ${i + 1} does not end with an answer`,
			'write answered(prompt, "its answer")',
		);
	});
	return new Prompt(
		[...system, ...turns, ...prompt.messages.filter((message) => message.role !== 'system')],
		prompt.subjects,
	);
}

interface AnsweredArgs {
	readonly prompt: Prompt;
	readonly answer: string;
}

export const answeredDefinition = define({
	name: 'answered',
	signature: 'answered(prompt: Prompt, answer: Text) -> Prompt',
	doc: "A prompt with its answer: the text goes on where the assistant's turn was opened. An example for few_shot.",
	example: 'answered(multiple_choice(x), "{x.answer})")',
	version: 1,
	run: ({ prompt, answer }: AnsweredArgs) => answered(prompt, answer),
});

interface FewShotArgs {
	readonly prompt: Prompt;
	readonly examples: readonly Prompt[];
}

export const fewShotDefinition = define({
	name: 'few_shot',
	signature: 'few_shot(prompt: Prompt, examples: List<Prompt>) -> Prompt',
	doc: 'A prompt after answered examples, each one or more turns that end with an answer.',
	example: 'few_shot(q(x), [answered(q(s), s.answer) for s in shots])',
	version: 1,
	run: ({ prompt, examples }: FewShotArgs) => fewShot(prompt, examples),
});
