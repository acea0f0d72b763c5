import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { type KernelCase, none, of } from './kernel-case.ts';

export const normalisation: KernelCase[] = [
	of('softmax', [[3, 5]], (tf, x) => tf.softmax(x as Tensor2D)),
	of('logSoftmax', [[3, 5]], (tf, x) => tf.logSoftmax(x as Tensor2D)),
	of('logSumExp', [[3, 5]], (tf, x) => tf.logSumExp(x as Tensor2D, 1)),
	of('layer norm', [[2, 3, 8], [8], [8]], (tf, x, g, b) => {
		const { mean, variance } = tf.moments(x as Tensor, -1, true);
		return tf.add(
			tf.mul(tf.div(tf.sub(x as Tensor, mean), tf.sqrt(tf.add(variance, 1e-5))), g as Tensor),
			b as Tensor,
		);
	}),
	of('rms norm', [[2, 3, 8], [8]], (tf, x, g) =>
		tf.mul(
			tf.mul(x as Tensor, tf.rsqrt(tf.add(tf.mean(tf.square(x as Tensor), -1, true), 1e-6))),
			g as Tensor,
		),
	),
	of('batchNorm', [[2, 3, 3, 4], [4], [4], [4]], (tf, x, m, o, s) =>
		tf.batchNorm(
			x as Tensor4D,
			m as Tensor1D,
			tf.add(tf.square(m as Tensor), 0.5) as Tensor1D,
			o as Tensor1D,
			s as Tensor1D,
			1e-3,
		),
	),
	of(
		'batchNorm without offset',
		[[2, 3, 3, 4], [4]],
		(tf, x, m) => tf.batchNorm(x as Tensor4D, m as Tensor1D, tf.add(tf.square(m as Tensor), 0.5) as Tensor1D),
		none,
	),
	of('localResponseNormalization', [[2, 3, 3, 4]], (tf, x) => tf.localResponseNormalization(x as Tensor4D)),
	...['cumsum', 'cumprod'].flatMap((name) =>
		[
			[false, false],
			[true, false],
			[false, true],
			[true, true],
		].map(([exclusive, reverse]) =>
			of(
				`${name}${exclusive ? ' exclusive' : ''}${reverse ? ' reversed' : ''}`,
				[[3, 5]],
				(tf, x) => tf[name as 'cumsum'](x as Tensor, 1, exclusive, reverse),
				name === 'cumprod' ? none : {},
			),
		),
	),
];
