import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { type KernelCase, of } from './kernel-case.ts';

export const products: KernelCase[] = [
	...[
		[false, false],
		[true, false],
		[false, true],
		[true, true],
	].map(([a, b]) =>
		of(`matMul ${a ? 'aᵀ' : 'a'} ${b ? 'bᵀ' : 'b'}`, [a ? [4, 3] : [3, 4], b ? [5, 4] : [4, 5]], (tf, x, y) =>
			tf.matMul(x as Tensor2D, y as Tensor2D, a, b),
		),
	),
	of(
		'matMul batched',
		[
			[2, 3, 4],
			[2, 4, 5],
		],
		(tf, x, y) => tf.matMul(x as Tensor3D, y as Tensor3D),
	),
	of(
		'matMul batch broadcast',
		// TensorFlow.js's own backends multiply the wrong matrices where both factors are broadcast.
		[
			[6, 3, 4],
			[1, 5, 4],
		],
		(tf, x, y) => tf.matMul(x as Tensor, y as Tensor, false, true),
	),
	of(
		'matMul of transposes',
		[
			[2, 4, 3],
			[2, 5, 4],
		],
		(tf, x, y) => tf.matMul(tf.transpose(x as Tensor, [0, 2, 1]), tf.transpose(y as Tensor, [0, 2, 1])),
	),
	of('matMul with bias', [[3, 4], [4, 5], [5]], (tf, x, y, b) =>
		tf.add(tf.matMul(x as Tensor2D, y as Tensor2D), b as Tensor),
	),
	of(
		'matMul with bias on the left',
		[
			[3, 4],
			[4, 5],
			[1, 5],
		],
		(tf, x, y, b) => tf.add(b as Tensor, tf.matMul(x as Tensor2D, y as Tensor2D)),
	),
	of('matMul with bias, product used twice', [[3, 4], [4, 5], [5]], (tf, x, y, b) => {
		const p = tf.matMul(x as Tensor2D, y as Tensor2D);
		return tf.mul(p, tf.add(p, b as Tensor));
	}),
	...(['relu', 'sigmoid', 'elu', 'relu6', 'linear'] as const).map((activation) =>
		of(`fused matMul ${activation}`, [[3, 4], [4, 5], [5]], (tf, a, b, bias) =>
			tf.fused.matMul({ a: a as Tensor2D, b: b as Tensor2D, bias: bias as Tensor1D, activation }),
		),
	),
	of('dot', [[4], [4, 3]], (tf, a, b) => tf.dot(a as Tensor, b as Tensor)),
	...[
		'ij,jk->ik',
		'bij,bkj->bik',
		'ij,ij->i',
		'ij,kj->ikj',
		'ij->ji',
		'ijk->k',
		'bhid,bhjd->bhij',
		'bij,jk->bik',
	].map((equation) =>
		of(`einsum ${equation}`, einsumShapes(equation), (tf, ...xs) => tf.einsum(equation, ...xs)),
	),
];

function einsumShapes(equation: string): number[][] {
	const lengths: Record<string, number> = { b: 2, h: 3, i: 4, j: 5, k: 3, d: 2 };
	return (equation.split('->')[0] as string)
		.split(',')
		.map((letters) => [...letters].map((letter) => lengths[letter] as number));
}
