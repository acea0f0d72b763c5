import { Labelled, labelOf } from '../values/labelled.ts';
import { ModelHandle } from '../values/model.ts';
import { type Cells, cellAt, isGap } from './cells.ts';

/** Which rows belong together. One partition feeds standard error, degrees of freedom and bootstrap. */
export interface Clusters {
	/** Cluster number of each row, from 0 in order of first appearance. */
	readonly of: Int32Array;
	readonly count: number;
}

/**
 * Rows with equal keys are one cluster; records are equal when their fields are. A row whose key is missing is a cluster
 * of its own: nothing is known that ties it to another.
 */
export function clustersOf(keys: Cells<unknown>, rows: Int32Array | null = null): Clusters {
	const length = rows?.length ?? keys.length;
	const numbering = new Keys();
	const of = new Int32Array(length);
	for (let i = 0; i < length; i++) of[i] = numbering.number(cellAt(keys, rows ? (rows[i] as number) : i));
	return { of, count: numbering.count };
}

/** Numbers distinct keys from 0. */
export class Keys {
	private readonly numbers = new Map<unknown, number>();
	count = 0;

	/** The number of a key; a missing key gets a new number every time. */
	number(key: unknown): number {
		if (isGap(key)) return this.count++;
		const known = this.numbers.get(key);
		if (known !== undefined) return known;
		const plain = plainKey(key);
		const number = this.numbers.get(plain) ?? this.count++;
		this.numbers.set(plain, number);
		// Rows of one source share their records, so identity answers for all but the first.
		if (typeof key === 'object') this.numbers.set(key, number);
		return number;
	}
}

function plainKey(key: unknown): unknown {
	if (key instanceof Labelled || key instanceof ModelHandle) return `\u0000label ${labelOf(key)}`;
	return typeof key === 'object' ? `\u0000json ${JSON.stringify(key)}` : key;
}

/** Rows of each cluster, one after another: cluster c has `rows[starts[c]] … rows[starts[c + 1] - 1]`. */
export interface ClusterRows {
	readonly starts: Int32Array;
	readonly rows: Int32Array;
}

export function rowsByCluster({ of, count }: Clusters): ClusterRows {
	const starts = new Int32Array(count + 1);
	for (const cluster of of) starts[cluster + 1] = (starts[cluster + 1] as number) + 1;
	for (let c = 0; c < count; c++) starts[c + 1] = (starts[c + 1] as number) + (starts[c] as number);
	const next = starts.slice();
	const rows = new Int32Array(of.length);
	for (let row = 0; row < of.length; row++) {
		const cluster = of[row] as number;
		const place = next[cluster] as number;
		rows[place] = row;
		next[cluster] = place + 1;
	}
	return { starts, rows };
}

export interface ClusteredErrors {
	/** √(Σ_clusters (Σ r)²) / n, no small-sample correction. */
	readonly cr0: number;
	/** cr0 · √(G / (G - 1)); null with fewer than two clusters. */
	readonly cr1: number | null;
	/** Rows' own variance with n - 1, plus the covariances within clusters (Miller 2024, arXiv:2411.00640, eq. 4). */
	readonly plusNaive: number | null;
}

/** Standard errors of a mean whose rows come in clusters; `residuals` are x - mean. */
export function clusteredErrors(residuals: Float64Array, clusters: Clusters): ClusteredErrors {
	const n = residuals.length;
	const sums = new Float64Array(clusters.count);
	let squares = 0;
	for (let i = 0; i < n; i++) {
		const r = residuals[i] as number;
		const c = clusters.of[i] as number;
		sums[c] = (sums[c] as number) + r;
		squares += r * r;
	}
	let between = 0;
	for (const sum of sums) between += sum * sum;
	const g = clusters.count;
	const cr0 = Math.sqrt(between) / n;
	const plusNaive = n < 2 ? null : squares / (n * (n - 1)) + (between - squares) / (n * n);
	return {
		cr0,
		cr1: g < 2 ? null : cr0 * Math.sqrt(g / (g - 1)),
		plusNaive: plusNaive === null ? null : Math.sqrt(Math.max(0, plusNaive)),
	};
}
