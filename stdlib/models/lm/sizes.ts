/**
 * Shapes that batches may have. Every shape is compiled once, so there are few; what is over is padding that is masked.
 */

/** Tokens of a block: prompts are computed in blocks, and what prompts have in common is shared by the block. */
export const BLOCK = 64;

/** Tokens that rows write between two merges of what they remember. */
export const WINDOW = 16;

/** The most tokens of one pass over prompts. */
const PASS_TOKENS = 512;

/** Tokens of a row in a pass: the next power of two from 16. */
export const timeSize = (tokens: number): number => Math.max(16, 2 ** Math.ceil(Math.log2(tokens)));

/** Rows of a pass whose rows have `time` tokens. */
export const rowsAtMost = (time: number): number => Math.max(1, Math.floor(PASS_TOKENS / time));

/** 1, 2, 4, …: the next power of two. */
export const rowSize = (rows: number): number => 2 ** Math.ceil(Math.log2(rows));

/** Tokens that are remembered: in steps of a block up to 512, then coarser, at most a quarter over. */
export function pastSize(tokens: number): number {
	if (tokens === 0) return 0;
	const step = tokens <= 512 ? BLOCK : 2 ** Math.ceil(Math.log2(tokens) - 3);
	return Math.ceil(tokens / step) * step;
}
