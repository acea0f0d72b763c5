import type { States } from './states.ts';
import type { Token } from './tokenizer.ts';

/** A block of a prompt: its tokens, and through its key everything before them. */
export interface Block {
	readonly key: string;
	/** Number of blocks before it. */
	readonly depth: number;
	readonly tokens: readonly Token[];
}

/** The whole blocks of a prompt that end before its last token, whose outcome is always wanted. */
export function blocksOf(prompt: readonly Token[], size: number): Block[] {
	const count = Math.floor((prompt.length - 1) / size);
	const blocks: Block[] = [];
	let key = '';
	for (let depth = 0; depth < count; depth++) {
		const tokens = prompt.slice(depth * size, (depth + 1) * size);
		key = `${key}/${tokens.join()}`;
		blocks.push({ key, depth, tokens });
	}
	return blocks;
}

/** States of blocks that prompts begin with, the latest used ones, in so many bytes. */
export class PrefixCache {
	private readonly limitBytes: number;
	private readonly kept = new Map<string, States>();
	/** What is kept. */
	bytes = 0;

	constructor(limitBytes: number) {
		this.limitBytes = limitBytes;
	}

	has(key: string): boolean {
		return this.kept.has(key);
	}

	/** The states of a block, which then counts as used. */
	get(key: string): States | undefined {
		const found = this.kept.get(key);
		if (!found) return undefined;
		this.kept.delete(key);
		this.kept.set(key, found);
		return found;
	}

	put(key: string, states: States): void {
		if (this.kept.has(key)) return;
		this.kept.set(key, states);
		this.bytes += states.data.byteLength;
	}

	/** Forgets what was longest not used, down to the limit, but for what is still needed. */
	trim(needed: ReadonlySet<string> = new Set()): void {
		for (const [key, { data }] of this.kept) {
			if (this.bytes <= this.limitBytes) return;
			if (needed.has(key)) continue;
			this.kept.delete(key);
			this.bytes -= data.byteLength;
		}
	}
}
