import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../tfjs.ts';
import { replaceGradient } from './replace.ts';

export function registerIndexingGradients(tf: Tfjs): void {
	registerTopK(tf);
	registerStridedSlice(tf);
	registerTile(tf);
	normaliseProdAxis(tf);
}

/** The gradient of each of the k largest goes back to where it was. */
function registerTopK(tf: Tfjs): void {
	replaceGradient(
		tf,
		'TopK',
		['x'],
		(dys, [x, , places]) => {
			const dy = (dys as unknown as Tensor[])[0] as Tensor;
			const length = (x as Tensor).shape.at(-1) as number;
			const chosen = tf.cast(tf.oneHot(places as never, length), 'float32');
			return { x: () => tf.sum(tf.mul(tf.expandDims(dy, -1), chosen), -2) };
		},
		{ outputsToSave: [true, true] },
	);
}

type StridedAttrs = Record<'begin' | 'end' | 'strides', number[]> &
	Record<'beginMask' | 'endMask' | 'ellipsisMask' | 'newAxisMask' | 'shrinkAxisMask', number>;

/** Each gradient goes to the place that was taken. */
function registerStridedSlice(tf: Tfjs): void {
	replaceGradient(tf, 'StridedSlice', ['x'], (dy, [x], a: StridedAttrs) => {
		const { shape, size } = x as Tensor;
		const { begin, end, strides } = tf.slice_util.sliceInfo(
			shape,
			a.begin,
			a.end,
			a.strides,
			a.beginMask,
			a.endMask,
			a.ellipsisMask,
			a.newAxisMask,
			a.shrinkAxisMask,
		);
		const places = takenPlaces(shape, begin, end, strides);
		const flat = (): Tensor => tf.reshape(dy, [places.length]);
		return {
			x: () => tf.reshape(tf.unsortedSegmentSum(flat(), tf.tensor1d(places, 'int32'), size), shape),
		};
	});
}

function takenPlaces(shape: number[], begin: number[], end: number[], strides: number[]): number[] {
	return shape.reduce<number[]>(
		(places, length, axis) => {
			const [from, to, step] = [begin[axis], end[axis], strides[axis]] as [number, number, number];
			const taken: number[] = [];
			for (let at = from; step > 0 ? at < to : at > to; at += step) taken.push(at);
			return places.flatMap((place) => taken.map((at) => place * length + at));
		},
		[0],
	);
}

/** Sums over the repetitions, an axis at a time, as no backend has tensors of twice the rank. */
function registerTile(tf: Tfjs): void {
	replaceGradient(tf, 'Tile', ['x'], (dy, [x], { reps }: { reps: number[] }) => {
		const { shape } = x as Tensor;
		const summed = (): Tensor =>
			shape.reduce<Tensor>((sum, length, axis) => {
				if (reps[axis] === 1) return sum;
				const [before, after] = [sum.shape.slice(0, axis), sum.shape.slice(axis + 1)];
				const split = [product(before), reps[axis] as number, length * product(after)];
				return tf.reshape(tf.sum(tf.reshape(sum, split), 1), [...before, length, ...after]);
			}, dy);
		return { x: summed };
	});
}

const product = (lengths: readonly number[]): number => lengths.reduce((n, length) => n * length, 1);

/** TensorFlow.js's gradient of Prod takes no axes from the end. */
function normaliseProdAxis(tf: Tfjs): void {
	const known = tf.getGradient('Prod');
	if (!known) return;
	replaceGradient(tf, 'Prod', known.inputsToSave ?? [], (dy, saved, attrs: { axis: number | number[] }) => {
		const axis = tf.util.parseAxisParam(attrs.axis, (saved[0] as Tensor).shape);
		return known.gradFunc(dy, saved, { ...attrs, axis }) as Record<string, () => Tensor>;
	});
}
