import type { Incoming } from '../wire/message.ts';
import { outgoing } from '../wire/message.ts';
import type { ToWire } from '../wire/port.ts';
import { textOf } from './content.ts';

interface Question {
	readonly request: Incoming;
	readonly prompt: string;
	readonly password: boolean;
	readonly signal: AbortSignal;
}

/** Asks the person at the front end, one question at a time. */
export class Stdin {
	readonly #post: (message: ToWire) => void;
	#answer: ((text: string) => void) | null = null;
	#before: Promise<unknown> = Promise.resolve();

	constructor(post: (message: ToWire) => void) {
		this.#post = post;
	}

	/** Rejects with the signal's reason when the cell is interrupted. */
	ask(question: Question): Promise<string> {
		const answered = this.#before.then(() => this.#ask(question));
		this.#before = answered.catch(() => {});
		return answered;
	}

	/** An `input_reply`; one that nothing waits for is the late answer to an interrupted question. */
	receive({ header, content }: Incoming): void {
		if (header.msg_type === 'input_reply') this.#answer?.(textOf(content, 'value'));
	}

	/** Continuations may have been lost: nothing is waited for any more. */
	reset(): void {
		this.#answer = null;
		this.#before = Promise.resolve();
	}

	#ask({ request, prompt, password, signal }: Question): Promise<string> {
		return new Promise((resolve, reject) => {
			signal.throwIfAborted();
			const end = (settle: () => void): void => {
				this.#answer = null;
				signal.removeEventListener('abort', aborted);
				settle();
			};
			const aborted = (): void => end(() => reject(signal.reason));
			signal.addEventListener('abort', aborted);
			this.#answer = (text) => end(() => resolve(text));
			const message = outgoing('input_request', { prompt, password }, { parent: request.headerText });
			this.#post({ kind: 'reply', channel: 'stdin', identities: request.identities, message });
		});
	}
}
