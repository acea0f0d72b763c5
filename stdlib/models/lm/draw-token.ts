/** How a token is drawn. */
export interface Drawing {
	/** 0: always the likeliest. */
	readonly temperature: number;
	/** Only so many likeliest tokens are drawn from; null for all. */
	readonly topK: number | null;
	/**
	 * Of those, the smallest set of likeliest ones with at least this share of their probability (Holtzman et al. 2019,
	 * arXiv:1904.09751): in this order also in llama.cpp and in transformers.
	 */
	readonly topP: number;
}

/** The likeliest tokens in falling order. */
export interface Candidates {
	readonly ids: ArrayLike<number>;
	/** Logits over the temperature. */
	readonly scaled: ArrayLike<number>;
	/** ln Σ exp over all tokens, these or not. */
	readonly logTotal: number;
	/** Whether these are all tokens. */
	readonly whole: boolean;
}

/**
 * The token at which the probabilities, added up from the likeliest on, pass `uniform` (in [0, 1)) of what may be drawn.
 * @returns null where more candidates are needed to tell
 */
export function drawToken(candidates: Candidates, drawing: Drawing, uniform: number): number | null {
	if (drawing.temperature === 0) return candidates.ids[0] as number;
	const { count, mass } = allowed(candidates, drawing);
	if (count === null) return null;
	const place = passing(candidates, count, uniform * mass);
	if (place !== null) return candidates.ids[place] as number;
	// Rounding may leave the sum a little short of the whole.
	return count <= candidates.ids.length && (candidates.whole || isLimited(drawing))
		? (candidates.ids[count - 1] as number)
		: null;
}

export const isLimited = ({ topP, topK }: Drawing): boolean => topP < 1 || topK !== null;

const shareOf = ({ scaled, logTotal }: Candidates, place: number): number =>
	Math.exp((scaled[place] as number) - logTotal);

/** How many of the likeliest may be drawn, with their probability; a count of null where these do not tell. */
function allowed(
	candidates: Candidates,
	drawing: Drawing,
): { readonly count: number | null; readonly mass: number } {
	const { ids, whole } = candidates;
	if (!isLimited(drawing)) return { count: ids.length, mass: 1 };
	const { topK, topP } = drawing;
	if (topK !== null && topK > ids.length && !whole) return { count: null, mass: 0 };
	const most = Math.min(topK ?? ids.length, ids.length);
	// All that may be drawn are 1, but for those that are left out by number.
	const enough = topP < 1 ? topP * (topK === null ? 1 : massOf(candidates, most)) : Number.POSITIVE_INFINITY;
	let mass = 0;
	for (let place = 0; place < most; place++) {
		mass += shareOf(candidates, place);
		if (mass >= enough) return { count: place + 1, mass };
	}
	return { count: whole || topK !== null ? most : null, mass };
}

function massOf(candidates: Candidates, count: number): number {
	let mass = 0;
	for (let place = 0; place < count; place++) mass += shareOf(candidates, place);
	return mass;
}

/** The first place at which the probabilities add up to more than `target`; null where they do not. */
function passing(candidates: Candidates, count: number, target: number): number | null {
	let mass = 0;
	for (let place = 0; place < count; place++) {
		mass += shareOf(candidates, place);
		if (mass > target) return place;
	}
	return null;
}

/**
 * The token at which the probabilities pass `uniform` where all may be drawn and those of the likeliest few do not reach it:
 * the others follow them by their number, which saves putting the whole vocabulary in order.
 */
export function drawFromRest(candidates: Candidates, scaled: Float32Array, uniform: number): number {
	const { ids, logTotal } = candidates;
	const before = new Set(Array.from(ids));
	let mass = massOf(candidates, ids.length);
	let last = ids[ids.length - 1] as number;
	for (let id = 0; id < scaled.length; id++) {
		if (before.has(id)) continue;
		mass += Math.exp((scaled[id] as number) - logTotal);
		last = id;
		if (mass > uniform) return id;
	}
	return last;
}

/** All tokens of a row of scaled logits as candidates; equal ones by their number. */
export function allCandidates(scaled: Float32Array): Candidates {
	const ids = Uint32Array.from(scaled, (_, id) => id).sort(
		(a, b) => (scaled[b] as number) - (scaled[a] as number) || a - b,
	);
	const sorted = Float32Array.from(ids, (id) => scaled[id] as number);
	const most = sorted[0] as number;
	let total = 0;
	for (const value of sorted) total += Math.exp(value - most);
	return { ids, scaled: sorted, logTotal: most + Math.log(total), whole: true };
}
