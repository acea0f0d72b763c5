import type { Incoming } from '../wire/message.ts';
import { outgoing } from '../wire/message.ts';
import type { ToWire } from '../wire/port.ts';
import { RequestOutput } from './request-output.ts';
import type { Stdin } from './stdin.ts';

interface TaskParts {
	readonly post: (message: ToWire) => void;
	readonly stdin: Stdin;
	readonly silent?: boolean;
}

/** One request of the shell channel from `busy` to `idle`. It is answered once, whoever comes first. */
export class Task {
	readonly request: Incoming;
	readonly output: RequestOutput;
	readonly #abort = new AbortController();
	readonly #parts: TaskParts;
	#done = false;

	constructor(request: Incoming, parts: TaskParts) {
		this.request = request;
		this.#parts = parts;
		const { post, stdin, silent = false } = parts;
		this.output = new RequestOutput(request, { post, stdin, silent, signal: this.signal });
		post({ kind: 'begin', request: reference(request) });
	}

	get signal(): AbortSignal {
		return this.#abort.signal;
	}

	get done(): boolean {
		return this.#done;
	}

	/** Says the same thing once, however often it is asked. */
	abort(): void {
		if (!this.signal.aborted) this.#abort.abort(new DOMException('the cell was interrupted', 'AbortError'));
	}

	/** Null for requests that have no reply. */
	end(content: object | null, metadata: unknown = {}): void {
		if (this.#done) return;
		this.#done = true;
		this.output.end();
		if (content) this.#reply(content, metadata);
		this.#parts.post({ kind: 'end', request: reference(this.request) });
	}

	#reply(content: object, metadata: unknown): void {
		const { header, headerText, identities } = this.request;
		const type = header.msg_type.replace(/_request$/, '_reply');
		const message = outgoing(type, content, { parent: headerText, metadata });
		this.#parts.post({ kind: 'reply', channel: 'shell', identities, message });
	}
}

const reference = ({ header, headerText }: Incoming) => ({ header: { msg_id: header.msg_id }, headerText });
