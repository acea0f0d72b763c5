import type { Message } from '../values/prompt.ts';

/**
 * What becomes of a last assistant message. `assistant`: it is sent as such, and the server continues it.
 * `instruction`: it is asked for at the end of the user's message, for services that only begin turns.
 */
export type Prefill = 'assistant' | 'instruction';

export const prefillOf = (messages: readonly Message[]): string => {
	const last = messages.at(-1);
	return last?.role === 'assistant' ? last.content : '';
};

export const withoutPrefill = (messages: readonly Message[]): readonly Message[] =>
	messages.at(-1)?.role === 'assistant' ? messages.slice(0, -1) : messages;

/** The messages with `text` after the prefill. */
export function continued(messages: readonly Message[], text: string): readonly Message[] {
	if (text === '') return messages;
	return [...withoutPrefill(messages), { role: 'assistant', content: prefillOf(messages) + text }];
}

/** The prefill as an instruction in the last user message. */
export function asInstruction(messages: readonly Message[]): readonly Message[] {
	const prefill = prefillOf(messages);
	if (prefill === '') return messages;
	const before = withoutPrefill(messages);
	const request = `Your answer has already begun as follows. Write only what comes next, without repeating it:\n${prefill}`;
	const last = before.at(-1);
	if (last?.role !== 'user') return [...before, { role: 'user', content: request }];
	return [...before.slice(0, -1), { role: 'user', content: `${last.content}\n\n${request}` }];
}

/** What a model wrote after a prefill that it was told of: most begin by repeating it. */
export const withoutRepeat = (text: string, prefill: string): string => {
	const wanted = prefill.trim();
	const start = text.trimStart();
	return wanted !== '' && start.startsWith(wanted) ? start.slice(wanted.length) : text;
};

/** A neutral context (Brown et al. 2020, section 2.4): no question, the answer begun in the same way. */
export const withoutPrompt = (messages: readonly Message[]): readonly Message[] => {
	const prefill = prefillOf(messages);
	const empty: Message = { role: 'user', content: '' };
	return prefill === '' ? [empty] : [empty, { role: 'assistant', content: prefill }];
};
