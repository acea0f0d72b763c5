/**
 * What the names of a study are in TypeScript cells. Apart from the module `assay`, since Danfo's types are many: they
 * are read only when a cell uses a table.
 */
import type { DataFrame, Series } from 'danfojs-node';

/** A number with its uncertainty. */
export interface Estimate {
	readonly kind: 'estimate';
	/** null when no value could be computed. */
	readonly value: number | null;
	/** Standard error, or null where the method gives none. */
	readonly se: number | null;
	readonly low: number | null;
	readonly high: number | null;
	/** Confidence level of low and high, e.g. 0.95. */
	readonly level: number;
	/** Rows that the value was computed from. */
	readonly n: number;
	/** Rows left out because a value was missing. */
	readonly missing: number;
	readonly clusters: number | null;
	readonly method: string;
	readonly test?: { readonly name: string; readonly p: number };
}

/** A distribution over named options. */
export interface Choice {
	readonly options: readonly string[];
	/** Same order as `options`; sums to 1. */
	readonly probs: readonly number[];
	/** Probability of anything else, before normalising; null where it cannot be known. */
	readonly outside: number | null;
	readonly best: string;
	readonly bestProb: number;
	prob(option: string): number | null;
}

/** The variable of `for p in {plain: q, terse: r}`: the value, and its name in the record. */
export interface Labelled<T> {
	readonly name: string;
	readonly value: T;
}

/** Why a cell has no value: never wrong, never zero. */
export interface Missing {
	readonly reason: 'failed' | 'unparsed' | 'refused' | 'absent';
	readonly message: string;
}

/** A Plotly figure: `Plotly.newPlot(element, figure.data, figure.layout)`. */
export interface Figure {
	readonly kind: 'figure';
	readonly data: readonly Readonly<Record<string, unknown>>[];
	readonly layout: Readonly<Record<string, unknown>>;
	readonly notices: readonly string[];
}

/** An image or another tensor: row-major, channels last. */
export interface TensorValue {
	readonly kind: 'tensor';
	readonly shape: readonly number[];
	readonly data: Float32Array;
}

/** A tensor that a model is given: one of a data set, or one of TensorFlow.js. */
export type TensorInput =
	| TensorValue
	| {
			readonly shape: readonly number[];
			readonly dtype: string;
			readonly isDisposed: boolean;
			dataSync(): ArrayLike<number>;
	  };

/** The rows of a data set or an eval. */
export interface StudyData<Row> extends Iterable<Row> {
	readonly length: number;
	row(index: number): Row;
}

/** A table of a study as a Danfo data frame; an estimate `s` is the columns s, s_se, s_low, s_high and s_n. */
export interface StudyFrame<Columns extends object> extends DataFrame {
	column<Name extends keyof Columns & string>(name: Name): StudySeries<Columns[Name]>;
}

/** A column whose cells have a known type. */
export interface StudySeries<Cell> extends Series {
	readonly values: Cell[] & Series['values'];
	/** Row by row whether the cell equals: a condition for `query`. Danfo's own types know numbers only. */
	eq(other: Cell | Cell[]): Series;
	eq(other: Parameters<Series['eq']>[0]): Series;
	ne(other: Cell | Cell[]): Series;
	ne(other: Parameters<Series['ne']>[0]): Series;
}

/** A model of a study, by its name. */
export interface StudyModel {
	readonly name: string;
	/** Number of weights, or null where it is not published. */
	readonly parameters: number | null;
}

/** A trained model of a study; beside this it has the methods of its kind, each of which gives a promise. */
export interface TrainedModel {
	readonly name: string;
	/** Numbers that were learned. */
	readonly parameters: number;
}
