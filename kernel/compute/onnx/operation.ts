import type { Kernel } from './kernel.ts';
import type { Info, Value } from './value.ts';

/** A recorded kernel call. */
export interface Operation {
	readonly kernel: Kernel;
	readonly attrs: object;
	readonly inputs: readonly Value[];
	/** Shapes under which the call sees its inputs: reshaping shares the value. */
	readonly infos: readonly Info[];
	readonly outputs: Value[];
	readonly results: readonly Info[];
	/** Equal for calls of the same kernel, attributes, shapes and types. */
	readonly kind: number;
	readonly order: number;
	flush: number;
	slot: number;
}
