import { Router, XPublisher } from 'zeromq';
import { type Channel, type Connection, endpoint } from '../connection.ts';

type Frames = readonly Uint8Array[];
type Receive = (channel: Channel, frames: Buffer[]) => void;

/** The five sockets of a kernel. What is sent waits in order; nothing is dropped for a slow front end. */
export class Sockets {
	readonly #routers: Readonly<Record<Exclude<Channel, 'iopub'>, Outlet<Router>>>;
	readonly #iopub: Outlet<XPublisher>;

	constructor() {
		const options = { linger: 1000, sendHighWaterMark: 0, receiveHighWaterMark: 0 };
		const router = () => new Outlet(new Router({ ...options, handover: true }));
		this.#routers = { shell: router(), control: router(), stdin: router(), hb: router() };
		this.#iopub = new Outlet(new XPublisher(options));
		this.#iopub.socket.verbosity = 'allSubs';
	}

	/** @throws Error when an endpoint cannot be bound */
	async bind(connection: Connection): Promise<void> {
		const all = Object.entries({ ...this.#routers, iopub: this.#iopub }) as [Channel, Outlet<Router>][];
		await Promise.all(all.map(([channel, { socket }]) => socket.bind(endpoint(connection, channel))));
	}

	/** Hands over what comes in until the sockets close; the heartbeat is answered here. */
	listen(receive: Receive): void {
		for (const channel of ['shell', 'control', 'stdin'] as const)
			this.#read(this.#routers[channel].socket, (frames) => receive(channel, frames));
		this.#read(this.#routers.hb.socket, (frames) => this.#routers.hb.send(frames));
		this.#read(this.#iopub.socket, (frames) => receive('iopub', frames));
	}

	send(channel: Channel, frames: Frames): void {
		(channel === 'iopub' ? this.#iopub : this.#routers[channel]).send(frames);
	}

	/** Waits until everything was handed to the network, at most a second. */
	async close(): Promise<void> {
		const all = [...Object.values(this.#routers), this.#iopub];
		await Promise.race([Promise.all(all.map((outlet) => outlet.drained())), sleep(1000)]);
		for (const { socket } of all) socket.close();
	}

	async #read(socket: Router | XPublisher, receive: (frames: Buffer[]) => void): Promise<void> {
		while (!socket.closed) {
			try {
				receive(await socket.receive());
			} catch (error) {
				if (!socket.closed) throw error;
			}
		}
	}
}

/** A socket takes one send at a time: the others wait here. */
class Outlet<S extends Router | XPublisher> {
	readonly socket: S;
	#last: Promise<void> = Promise.resolve();

	constructor(socket: S) {
		this.socket = socket;
	}

	send(frames: Frames): void {
		this.#last = this.#last.then(() => this.socket.send(frames as Uint8Array[])).catch(this.#unsent);
	}

	drained(): Promise<void> {
		return this.#last;
	}

	/** A route whose front end has gone is no fault of the message. */
	readonly #unsent = (error: NodeJS.ErrnoException): void => {
		if (!this.socket.closed && error.code !== 'EHOSTUNREACH') throw error;
	};
}

const sleep = (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms).unref());
