import { debuglog } from 'node:util';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { nativeCallFlags, stopNativeCalls, stopNativeCallsNow } from '../../../kernel/compute/index.ts';
import type { BatchSource } from '../batch-source.ts';
import type { TrainingHooks, TrainingResult } from '../training-hooks.ts';
import { arrived } from './crossing-errors.ts';
import type { Answer, CrossingError, FromThread, Job, Question, ToThread } from './messages.ts';

/** How long a training may take to end after an interrupt, from its last sign of life: it ends between steps. */
const PATIENCE_MS = 3000;
/** How long a thread waits for the next training, which would load and compile everything anew in another one. */
const IDLE_MS = 3000;

const debug = debuglog('assay-training');

/** Says why a run cannot be made in a thread. */
export class Unable {
	readonly why: string;

	constructor(why: string) {
		this.why = why;
	}
}

/** A thread in which models are trained, one after the other; its device and the memory there go with it. */
export class TrainingThread {
	private static resting: TrainingThread | null = null;
	private readonly flags = nativeCallFlags();
	private readonly worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: this.flags });
	private readonly atExit = (): void => stopNativeCallsNow(this.flags);
	private timer: NodeJS.Timeout | undefined;
	private ended = false;

	private constructor() {
		process.once('exit', this.atExit);
		this.worker.once('exit', () => {
			this.ended = true;
			process.off('exit', this.atExit);
			if (TrainingThread.resting === this) TrainingThread.resting = null;
		});
	}

	/** One that has just trained, or a new one. */
	static take(): TrainingThread {
		const thread = TrainingThread.resting ?? new TrainingThread();
		TrainingThread.resting = null;
		clearTimeout(thread.timer);
		thread.worker.ref();
		return thread;
	}

	/** Waits for another training, without keeping the process. */
	rest(): void {
		if (this.ended) return;
		TrainingThread.resting = this;
		this.worker.unref();
		this.timer = setTimeout(() => void this.end(), IDLE_MS).unref();
	}

	/** Over at once, save for a native call, which is waited for. */
	async end(): Promise<void> {
		if (TrainingThread.resting === this) TrainingThread.resting = null;
		await stopNativeCalls(this.flags);
		await this.worker.terminate();
	}

	/**
	 * Runs a job. An interrupt ends it after the step that is being made, or at once when that takes long: then what was not
	 * yet in a checkpoint is lost.
	 */
	run(
		job: Omit<Job, 'port' | 'keepsCheckpoints'>,
		batches: BatchSource,
		hooks: TrainingHooks,
	): Promise<TrainingResult | Unable> {
		const { port1: port, port2 } = new MessageChannel();
		const service = new Service(port, batches, hooks);
		const lost = (error: Error): void => service.fail(error);
		const exited = (code: number): void =>
			lost(new Error(`the thread of the training ended with code ${code}`));
		this.worker.once('error', lost).once('exit', exited);
		try {
			this.worker.postMessage({ ...job, keepsCheckpoints: Boolean(hooks.checkpoint), port: port2 }, [port2]);
		} catch (error) {
			// Something in it, such as a function in a family of the user's own, cannot go to another thread.
			service.settle(new Unable(String(error)));
		}
		return service.outcome.finally(() => {
			this.worker.off('error', lost).off('exit', exited);
		});
	}
}

/** What one run's thread asks for and tells, and its end. */
class Service {
	readonly outcome: Promise<TrainingResult | Unable>;
	private readonly settled = Promise.withResolvers<TrainingResult | Unable>();
	private readonly port: MessagePort;
	private readonly batches: BatchSource;
	private readonly hooks: TrainingHooks;
	/** Errors of answers by the number of the question, to come back as they are. */
	private readonly errors = new Map<number, unknown>();
	private patience: NodeJS.Timeout | undefined;
	private readonly abort = (): void => {
		this.post({ kind: 'abort' });
		this.patience = setTimeout(() => {
			debug('a step of the training takes long: its thread is ended');
			this.fail(this.hooks.signal.reason);
		}, PATIENCE_MS);
	};

	constructor(port: MessagePort, batches: BatchSource, hooks: TrainingHooks) {
		this.port = port;
		this.batches = batches;
		this.hooks = hooks;
		this.outcome = this.settled.promise;
		port.on('message', (message: FromThread) => this.hear(message));
		hooks.signal.addEventListener('abort', this.abort, { once: true });
		if (hooks.signal.aborted) this.abort();
	}

	settle(outcome: TrainingResult | Unable): void {
		this.close();
		this.settled.resolve(outcome);
	}

	fail(error: unknown): void {
		this.close();
		this.settled.reject(error);
	}

	private close(): void {
		clearTimeout(this.patience);
		this.hooks.signal.removeEventListener('abort', this.abort);
		this.port.close();
	}

	private hear(message: FromThread): void {
		this.patience?.refresh();
		if (message.kind === 'question') void this.reply(message.id, message.question);
		else if (message.kind === 'progress') this.tell(() => this.hooks.progress?.(message.progress));
		else if (message.kind === 'notice') this.tell(() => this.hooks.notice?.(message.message));
		else if (message.kind === 'failed') this.fail(this.errorOf(message.error));
		else this.settle(message.kind === 'done' ? message.result : new Unable(message.why));
	}

	/** Whoever watches and throws ends the run, as where it is watched in the same thread. */
	private tell(listener: () => void): void {
		try {
			listener();
		} catch (error) {
			this.fail(error);
		}
	}

	private errorOf(error: CrossingError): unknown {
		if (error.kind === 'returned') return this.errors.get(error.id);
		return error.kind === 'aborted' ? this.hooks.signal.reason : arrived(error);
	}

	private async reply(id: number, question: Question): Promise<void> {
		try {
			const answer = await this.answer(question);
			this.post(
				{ kind: 'answer', id, answer },
				answer && 'columns' in answer ? buffersOf(answer.columns) : [],
			);
		} catch (error) {
			this.errors.set(id, error);
			this.post({ kind: 'refusal', id });
		}
	}

	private async answer({ kind, asked }: Question): Promise<Answer> {
		switch (kind) {
			case 'batch':
				return this.batches.take(asked.step);
			case 'measured':
				return this.batches.measured(asked.from, asked.count);
			case 'read-checkpoint':
				return (await this.hooks.checkpoint?.read()) ?? null;
			case 'write-checkpoint':
				await this.hooks.checkpoint?.write(asked.bytes);
				return null;
		}
	}

	private post(message: ToThread, moved: readonly ArrayBuffer[] = []): void {
		this.port.postMessage(message, [...moved]);
	}
}

/** Batches are made for the thread alone, so they move there. */
const buffersOf = (columns: Readonly<Record<string, Float32Array>>): ArrayBuffer[] =>
	Object.values(columns).map(({ buffer }) => buffer as ArrayBuffer);
