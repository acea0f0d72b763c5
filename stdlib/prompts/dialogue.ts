import { define } from '../define.ts';
import type { Prompt } from '../values/prompt.ts';

/**
 * Chat messages as one text for a model that only completes: `\n\nHuman: …\n\nAssistant: …`, as the published model-written
 * and constitutional sets frame it. The text ends after `Assistant:`, or after what the assistant's turn was opened with; an answer
 * therefore begins with a space when the turn is empty. A system message comes first, without a name.
 */
export function dialogue(prompt: Prompt): string {
	const turns = prompt.messages.map(({ role, content }) => {
		if (role === 'system') return content;
		return `\n\n${role === 'user' ? 'Human' : 'Assistant'}: ${content}`;
	});
	const open = prompt.messages.at(-1)?.role === 'assistant' ? '' : '\n\nAssistant:';
	return turns.join('') + open;
}

interface DialogueArgs {
	readonly prompt: Prompt;
}

export const dialogueDefinition = define({
	name: 'dialogue',
	signature: 'dialogue(prompt: Prompt) -> Text',
	doc: 'A prompt as one text with "Human:" and "Assistant:" turns, open for the next answer, which begins with a space.',
	example: 'm.logprob(dialogue(q(x)), " Yes")',
	version: 1,
	run: ({ prompt }: DialogueArgs) => dialogue(prompt),
});
