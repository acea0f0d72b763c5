import type { Tensor } from '@tensorflow/tfjs';
import type { Tfjs } from '../tfjs.ts';
import { composed } from './composed-kernel.ts';

/** Without the cancellation near 0 (Goldberg 1991, theorem 4). */
export const log1p = (tf: Tfjs) =>
	composed({
		name: 'Log1p',
		run: (_, { x }) => {
			const u = tf.add(x as Tensor, 1);
			const log = tf.log(u);
			const corrected = tf.div(tf.mul(log, x as Tensor), tf.sub(u, 1));
			const small = tf.where(tf.equal(u, 1), x as Tensor, corrected);
			return tf.where(tf.greater(x as Tensor, 1), log, small);
		},
	});

/** Without the cancellation near 0: the first three terms of the series there. */
export const expm1 = (tf: Tfjs) =>
	composed({
		name: 'Expm1',
		run: (_, { x }) => {
			const at = x as Tensor;
			const cubic = tf.mul(at, tf.add(tf.mul(at, tf.add(tf.mul(at, 1 / 6), 0.5)), 1));
			return tf.where(tf.less(tf.abs(at), 0.01), cubic, tf.sub(tf.exp(at), 1));
		},
	});
