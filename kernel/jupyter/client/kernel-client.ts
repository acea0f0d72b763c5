import { Dealer, Subscriber } from 'zeromq';
import { UserError } from '../../../stdlib/define.ts';
import { endpoint } from '../connection.ts';
import { Codec } from '../wire/codec.ts';
import { type Incoming, outgoing } from '../wire/message.ts';
import { KernelProcess, type KernelProcessOptions } from './kernel-process.ts';

export type ClientChannel = 'shell' | 'control' | 'stdin';

export interface ExecuteOptions {
	readonly silent?: boolean;
	readonly store_history?: boolean;
	readonly user_expressions?: Readonly<Record<string, string>>;
	readonly allow_stdin?: boolean;
	readonly stop_on_error?: boolean;
}

/** A request's reply, and all that the kernel published for it until it was idle. */
export interface Answer {
	readonly reply: Incoming;
	readonly published: readonly Incoming[];
}

interface Waiting {
	reply: Incoming | null;
	idle: boolean;
	readonly published: Incoming[];
	readonly done: (answer: Answer) => void;
	readonly failed: (error: Error) => void;
}

/** Speaks to a kernel as a notebook does. */
export class KernelClient {
	readonly kernel: KernelProcess;
	/** Everything on iopub, also what comes after a cell was answered. */
	onPublished: (message: Incoming) => void = () => {};
	/** Answers `input_request`. */
	onInput: (prompt: string, password: boolean) => Promise<string> | string = () => '';
	readonly #codec: Codec;
	readonly #sockets: Readonly<Record<ClientChannel, Dealer>>;
	readonly #iopub = new Subscriber({ receiveHighWaterMark: 0 });
	/** Why nothing can be asked any more. */
	#over: Error | null = null;
	#sent: Promise<unknown> = Promise.resolve();
	#welcomed: () => void = () => {};
	readonly #waiting = new Map<string, Waiting>();

	private constructor(kernel: KernelProcess) {
		this.kernel = kernel;
		this.#codec = new Codec(kernel.connection);
		const routingId = crypto.randomUUID();
		const dealer = () => new Dealer({ routingId, linger: 0, reconnectInterval: 20 });
		this.#sockets = { shell: dealer(), control: dealer(), stdin: dealer() };
	}

	/**
	 * Starts a kernel and waits until it answers.
	 * @throws UserError when it ends before that
	 */
	static async start(options: KernelProcessOptions): Promise<KernelClient> {
		const kernel = await KernelProcess.start(options);
		const client = new KernelClient(kernel);
		kernel.ended.then(
			(how) => client.#lost(how),
			(error: Error) => client.#lost(error.message),
		);
		await client.#connect();
		return client;
	}

	execute(code: string, options: ExecuteOptions = {}): Promise<Answer> {
		const { silent = false, store_history = !silent, ...rest } = options;
		const asked = { user_expressions: {}, allow_stdin: true, stop_on_error: true, ...rest };
		return this.request('execute_request', { code, silent, store_history, ...asked });
	}

	/** Resolves when the reply is here and the kernel said that it is idle again. */
	request(type: string, content: unknown, channel: ClientChannel = 'shell'): Promise<Answer> {
		return new Promise((done, failed) => {
			if (this.#over) throw this.#over;
			const id = this.#codec.newId();
			this.#waiting.set(id, { reply: null, idle: false, published: [], done, failed });
			this.sendFrames(channel, this.#codec.encode([], outgoing(type, content), id));
		});
	}

	/** A message that has no reply, such as `comm_msg`. */
	send(type: string, content: unknown, channel: ClientChannel = 'shell'): void {
		this.sendFrames(channel, this.#codec.encode([], outgoing(type, content)));
	}

	/** Frames as they are: one after another on each channel. */
	sendFrames(channel: ClientChannel, frames: readonly Uint8Array[]): void {
		const socket = this.#sockets[channel];
		this.#sent = this.#sent.then(() => (socket.closed ? undefined : socket.send([...frames])));
	}

	interrupt(): Promise<Answer> {
		return this.request('interrupt_request', {}, 'control');
	}

	/** Asks the kernel to end and waits until its process has; ends it by force after 10 seconds. */
	async shutdown(restart = false): Promise<void> {
		const forced = setTimeout(() => this.kernel.kill(), 10_000);
		this.request('shutdown_request', { restart }, 'control').catch(() => {}); // it may end before its reply is read
		await this.kernel.ended;
		clearTimeout(forced);
	}

	/** The first request comes after the welcome: what is published before the subscription arrives is lost. */
	async #connect(): Promise<void> {
		const { connection } = this.kernel;
		for (const channel of ['shell', 'control', 'stdin'] as const) {
			this.#sockets[channel].connect(endpoint(connection, channel));
			this.#read(this.#sockets[channel], (message) => this.#answered(channel, message));
		}
		const welcomed = new Promise<void>((done) => {
			this.#welcomed = done;
		});
		this.#iopub.connect(endpoint(connection, 'iopub'));
		this.#iopub.subscribe('');
		this.#read(this.#iopub, (message) => this.#published(message));
		await Promise.race([welcomed, this.kernel.ended]);
		await this.request('kernel_info_request', {});
	}

	async #read(socket: Dealer | Subscriber, take: (message: Incoming) => void): Promise<void> {
		while (!socket.closed) {
			try {
				take(this.#codec.decode(await socket.receive()));
			} catch (error) {
				if (!socket.closed) this.#fail(error instanceof Error ? error : new Error(String(error)));
			}
		}
	}

	#answered(channel: ClientChannel, message: Incoming): void {
		if (channel === 'stdin') {
			this.#asked(message);
			return;
		}
		const waiting = this.#waitingFor(message);
		if (!waiting) return;
		waiting.reply = message;
		this.#settle(message, waiting);
	}

	async #asked({ header, content }: Incoming): Promise<void> {
		if (header.msg_type !== 'input_request') return;
		const value = await this.onInput(String(content.prompt), content.password === true);
		this.send('input_reply', { value }, 'stdin');
	}

	#published(message: Incoming): void {
		if (message.header.msg_type === 'iopub_welcome') this.#welcomed();
		this.onPublished(message);
		const waiting = this.#waitingFor(message);
		if (!waiting) return;
		waiting.published.push(message);
		if (message.content.execution_state !== 'idle') return;
		waiting.idle = true;
		this.#settle(message, waiting);
	}

	#waitingFor({ parent }: Incoming): Waiting | undefined {
		return typeof parent.msg_id === 'string' ? this.#waiting.get(parent.msg_id) : undefined;
	}

	#settle({ parent }: Incoming, { reply, idle, published, done }: Waiting): void {
		if (!reply || !idle) return;
		this.#waiting.delete(String(parent.msg_id));
		done({ reply, published });
	}

	#lost(how: number | string): void {
		for (const socket of [...Object.values(this.#sockets), this.#iopub]) socket.close();
		const log = this.kernel.log.trim();
		this.#fail(new UserError(`the kernel ended (${how})`, log === '' ? null : `its log says: ${log}`));
	}

	#fail(error: Error): void {
		this.#over = error;
		for (const { failed } of this.#waiting.values()) failed(error);
		this.#waiting.clear();
	}
}
