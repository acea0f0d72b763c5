/** An image or another tensor of a data set's row: plain data, row-major, channels last. */
export interface TensorValue {
	readonly kind: 'tensor';
	/** Without a batch dimension: an image is [height, width, channels]. */
	readonly shape: readonly number[];
	readonly data: Float32Array;
}

export const tensorValue = (shape: readonly number[], data: Float32Array): TensorValue => ({
	kind: 'tensor',
	shape,
	data,
});

export const isTensorValue = (value: unknown): value is TensorValue =>
	typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'tensor';
