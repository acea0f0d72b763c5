/** A reported number with its uncertainty. */
export interface Estimate {
	readonly kind: 'estimate';
	/** null when no value could be computed (no rows, or all of them missing). */
	readonly value: number | null;
	/** Standard error, or null where the method gives none. */
	readonly se: number | null;
	readonly low: number | null;
	readonly high: number | null;
	/** Confidence level of [low, high], e.g. 0.95. */
	readonly level: number;
	/** Rows that the value was computed from. */
	readonly n: number;
	/** Rows left out because a value was missing. */
	readonly missing: number;
	/** Number of clusters, or null for independent rows. */
	readonly clusters: number | null;
	/** In words: `normal, clustered`, `wilson`, `bootstrap percentile (2000)`. */
	readonly method: string;
	/** p value and the test's name, where the estimate is of a comparison. */
	readonly test?: { readonly name: string; readonly p: number };
}

export const isEstimate = (value: unknown): value is Estimate =>
	typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'estimate';
