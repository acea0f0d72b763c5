import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Connection } from '../connection.ts';
import type { Header, Incoming, Outgoing } from './message.ts';
import { Seen } from './seen.ts';

export const PROTOCOL_VERSION = '5.4';

const DELIMITER = Buffer.from('<IDS|MSG>');

/** A message that is not taken; its text says why. */
export class BadMessage extends Error {}

/** Messages to frames and back, signed with the connection's key. */
export class Codec {
	readonly #key: string;
	readonly #hash: string;
	readonly #session = randomUUID();
	readonly #username = JSON.stringify(username());
	readonly #seen = new Seen(65_536);
	#sent = 0;

	constructor({ key, hash }: Pick<Connection, 'key' | 'hash'>) {
		this.#key = key;
		this.#hash = hash;
		this.#signature([]);
	}

	/** Frames in the order of the wire protocol, ready to send; `prefix` is the route, or the topic on iopub. */
	encode(prefix: readonly Uint8Array[], message: Outgoing, id = this.newId()): Uint8Array[] {
		const parts = [this.#header(message.type, id), message.parent, message.metadata, message.content];
		const frames = parts.map((part) => Buffer.from(part));
		return [...prefix, DELIMITER, Buffer.from(this.#signature(frames)), ...frames, ...message.buffers];
	}

	/** @throws BadMessage when a frame is missing, is no JSON, is not signed with the key, or came before */
	decode(frames: readonly Buffer[]): Incoming {
		const at = frames.findIndex((frame) => frame.equals(DELIMITER));
		if (at < 0) throw new BadMessage('no delimiter');
		const [signature, header, parent, metadata, content, ...buffers] = frames.slice(at + 1);
		if (!signature || !header || !parent || !metadata || !content) throw new BadMessage('frames are missing');
		this.#verify(signature, [header, parent, metadata, content]);
		return {
			identities: frames.slice(0, at),
			header: headerOf(header),
			headerText: header.toString(),
			parent: objectOf(parent, 'parent header'),
			metadata: objectOf(metadata, 'metadata'),
			content: objectOf(content, 'content'),
			buffers,
		};
	}

	#verify(signature: Buffer, frames: readonly Buffer[]): void {
		if (this.#key === '') return;
		const expected = Buffer.from(this.#signature(frames));
		if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
			throw new BadMessage('the signature does not fit');
		if (!this.#seen.add(signature.toString('latin1'))) throw new BadMessage('it came before');
	}

	#signature(frames: readonly Buffer[]): string {
		if (this.#key === '') return '';
		const hmac = createHmac(this.#hash, this.#key);
		for (const frame of frames) hmac.update(frame);
		return hmac.digest('hex');
	}

	newId(): string {
		return `${this.#session}_${process.pid}_${this.#sent++}`;
	}

	#header(type: string, id: string): string {
		const date = new Date().toISOString();
		return `{"msg_id":"${id}","msg_type":"${type}","username":${this.#username},"session":"${this.#session}","date":"${date}","version":"${PROTOCOL_VERSION}"}`;
	}
}

function username(): string {
	try {
		return userInfo().username;
	} catch {
		return 'kernel'; // a container's user may have no entry in the list of users
	}
}

function objectOf(frame: Buffer, what: string): Readonly<Record<string, unknown>> {
	let value: unknown;
	try {
		value = JSON.parse(frame.toString());
	} catch {
		throw new BadMessage(`the ${what} is no JSON`);
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value))
		throw new BadMessage(`the ${what} is no object`);
	return value as Record<string, unknown>;
}

function headerOf(frame: Buffer): Header {
	const { msg_id, msg_type, session } = objectOf(frame, 'header');
	if (typeof msg_id !== 'string' || typeof msg_type !== 'string')
		throw new BadMessage('the header has no msg_id or no msg_type');
	return { msg_id, msg_type, session: typeof session === 'string' ? session : '' };
}
