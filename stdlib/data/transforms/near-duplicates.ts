const GRAM_LENGTH = 3;

/**
 * Indices of the texts that are near an earlier kept one: the Jaccard index of their sets of three-letter sequences
 * (lower case, white space as one blank) is at least `threshold`, in (0, 1). Exact, not approximate: candidates come from
 * an index over each kept text's rarest sequences, of which two near texts must share one (prefix filtering, Bayardo,
 * Ma & Srikant 2007).
 */
export function nearDuplicates(texts: readonly string[], threshold: number): ReadonlySet<number> {
	const sets = rankedGrams(texts);
	const index = new Map<number, number[]>();
	const dropped = new Set<number>();
	const seen = new Int32Array(texts.length).fill(-1);
	for (let i = 0; i < texts.length; i++) {
		const set = sets[i] as Int32Array;
		const prefix = set.subarray(0, prefixLength(set.length, threshold));
		if (prefix.some((gram) => (index.get(gram) ?? []).some((other) => isNear(other)))) {
			dropped.add(i);
			continue;
		}
		for (const gram of prefix) {
			const holders = index.get(gram);
			if (holders) holders.push(i);
			else index.set(gram, [i]);
		}

		function isNear(other: number): boolean {
			if (seen[other] === i) return false;
			seen[other] = i;
			return jaccardAtLeast(sets[other] as Int32Array, set, threshold);
		}
	}
	return dropped;
}

/** A set of n shares at least ceil(t·n) with any set that is t-near, so one of its first n - ceil(t·n) + 1 is shared. */
const prefixLength = (n: number, threshold: number): number => n - Math.ceil(threshold * n - EPSILON) + 1;

const EPSILON = 1e-9;

/** Each text's sequences as numbers, the rarest of all texts first: sorted arrays without repeats. */
function rankedGrams(texts: readonly string[]): Int32Array[] {
	const ids = new Map<string, number>();
	const frequency: number[] = [];
	const sets = texts.map((text) => {
		const own = new Set<number>();
		for (const gram of gramsOf(text)) {
			let id = ids.get(gram);
			if (id === undefined) {
				id = ids.size;
				ids.set(gram, id);
				frequency.push(0);
			}
			own.add(id);
		}
		for (const id of own) frequency[id] = (frequency[id] as number) + 1;
		return own;
	});
	const order = Int32Array.from(frequency.keys()).sort(
		(a, b) => (frequency[a] as number) - (frequency[b] as number) || a - b,
	);
	const rank = new Int32Array(order.length);
	order.forEach((id, place) => {
		rank[id] = place;
	});
	return sets.map((own) => Int32Array.from(own, (id) => rank[id] as number).sort());
}

/** A text shorter than three letters is one sequence. */
function* gramsOf(text: string): Generator<string> {
	const plain = text.toLowerCase().replace(/\s+/g, ' ').trim();
	if (plain.length < GRAM_LENGTH) yield plain;
	for (let i = 0; i + GRAM_LENGTH <= plain.length; i++) yield plain.slice(i, i + GRAM_LENGTH);
}

function jaccardAtLeast(a: Int32Array, b: Int32Array, threshold: number): boolean {
	// |a ∩ b| / |a ∪ b| >= t exactly when |a ∩ b| >= t (|a| + |b|) / (1 + t).
	const needed = Math.ceil((threshold * (a.length + b.length)) / (1 + threshold) - EPSILON);
	let [spareA, spareB] = [a.length - needed, b.length - needed];
	let [i, j, shared] = [0, 0, 0];
	while (spareA >= 0 && spareB >= 0) {
		if (i === a.length || j === b.length) return shared >= needed;
		const [x, y] = [a[i] as number, b[j] as number];
		if (x === y) shared++;
		if (x < y) spareA--;
		if (x > y) spareB--;
		if (x <= y) i++;
		if (y <= x) j++;
	}
	return false;
}
