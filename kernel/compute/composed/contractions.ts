import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../tfjs.ts';
import { type ComposedKernel, composed } from './composed-kernel.ts';

/** A tensor with a letter for each axis. */
interface Lettered {
	readonly letters: string;
	readonly tensor: Tensor;
}

const einsum = composed<{ equation: string }>({
	name: 'Einsum',
	run: (tf, inputs, { equation }) => {
		const [left = '', out = ''] = equation.replaceAll(' ', '').split('->');
		const tensors = Object.values(inputs);
		const terms = left.split(',').map((letters, i): Lettered => ({ letters, tensor: tensors[i] as Tensor }));
		const result = terms.reduce((a, b, i) => {
			const rest = terms.slice(i + 1).map(({ letters }) => letters);
			return multiply(tf, a, b, new Set([out, ...rest].join('')));
		});
		return arrange(tf, sumAway(tf, result, new Set(out)), out);
	},
});

/** One batched matrix product: letters of both that are kept are the batch, those that are not are summed. */
function multiply(tf: Tfjs, a: Lettered, b: Lettered, kept: ReadonlySet<string>): Lettered {
	const x = sumAway(tf, a, new Set([...kept, ...b.letters]));
	const y = sumAway(tf, b, new Set([...kept, ...a.letters]));
	const shared = [...x.letters].filter((letter) => y.letters.includes(letter));
	const batch = shared.filter((letter) => kept.has(letter)).join('');
	const summed = shared.filter((letter) => !kept.has(letter)).join('');
	const rows = [...x.letters].filter((letter) => !y.letters.includes(letter)).join('');
	const columns = [...y.letters].filter((letter) => !x.letters.includes(letter)).join('');
	const lengths = new Map([...lengthsOf(x), ...lengthsOf(y)]);
	const size = (letters: string): number =>
		[...letters].reduce((n, letter) => n * (lengths.get(letter) as number), 1);
	const left = tf.reshape(arrange(tf, x, batch + rows + summed), [size(batch), size(rows), size(summed)]);
	const right = tf.reshape(arrange(tf, y, batch + summed + columns), [
		size(batch),
		size(summed),
		size(columns),
	]);
	const letters = batch + rows + columns;
	const shape = [...letters].map((letter) => lengths.get(letter) as number);
	return { letters, tensor: tf.reshape(tf.matMul(left, right), shape) };
}

const lengthsOf = ({ letters, tensor }: Lettered): [string, number][] =>
	[...letters].map((letter, axis) => [letter, tensor.shape[axis] as number]);

function sumAway(tf: Tfjs, { letters, tensor }: Lettered, kept: ReadonlySet<string>): Lettered {
	const axes = [...letters].flatMap((letter, axis) => (kept.has(letter) ? [] : [axis]));
	if (axes.length === 0) return { letters, tensor };
	return {
		letters: [...letters].filter((letter) => kept.has(letter)).join(''),
		tensor: tf.sum(tensor, axes),
	};
}

const arrange = (tf: Tfjs, { letters, tensor }: Lettered, order: string): Tensor =>
	letters === order
		? tensor
		: tf.transpose(
				tensor,
				[...order].map((letter) => letters.indexOf(letter)),
			);

/** As a product with the one-hot matrix of the segments. */
const segmentSum = composed<{ numSegments: number }>({
	name: 'UnsortedSegmentSum',
	run: (tf, { x, segmentIds }, { numSegments }) => {
		const source = x as Tensor;
		const [n = 1, ...rest] = source.shape;
		const members = tf.cast(tf.oneHot(segmentIds as never, numSegments), 'float32');
		const rows = tf.cast(tf.reshape(source, [n, -1]), 'float32');
		return tf.cast(
			tf.reshape(tf.matMul(members as never, rows as never, true), [numSegments, ...rest]),
			source.dtype,
		);
	},
});

export const contractions: readonly ComposedKernel[] = [einsum, segmentSum];
