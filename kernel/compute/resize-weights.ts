/** How TensorFlow.js describes a resize. */
export interface ResizeAttrs {
	readonly alignCorners: boolean;
	readonly halfPixelCenters: boolean;
	readonly size: [number, number];
}

/** The matrix [to, length] of a resize along one axis. */
export type Weights = (length: number, to: number, attrs: ResizeAttrs) => number[];

const scaleOf = (length: number, to: number, { alignCorners }: ResizeAttrs): number =>
	alignCorners && to > 1 ? (length - 1) / (to - 1) : length / to;

/** Row i holds the weights of the inputs in output i: a matrix [to, length]. */
export const bilinear: Weights = (length, to, attrs) => {
	const scale = scaleOf(length, to, attrs);
	const matrix = new Array<number>(to * length).fill(0);
	for (let i = 0; i < to; i++) {
		const at = attrs.halfPixelCenters ? Math.max(0, scale * (i + 0.5) - 0.5) : scale * i;
		const low = Math.floor(at);
		const high = Math.min(length - 1, Math.ceil(at));
		matrix[i * length + low] = (matrix[i * length + low] as number) + 1 - (at - low);
		matrix[i * length + high] = (matrix[i * length + high] as number) + at - low;
	}
	return matrix;
};

export const nearest: Weights = (length, to, attrs) => {
	const scale = scaleOf(length, to, attrs);
	const matrix = new Array<number>(to * length).fill(0);
	for (let i = 0; i < to; i++) {
		const at = scale * (attrs.halfPixelCenters ? i + 0.5 : i);
		const index = Math.min(length - 1, attrs.alignCorners ? Math.round(at) : Math.floor(at));
		matrix[i * length + Math.max(0, index)] = 1;
	}
	return matrix;
};
