import type { WeightValue, WeightValues } from '../nets/weights.ts';
import type { HistoryRow, LossState } from './history.ts';
import { decodeTensors, encodeTensors } from './safetensors.ts';

/**
 * A training run at the end of a step. Every draw of a run follows from its seed, its name and the step, so the step's
 * number is the whole state of the generators.
 */
export interface TrainingState {
	/** Steps that were made. */
	readonly step: number;
	readonly seed: number;
	readonly meter: LossState;
	readonly history: readonly HistoryRow[];
	readonly best: { readonly step: number; readonly value: number } | null;
	readonly warnings: readonly string[];
	readonly weights: WeightValues;
	/** Accumulators of the optimiser, under `first_moment/encoder/conv_1/kernel`. */
	readonly slots: WeightValues;
	/** The weights of the best measure, where early stopping is on. */
	readonly bestWeights: WeightValues | null;
}

const FORMAT = 'assay-checkpoint/1';

/** One safetensors file with weights, optimiser state and everything else that a run goes on with. */
export function encodeCheckpoint(state: TrainingState): Uint8Array {
	const { weights, slots, bestWeights, ...rest } = state;
	const tensors = new Map<string, WeightValue>([
		...under('weights', weights),
		...under('slots', slots),
		...under('best', bestWeights ?? new Map()),
	]);
	return encodeTensors({ tensors, metadata: { format: FORMAT, state: JSON.stringify(rest) } });
}

/** null for bytes of another format. */
export function decodeCheckpoint(bytes: Uint8Array): TrainingState | null {
	const { tensors, metadata } = decodeTensors(bytes);
	if (metadata.format !== FORMAT) return null;
	const rest = JSON.parse(metadata.state as string) as Omit<
		TrainingState,
		'weights' | 'slots' | 'bestWeights'
	>;
	const best = of('best', tensors);
	return {
		...rest,
		weights: of('weights', tensors),
		slots: of('slots', tensors),
		bestWeights: best.size > 0 ? best : null,
	};
}

const under = (prefix: string, values: WeightValues): [string, WeightValue][] =>
	[...values].map(([name, value]) => [`${prefix}/${name}`, value]);

const of = (prefix: string, values: WeightValues): Map<string, WeightValue> =>
	new Map(
		[...values].flatMap(([name, value]) =>
			name.startsWith(`${prefix}/`) ? [[name.slice(prefix.length + 1), value] as const] : [],
		),
	);
