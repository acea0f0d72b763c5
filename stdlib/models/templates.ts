import type { Message } from '../values/prompt.ts';

/** How messages become one text for a completion API; the text ends where the model goes on. */
export type Template = 'plain' | 'dialogue' | 'chatml';

export const TEMPLATES: readonly string[] = ['plain', 'dialogue', 'chatml'] satisfies Template[];

/** Text that ends the model's turn in a template, where it has one. */
export const turnEnd = (template: Template): readonly string[] =>
	template === 'dialogue' ? ['\n\nHuman:'] : template === 'chatml' ? ['<|im_end|>'] : [];

export function renderText(messages: readonly Message[], template: Template): string {
	const prefill = messages.at(-1)?.role === 'assistant';
	switch (template) {
		case 'plain':
			return messages.map((message) => message.content).join('\n\n');
		case 'dialogue':
			// The rendering of the papers' own prompts (anthropics/evals, READMEs); the system text stands before it.
			return messages.map(dialogueTurn).join('') + (prefill ? '' : '\n\nAssistant:');
		case 'chatml': {
			const turns = messages.map((message) => `<|im_start|>${message.role}\n${message.content}`);
			return turns.join('<|im_end|>\n') + (prefill ? '' : '<|im_end|>\n<|im_start|>assistant\n');
		}
	}
}

function dialogueTurn({ role, content }: Message): string {
	if (role === 'system') return content;
	if (role === 'user') return `\n\nHuman: ${content}`;
	return content === '' ? '\n\nAssistant:' : `\n\nAssistant: ${content}`;
}
