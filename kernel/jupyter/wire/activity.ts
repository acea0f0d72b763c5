import type { Outgoing } from './message.ts';
import { outgoing } from './message.ts';
import type { RequestRef } from './port.ts';

/**
 * The one place that says `busy` and `idle`: around every request, whichever thread answers it.
 * A request that is answered while a cell waits ends with `busy` for that cell, as front ends show the latest state.
 */
export class Activity {
	readonly #publish: (message: Outgoing) => void;
	readonly #open = new Map<string, RequestRef>();

	constructor(publish: (message: Outgoing) => void) {
		this.#publish = publish;
	}

	get idle(): boolean {
		return this.#open.size === 0;
	}

	starting(): void {
		this.#publish(outgoing('status', { execution_state: 'starting' }));
	}

	begin(request: RequestRef): void {
		this.#open.set(request.header.msg_id, request);
		this.#say('busy', request);
	}

	end(request: RequestRef): void {
		this.#open.delete(request.header.msg_id);
		this.#say('idle', request);
		const [still] = this.#open.values();
		if (still) this.#say('busy', still);
	}

	#say(state: 'busy' | 'idle', request: RequestRef): void {
		this.#publish(outgoing('status', { execution_state: state }, { parent: request.headerText }));
	}
}
