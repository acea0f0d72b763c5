import { Worker } from 'node:worker_threads';

/** How often the cells' thread is asked whether it is there, while it has something to do. */
const ASK_MS = 1000;

/**
 * Waits for SIGINT on a thread of its own. Node hands a signal to the main thread's event loop, which a blocked cell
 * never reaches; a script that may be ended by SIGINT is the one thing that sees it at once.
 */
const WATCHER = `
const { parentPort, workerData } = require('node:worker_threads');
const { Script } = require('node:vm');
const stopped = new Int32Array(workerData);
globalThis.wait = () => Atomics.wait(stopped, 0, 0);
const waiting = new Script('wait()');
while (Atomics.load(stopped, 0) === 0) {
	try {
		waiting.runInThisContext({ breakOnSigint: true });
	} catch (error) {
		if (error.code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
		parentPort.postMessage('SIGINT');
	}
}
`;

/**
 * Sees SIGINT where the cells' thread is blocked. The watching thread exists only while that thread does not answer:
 * it takes megabytes, and keeps the signal from Node's own handlers.
 */
export class SigintWatch {
	readonly #ask: () => void;
	readonly #interrupt: () => void;
	readonly #over: () => void;
	#timer: NodeJS.Timeout | null = null;
	#answered = true;
	#stop: (() => void) | null = null;

	constructor(calls: {
		/** Makes the cells' thread answer, when it can: `answered`. */
		readonly ask: () => void;
		readonly interrupt: () => void;
		/** The watch has ended, and has left no handler for the signal: whoever had one must set it again. */
		readonly over: () => void;
	}) {
		this.#ask = calls.ask;
		this.#interrupt = calls.interrupt;
		this.#over = calls.over;
	}

	/** The cells' thread has something to do, or has not. */
	working(works: boolean): void {
		if (works) this.#timer ??= setInterval(() => this.#look(), ASK_MS);
		else if (this.#timer) {
			clearInterval(this.#timer);
			this.#timer = null;
			this.answered();
		}
	}

	answered(): void {
		this.#answered = true;
		this.#stop?.();
		this.#stop = null;
	}

	#look(): void {
		if (!this.#answered) this.#stop ??= this.#watch();
		else {
			this.#answered = false;
			this.#ask();
		}
	}

	#watch(): () => void {
		const stopped = new SharedArrayBuffer(4);
		const watcher = new Worker(WATCHER, {
			eval: true,
			workerData: stopped,
			resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
		});
		watcher.on('message', () => this.#interrupt());
		// Without it SIGINT waits for the cell, which is no worse than before.
		watcher.on('error', () => {});
		watcher.on('exit', this.#over);
		return () => {
			Atomics.store(new Int32Array(stopped), 0, 1);
			Atomics.notify(new Int32Array(stopped), 0);
		};
	}
}
