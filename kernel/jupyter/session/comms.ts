import { randomUUID } from 'node:crypto';
import type { Comm, CommMessage, Comms } from '../contracts.ts';
import { type Content, recordOf, textOf } from './content.ts';

type Publish = (type: string, content: unknown, message: CommMessage) => void;
type Opened = Parameters<Comms['register']>[1];
type Emit = (type: 'comm_msg' | 'comm_close', message: CommMessage) => void;
type Listener = (message: CommMessage) => void;

/** The comms of a kernel: who answers to which target, and which channels are open. */
export class CommRegistry implements Comms {
	readonly #publish: Publish;
	readonly #targets = new Map<string, Opened>();
	readonly #open = new Map<string, OpenComm>();

	constructor(publish: Publish) {
		this.#publish = publish;
	}

	open(target: string, options: CommMessage & { readonly id?: string } = {}): Comm {
		const comm = this.#add(options.id ?? randomUUID(), target);
		const { id } = comm;
		this.#publish('comm_open', { comm_id: id, target_name: target, data: options.data ?? {} }, options);
		return comm;
	}

	register(target: string, opened: Opened): void {
		this.#targets.set(target, opened);
	}

	unregister(target: string): void {
		this.#targets.delete(target);
	}

	has(id: string): boolean {
		return this.#open.has(id);
	}

	/** The content of `comm_info_reply`, of one target or of all. */
	info(target: string | null): object {
		const comms = [...this.#open.values()].filter((comm) => target === null || comm.target === target);
		return {
			status: 'ok',
			comms: Object.fromEntries(comms.map((comm) => [comm.id, { target_name: comm.target }])),
		};
	}

	/** `comm_open`, `comm_msg` or `comm_close` from the front end. What a listener throws is the caller's to tell. */
	receive(type: string, content: Content, rest: CommMessage): void {
		const id = textOf(content, 'comm_id');
		const message = { ...rest, data: recordOf(content, 'data') };
		if (type === 'comm_open') this.#opened(id, textOf(content, 'target_name'), message);
		else if (type === 'comm_msg') this.#open.get(id)?.received(message);
		else this.#closed(id, message);
	}

	#opened(id: string, target: string, message: CommMessage): void {
		const comm = this.#add(id, target);
		try {
			const opened = this.#targets.get(target);
			if (opened) opened(comm, message);
			else comm.close();
		} catch (error) {
			comm.close();
			throw error;
		}
	}

	#closed(id: string, message: CommMessage): void {
		const comm = this.#open.get(id);
		this.#open.delete(id);
		comm?.ended(message);
	}

	#add(id: string, target: string): OpenComm {
		const comm: OpenComm = new OpenComm(id, target, (type, message) => {
			if (!this.#open.has(id)) return;
			if (type === 'comm_close') this.#open.delete(id);
			this.#publish(type, { comm_id: id, data: message.data ?? {} }, message);
		});
		this.#open.set(id, comm);
		return comm;
	}
}

class OpenComm implements Comm {
	readonly id: string;
	readonly target: string;
	readonly #emit: Emit;
	readonly #onMessage = new Set<Listener>();
	readonly #onClose = new Set<Listener>();

	constructor(id: string, target: string, emit: Emit) {
		this.id = id;
		this.target = target;
		this.#emit = emit;
	}

	send(message: CommMessage): void {
		this.#emit('comm_msg', message);
	}

	close(message: CommMessage = {}): void {
		this.#emit('comm_close', message);
	}

	onMessage(listener: Listener): void {
		this.#onMessage.add(listener);
	}

	onClose(listener: Listener): void {
		this.#onClose.add(listener);
	}

	received(message: CommMessage): void {
		for (const listener of this.#onMessage) listener(message);
	}

	ended(message: CommMessage): void {
		for (const listener of this.#onClose) listener(message);
	}
}
