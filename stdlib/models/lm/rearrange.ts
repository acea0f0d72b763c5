/** [rows, columns] to [columns, rows], in tiles that stay in the processor's cache. */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
	const made = new Float32Array(values.length);
	const tile = 32;
	for (let top = 0; top < rows; top += tile)
		for (let left = 0; left < columns; left += tile)
			transposeTile(values, made, rows, columns, top, left, tile);
	return made;
}

function transposeTile(
	from: Float32Array,
	to: Float32Array,
	rows: number,
	columns: number,
	top: number,
	left: number,
	tile: number,
): void {
	const [bottom, right] = [Math.min(rows, top + tile), Math.min(columns, left + tile)];
	for (let row = top; row < bottom; row++)
		for (let column = left; column < right; column++)
			to[column * rows + row] = from[row * columns + column] as number;
}

/**
 * Rows of each head as pairs (i, i + size / 2), where a file has them as pairs (2i, 2i + 1): llama.cpp's converter puts
 * them so for the architecture `llama`.
 */
export function halvesFromPairs(values: Float32Array, heads: number, columns: number): Float32Array {
	const made = new Float32Array(values.length);
	const size = values.length / columns / heads;
	for (let head = 0; head < heads; head++)
		for (let row = 0; row < size; row++) {
			const source = head * size + (row < size / 2 ? 2 * row : 2 * (row - size / 2) + 1);
			made.set(values.subarray(source * columns, (source + 1) * columns), (head * size + row) * columns);
		}
	return made;
}
