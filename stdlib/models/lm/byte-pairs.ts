/** How GPT-2 cuts text into words before pairs are joined, as ByteLevel of tokenizer.json does (Radford et al. 2019). */
const WORDS = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** How often each word stands in the texts. */
export function wordCounts(texts: Iterable<string>): Map<string, number> {
	const counts = new Map<string, number>();
	for (const text of texts)
		for (const [word] of text.matchAll(WORDS)) counts.set(word, (counts.get(word) ?? 0) + 1);
	return counts;
}

interface Word {
	pieces: string[];
	readonly count: number;
}

/**
 * Joins the pair of neighbours that is seen most, again and again; of pairs seen alike, the one that comes first as text. Ends
 * early where every word is one piece.
 * @param written how a byte is written, by its number
 * @returns pairs in the order of joining
 * Sennrich et al. 2016 (arXiv:1508.07909), algorithm 1, over bytes
 */
export function learnPairs(
	counts: ReadonlyMap<string, number>,
	written: readonly string[],
	most: number,
): (readonly [string, string])[] {
	const words: Word[] = [...counts].map(([word, count]) => ({
		pieces: Array.from(Buffer.from(word, 'utf8'), (byte) => written[byte] as string),
		count,
	}));
	const pairs: (readonly [string, string])[] = [];
	while (pairs.length < most) {
		const next = mostSeen(words);
		if (next === null) break;
		pairs.push(next);
		for (const word of words) join(word, next);
	}
	return pairs;
}

function mostSeen(words: readonly Word[]): readonly [string, string] | null {
	const seen = new Map<string, number>();
	for (const { pieces, count } of words)
		for (let i = 0; i + 1 < pieces.length; i++) {
			const pair = `${pieces[i]} ${pieces[i + 1]}`;
			seen.set(pair, (seen.get(pair) ?? 0) + count);
		}
	let [best, most] = ['', 0];
	for (const [pair, count] of seen)
		if (count > most || (count === most && pair < best)) [best, most] = [pair, count];
	return most === 0 ? null : (best.split(' ') as unknown as readonly [string, string]);
}

function join(word: Word, [left, right]: readonly [string, string]): void {
	const { pieces } = word;
	if (!pieces.includes(left)) return;
	const joined: string[] = [];
	for (let i = 0; i < pieces.length; i++) {
		const both = pieces[i] === left && pieces[i + 1] === right;
		joined.push(both ? left + right : (pieces[i] as string));
		if (both) i++;
	}
	word.pieces = joined;
}
