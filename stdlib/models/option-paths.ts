/** The tokens that spell one option, and what the model gave to each. */
export interface OptionPath {
	/** Text or id of each token, in order. */
	readonly tokens: readonly (string | number)[];
	/** Natural log-probability of each token after those before it; fewer than `tokens` when one could not be seen. */
	readonly logprobs: readonly number[];
}

export const pathLogprob = (path: OptionPath): number =>
	path.logprobs.length < path.tokens.length || path.tokens.length === 0
		? Number.NEGATIVE_INFINITY
		: path.logprobs.reduce((sum, logprob) => sum + logprob, 0);

/**
 * Probability that the model leaves the options where they differ: 1 minus, over the options, the probability of
 * spelling each up to the first token that no other option has there. What follows that token tells nothing apart.
 * An option that goes on from a whole other one ("No", "No, never") lies inside it and is not counted again.
 */
export function outsideMass(paths: readonly OptionPath[]): number {
	let inside = 0;
	paths.forEach((path, i) => {
		if (paths.some((other) => goesOnFrom(path, other))) return;
		const until = distinguishingLength(path, paths, i);
		if (path.logprobs.length < until) return;
		let logprob = 0;
		for (let t = 0; t < until; t++) logprob += path.logprobs[t] as number;
		inside += Math.exp(logprob);
	});
	return Math.min(1, Math.max(0, 1 - inside));
}

const goesOnFrom = (path: OptionPath, other: OptionPath): boolean =>
	other.tokens.length < path.tokens.length && sharedLength(path.tokens, other.tokens) === other.tokens.length;

/** Tokens of a path up to where no other path goes along, or all of them. */
function distinguishingLength(path: OptionPath, paths: readonly OptionPath[], self: number): number {
	let longest = 0;
	paths.forEach((other, i) => {
		if (i !== self) longest = Math.max(longest, sharedLength(path.tokens, other.tokens));
	});
	return Math.min(path.tokens.length, longest + 1);
}

function sharedLength(a: readonly (string | number)[], b: readonly (string | number)[]): number {
	let n = 0;
	while (n < a.length && n < b.length && a[n] === b[n]) n++;
	return n;
}
