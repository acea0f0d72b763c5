/**
 * Shapes that batches may have. Every shape is compiled once, so there are few; what is over is padding that is masked.
 */

/** Tokens of a block: prompts are computed in blocks, and what prompts have in common is shared by the block. */
export const BLOCK = 64;

/** Tokens that rows write between two merges of what they remember. */
export const WINDOW = 16;

/** The most tokens of one pass over prompts. */
const PASS_TOKENS = 512;

/** Tokens of a row in a pass: the next power of two from 32. */
export const timeSize = (tokens: number): number => Math.max(32, 2 ** Math.ceil(Math.log2(tokens)));

/** Rows of a pass whose rows have `time` tokens. */
export const rowsAtMost = (time: number): number => Math.max(1, Math.floor(PASS_TOKENS / time));

/** Rows of a batch of at most `most`: a quarter of the most, or the most. */
export function rowSize(rows: number, most: number): number {
	const quarter = Math.ceil(most / 4);
	return rows <= quarter ? quarter : most;
}

/** Tokens that are remembered: a block, and its doubles. */
export const pastSize = (tokens: number): number =>
	tokens === 0 ? 0 : BLOCK * 2 ** Math.max(0, Math.ceil(Math.log2(tokens / BLOCK)));
