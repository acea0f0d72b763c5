import type { NotebookEngine } from '../contracts.ts';
import type { Incoming } from '../wire/message.ts';
import type { ToWire } from '../wire/port.ts';
import { interrupted } from './cell-errors.ts';
import type { DeferredHistory } from './deferred-history.ts';
import { answer, type ExecuteRequest, executeRequest, type Finished, runCell } from './execution.ts';
import type { Stdin } from './stdin.ts';
import { Task } from './task.ts';

/** After an interrupt a cell may take so long to come to its end; then it is given up. */
const GIVE_UP_MS = 2000;

interface QueueParts {
	readonly engine: Promise<NotebookEngine>;
	readonly post: (message: ToWire) => void;
	readonly stdin: Stdin;
	readonly history: DeferredHistory;
	/** Runs what else must wait for the cells before it. */
	readonly other: (request: Incoming) => void;
	/** No cell runs any more. */
	readonly idle: () => void;
}

/**
 * Cells run one after another. It goes on from messages and from `#finish` alone: ending a cell from outside may lose
 * any continuation, so nothing here waits for one.
 */
export class CellQueue {
	readonly #parts: QueueParts;
	readonly #waiting: Incoming[] = [];
	#running: { readonly task: Task; readonly finish: (finished: Finished) => void } | null = null;
	#last: Task | null = null;
	#count = 0;
	/** A cell failed: those that were sent before that was known are not run. */
	#aborting = false;

	constructor(parts: QueueParts) {
		this.#parts = parts;
	}

	get busy(): boolean {
		return this.#running !== null || this.#waiting.length > 0;
	}

	/** The cell that runs, or else the one that ran last. */
	get latest(): Task | null {
		return this.#running?.task ?? this.#last;
	}

	push(request: Incoming): void {
		this.#waiting.push(request);
		this.#next();
	}

	/** Asks the running cell to end; the second time, and when it takes too long, it is given up. */
	interrupt(): void {
		const running = this.#running;
		if (!running) return;
		if (running.task.signal.aborted) this.giveUp();
		else {
			running.task.abort();
			setTimeout(() => running === this.#running && this.giveUp(), GIVE_UP_MS).unref();
		}
	}

	giveUp(): void {
		const running = this.#running;
		if (!running) return;
		running.task.abort();
		running.finish({ result: interrupted(), expressions: {} });
	}

	/** Every cell that was sent before the failure was known is here, and was refused. */
	fence(): void {
		this.#aborting = false;
	}

	#next(): void {
		while (!this.#running && this.#waiting.length > 0) {
			const request = this.#waiting.shift() as Incoming;
			if (request.header.msg_type !== 'execute_request') this.#parts.other(request);
			else if (this.#aborting) this.#refuse(request);
			else this.#run(request);
		}
		if (!this.#running) this.#parts.idle();
	}

	#run(request: Incoming): void {
		const asked = executeRequest(request.content);
		const started = new Date().toISOString();
		const task = this.#task(request, asked.silent);
		if (asked.storeHistory) this.#count++;
		const count = this.#count;
		task.output.publish('execute_input', { code: asked.code, execution_count: count });
		const finish = (finished: Finished): void => {
			if (task.done) return;
			this.#running = null;
			this.#last = task;
			if (finished.result.status === 'error' && asked.stopOnError) this.#abortQueue();
			answer(task, finished, count, started);
			this.#remember(asked, finished, count);
			this.#next();
		};
		this.#running = { task, finish };
		runCell(this.#parts.engine, task, asked, count).then(finish);
	}

	#abortQueue(): void {
		this.#aborting = true;
		this.#parts.post({ kind: 'fence' });
	}

	#refuse(request: Incoming): void {
		// Without a count: it did not run, and a front end shows an empty prompt.
		this.#task(request, true).end({ status: 'aborted' }, { status: 'aborted' });
	}

	#remember({ code, storeHistory }: ExecuteRequest, { result }: Finished, count: number): void {
		if (!storeHistory) return;
		const shown = result.status === 'ok' ? result.result?.data['text/plain'] : undefined;
		this.#parts.history.add(count, code, typeof shown === 'string' ? shown : null);
	}

	#task(request: Incoming, silent: boolean): Task {
		const { post, stdin } = this.#parts;
		return new Task(request, { post, stdin, silent });
	}
}
