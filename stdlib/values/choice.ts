/** How a choice's probabilities were obtained; part of the result, since the number depends on it. */
export type ChoiceMethod =
	| {
			readonly by: 'logprob';
			/** What divides a continuation's log-probability before options are compared. */
			readonly normalise: 'raw' | 'token' | 'byte' | 'unconditional';
	  }
	| { readonly by: 'sampling'; readonly n: number };

/** A distribution over named options, normalised over them. */
export class Choice {
	readonly options: readonly string[];
	/** Same order as `options`; sums to 1. */
	readonly probs: readonly number[];
	/** Probability the model gave to anything else, before normalising; null where it cannot be known. */
	readonly outside: number | null;
	readonly method: ChoiceMethod;

	constructor(
		options: readonly string[],
		probs: readonly number[],
		outside: number | null,
		method: ChoiceMethod,
	) {
		this.options = options;
		this.probs = probs;
		this.outside = outside;
		this.method = method;
	}

	/** Index of the most probable option; the first one on ties. */
	get bestIndex(): number {
		let best = 0;
		for (let i = 1; i < this.probs.length; i++) {
			if ((this.probs[i] as number) > (this.probs[best] as number)) best = i;
		}
		return best;
	}

	get best(): string {
		return this.options[this.bestIndex] as string;
	}

	get bestProb(): number {
		return this.probs[this.bestIndex] as number;
	}

	/** Probability of one option, or null when it is none of them. */
	prob(option: string): number | null {
		const i = this.options.indexOf(option);
		return i < 0 ? null : (this.probs[i] as number);
	}
}
