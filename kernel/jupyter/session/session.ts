import { waitNoMore } from '../children/waited-for.ts';
import type { CellOutput, CommMessage, CreateEngine, KernelHost, NotebookEngine } from '../contracts.ts';
import { cellScope } from '../scope.ts';
import { type Incoming, outgoing } from '../wire/message.ts';
import type { ToCells, ToWire } from '../wire/port.ts';
import { interrupted } from './cell-errors.ts';
import { CellQueue } from './cell-queue.ts';
import { CommRegistry } from './comms.ts';
import { textOf } from './content.ts';
import type { DeferredHistory } from './deferred-history.ts';
import { answerQuestion } from './questions.ts';
import { RequestOutput } from './request-output.ts';
import { Stdin } from './stdin.ts';
import { Task } from './task.ts';

/** A question that comes right after a cell waits so long for what the cell declares. */
const QUESTION_MS = 250;

interface SessionParts {
	readonly post: (message: ToWire) => void;
	readonly folder: string;
	readonly loadEngine: () => Promise<CreateEngine>;
	readonly history: DeferredHistory;
}

/**
 * The shell channel on the thread of the cells. Cells wait for each other; questions (completion, history, …) and
 * messages of open comms are also answered while a cell waits for something.
 */
export class Session implements KernelHost {
	readonly folder: string;
	readonly comms: CommRegistry;
	readonly engine: Promise<NotebookEngine>;
	readonly history: DeferredHistory;
	readonly #post: (message: ToWire) => void;
	readonly #stdin: Stdin;
	readonly #cells: CellQueue;
	readonly #questions = new Set<Task>();
	readonly #held = new Set<() => void>();

	constructor({ post, folder, loadEngine, history }: SessionParts) {
		this.#post = post;
		this.folder = folder;
		this.history = history;
		this.#stdin = new Stdin(post);
		this.comms = new CommRegistry((type, content, message) => this.#publishComm(type, content, message));
		this.engine = loadEngine().then((create) => create(this));
		this.engine.catch(() => {}); // every cell that waits for it tells
		this.#cells = new CellQueue({
			post,
			history,
			engine: this.engine,
			stdin: this.#stdin,
			other: (request) => this.#ask(request),
			idle: () => this.#release(),
		});
	}

	output(): CellOutput {
		return this.#requestOutput() ?? nowhere;
	}

	receive(message: Exclude<ToCells, { readonly kind: 'bound' | 'shutdown' }>): void {
		switch (message.kind) {
			case 'message':
				if (message.channel === 'stdin') this.#stdin.receive(message.message);
				else this.#shell(message.message);
				break;
			case 'interrupt':
				this.#post({ kind: 'here' });
				this.interrupt();
				break;
			case 'terminated':
				this.#terminated();
				break;
			case 'fence':
				this.#cells.fence();
		}
	}

	interrupt(): void {
		this.#cells.interrupt();
	}

	/** Ends the running cell and the engine's helpers. */
	async close(): Promise<void> {
		this.#cells.giveUp();
		await Promise.allSettled([this.engine.then((engine) => engine.close()), this.history.close()]);
	}

	#shell(request: Incoming): void {
		if (this.#waitsForCells(request)) this.#cells.push(request);
		else if (this.#cells.busy && !request.header.msg_type.startsWith('comm_'))
			this.#hold(() => this.#ask(request));
		else this.#ask(request);
	}

	/** A comm may be opened to a target that the cell before it registers. */
	#waitsForCells({ header, content }: Incoming): boolean {
		const type = header.msg_type;
		if (type === 'comm_msg' || type === 'comm_close') return !this.comms.has(textOf(content, 'comm_id'));
		return type === 'execute_request' || type === 'comm_open';
	}

	#hold(ask: () => void): void {
		const once = (): void => {
			if (!this.#held.delete(once)) return;
			clearTimeout(timer);
			ask();
		};
		const timer = setTimeout(once, QUESTION_MS);
		this.#held.add(once);
	}

	#release(): void {
		for (const once of this.#held) once();
	}

	#ask(request: Incoming): void {
		const task = new Task(request, { post: this.#post, stdin: this.#stdin });
		this.#questions.add(task);
		cellScope.run(task.output, () =>
			answerQuestion(request, this).then((content) => {
				this.#questions.delete(task);
				task.end(content);
			}),
		);
	}

	/** What ran was ended from outside; whatever waited for a continuation may wait forever. */
	#terminated(): void {
		waitNoMore();
		this.#stdin.reset();
		this.engine.then((engine) => engine.terminated());
		for (const task of this.#questions) task.end(interrupted());
		this.#questions.clear();
		this.#cells.giveUp();
	}

	#requestOutput(): RequestOutput | null {
		const current = cellScope.getStore();
		return current instanceof RequestOutput ? current : (this.#cells.latest?.output ?? null);
	}

	#publishComm(type: string, content: unknown, message: CommMessage): void {
		const output = this.#requestOutput();
		const { buffers, metadata } = message;
		if (output) output.comm(type, content, message);
		else this.#post({ kind: 'publish', message: outgoing(type, content, { buffers, metadata }) });
	}
}

/** Before the first cell there is no cell to show anything in: it goes to the log. */
const nowhere: CellOutput = {
	stream: (_, text) => void process.stderr.write(text),
	display: () => {},
	clear: () => {},
	input: () => Promise.reject(new Error('there is no cell to ask in')),
};
