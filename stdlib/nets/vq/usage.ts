/** How much of a codebook is used. */
export interface CodeUsage {
	/** e to the entropy of how often each code is used: how many codes are used evenly, in effect. */
	readonly perplexity: number;
	/** Part of the codes that are used at all. */
	readonly usage: number;
	readonly deadCodes: number;
}

/** @param counts how often each code is used */
export function codeUsage(counts: ArrayLike<number>): CodeUsage {
	let total = 0;
	let used = 0;
	for (let k = 0; k < counts.length; k++) {
		total += counts[k] as number;
		if ((counts[k] as number) > 0) used++;
	}
	let entropy = 0;
	for (let k = 0; k < counts.length; k++) {
		const share = (counts[k] as number) / total;
		if (share > 0) entropy -= share * Math.log(share);
	}
	return { perplexity: Math.exp(entropy), usage: used / counts.length, deadCodes: counts.length - used };
}

/** Bits of a picture whose `cells` codes are drawn independently with this perplexity. */
export const entropyBits = (cells: number, perplexity: number): number => cells * Math.log2(perplexity);

/** Below this part of the codebook in effect, a codebook counts as collapsed. */
const COLLAPSED = 0.05;

/** What to say when nearly all latents share a few codes, or null. */
export function collapseWarning(codes: number, { perplexity, deadCodes }: CodeUsage): string | null {
	if (codes < 4 || perplexity >= Math.max(1.5, COLLAPSED * codes)) return null;
	const used = codes - deadCodes;
	return (
		`the codebook has collapsed: of ${codes} codes ${used} ${used === 1 ? 'is' : 'are'} used, as if there were ${perplexity.toFixed(1)}; ` +
		'most pictures come out alike. Revive dead codes (`revive: 20`), let codes follow averages (`straight_through(codebook: "ema")`), ' +
		'or lower the learning rate'
	);
}
