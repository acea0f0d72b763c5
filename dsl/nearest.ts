/** The candidate nearest to a misspelt name, or null when none is near enough to be meant. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
	let best: string | null = null;
	// One letter can be any other: only its case may be wrong.
	let bestDistance = name.length < 2 ? 1 : Math.max(1, Math.floor(name.length / 3)) + 1;
	for (const candidate of candidates) {
		if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
		const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), bestDistance);
		if (distance < bestDistance) {
			best = candidate;
			bestDistance = distance;
		}
	}
	return best;
}

/** Damerau–Levenshtein distance (neighbouring letters swapped count once), given up on at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
	let before: number[] = [];
	let above = Array.from({ length: b.length + 1 }, (_, i) => i);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const same = a[i - 1] === b[j - 1] ? 0 : 1;
			let cost = Math.min(
				(above[j] as number) + 1,
				(row[j - 1] as number) + 1,
				(above[j - 1] as number) + same,
			);
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
				cost = Math.min(cost, (before[j - 2] as number) + 1);
			}
			row.push(cost);
		}
		if (Math.min(...row) >= limit) return limit;
		before = above;
		above = row;
	}
	return above[b.length] as number;
}
