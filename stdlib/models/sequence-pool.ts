import type { LlamaSequence, Token } from './llama-runtime.ts';

/** One of the model's sequences: the tokens in its cache, and the evaluator that fills it. */
export interface Slot {
	readonly sequence: LlamaSequence;
	/** What the cache holds; kept by whoever works on the slot. */
	held: readonly Token[];
}

export interface Claim {
	readonly tokens: readonly Token[];
	/** Whether it may wait for a busy sequence with more of its prompt: not when it will go on writing for long. */
	readonly patient: boolean;
}

interface Waiting extends Claim {
	readonly take: (slot: Slot) => void;
}

/** Waiting is worth it for this share of a prompt. */
const WORTH_WAITING = 0.5;

/**
 * Hands out sequences so that prompts meet a cache that begins like them: a request takes the free sequence with the
 * longest common prefix, and a patient one waits for a busy sequence that is about to hold much more of it. Prompts of
 * one item under several conditions then follow each other on one sequence.
 */
export class SequencePool {
	private readonly free: Slot[];
	private readonly busy = new Map<Slot, readonly Token[]>();
	private readonly waiting: Waiting[] = [];

	constructor(sequences: readonly LlamaSequence[]) {
		this.free = sequences.map((sequence) => ({ sequence, held: [] }));
	}

	/** Runs `work` with a sequence of its own. */
	async use<T>(claim: Claim, work: (slot: Slot) => Promise<T>): Promise<T> {
		const slot =
			this.takeNow(claim) ?? (await new Promise<Slot>((take) => this.waiting.push({ ...claim, take })));
		try {
			return await work(slot);
		} catch (error) {
			// What the cache holds after a failure is not known: the next prompt starts from nothing.
			slot.held = [];
			throw error;
		} finally {
			this.release(slot);
		}
	}

	private takeNow({ tokens, patient }: Claim): Slot | null {
		let best: Slot | null = null;
		let longest = -1;
		for (const slot of this.free) {
			const shared = sharedPrefix(slot.held, tokens);
			// Of equal ones the emptiest, so that long prefixes stay for those who need them.
			if (shared > longest || (shared === longest && slot.held.length < (best as Slot).held.length)) {
				best = slot;
				longest = shared;
			}
		}
		if (best === null || (patient && this.betterBusy(tokens, longest))) return null;
		this.take(best, tokens);
		return best;
	}

	private betterBusy(tokens: readonly Token[], have: number): boolean {
		for (const coming of this.busy.values())
			if (sharedPrefix(coming, tokens) - have >= WORTH_WAITING * tokens.length) return true;
		return false;
	}

	private take(slot: Slot, tokens: readonly Token[]): void {
		this.free.splice(this.free.indexOf(slot), 1);
		this.busy.set(slot, tokens);
	}

	private release(slot: Slot): void {
		this.busy.delete(slot);
		this.free.push(slot);
		// Those that waited for this very prefix go first, then whoever can start on what is free, in order.
		const next = this.longestFor(slot);
		if (next >= 0) this.start(next, slot);
		for (let i = 0; i < this.waiting.length && this.free.length > 0; ) {
			const found = this.takeNow(this.waiting[i] as Waiting);
			if (found) (this.waiting.splice(i, 1)[0] as Waiting).take(found);
			else i++;
		}
		// Nothing runs, so nothing is worth waiting for.
		if (this.busy.size === 0 && this.waiting.length > 0) this.start(0, this.free[0] as Slot);
	}

	private longestFor(slot: Slot): number {
		let best = -1;
		let longest = 0;
		this.waiting.forEach(({ tokens }, i) => {
			const shared = sharedPrefix(slot.held, tokens);
			if (shared > longest && shared >= WORTH_WAITING * tokens.length) {
				best = i;
				longest = shared;
			}
		});
		return best;
	}

	private start(index: number, slot: Slot): void {
		const { tokens, take } = this.waiting.splice(index, 1)[0] as Waiting;
		this.take(slot, tokens);
		take(slot);
	}
}

export function sharedPrefix(a: readonly Token[], b: readonly Token[]): number {
	const most = Math.min(a.length, b.length);
	let n = 0;
	while (n < most && a[n] === b[n]) n++;
	return n;
}
