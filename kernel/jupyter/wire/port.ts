import type { MessagePort } from 'node:worker_threads';
import type { FollowedFile } from '../contracts.ts';
import type { Shared } from '../shared.ts';
import type { Header, Incoming, Outgoing } from './message.ts';

/** What the thread with the sockets and the thread with the cells say to each other. */

export type ToCells =
	/** The sockets are there: front ends can connect. */
	| { readonly kind: 'bound' }
	| { readonly kind: 'message'; readonly channel: 'shell' | 'stdin'; readonly message: Incoming }
	/** A person wants the running cell to end. Answered with `here` at once. */
	| { readonly kind: 'interrupt' }
	/** Whatever ran when `interrupt` was not answered has been ended from outside. */
	| { readonly kind: 'terminated' }
	/** All messages that were there when the fence was asked for have been handed over. */
	| { readonly kind: 'fence' }
	| { readonly kind: 'shutdown' };

export type ToWire =
	/** Work for a request begins and ends: `busy` and `idle`. */
	| { readonly kind: 'begin'; readonly request: RequestRef }
	| { readonly kind: 'end'; readonly request: RequestRef }
	| {
			readonly kind: 'reply';
			readonly channel: 'shell' | 'stdin';
			readonly identities: readonly Uint8Array[];
			readonly message: Outgoing;
	  }
	| { readonly kind: 'publish'; readonly message: Outgoing }
	| { readonly kind: 'here' }
	| { readonly kind: 'fence' }
	/** Text comes by way of files while the cells' thread is blocked, for the request of this header, and has all come. */
	| { readonly kind: 'follow'; readonly files: readonly FollowedFile[]; readonly parent: string }
	| { readonly kind: 'followed' }
	/** Nothing more comes: send what waits, close the sockets. */
	| { readonly kind: 'close' };

/** As much of a request as its framing needs. */
export interface RequestRef {
	readonly header: Pick<Header, 'msg_id'>;
	readonly headerText: string;
}

export interface WireData {
	readonly connectionFile: string;
	readonly port: MessagePort;
	readonly shared: Shared;
}
