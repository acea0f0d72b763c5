import type { Tensor } from '@tensorflow/tfjs';
import { ints, type KernelCase, none, of } from './kernel-case.ts';

export const indexing: KernelCase[] = [
	of('gather', [[5, 3]], (tf, x) => tf.gather(x as Tensor, tf.tensor1d([4, 0, 4, 2], 'int32'))),
	of('gather on axis 1 with a matrix', [[2, 5, 3]], (tf, x) =>
		tf.gather(
			x as Tensor,
			tf.tensor2d(
				[
					[4, 0],
					[4, 2],
				],
				[2, 2],
				'int32',
			),
			1,
		),
	),
	of(
		'gather by rows',
		[[2, 5]],
		(tf, x) =>
			tf.gather(
				x as Tensor,
				tf.tensor2d(
					[
						[4, 0, 0],
						[1, 2, 1],
					],
					[2, 3],
					'int32',
				),
				1,
				1,
			),
		none,
	),
	of(
		'gatherND',
		[[4, 5, 3]],
		(tf, x) =>
			tf.gatherND(
				x as Tensor,
				tf.tensor2d(
					[
						[0, 4],
						[3, 1],
						[0, 4],
					],
					[3, 2],
					'int32',
				),
			),
		none,
	),
	of(
		'scatterND with duplicates',
		[[4, 3]],
		(tf, x) => tf.scatterND(tf.tensor2d([[1], [4], [1], [0]], [4, 1], 'int32'), x as Tensor, [6, 3]),
		none,
	),
	of(
		'scatterND in two axes',
		[[3]],
		(tf, x) =>
			tf.scatterND(
				tf.tensor2d(
					[
						[1, 0],
						[2, 2],
						[1, 0],
					],
					[3, 2],
					'int32',
				),
				x as Tensor,
				[3, 4],
			),
		none,
	),
	of('unsortedSegmentSum', [[5, 3]], (tf, x) =>
		tf.unsortedSegmentSum(x as Tensor, tf.tensor1d([2, 0, 2, 1, 2], 'int32'), 4),
	),
	of(
		'unsortedSegmentSum of rows left out',
		[[5, 3]],
		(tf, x) => tf.unsortedSegmentSum(x as Tensor, tf.tensor1d([2, -1, 2, 1, 2], 'int32'), 4),
		none,
	),
	of('oneHot of floats', [[2, 4]], (tf, x) =>
		tf.mul(x as Tensor, tf.oneHot(tf.tensor1d([3, -1], 'int32'), 4, 2.5, -0.5, 'float32')),
	),
	of(
		'oneHot',
		[[2]],
		(tf, x) =>
			tf.add(
				x as Tensor,
				tf.sum(
					tf.cast(
						tf.oneHot(
							tf.tensor2d(
								[
									[1, 3, 0],
									[2, -1, 4],
								],
								[2, 3],
								'int32',
							),
							4,
							2,
							-1,
						),
						'float32',
					),
					[1, 2],
				),
			),
		none,
	),
	of(
		'argMax and argMin',
		[[3, 7]],
		(tf, x) => tf.stack([tf.argMax(x as Tensor, 1), tf.argMin(x as Tensor, -1)]),
		none,
	),
	of('argMax of a transpose', [[3, 7]], (tf, x) => tf.argMax(tf.transpose(x as Tensor), 0), none),
	of('topk values', [[3, 7]], (tf, x) => tf.topk(x as Tensor, 3).values),
	of('topk indices', [[3, 7]], (tf, x) => tf.topk(x as Tensor, 3).indices, none),
	of('sort', [[3, 7]], (tf, x) => tf.reverse(tf.topk(x as Tensor, 7).values, -1)),
	of(
		'all and any',
		[[3, 7]],
		(tf, x) => {
			const b = tf.greater(x as Tensor, -1);
			return tf.stack([tf.all(b, 1), tf.any(b, 1)]);
		},
		none,
	),
	of(
		'booleans compared',
		[[9], [9]],
		(tf, a, b) => tf.equal(tf.greater(a as Tensor, 0), tf.greater(b as Tensor, 0)),
		none,
	),
	of(
		'whole-number reductions',
		[[3, 7]],
		(tf, x) => {
			const n = ints(tf, x, 9);
			return tf.stack([tf.sum(n, 1), tf.max(n, 1), tf.min(n, 1)]);
		},
		none,
	),
];
