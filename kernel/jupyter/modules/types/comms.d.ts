/** A message of a channel: JSON, and bytes beside it. */
export interface CommMessage {
	readonly data?: Readonly<Record<string, unknown>>;
	readonly metadata?: Readonly<Record<string, unknown>>;
	readonly buffers?: readonly Uint8Array[];
}

/** One open channel. */
export interface Comm {
	readonly id: string;
	readonly target: string;
	send(message: CommMessage): void;
	/** Ends the channel on both sides; nothing happens on one that is closed. */
	close(message?: CommMessage): void;
	onMessage(listener: (message: CommMessage) => void): void;
	onClose(listener: (message: CommMessage) => void): void;
}

/** Channels between cells and widgets at the front end. */
export interface Comms {
	/** Opens a channel to the target that a front end registered under this name. */
	open(target: string, options?: CommMessage): Comm;
	/** `opened` is called for every channel that a front end opens to this name. */
	register(target: string, opened: (comm: Comm, message: CommMessage) => void): void;
	unregister(target: string): void;
}

/** The channels of this notebook's kernel. */
export declare const comms: Comms;
