import type { CallSignal } from '../call-signal.ts';
import { embedTexts } from './embedding.ts';
import type { Passes } from './passes.ts';
import { type OptionLogprobs, type ScoreQuestion, scoreOptions } from './scoring.ts';
import type { Token } from './tokenizer.ts';
import { beginRows, type WriteRequest, type WritingRow, writeWindow } from './writing.ts';

interface Waiting<Request, Result> {
	readonly request: Request;
	readonly signal: CallSignal;
	resolve(result: Result): void;
	reject(reason: unknown): void;
}

export interface SchedulerLimits {
	/** Texts written at once. */
	readonly rows: number;
	/** Tokens of all prompts that are worked on at once, and of all rows that write. */
	readonly tokens: number;
}

/**
 * Takes requests as they come and works on them in batches: questions first, then windows of tokens for the texts being
 * written, whose places are refilled as they end. Looks at every request's signal between passes.
 */
export class Scheduler {
	private readonly passes: Passes;
	private readonly limits: SchedulerLimits;
	private readonly questions: Waiting<ScoreQuestion, OptionLogprobs>[] = [];
	private readonly embeddings: Waiting<readonly Token[], readonly number[]>[] = [];
	private readonly texts: Waiting<WriteRequest, readonly Token[]>[] = [];
	private writing: { readonly row: WritingRow; readonly waiting: Waiting<WriteRequest, readonly Token[]> }[] =
		[];
	private running = false;

	constructor(passes: Passes, limits: SchedulerLimits) {
		this.passes = passes;
		this.limits = limits;
	}

	score(request: ScoreQuestion, signal: CallSignal): Promise<OptionLogprobs> {
		return this.enqueue(this.questions, request, signal);
	}

	write(request: WriteRequest): Promise<readonly Token[]> {
		return this.enqueue(this.texts, request, request.signal);
	}

	embed(text: readonly Token[], signal: CallSignal): Promise<readonly number[]> {
		return this.enqueue(this.embeddings, text, signal);
	}

	private enqueue<Request, Result>(
		queue: Waiting<Request, Result>[],
		request: Request,
		signal: CallSignal,
	): Promise<Result> {
		return new Promise<Result>((resolve, reject) => {
			const called = (): void => reject(signal.reason);
			if (signal.aborted) {
				called();
				return;
			}
			signal.addEventListener('abort', called, { once: true });
			const settled =
				<T>(settle: (value: T) => void) =>
				(value: T): void => {
					signal.removeEventListener('abort', called);
					settle(value);
				};
			queue.push({ request, signal, resolve: settled(resolve), reject: settled(reject) });
			if (this.running) return;
			this.running = true;
			// Requests of one moment are worked on together.
			setImmediate(() => void this.run());
		});
	}

	private async run(): Promise<void> {
		while (this.hasWork) {
			await this.answerSome();
			await this.embedSome();
			await this.refill();
			await this.writeSome();
			await aMoment();
		}
		this.running = false;
	}

	private get hasWork(): boolean {
		const waiting = this.questions.length + this.embeddings.length + this.texts.length;
		return waiting + this.writing.length > 0;
	}

	private async embedSome(): Promise<void> {
		const taken = this.take(this.embeddings, QUESTIONS, ({ length }) => length);
		await settle(taken, async (open, between) => {
			const vectors = await embedTexts(
				this.passes,
				open.map(({ request }) => request),
				between,
			);
			for (const [i, { resolve }] of open.entries()) resolve(vectors[i] as readonly number[]);
		});
	}

	private async answerSome(): Promise<void> {
		const taken = this.take(this.questions, QUESTIONS, (request) => request.prompt.length);
		await settle(taken, async (open, between) => {
			const results = await scoreOptions(
				this.passes,
				open.map(({ request }) => request),
				between,
			);
			for (const [i, { resolve }] of open.entries()) resolve(results[i] as OptionLogprobs);
		});
	}

	private async refill(): Promise<void> {
		const room = this.limits.rows - this.writing.length;
		const taken = this.take(this.texts, room, ({ prompt, maxTokens }) => prompt.length + maxTokens);
		await settle(taken, async (open, between) => {
			const rows = await beginRows(
				this.passes,
				open.map(({ request }) => request),
				between,
			);
			rows.forEach((row, i) => {
				this.writing.push({ row, waiting: open[i] as Waiting<WriteRequest, readonly Token[]> });
			});
		});
		this.release();
	}

	private async writeSome(): Promise<void> {
		if (this.writing.length === 0) return;
		const rows = this.writing.map(({ row }) => row);
		const waiting = this.writing.map((entry) => entry.waiting);
		const written = await settle(waiting, () =>
			writeWindow(this.passes, rows, async () => {
				this.release();
				await aMoment();
			}),
		);
		if (written) this.release();
		else this.writing = [];
	}

	/** Answers what is finished, and forgets what was called off. */
	private release(): void {
		this.writing = this.writing.filter(({ row, waiting }) => {
			if (row.done) waiting.resolve(row.written);
			return row.open;
		});
	}

	/** The next of a queue, at most so many and so many tokens, but at least one where there is room. */
	private take<Request, Result>(
		queue: Waiting<Request, Result>[],
		most: number,
		tokensOf: (request: Request) => number,
	): Waiting<Request, Result>[] {
		let tokens = this.writing.reduce(
			(sum, { row }) => sum + row.request.prompt.length + row.request.maxTokens,
			0,
		);
		let count = 0;
		while (count < Math.min(most, queue.length)) {
			tokens += tokensOf((queue[count] as Waiting<Request, Result>).request);
			if (tokens > this.limits.tokens && count + this.writing.length > 0) break;
			count++;
		}
		return queue.splice(0, count);
	}
}

/** Questions of a batch: what their prompts left is held until all are answered, some 6 MB a question for the small model. */
const QUESTIONS = 32;

/** Works on what is not called off. When something fails, all of it fails; @returns whether nothing did. */
async function settle<Request, Result>(
	taken: readonly Waiting<Request, Result>[],
	work: (open: readonly Waiting<Request, Result>[], between: () => void) => Promise<void>,
): Promise<boolean> {
	const open = taken.filter(({ signal }) => !signal.aborted);
	if (open.length === 0) return true;
	try {
		await work(open, () => {
			if (open.every(({ signal }) => signal.aborted)) throw new CalledOff();
		});
		return true;
	} catch (error) {
		for (const { reject } of open) reject(error);
		return false;
	}
}

/** Nobody waits for it any more. */
class CalledOff extends Error {}

/** Lets everything else of the process have a turn: messages, aborts, new requests. */
const aMoment = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
