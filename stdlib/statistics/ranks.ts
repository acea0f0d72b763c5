/** Ranks from 1, ties sharing the average of theirs. */
export function averageRanks(values: Float64Array): Float64Array {
	const order = sortedOrder(values);
	const ranks = new Float64Array(values.length);
	for (let from = 0; from < order.length; ) {
		let to = from + 1;
		const value = values[order[from] as number];
		while (to < order.length && values[order[to] as number] === value) to++;
		for (let i = from; i < to; i++) ranks[order[i] as number] = (from + to + 1) / 2;
		from = to;
	}
	return ranks;
}

/** Positions in order of value, equal values by position. */
export const sortedOrder = (values: Float64Array): Uint32Array =>
	Uint32Array.from(values, (_, i) => i).sort(
		(a, b) => (values[a] as number) - (values[b] as number) || a - b,
	);
