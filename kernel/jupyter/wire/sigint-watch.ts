/** How often it is asked whether a signal has come, while cells run. */
const ASK_MS = 50;

/** The part of Node that its REPL stops a blocked line with. */
interface Watchdog {
	startSigintWatchdog(): void;
	/** Whether a signal has come since it was last asked. */
	stopSigintWatchdog(): boolean;
}

/**
 * Sees SIGINT where the cells' thread is blocked: Node hands a signal to the main thread's event loop, which a blocked
 * cell never reaches, and no other thread's. Its watchdog takes the signal first, on a thread of its own, from whoever
 * handled it before. Where this Node has none, SIGINT waits for the cell.
 */
export class SigintWatch {
	readonly #interrupt: () => void;
	readonly #watchdog = watchdog();
	#timer: NodeJS.Timeout | null = null;

	constructor(interrupt: () => void) {
		this.#interrupt = interrupt;
		this.#watchdog?.startSigintWatchdog();
	}

	/** The cells' thread has something to do, or has not. */
	working(works: boolean): void {
		if (works && !this.#timer) {
			this.#hasCome(); // while nothing ran there was nothing to interrupt
			this.#timer = setInterval(() => this.#hasCome() && this.#interrupt(), ASK_MS);
		} else if (!works && this.#timer) {
			clearInterval(this.#timer);
			this.#timer = null;
		}
	}

	/** Starts are counted: a second one, and its end, leave the watchdog on. */
	#hasCome(): boolean {
		this.#watchdog?.startSigintWatchdog();
		return this.#watchdog?.stopSigintWatchdog() ?? false;
	}
}

function watchdog(): Watchdog | null {
	try {
		const { binding } = process as unknown as { binding(name: string): Partial<Watchdog> };
		const { startSigintWatchdog: start, stopSigintWatchdog: stop } = binding('contextify');
		return start && stop ? { startSigintWatchdog: start, stopSigintWatchdog: stop } : null;
	} catch {
		return null;
	}
}
