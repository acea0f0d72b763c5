import type { GraphBuilder } from './graph-builder.ts';
import type { Layout } from './layout.ts';
import type { Info } from './value.ts';

/** What lowering sees of one call. */
export interface Call<Attrs> {
	readonly attrs: Attrs;
	readonly infos: readonly Info[];
	readonly results: readonly Info[];
}

/** One TensorFlow.js kernel in terms of ONNX. */
export interface KernelRule<Attrs = object> {
	readonly name: string;
	/** Names of its inputs in order, or `list` where TensorFlow.js passes an array. Absent inputs are left out. */
	readonly inputs: readonly string[] | 'list';
	/** Returns several tensors, even when it is one. */
	readonly many?: true;
	/**
	 * Whole numbers among the attributes that may change from call to call, as where a slice starts. They follow the inputs
	 * as one more tensor, compiled in until it is seen to change, and must be left out of `attrs` by `withoutMoving`.
	 */
	readonly moving?: (infos: readonly Info[], attrs: Attrs) => number[];
	readonly withoutMoving?: (infos: readonly Info[], attrs: Attrs) => object;
	/** Only the shapes of the inputs matter. */
	readonly shapesOnly?: true;
	/** False for calls it cannot express, which fall back. */
	readonly accepts?: (infos: readonly Info[], attrs: Attrs) => boolean;
	readonly infer: (infos: readonly Info[], attrs: Attrs) => Info[];
	readonly lower: (graph: GraphBuilder, inputs: readonly Layout[], call: Call<Attrs>) => Layout | Layout[];
}

/** A rule whose attributes are whatever TensorFlow.js gave it under its name. */
export type Kernel = KernelRule<never>;

export const kernel = <Attrs = object>(rule: KernelRule<Attrs>): Kernel => rule as unknown as Kernel;
