import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import type { Tfjs } from '../../../kernel/compute/tfjs.ts';

/** One operation on random inputs, which every device must compute as `cpu` does. */
export interface KernelCase {
	readonly name: string;
	/** Shapes of float inputs, drawn from a standard normal unless `draw` says otherwise. */
	readonly shapes: readonly (readonly number[])[];
	readonly draw?: 'normal' | 'positive' | 'unit';
	readonly run: (tf: Tfjs, ...inputs: Tensor[]) => Tensor;
	/** False where there is none. */
	readonly gradient?: false;
	/** Has jumps, across which finite differences say nothing. */
	readonly jumps?: true;
}

type Run = KernelCase['run'];

const of = (name: string, shapes: number[][], run: Run, more: Partial<KernelCase> = {}): KernelCase => ({
	name,
	shapes,
	run,
	...more,
});

/** The same operation of TensorFlow.js by its name. */
const unary = (
	names: string,
	draw: 'normal' | 'positive' | 'unit',
	more: Partial<KernelCase> = {},
): KernelCase[] =>
	names.split(' ').map((name) =>
		of(
			name,
			[[3, 5]],
			(tf, x) => (tf as unknown as Record<string, (x: Tensor) => Tensor>)[name]?.(x) as Tensor,
			{
				draw,
				...more,
			},
		),
	);

const binary = (names: string, draw: 'normal' | 'positive', more: Partial<KernelCase> = {}): KernelCase[] =>
	names.split(' ').flatMap((name) =>
		[
			[
				[3, 5],
				[3, 5],
			],
			[
				[2, 3, 5],
				[3, 1],
			],
			[[5], [4, 1, 5]],
		].map((shapes) =>
			of(
				`${name} ${shapes.map((s) => `[${s}]`).join(' ')}`,
				shapes,
				(tf, a, b) =>
					(tf as unknown as Record<string, (a: Tensor, b: Tensor) => Tensor>)[name]?.(
						a as Tensor,
						b as Tensor,
					) as Tensor,
				{ draw, ...more },
			),
		),
	);

const reductions = (names: string, more: Partial<KernelCase> = {}): KernelCase[] =>
	names
		.split(' ')
		.flatMap((name) =>
			([undefined, 0, [0, 2], -1] as const).flatMap((axis) =>
				[false, true].map((keep) =>
					of(
						`${name} over ${axis ?? 'all'}${keep ? ', kept' : ''}`,
						[[2, 3, 4]],
						(tf, x) =>
							(tf as unknown as Record<string, (x: Tensor, axis: unknown, keep: boolean) => Tensor>)[name]?.(
								x as Tensor,
								axis,
								keep,
							) as Tensor,
						more,
					),
				),
			),
		);

const none = { gradient: false } as const;

const elementwise: KernelCase[] = [
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

const ints = (tf: Tfjs, x: Tensor | undefined, scale: number): Tensor =>
	tf.cast(tf.mul(x as Tensor, scale), 'int32');

const shapes: KernelCase[] = [
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

const products: KernelCase[] = [
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

const normal: KernelCase[] = [
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

const convolutions: KernelCase[] = [
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
			.map((dilation) =>
				of(
					`depthwiseConv2d ×${multiplier}, stride ${stride}, dilation ${dilation}, ${pad}`,
					[
						[2, 7, 7, 3],
						[3, 3, 3, multiplier],
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
		).map(([side, size, stride, pad]) =>
			of(`${name} ${side} by ${size}, stride ${stride}, ${pad}`, [[2, side, side, 3]], (tf, x) =>
				tf[name](x as Tensor4D, size, stride, pad),
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

const indexing: KernelCase[] = [
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

export const KERNEL_CASES: readonly KernelCase[] = [
	...elementwise,
	...reductions('sum mean max min prod'),
	...shapes,
	...products,
	...normal,
	...convolutions,
	...indexing,
];
