import type { Tensor } from '@tensorflow/tfjs';
import { MASKED } from '../../nets/transformer/blocks.ts';
import type { DeviceModel, PassOutput } from './device-model.ts';
import { type Block, blocksOf, PrefixCache } from './prefix-cache.ts';
import { BLOCK, pastSize, rowSize, rowsAtMost, timeSize } from './sizes.ts';
import { lengthOf, readStates, rememberedTensors, rowStates, type States } from './states.ts';
import type { Token } from './tokenizer.ts';

/** Tokens of one row in a pass. A token sees what is remembered, and of the row's own tokens those that `sees` says. */
export interface PassRow {
	readonly remembered: readonly States[];
	readonly tokens: readonly Token[];
	/** Place of a token after what is remembered. */
	readonly placeOf: (index: number) => number;
	/** Own tokens that a token sees, itself among them. */
	readonly sees: (index: number) => Iterable<number>;
}

/** Each token sees those before it. */
export const inOrder = (tokens: readonly Token[]): Pick<PassRow, 'tokens' | 'placeOf' | 'sees'> => ({
	tokens,
	placeOf: (index) => index,
	*sees(index) {
		for (let i = 0; i <= index; i++) yield i;
	},
});

export interface FinishedPass extends PassOutput {
	/** Tokens of each row, padding included. */
	readonly time: number;
}

/** A prompt whose blocks are computed: what they left, and the tokens after them. */
export interface OpenPrompt {
	readonly remembered: readonly States[];
	readonly tail: readonly Token[];
}

/** Lays rows out as passes of few shapes, and keeps the blocks that prompts share. */
export class Passes {
	readonly model: DeviceModel;
	readonly prefixes: PrefixCache;

	/** @param prefixBytes memory for blocks that later prompts may begin with */
	constructor(model: DeviceModel, prefixBytes: number) {
		this.model = model;
		this.prefixes = new PrefixCache(prefixBytes);
	}

	/** Computes the blocks of prompts that are not known yet, each once, however many prompts begin with it. */
	async openPrompts(prompts: readonly (readonly Token[])[], between: () => void): Promise<OpenPrompt[]> {
		const chains = prompts.map((prompt) => blocksOf(prompt, BLOCK));
		const depths = Math.max(0, ...chains.map((chain) => chain.length));
		const needed = new Set(chains.flatMap((chain) => chain.map(({ key }) => key)));
		for (let depth = 0; depth < depths; depth++) {
			const missing = new Map<string, readonly Block[]>();
			for (const chain of chains) {
				const block = chain[depth];
				if (block && !this.prefixes.has(block.key)) missing.set(block.key, chain.slice(0, depth + 1));
			}
			for (const part of inParts([...missing.values()], rowsAtMost(BLOCK))) {
				between();
				await this.computeBlocks(part);
				this.prefixes.trim(needed);
			}
		}
		const opened = prompts.map((prompt, i) => ({
			remembered: this.statesOf(chains[i] as Block[]),
			tail: prompt.slice((chains[i] as Block[]).length * BLOCK),
		}));
		this.prefixes.trim();
		return opened;
	}

	/** One pass over rows of at most `rowsAtMost` of their length; results are the caller's to dispose of. */
	run(rows: readonly PassRow[]): FinishedPass {
		const { model } = this;
		const time = timeSize(Math.max(...rows.map(({ tokens }) => tokens.length)));
		const past = pastSize(Math.max(...rows.map(({ remembered }) => lengthOf(remembered))));
		const padTo = rowSize(rows.length, rowsAtMost(time));
		const remembered = rememberedTensors(
			model.tf,
			model.config,
			rows.map((row) => row.remembered),
			padTo,
			past,
		);
		const output = model.run({ rows: padTo, time, past, remembered, ...laidOut(rows, padTo, time, past) });
		model.tf.dispose(remembered);
		return { ...output, time };
	}

	private async computeBlocks(chains: readonly (readonly Block[])[]): Promise<void> {
		const rows = chains.map((chain) => ({
			remembered: this.statesOf(chain.slice(0, -1)),
			...inOrder((chain.at(-1) as Block).tokens),
		}));
		const { hidden, states } = this.run(rows);
		const read = await readStates(states);
		const shape = (states[0] as Tensor).shape;
		chains.forEach((chain, row) => {
			this.prefixes.put((chain.at(-1) as Block).key, rowStates(read, shape, row, BLOCK));
		});
		this.model.tf.dispose([hidden, ...states]);
	}

	private statesOf(chain: readonly Block[]): States[] {
		return chain.map(({ key }) => this.prefixes.get(key) as States);
	}
}

/** Tokens, places and mask of rows; a row that is only padding sees its own tokens, so that nothing is undefined. */
function laidOut(rows: readonly PassRow[], padTo: number, time: number, past: number) {
	const tokens = new Int32Array(padTo * time);
	const positions = new Int32Array(padTo * time);
	const width = past + time;
	const mask = new Float32Array(padTo * time * width).fill(MASKED);
	for (let row = 0; row < padTo; row++) {
		const { remembered, tokens: own, placeOf, sees } = rows[row] ?? EMPTY;
		const known = lengthOf(remembered);
		for (let i = 0; i < time; i++) {
			const at = row * time + i;
			const line = at * width;
			mask[line + past + i] = 0;
			if (i >= own.length) continue;
			tokens[at] = own[i] as Token;
			positions[at] = known + placeOf(i);
			mask.fill(0, line, line + known);
			for (const seen of sees(i)) mask[line + past + seen] = 0;
		}
	}
	return { tokens, positions, mask };
}

const EMPTY: PassRow = { remembered: [], ...inOrder([]) };

export function* inParts<T>(items: readonly T[], size: number): Iterable<readonly T[]> {
	for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

/** Items in groups that fit one pass: alike in the size of their own tokens, those that remember alike side by side. */
export function passGroups<T>(
	items: readonly T[],
	sizeOf: (item: T) => { readonly own: number; readonly remembered: number },
): readonly (readonly T[])[] {
	const byTime = new Map<number, T[]>();
	for (const item of items) {
		const time = timeSize(sizeOf(item).own);
		byTime.set(time, [...(byTime.get(time) ?? []), item]);
	}
	return [...byTime].flatMap(([time, group]) => {
		group.sort((a, b) => sizeOf(a).remembered - sizeOf(b).remembered);
		return [...inParts(group, rowsAtMost(time))];
	});
}
