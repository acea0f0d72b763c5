import type { MessagePort } from 'node:worker_threads';
import { Refused } from './crossing-errors.ts';
import type { Answer, FromThread, QuestionKind, Questions, ToThread } from './messages.ts';

/** In a training's thread: the thread that it works for. */
export class Host {
	readonly signal: AbortSignal;
	private readonly port: MessagePort;
	private readonly waiting = new Map<number, PromiseWithResolvers<Answer>>();
	private asked = 0;

	constructor(port: MessagePort) {
		const abort = new AbortController();
		this.signal = abort.signal;
		this.port = port;
		port.on('message', (message: ToThread) => {
			if (message.kind === 'abort') abort.abort();
			else this.answered(message);
		});
	}

	tell(message: FromThread, moved: readonly ArrayBuffer[] = []): void {
		this.port.postMessage(message, [...moved]);
	}

	ask<Kind extends QuestionKind>(
		kind: Kind,
		asked: Questions[Kind]['asked'],
		moved: readonly ArrayBuffer[] = [],
	): Promise<Questions[Kind]['answer']> {
		const id = this.asked++;
		const answer = Promise.withResolvers<Answer>();
		// Whoever asked ahead may never look at it.
		answer.promise.catch(() => {});
		this.waiting.set(id, answer);
		this.tell({ kind: 'question', id, question: { kind, asked } as never }, moved);
		return answer.promise as Promise<Questions[Kind]['answer']>;
	}

	close(): void {
		this.port.close();
	}

	private answered(message: Exclude<ToThread, { kind: 'abort' }>): void {
		const answer = this.waiting.get(message.id);
		this.waiting.delete(message.id);
		if (message.kind === 'refusal') answer?.reject(new Refused(message.id));
		else answer?.resolve(message.answer);
	}
}
