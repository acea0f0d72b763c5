import { writeSync } from 'node:fs';
import type { Channel, Connection } from '../connection.ts';
import { kernelInfo } from '../session/kernel-info.ts';
import type { Shared } from '../shared.ts';
import { Activity } from './activity.ts';
import { BadMessage, Codec } from './codec.ts';
import { refuseDebugger } from './debugger.ts';
import type { Follower } from './follower.ts';
import { Interrupter } from './interrupter.ts';
import { type Incoming, type Outgoing, outgoing } from './message.ts';
import { watchParent } from './parent.ts';
import type { ToCells, ToWire } from './port.ts';
import { SigintWatch } from './sigint-watch.ts';
import { Sockets } from './sockets.ts';
import { WaitedFor } from './waited-for.ts';

/** Ends a kernel that does not end by itself. */
const SHUTDOWN_MS = 3000;

/** Between the sockets and the cells: framing, signatures, and all that must be answered while a cell blocks. */
export class Wire {
	readonly #connection: Connection;
	readonly #post: (message: ToCells) => void;
	readonly #codec: Codec;
	readonly #sockets = new Sockets();
	readonly #activity: Activity;
	readonly #isShown: Int32Array;
	readonly #waitedFor: WaitedFor;
	readonly #interrupter: Interrupter;
	readonly #sigint: SigintWatch;
	#follower: Promise<Follower> | null = null;
	/** Requests that the cells' thread has and has not ended. */
	#pending = 0;
	#complaints = 0;

	constructor(connection: Connection, post: (message: ToCells) => void, shared: Shared) {
		this.#connection = connection;
		this.#post = post;
		this.#codec = new Codec(connection);
		this.#activity = new Activity((message) => this.#publish(message));
		this.#isShown = shared.isShown;
		this.#waitedFor = new WaitedFor(shared.isWaiting);
		this.#interrupter = new Interrupter(post, {
			waitedFor: this.#waitedFor,
			terminated: () => this.#followed(),
		});
		this.#sigint = new SigintWatch(() => this.#interrupter.interrupt());
	}

	async open(): Promise<void> {
		await this.#sockets.bind(this.#connection);
		this.#post({ kind: 'bound' });
		this.#sockets.listen((channel, frames) => this.#receive(channel, frames));
		this.#activity.starting();
		watchParent(() => this.#shutDown());
	}

	fromCells(message: ToWire): void {
		switch (message.kind) {
			case 'begin':
				this.#activity.begin(message.request);
				break;
			case 'end':
				this.#pending--;
				if (this.#pending === 0) this.#sigint.working(false);
				this.#activity.end(message.request);
				break;
			case 'reply':
				this.#send(message.channel, message.identities, message.message);
				break;
			case 'publish':
				this.#publish(message.message);
				break;
			case 'here':
				this.#interrupter.answered();
				break;
			case 'follow':
				this.#follow(message);
				break;
			case 'followed':
				void this.#followed();
				break;
			case 'fence':
				setImmediate(() => this.#post({ kind: 'fence' }));
				break;
			case 'close':
				this.#sockets.close().then(() => process.exit());
		}
	}

	#receive(channel: Channel, frames: Buffer[]): void {
		if (channel === 'iopub') this.#welcome(frames[0]);
		else {
			const message = this.#decode(channel, frames);
			if (message && channel === 'stdin') this.#post({ kind: 'message', channel, message });
			else if (message && channel === 'shell' && !this.#isAnsweredHere(message)) this.#forward(message);
			else if (message) this.#answer(message, channel === 'shell' ? 'shell' : 'control');
		}
	}

	/** Null for a message that is not taken: whoever sent it gets no answer, and the log a line. */
	#decode(channel: Channel, frames: Buffer[]): Incoming | null {
		try {
			return this.#codec.decode(frames);
		} catch (error) {
			if (!(error instanceof BadMessage)) throw error;
			if (this.#complaints++ < 10)
				writeSync(2, `assay kernel: dropped a message on ${channel}: ${error.message}\n`);
			return null;
		}
	}

	/** A subscriber's first frame is 1 and its topic. The welcome tells it that nothing it waits for is lost. */
	#welcome(frame: Buffer | undefined): void {
		if (frame?.[0] !== 1) return;
		this.#publish(outgoing('iopub_welcome', { subscription: frame.subarray(1).toString() }));
	}

	/** Older front ends shut down on shell; and before the session is there nobody else can say what this kernel is. */
	#isAnsweredHere({ header }: Incoming): boolean {
		if (header.msg_type === 'shutdown_request') return true;
		return header.msg_type === 'kernel_info_request' && this.#pending === 0;
	}

	#forward(message: Incoming): void {
		this.#pending++;
		this.#sigint.working(true);
		this.#post({ kind: 'message', channel: 'shell', message });
	}

	/** Within busy and idle of its own. */
	#answer(request: Incoming, channel: 'control' | 'shell'): void {
		const type = request.header.msg_type;
		const content = this.#contentFor(request);
		if (content === null) return;
		this.#activity.begin(request);
		const reply = outgoing(type.replace(/_request$/, '_reply'), content, { parent: request.headerText });
		this.#send(channel, request.identities, reply);
		if (type === 'shutdown_request') this.#publish(reply);
		this.#activity.end(request);
	}

	#contentFor({ header, content }: Incoming): unknown {
		switch (header.msg_type) {
			case 'kernel_info_request':
				return kernelInfo();
			case 'interrupt_request':
				this.#interrupter.interrupt();
				return { status: 'ok' };
			case 'shutdown_request':
				this.#shutDown();
				return { status: 'ok', restart: content.restart === true };
			case 'debug_request':
				return refuseDebugger(content);
			default:
				return null;
		}
	}

	#shutDown(): void {
		this.#post({ kind: 'shutdown' });
		this.#interrupter.expectAnswer();
		setTimeout(() => process.kill(process.pid, 'SIGKILL'), SHUTDOWN_MS);
	}

	/** Loaded when it is needed: this thread must be there soon. */
	#follow(what: Extract<ToWire, { readonly kind: 'follow' }>): void {
		const calls = {
			publish: (message: Outgoing): void => this.#publish(message),
			end: (): void => void this.#waitedFor.kill(),
		};
		this.#follower = import('./follower.ts').then(({ Follower }) => new Follower(what, calls));
	}

	/** The cells' thread waits for it, and says nothing meanwhile. */
	async #followed(): Promise<void> {
		const follower = this.#follower;
		this.#follower = null;
		(await follower)?.close();
		Atomics.store(this.#isShown, 0, 1);
		Atomics.notify(this.#isShown, 0);
	}

	#publish(message: Outgoing): void {
		this.#send('iopub', [Buffer.from(message.type)], message);
	}

	#send(channel: Channel, prefix: readonly Uint8Array[], message: Outgoing): void {
		this.#sockets.send(channel, this.#codec.encode(prefix, message));
	}
}
