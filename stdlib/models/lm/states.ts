import type { Tensor } from '@tensorflow/tfjs';
import { filledTensor, type Tfjs } from '../../../kernel/compute/index.ts';
import type { TransformerConfig } from '../../nets/transformer/config.ts';

/** Keys and values of some successive tokens of one row: [layers, keys and values, heads, length, head size]. */
export interface States {
	readonly length: number;
	readonly data: Float32Array;
}

export const stateBytes = (config: TransformerConfig, tokens: number): number =>
	4 * 2 * config.layers * config.keyValueHeads * config.headSize * tokens;

/**
 * Those of the first `length` tokens of a row, from what a pass left by layer: [rows, heads, time, head size] each.
 * @param read the numbers of `of`, as they were read from the device
 */
export function rowStates(
	read: readonly Float32Array[],
	shape: readonly number[],
	row: number,
	length: number,
): States {
	const [, heads, time, size] = shape as [number, number, number, number];
	const data = new Float32Array(read.length * heads * length * size);
	let to = 0;
	for (const values of read)
		for (let head = 0; head < heads; head++) {
			const from = (row * heads + head) * time * size;
			data.set(values.subarray(from, from + length * size), to);
			to += length * size;
		}
	return { length, data };
}

export const readStates = (states: readonly Tensor[]): Promise<Float32Array[]> =>
	Promise.all(states.map(async (tensor) => (await tensor.data()) as Float32Array));

/**
 * What rows remember, as tensors [rows, heads, past, head size] by layer, keys and values in turns. A row's stretches
 * stand from place 0 on; what is over is 0.
 */
export function rememberedTensors(
	tf: Tfjs,
	config: TransformerConfig,
	rows: readonly (readonly States[])[],
	padTo: number,
	past: number,
): Tensor[] {
	const { layers, keyValueHeads: heads, headSize: size } = config;
	if (past === 0) return [];
	return Array.from({ length: 2 * layers }, (_, part) => {
		return filledTensor(tf, [padTo, heads, past, size], (values) => {
			rows.forEach((stretches, row) => {
				for (let head = 0; head < heads; head++) {
					let to = (row * heads + head) * past * size;
					for (const { length, data } of stretches) {
						const from = (part * heads + head) * length * size;
						values.set(data.subarray(from, from + length * size), to);
						to += length * size;
					}
				}
			});
		});
	});
}

export const lengthOf = (stretches: readonly States[]): number =>
	stretches.reduce((sum, { length }) => sum + length, 0);
