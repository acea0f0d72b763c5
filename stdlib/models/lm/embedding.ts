import { inOrder, type Passes, passGroups } from './passes.ts';
import type { Token } from './tokenizer.ts';

/** For each text, the mean over its tokens of the states after the last norm. */
export async function embedTexts(
	passes: Passes,
	texts: readonly (readonly Token[])[],
	between: () => void,
): Promise<number[][]> {
	const vectors: number[][] = new Array(texts.length);
	const order = texts.map((_, index) => index);
	const lengthOf = (index: number): number => (texts[index] as readonly Token[]).length;
	for (const group of passGroups(order, (index) => ({ own: lengthOf(index), remembered: 0 }))) {
		between();
		const rows = group.map((index) => ({
			remembered: [],
			...inOrder(texts[index] as readonly Token[]),
		}));
		const { hidden, states, time } = passes.run(rows);
		const values = (await hidden.data()) as Float32Array;
		passes.model.tf.dispose([hidden, ...states]);
		const { width } = passes.model.config;
		group.forEach((index, row) => {
			const from = row * time * width;
			vectors[index] = meanOfRows(values.subarray(from, from + lengthOf(index) * width), width);
		});
	}
	return vectors;
}

function meanOfRows(values: Float32Array, width: number): number[] {
	const sums = new Array<number>(width).fill(0);
	values.forEach((value, i) => {
		sums[i % width] = (sums[i % width] as number) + value;
	});
	const rows = values.length / width;
	return sums.map((sum) => sum / rows);
}
