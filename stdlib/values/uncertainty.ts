import type { Column } from './column.ts';
import type { Estimate } from './estimate.ts';

/** What stands after `±`: a way to put an interval around a statistic of rows. */
export interface Uncertainty {
	readonly kind: 'uncertainty';
	/** In words, for the estimate's `method`. */
	readonly name: string;
	readonly level: number;
	apply(statistic: Statistic): Estimate;
}

/** An aggregate over a group's rows, to be evaluated on resampled rows. */
export interface Statistic {
	/** Rows in the group. */
	readonly n: number;
	/** Rows in which an argument is missing. */
	readonly missing: number;
	/** The aggregate as written, with its own error. */
	readonly full: Estimate;
	/** Its value over rows given by number, repeats allowed; null when it has none. */
	at(rows: Int32Array): number | null;
	/** A column over the group's rows, e.g. the clusters. */
	readonly columns?: Readonly<Record<string, Column>>;
}
