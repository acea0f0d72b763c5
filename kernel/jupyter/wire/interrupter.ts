import type { ToCells } from './port.ts';
import type { WaitedFor } from './waited-for.ts';

/** How long the cells' thread may take to say that it heard an interrupt before it counts as blocked. */
const PATIENCE_MS = 150;

/** Ends what runs on the cells' thread: by asking, and where nothing answers, from outside. */
export class Interrupter {
	readonly #post: (message: ToCells) => void;
	readonly #waitedFor: WaitedFor;
	readonly #terminated: () => Promise<void>;
	#waiting: NodeJS.Timeout | null = null;

	constructor(
		post: (message: ToCells) => void,
		calls: { readonly waitedFor: WaitedFor; readonly terminated: () => Promise<void> },
	) {
		this.#post = post;
		this.#waitedFor = calls.waitedFor;
		this.#terminated = calls.terminated;
	}

	interrupt(): void {
		this.#post({ kind: 'interrupt' });
		this.expectAnswer();
	}

	/** After any message that the other thread answers with `here`. */
	expectAnswer(): void {
		this.#waiting ??= setTimeout(() => this.#terminate(), PATIENCE_MS);
	}

	answered(): void {
		if (this.#waiting) clearTimeout(this.#waiting);
		this.#waiting = null;
		this.#waitedFor.over();
	}

	/**
	 * Ends any JavaScript, uncatchably, back to the event loop. Continuations that were due at that moment may be lost,
	 * so the other thread goes on from the message `terminated` and from nothing else.
	 */
	async #terminate(): Promise<void> {
		const { Session } = await import('node:inspector');
		if (!this.#waiting) return;
		this.#waiting = null;
		const session = new Session();
		session.connectToMainThread();
		session.post('Runtime.terminateExecution', () => {
			session.disconnect();
			this.#waitedFor.over();
			this.#terminated().then(() => this.#post({ kind: 'terminated' }));
		});
		await this.#waitedFor.interrupt();
	}
}
