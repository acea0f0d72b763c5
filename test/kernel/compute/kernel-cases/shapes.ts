import type { Tensor, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import { type KernelCase, none, of } from './kernel-case.ts';

export const shapes: KernelCase[] = [
	of('transpose', [[2, 3, 4]], (tf, x) => tf.transpose(x as Tensor3D, [2, 0, 1])),
	of(
		'transpose twice, added',
		[
			[2, 3, 4],
			[4, 2, 3],
		],
		(tf, x, y) => tf.transpose(tf.add(tf.transpose(x as Tensor, [2, 0, 1]), y as Tensor), [1, 2, 0]),
	),
	of('reshape of a transpose', [[2, 3, 4]], (tf, x) =>
		tf.reshape(tf.transpose(x as Tensor, [1, 2, 0]), [6, 4]),
	),
	of('slice', [[4, 5, 6]], (tf, x) => tf.slice(x as Tensor, [1, 0, 2], [2, 5, 3])),
	of('slice of a transpose', [[4, 5, 6]], (tf, x) =>
		tf.slice(tf.transpose(x as Tensor, [2, 1, 0]), [1, 1, 0], [3, 2, 4]),
	),
	of('stridedSlice', [[7, 6]], (tf, x) => tf.stridedSlice(x as Tensor, [1, 5], [6, 0], [2, -2])),
	of('stridedSlice to the front', [[7]], (tf, x) => tf.stridedSlice(x as Tensor, [6], [0], [-1], 0, 1)),
	of(
		'concat',
		[
			[2, 3],
			[2, 4],
		],
		(tf, a, b) => tf.concat([a as Tensor, b as Tensor], 1),
	),
	of(
		'stack',
		[
			[2, 3],
			[2, 3],
		],
		(tf, a, b) => tf.stack([a as Tensor, b as Tensor], 1),
	),
	of('unstack', [[3, 4]], (tf, x) => {
		const [a, b, c] = tf.unstack(x as Tensor) as [Tensor, Tensor, Tensor];
		return tf.sub(tf.mul(a, b), c);
	}),
	of('split', [[4, 6]], (tf, x) => {
		const [a, b, c] = tf.split(x as Tensor, [1, 2, 3], 1) as [Tensor, Tensor, Tensor];
		return tf.concat([c, tf.mul(a, b)], 1);
	}),
	of('pad', [[2, 3]], (tf, x) =>
		tf.pad(
			x as Tensor2D,
			[
				[1, 2],
				[0, 1],
			],
			0.5,
		),
	),
	of('pad with minus infinity', [[2, 3]], (tf, x) =>
		tf.max(
			tf.pad(
				x as Tensor2D,
				[
					[0, 0],
					[0, 1],
				],
				Number.NEGATIVE_INFINITY,
			),
			1,
		),
	),
	of(
		'mirrorPad',
		[[4, 5]],
		(tf, x) =>
			tf.concat([
				tf.mirrorPad(
					x as Tensor,
					[
						[1, 1],
						[2, 2],
					],
					'reflect',
				),
				tf.mirrorPad(
					x as Tensor,
					[
						[1, 1],
						[2, 2],
					],
					'symmetric',
				),
			]),
		none,
	),
	of('tile', [[2, 3]], (tf, x) => tf.tile(x as Tensor, [2, 3])),
	of('broadcastTo', [[3, 1]], (tf, x) => tf.broadcastTo(x as Tensor, [2, 3, 4])),
	of('broadcast, then transposed', [[3, 1]], (tf, x) =>
		tf.transpose(tf.broadcastTo(x as Tensor, [2, 3, 4]), [2, 0, 1]),
	),
	of('reverse', [[3, 4, 5]], (tf, x) => tf.reverse(x as Tensor, [0, 2])),
	of('expandDims and squeeze', [[3, 4]], (tf, x) =>
		tf.squeeze(tf.expandDims(tf.expandDims(x as Tensor, 1), -1)),
	),
	of(
		'zerosLike and onesLike',
		[[3, 4]],
		(tf, x) => tf.add(tf.mul(tf.zerosLike(x as Tensor), 3), tf.onesLike(x as Tensor)),
		none,
	),
	of('fill', [[3, 4]], (tf, x) => tf.add(x as Tensor, tf.fill([3, 4], 2.5))),
	of('depthToSpace', [[2, 3, 3, 8]], (tf, x) => tf.depthToSpace(x as Tensor4D, 2, 'NHWC'), none),
	of(
		'linspace and range',
		[[5]],
		(tf, x) => tf.add(tf.add(x as Tensor, tf.linspace(0, 1, 5)), tf.range(0, 5)),
		none,
	),
];
