import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../tfjs.ts';
import { replaceGradient } from './replace.ts';

/**
 * The gradient of an einsum by one input is the einsum of the gradient with the other inputs into that input's letters.
 * A letter that only this input has was summed, and its gradient is the same all along it.
 */
export function registerEinsumGradient(tf: Tfjs): void {
	replaceGradient(
		tf,
		'Einsum',
		[],
		(dy, saved, { equation }: { equation: string }) => {
			const [terms, out] = parse(equation);
			return Object.fromEntries(saved.map((_, i) => [i, () => partial(tf, dy, saved, terms, out, i)]));
		},
		{ saveAllInputs: true },
	);
}

function parse(equation: string): [string[], string] {
	const [left = '', right = ''] = equation.replaceAll(' ', '').split('->');
	return [left.split(','), right];
}

function partial(tf: Tfjs, dy: Tensor, saved: Tensor[], terms: string[], out: string, i: number): Tensor {
	const term = terms[i] as string;
	const input = saved[i] as Tensor;
	const others = terms.filter((_, j) => j !== i);
	const known = new Set([out, ...others].join(''));
	const letters = [...term].filter((letter) => known.has(letter)).join('');
	const tensors = [dy, ...saved.filter((_, j) => j !== i)];
	const product = tf.einsum(`${[out, ...others].join()}->${letters}`, ...tensors);
	if (letters === term) return product;
	const kept = [...term].map((letter, axis) => (known.has(letter) ? (input.shape[axis] as number) : 1));
	return tf.broadcastTo(tf.reshape(product, kept), input.shape);
}
