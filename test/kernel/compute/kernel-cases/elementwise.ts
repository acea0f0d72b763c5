import type { Tensor, Tensor1D } from '@tensorflow/tfjs';
import { binary, ints, type KernelCase, none, of, unary } from './kernel-case.ts';

export const elementwise: KernelCase[] = [
	...unary(
		'relu exp tanh sigmoid erf square abs neg softplus sin cos elu selu relu6 expm1 atan sinh cosh asinh',
		'normal',
	),
	...unary('log sqrt rsqrt reciprocal log1p', 'positive'),
	...unary('asin acos atanh tan', 'unit'),
	...unary('floor ceil round sign step', 'normal'),
	...unary('isNaN isInf isFinite', 'normal', none),
	of('acosh', [[4]], (tf, x) => tf.acosh(tf.add(x, 1.5)), { draw: 'positive' }),
	of('leakyRelu', [[3, 5]], (tf, x) => tf.leakyRelu(x, 0.1)),
	of('prelu', [[2, 3, 3, 4], [4]], (tf, x, a) => tf.prelu(x, a as Tensor1D)),
	of('clip', [[3, 5]], (tf, x) => tf.clipByValue(x, -0.5, 0.8)),
	of('clip at infinity', [[3, 5]], (tf, x) => tf.clipByValue(x, 0, Number.POSITIVE_INFINITY)),
	of('log1p and expm1 near 0', [[6]], (tf, x) =>
		tf.concat([tf.log1p(tf.mul(x, 1e-5)), tf.expm1(tf.mul(x, 1e-5))]),
	),
	...binary('add sub mul maximum minimum squaredDifference', 'normal'),
	...binary('div pow', 'positive'),
	...binary('mod', 'positive', { jumps: true }),
	...binary('atan2', 'normal'),
	...binary('greater greaterEqual less lessEqual equal notEqual', 'normal', none),
	of(
		'floorDiv',
		[
			[4, 5],
			[4, 5],
		],
		(tf, a, b) => tf.floorDiv(a as Tensor, b as Tensor),
		none,
	),
	of('mod of both signs', [[40], [40]], (tf, a, b) => tf.mod(a as Tensor, b as Tensor), none),
	of(
		'whole-number division',
		[[30], [30]],
		(tf, a, b) => tf.floorDiv(ints(tf, a, 9), tf.add(ints(tf, b, 2), 5)),
		none,
	),
	of(
		'whole-number arithmetic',
		[[30], [30]],
		(tf, a, b) => {
			const [x, y] = [ints(tf, a, 9), ints(tf, b, 9)];
			return tf.addN([tf.mul(x, y), tf.sub(x, y), tf.maximum(x, y), tf.minimum(x, y)]);
		},
		none,
	),
	of(
		'logical',
		[[20], [20]],
		(tf, a, b) => {
			const [p, q] = [tf.greater(a as Tensor, 0), tf.less(b as Tensor, 0)];
			return tf.concat([tf.logicalAnd(p, q), tf.logicalOr(p, q), tf.logicalNot(p), tf.logicalXor(p, q)]);
		},
		none,
	),
	of(
		'where',
		[
			[3, 5],
			[3, 5],
			[3, 5],
		],
		(tf, a, b, c) => tf.add(tf.where(tf.greater(a as Tensor, 0), b as Tensor, c as Tensor), a as Tensor),
	),
	of(
		'where, broadcast',
		[[3, 1], [3, 5], [5]],
		(tf, a, b, c) => tf.where(tf.greater(a as Tensor, 0), b as Tensor, c as Tensor),
		none,
	),
	of(
		'where of booleans',
		[[9], [9]],
		(tf, a, b) => tf.where(tf.greater(a as Tensor, 0), tf.less(b as Tensor, 0), tf.greater(b as Tensor, 1)),
		none,
	),
	of(
		'addN',
		[
			[3, 5],
			[3, 5],
			[3, 5],
		],
		(tf, ...xs) => tf.addN(xs),
	),
	of('cast there and back', [[3, 5]], (tf, x) => tf.cast(tf.cast(tf.mul(x, 10), 'int32'), 'float32'), none),
	of('cast to bool', [[3, 5]], (tf, x) => tf.cast(tf.relu(x), 'bool'), none),
];
