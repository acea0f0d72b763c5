import type { Token } from './tokenizer.ts';

/** A token after the prompt: some options go through it. */
interface Branch {
	readonly token: Token;
	/** Place of the node before it; -1 for the prompt. */
	readonly parent: number;
	readonly depth: number;
}

/**
 * Options as a tree, so that what they have in common after the prompt is computed once and all of them in one pass. The
 * last token of an option is only scored, not computed, unless another option goes on from it.
 */
export class OptionTree {
	readonly branches: Branch[] = [];
	/** For each token of each option: the node that it comes after. */
	readonly befores: number[][];
	private readonly places = new Map<string, number>();

	constructor(options: readonly (readonly Token[])[]) {
		this.befores = options.map((tokens) => {
			const befores: number[] = [];
			let at = -1;
			tokens.forEach((token, depth) => {
				befores.push(at);
				if (depth < tokens.length - 1) at = this.placeOf(token, at, depth);
			});
			return befores;
		});
	}

	/** The node and all before it. */
	ancestors(node: number): number[] {
		const found: number[] = [];
		for (let at = node; at >= 0; at = (this.branches[at] as Branch).parent) found.push(at);
		return found;
	}

	private placeOf(token: Token, parent: number, depth: number): number {
		const key = `${parent}:${token}`;
		const known = this.places.get(key);
		if (known !== undefined) return known;
		const place = this.branches.length;
		this.branches.push({ token, parent, depth });
		this.places.set(key, place);
		return place;
	}
}
