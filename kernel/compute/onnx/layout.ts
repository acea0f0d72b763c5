/**
 * How a tensor lies in memory while a graph is being lowered. The value is the stored tensor, its axes permuted, then
 * broadcast; both are applied only where an operation needs them, so that a network in NHWC runs in NCHW without a
 * transposition between its layers and a broadcast gradient is never written out.
 */
export interface Layout {
	/** Name of the stored tensor in the ONNX graph. */
	readonly name: string;
	readonly stored: readonly number[];
	/** Axis i of the value is axis `perm[i]` of the stored tensor; null for none. */
	readonly perm: readonly number[] | null;
	/** Shape that the permuted tensor is broadcast to; null for none. */
	readonly broadcast: readonly number[] | null;
}

export const plain = (name: string, shape: readonly number[]): Layout => ({
	name,
	stored: shape,
	perm: null,
	broadcast: null,
});

/** A tensor stored with its axes in another order. */
export const permuted = (name: string, stored: readonly number[], perm: readonly number[]): Layout => ({
	name,
	stored,
	perm: perm.every((axis, i) => axis === i) ? null : perm,
	broadcast: null,
});

/** Shape after the permutation and before the broadcast. */
export const permutedShape = ({ stored, perm }: Layout): readonly number[] =>
	perm ? perm.map((axis) => stored[axis] as number) : stored;

/** Shape of the value. */
export const shapeOf = (layout: Layout): readonly number[] => layout.broadcast ?? permutedShape(layout);

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);

export const equal = (a: readonly number[], b: readonly number[]): boolean =>
	a.length === b.length && a.every((dim, i) => dim === b[i]);

export function inverse(perm: readonly number[]): number[] {
	const result: number[] = new Array(perm.length);
	perm.forEach((axis, i) => {
		result[axis] = i;
	});
	return result;
}

/** Adds leading axes of 1, as broadcasting does. */
export const padRank = (shape: readonly number[], rank: number): number[] => [
	...new Array<number>(rank - shape.length).fill(1),
	...shape,
];

export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
	const rank = Math.max(a.length, b.length);
	const left = padRank(a, rank);
	return padRank(b, rank).map((dim, i) => (dim === 1 ? (left[i] as number) : dim));
}
