import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { Tfjs } from '../tfjs.ts';

/**
 * -ln of the softmax probability of each row's class, with the gradient softmax - one-hot.
 * @param logits [n, k]
 * @param labels int32 [n], from 0 to k - 1
 * @returns [n], in nats
 */
export function softmaxCrossEntropy(tf: Tfjs, logits: Tensor2D, labels: Tensor): Tensor1D {
	const [rows, classes] = logits.shape;
	const made = tf.customGrad((of, save) => {
		const logProbs = logSoftmax(tf, of as Tensor);
		const listed = tf.reshape(labels, [rows]);
		(save as (tensors: Tensor[]) => void)([logProbs, listed]);
		const places = tf.stack([tf.range(0, rows, 1, 'int32'), listed], 1);
		return {
			value: tf.neg(tf.gatherND(logProbs, places)),
			gradFunc: (dy: Tensor, [found, chosen]: Tensor[]) => {
				const one = tf.oneHot(chosen as Tensor1D, classes, 1, 0, 'float32');
				const away: Tensor = tf.sub(tf.exp(found as Tensor), one);
				return tf.mul(away, tf.reshape(dy, [rows, 1]));
			},
		};
	});
	return made(logits) as Tensor1D;
}

/** In one pass where the backend has a kernel for it, which `tf.logSoftmax` does not ask for. */
const logSoftmax = (tf: Tfjs, logits: Tensor): Tensor =>
	tf.getKernel('LogSoftmax', tf.getBackend())
		? (tf.engine().runKernel('LogSoftmax', { logits }, { axis: -1 }) as Tensor)
		: tf.logSoftmax(logits);
