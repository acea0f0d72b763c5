export type Role = 'system' | 'user' | 'assistant';

export interface Message {
	readonly role: Role;
	readonly content: string;
}

/**
 * Chat messages, rendered. A last `assistant` message is a prefill: the model continues it.
 * Neighbouring messages of one role are joined by a blank line, since most chat templates refuse them.
 */
export class Prompt {
	readonly messages: readonly Message[];
	/** The values that the prompt was made from: for the simulated responder and for reports; never sent to a model. */
	readonly subjects: readonly unknown[];

	constructor(messages: readonly Message[], subjects: readonly unknown[] = []) {
		this.messages = joinNeighbours(messages);
		this.subjects = subjects;
	}

	extend(messages: readonly Message[]): Prompt {
		return new Prompt([...this.messages, ...messages], this.subjects);
	}
}

function joinNeighbours(messages: readonly Message[]): Message[] {
	const joined: Message[] = [];
	for (const message of messages) {
		const last = joined.at(-1);
		if (last?.role === message.role) {
			joined[joined.length - 1] = { role: last.role, content: `${last.content}\n\n${message.content}` };
		} else {
			joined.push(message);
		}
	}
	return joined;
}
