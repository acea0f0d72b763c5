import { UserError } from '../../../stdlib/define.ts';
import type { CellOutput, CommMessage, DisplayData, FollowedFile } from '../contracts.ts';
import type { Incoming } from '../wire/message.ts';
import { outgoing } from '../wire/message.ts';
import type { ToWire } from '../wire/port.ts';
import { flagOf } from './content.ts';
import { follow } from './follow.ts';
import type { Stdin } from './stdin.ts';
import { Streams } from './streams.ts';

/** Output of one request: everything it shows names the request as its parent, also long after it was answered. */
export class RequestOutput implements CellOutput {
	readonly #request: Incoming;
	readonly #silent: boolean;
	readonly #signal: AbortSignal;
	readonly #stdin: Stdin;
	readonly #post: (message: ToWire) => void;
	readonly #streams: Streams;

	constructor(
		request: Incoming,
		how: {
			/** Shows nothing at all. */
			readonly silent: boolean;
			readonly signal: AbortSignal;
			readonly stdin: Stdin;
			readonly post: (message: ToWire) => void;
		},
	) {
		this.#request = request;
		this.#silent = how.silent;
		this.#signal = how.signal;
		this.#stdin = how.stdin;
		this.#post = how.post;
		this.#streams = new Streams((name, text) => this.#publish('stream', { name, text }));
	}

	stream(name: 'stdout' | 'stderr', text: string): void {
		if (!this.#silent) this.#streams.write(name, text);
	}

	display(
		shown: DisplayData,
		options: { readonly displayId?: string; readonly update?: boolean } = {},
	): void {
		const transient = options.displayId === undefined ? {} : { display_id: options.displayId };
		this.publish(options.update ? 'update_display_data' : 'display_data', { ...shown, transient });
	}

	follow(files: readonly FollowedFile[]): () => void {
		if (this.#silent) return () => {};
		this.#streams.flush();
		return follow(files, { parent: this.#request.headerText, post: this.#post });
	}

	clear(wait: boolean): void {
		this.publish('clear_output', { wait });
	}

	input(prompt: string, options: { readonly password: boolean }): Promise<string> {
		if (!flagOf(this.#request.content, 'allow_stdin', true))
			return Promise.reject(
				new UserError(
					'this front end takes no input',
					'run the cell in JupyterLab, or give the value in another way: a file, an environment variable',
				),
			);
		this.#streams.flush();
		const { password } = options;
		return this.#stdin.ask({ request: this.#request, prompt, password, signal: this.#signal });
	}

	/** Comes after all text that was written before it. */
	publish(type: string, content: unknown): void {
		if (this.#silent) return;
		this.#streams.flush();
		this.#publish(type, content);
	}

	/** Widgets talk also while a silent request runs. */
	comm(type: string, content: unknown, message: CommMessage): void {
		this.#streams.flush();
		this.#publish(type, content, message);
	}

	/** The request is about to be answered: nothing of its text may come after that. */
	end(): void {
		this.#streams.end();
	}

	#publish(type: string, content: unknown, { buffers, metadata }: CommMessage = {}): void {
		const parent = this.#request.headerText;
		this.#post({ kind: 'publish', message: outgoing(type, content, { parent, buffers, metadata }) });
	}
}
