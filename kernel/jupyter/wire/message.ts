/** Messages as the two threads hand them to each other: JSON parts stay text, so that they are made and read once. */

export interface Header {
	readonly msg_id: string;
	readonly msg_type: string;
	readonly session: string;
}

export interface Incoming {
	/** Where a reply goes: the routing prefix of the socket that the message came through. */
	readonly identities: readonly Uint8Array[];
	readonly header: Header;
	/** The header as it came: the parent header of everything that answers it. */
	readonly headerText: string;
	/** Of the message that this one answers; `{}` where it answers none. */
	readonly parent: Readonly<Record<string, unknown>>;
	readonly metadata: Readonly<Record<string, unknown>>;
	readonly content: Readonly<Record<string, unknown>>;
	readonly buffers: readonly Uint8Array[];
}

export interface Outgoing {
	readonly type: string;
	/** JSON; `{}` for what no request caused. */
	readonly parent: string;
	/** JSON. */
	readonly metadata: string;
	/** JSON. */
	readonly content: string;
	readonly buffers: readonly Uint8Array[];
}

export interface OutgoingParts {
	readonly parent?: string;
	readonly metadata?: unknown;
	readonly buffers?: readonly Uint8Array[];
}

/** @throws TypeError for content that JSON cannot hold: a cycle, a bigint */
export function outgoing(type: string, content: unknown, parts: OutgoingParts = {}): Outgoing {
	return {
		type,
		parent: parts.parent ?? '{}',
		metadata: parts.metadata === undefined ? '{}' : JSON.stringify(parts.metadata),
		content: JSON.stringify(content),
		buffers: parts.buffers ?? [],
	};
}
