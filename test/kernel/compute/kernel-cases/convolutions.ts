import type { Tensor, Tensor1D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import { type KernelCase, of } from './kernel-case.ts';

const pads = ['same', 'valid', 1] as const;

/** [input side, filter side, stride, dilation]; odd and even, so that padding falls on one side and rows are left over. */
const windows = [
	[7, 3, 1, 1],
	[8, 4, 2, 1],
	[7, 3, 2, 1],
	[9, 3, 1, 2],
	[8, 3, 3, 1],
	[6, 1, 1, 1],
	[6, 1, 2, 1],
] as const;

export const convolutions: KernelCase[] = [
	...[3, 9].flatMap((channels) =>
		windows.flatMap(([side, size, stride, dilation]) =>
			pads
				.filter((pad) => pad !== 1 || dilation === 1)
				.map((pad) =>
					of(
						`conv2d ${channels} channels, ${side} by ${size}, stride ${stride}, dilation ${dilation}, ${pad}`,
						[
							[2, side, side + 1, channels],
							[size, size, channels, 10],
						],
						(tf, x, w) =>
							tf.conv2d(
								x as Tensor4D,
								w as Tensor4D,
								stride,
								pad,
								'NHWC',
								dilation,
								pad === 1 ? 'floor' : undefined,
							),
					),
				),
		),
	),
	...[3, 9].flatMap((channels) =>
		(
			[
				[4, 4, 2, 'same'],
				[4, 3, 2, 'same'],
				[4, 3, 1, 'valid'],
				[3, 4, 2, 'valid'],
			] as const
		).map(([side, size, stride, pad]) => {
			const out = pad === 'same' ? side * stride : side * stride + Math.max(size - stride, 0);
			return of(
				`conv2dTranspose to ${channels} channels, ${side} by ${size}, stride ${stride}, ${pad}`,
				[
					[2, side, side, 9],
					[size, size, channels, 9],
				],
				(tf, x, w) => tf.conv2dTranspose(x as Tensor4D, w as Tensor4D, [2, out, out, channels], stride, pad),
			);
		}),
	),
	of(
		'conv1d',
		[
			[2, 9, 3],
			[3, 3, 5],
		],
		(tf, x, w) => tf.conv1d(x as Tensor3D, w as Tensor3D, 2, 'same'),
	),
	of(
		'conv1d dilated',
		[
			[2, 9, 3],
			[3, 3, 5],
		],
		(tf, x, w) => tf.conv1d(x as Tensor3D, w as Tensor3D, 1, 'same', 'NWC', 2),
	),
	of('conv2d, bias, relu', [[2, 6, 6, 9], [3, 3, 9, 10], [10]], (tf, x, w, b) =>
		tf.relu(tf.add(tf.conv2d(x as Tensor4D, w as Tensor4D, 1, 'same'), b as Tensor)),
	),
	of('fused conv2d', [[2, 6, 6, 3], [3, 3, 3, 5], [5]], (tf, x, w, b) =>
		tf.fused.conv2d({
			x: x as Tensor4D,
			filter: w as Tensor4D,
			strides: 1,
			pad: 'same',
			bias: b as Tensor1D,
			activation: 'relu',
		}),
	),
	...(
		[
			[1, 1, 'same'],
			[1, 2, 'valid'],
			[2, 1, 'same'],
			[1, 1, 'valid'],
		] as const
	).flatMap(([multiplier, stride, pad]) =>
		[1, 2]
			.filter((dilation) => dilation === 1 || stride === 1)
			.flatMap((dilation) => [3, 13].map((channels) => ({ dilation, channels })))
			.map(({ dilation, channels }) =>
				of(
					`depthwiseConv2d of ${channels} channels ×${multiplier}, stride ${stride}, dilation ${dilation}, ${pad}`,
					[
						[2, 7, 7, channels],
						[3, 3, channels, multiplier],
					],
					(tf, x, w) => tf.depthwiseConv2d(x as Tensor4D, w as Tensor4D, stride, pad, 'NHWC', dilation),
				),
			),
	),
	of(
		'separableConv2d',
		[
			[2, 6, 6, 3],
			[3, 3, 3, 2],
			[1, 1, 6, 4],
		],
		(tf, x, d, p) => tf.separableConv2d(x as Tensor4D, d as Tensor4D, p as Tensor4D, 1, 'same'),
	),
	...(['maxPool', 'avgPool'] as const).flatMap((name) =>
		(
			[
				[6, 2, 2, 'valid'],
				[7, 3, 2, 'same'],
				[6, 3, 1, 'same'],
				[7, 2, 2, 'valid'],
			] as const
		).flatMap(([side, size, stride, pad]) =>
			[3, 13].map((channels) =>
				of(
					`${name} ${side} by ${size}, stride ${stride}, ${pad}${channels === 3 ? '' : `, ${channels} channels`}`,
					[[2, side, side, channels]],
					(tf, x) => tf[name](x as Tensor4D, size, stride, pad),
				),
			),
		),
	),
	...(
		[
			['resizeBilinear', false, false],
			['resizeBilinear', true, false],
			['resizeBilinear', false, true],
			['resizeNearestNeighbor', false, false],
			['resizeNearestNeighbor', true, false],
			['resizeNearestNeighbor', false, true],
		] as const
	).flatMap(([name, align, half]) =>
		[
			[8, 8],
			[7, 5],
			[3, 2],
		].map((size) =>
			of(
				`${name} to ${size}${align ? ', aligned' : ''}${half ? ', half pixels' : ''}`,
				[[2, 4, 4, 3]],
				(tf, x) => tf.image[name](x as Tensor4D, size as [number, number], align, half),
			),
		),
	),
	of('upSampling by tiles', [[2, 3, 3, 4]], (tf, x) =>
		tf.reshape(tf.tile(tf.reshape(x as Tensor, [2, 3, 1, 3, 1, 4]), [1, 1, 2, 1, 2, 1]), [2, 6, 6, 4]),
	),
];
