/**
 * An image of one channel in another size, bilinear: each new pixel's centre is looked up between the four nearest old
 * centres. Smaller sizes are not smoothed first.
 */
export function resized(
	image: Float32Array,
	[height, width]: readonly [number, number],
	[newHeight, newWidth]: readonly [number, number],
): Float32Array {
	const result = new Float32Array(newHeight * newWidth);
	const rows = positions(height, newHeight);
	const columns = positions(width, newWidth);
	rows.forEach(([top, bottom, down], y) => {
		columns.forEach(([left, right, across], x) => {
			const at = (row: number, column: number): number => image[row * width + column] as number;
			const above = at(top, left) * (1 - across) + at(top, right) * across;
			const below = at(bottom, left) * (1 - across) + at(bottom, right) * across;
			result[y * newWidth + x] = above * (1 - down) + below * down;
		});
	});
	return result;
}

/** For every new place the two old ones around it and how far it is towards the second. */
function positions(length: number, newLength: number): (readonly [number, number, number])[] {
	return Array.from({ length: newLength }, (_, i) => {
		const centre = Math.min(length - 1, Math.max(0, ((i + 0.5) * length) / newLength - 0.5));
		const first = Math.floor(centre);
		return [first, Math.min(length - 1, first + 1), centre - first] as const;
	});
}
