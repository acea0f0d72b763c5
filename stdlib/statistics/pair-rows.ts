/** Rows of one group with the number of each row's pair key. */
export interface Side {
	readonly rows: Int32Array;
	readonly keys: Int32Array;
}

/** Two groups matched by pair key; a pair may have several rows on a side. */
export interface PairedRows {
	readonly level: Side;
	readonly base: Side;
	/** Numbers below this are pair keys. */
	readonly keyCount: number;
	/** Keys that occur on both sides. */
	readonly complete: Int32Array;
	/** Keys that occur on one side only. */
	readonly incomplete: number;
	/** Cluster of each key in `complete`, or null for independent pairs. */
	readonly clusters: Int32Array | null;
}

export function pairRows(
	level: Side,
	base: Side,
	keyCount: number,
	clusterOf: ((row: number) => number) | null,
): PairedRows {
	const firstRow = new Int32Array(keyCount).fill(-1);
	for (let i = level.keys.length - 1; i >= 0; i--)
		firstRow[level.keys[i] as number] = level.rows[i] as number;
	const inBase = new Uint8Array(keyCount);
	for (const key of base.keys) inBase[key] = 1;
	const complete: number[] = [];
	let incomplete = 0;
	for (let key = 0; key < keyCount; key++) {
		const inLevel = (firstRow[key] as number) >= 0;
		if (inLevel && inBase[key] === 1) complete.push(key);
		else if (inLevel || inBase[key] === 1) incomplete++;
	}
	const clusters = clusterOf ? Int32Array.from(complete, (key) => clusterOf(firstRow[key] as number)) : null;
	return { level, base, keyCount, complete: Int32Array.from(complete), incomplete, clusters };
}
