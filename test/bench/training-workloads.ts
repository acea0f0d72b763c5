import type { Scalar, Tensor, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs';
import {
	detach,
	gelu,
	softmaxCrossEntropy,
	standardised,
	type TensorDraws,
	tensorDraws,
} from '../../kernel/compute/index.ts';
import type { Tfjs } from '../../kernel/compute/tfjs.ts';
import { randomStream } from '../../stdlib/random.ts';

/** A model, one batch and Adam's learning rate: a training step of the same name in the PyTorch peer script. */
export interface Workload {
	readonly name: string;
	readonly learningRate: number;
	readonly batch: Tensor;
	readonly variables: Variable[];
	/** What a forward pass computes: logits, or the reconstruction. */
	forward(batch: Tensor): Tensor;
	loss(batch: Tensor): Scalar;
}

export const WORKLOADS: Readonly<Record<string, (tf: Tfjs, scale?: Scale) => Workload>> = {
	'conv-ae': convAutoencoder,
	vqvae,
	gpt,
};

/** `small` is for checking against slow backends. */
export type Scale = 'full' | 'small';

/** Variables in the order in which they were made, initialised as PyTorch initialises by default (uniform, 1/√fan-in). */
function parameters(tf: Tfjs, draws: TensorDraws) {
	const variables: Variable[] = [];
	const keep = (tensor: Tensor): Variable => {
		const variable = tf.variable(tensor);
		tensor.dispose();
		variables.push(variable);
		return variable;
	};
	return {
		variables,
		uniform: (shape: number[], fanIn: number) =>
			keep(draws.uniform(shape, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn))),
		normal: (shape: number[]) => keep(draws.normal(shape)),
		filled: (shape: number[], value: number) => keep(tf.fill(shape, value)),
	};
}

const streams = (tf: Tfjs, name: string): TensorDraws => tensorDraws(tf, randomStream(0, name));

/** Explicit padding, as PyTorch pads a strided convolution on both sides alike. */
const pad1 = [
	[0, 0],
	[1, 1],
	[1, 1],
	[0, 0],
] as never;

function convAutoencoder(tf: Tfjs, scale: Scale = 'full'): Workload {
	const draws = streams(tf, 'conv-ae');
	const [batchSize, side] = scale === 'full' ? [32, 32] : [4, 8];
	const { variables, uniform } = parameters(tf, draws);
	const layer = (inputs: number, outputs: number, transposed = false) => ({
		filter: uniform(transposed ? [3, 3, outputs, inputs] : [3, 3, inputs, outputs], 9 * inputs),
		bias: uniform([outputs], 9 * inputs),
	});
	const [down1, down2] = [layer(1, 32), layer(32, 64)];
	const [up1, up2] = [layer(64, 32, true), layer(32, 1, true)];
	const down = (x: Tensor, { filter, bias }: typeof down1): Tensor =>
		tf.add(tf.conv2d(x as Tensor4D, filter as never, 2, pad1), bias);
	const up = (x: Tensor, { filter, bias }: typeof down1, shape: number[]): Tensor =>
		tf.add(tf.conv2dTranspose(x as Tensor4D, filter as never, shape as never, 2, pad1), bias);
	const forward = (x: Tensor): Tensor => {
		const hidden = tf.relu(down(tf.relu(down(x, down1)), down2));
		const half = tf.relu(up(hidden, up1, [batchSize, side / 2, side / 2, 32]));
		return up(half, up2, [batchSize, side, side, 1]);
	};
	return {
		name: 'conv-ae',
		learningRate: 1e-3,
		batch: draws.normal([batchSize, side, side, 1]),
		variables,
		forward,
		loss: (x) => tf.mean(tf.square(tf.sub(forward(x), x))),
	};
}

function vqvae(tf: Tfjs, scale: Scale = 'full'): Workload {
	const draws = streams(tf, 'vqvae');
	const [batchSize, side, width, codes] = scale === 'full' ? [64, 32, 64, 512] : [2, 8, 8, 16];
	const { variables, uniform, normal } = parameters(tf, draws);
	const layer = (size: number, inputs: number, outputs: number, transposed = false) => ({
		filter: uniform(
			transposed ? [size, size, outputs, inputs] : [size, size, inputs, outputs],
			size * size * inputs,
		),
		bias: uniform([outputs], size * size * inputs),
	});
	type Layer = ReturnType<typeof layer>;
	const conv = (x: Tensor, { filter, bias }: Layer, stride: number, pad: unknown): Tensor =>
		tf.add(tf.conv2d(x as Tensor4D, filter as never, stride, pad as never), bias);
	const up = (x: Tensor, { filter, bias }: Layer, shape: number[]): Tensor =>
		tf.add(tf.conv2dTranspose(x as Tensor4D, filter as never, shape as never, 2, pad1), bias);
	const residual = () => ({ a: layer(3, width, width), b: layer(1, width, width) });
	const applyResidual = (x: Tensor, { a, b }: ReturnType<typeof residual>): Tensor =>
		tf.add(x, conv(tf.relu(conv(tf.relu(x), a, 1, pad1)), b, 1, 'valid'));
	const [e1, e2, r1, r2] = [layer(4, 3, width), layer(4, width, width), residual(), residual()];
	const [r3, r4, d1, d2] = [residual(), residual(), layer(4, width, width, true), layer(4, width, 3, true)];
	const codebook = normal([codes, width]);
	const encode = (x: Tensor): Tensor =>
		applyResidual(applyResidual(conv(tf.relu(conv(x, e1, 2, pad1)), e2, 2, pad1), r1), r2);
	const decode = (z: Tensor): Tensor => {
		const hidden = tf.relu(applyResidual(applyResidual(z, r3), r4));
		return up(tf.relu(up(hidden, d1, [batchSize, side / 2, side / 2, width])), d2, [
			batchSize,
			side,
			side,
			3,
		]);
	};
	const nearest = (z: Tensor): Tensor => {
		const flat = tf.reshape(z, [-1, width]);
		const squares = tf.add(tf.sum(tf.square(flat), 1, true), tf.sum(tf.square(codebook), 1));
		const distance = tf.sub(squares, tf.mul(2, tf.matMul(flat as never, codebook as never, false, true)));
		return tf.argMin(distance, 1);
	};
	const still = (x: Tensor): Tensor => detach(tf, x);
	const quantise = (z: Tensor): Tensor => tf.reshape(tf.gather(codebook, nearest(z) as never), z.shape);
	const forward = (x: Tensor): Tensor => decode(quantise(encode(x)));
	const loss = (x: Tensor): Scalar => {
		const z = encode(x);
		const e = quantise(z);
		const commitment = tf.mul(0.25, tf.mean(tf.square(tf.sub(z, still(e)))));
		const pull = tf.mean(tf.square(tf.sub(still(z), e)));
		const y = decode(tf.add(z, still(tf.sub(e, z))));
		return tf.add(tf.mean(tf.square(tf.sub(y, x))), tf.add(commitment, pull));
	};
	return {
		name: 'vqvae',
		learningRate: 3e-4,
		batch: draws.uniform([batchSize, side, side, 3]),
		variables,
		forward,
		loss,
	};
}

function gpt(tf: Tfjs, scale: Scale = 'full'): Workload {
	const draws = streams(tf, 'gpt');
	const [d, layers, heads, vocabulary, length, batchSize] =
		scale === 'full' ? [128, 4, 4, 1024, 128, 16] : [16, 2, 2, 32, 8, 2];
	const { variables, uniform, normal, filled } = parameters(tf, draws);
	const linear = (inputs: number, outputs: number) => ({
		weight: uniform([inputs, outputs], inputs),
		bias: uniform([outputs], inputs),
	});
	const norm = () => ({ scale: filled([d], 1), shift: filled([d], 0) });
	const token = normal([vocabulary, d]);
	const position = normal([length, d]);
	const blocks = Array.from({ length: layers }, () => ({
		n1: norm(),
		qkv: linear(d, 3 * d),
		out: linear(d, d),
		n2: norm(),
		up: linear(d, 4 * d),
		down: linear(4 * d, d),
	}));
	const last = norm();
	const mask = tf.keep(
		tf.tidy(() => tf.mul(tf.sub(1, tf.linalg.bandPart(tf.ones([length, length]), -1, 0)), -1e9)),
	);
	const normalise = (x: Tensor, { scale: s, shift }: ReturnType<typeof norm>): Tensor => {
		return tf.add(tf.mul(standardised(tf, x, 1e-5), s), shift);
	};
	/** As one product over all positions: [batch · length, in] × [in, out]. */
	const apply = (x: Tensor, { weight, bias }: ReturnType<typeof linear>): Tensor => {
		const rows = tf.reshape(x, [-1, x.shape.at(-1) as number]);
		const made = tf.add(tf.matMul(rows as never, weight as never), bias);
		return tf.reshape(made, [...x.shape.slice(0, -1), weight.shape[1] as number]);
	};
	const split = (x: Tensor): Tensor =>
		tf.transpose(tf.reshape(x, [batchSize, length, heads, d / heads]), [0, 2, 1, 3]);
	const attend = (x: Tensor, block: (typeof blocks)[number]): Tensor => {
		const [q, k, v] = tf.split(apply(x, block.qkv), 3, -1).map(split) as [Tensor, Tensor, Tensor];
		const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), (d / heads) ** -0.5), mask);
		const mixed = tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]);
		return apply(tf.reshape(mixed, [batchSize, length, d]), block.out);
	};
	const forward = (ids: Tensor): Tensor => {
		let x = tf.add(tf.gather(token, tf.slice(ids, [0, 0], [batchSize, length]) as never), position) as Tensor;
		for (const block of blocks) {
			x = tf.add(x, attend(normalise(x, block.n1), block));
			x = tf.add(x, apply(gelu(tf, apply(normalise(x, block.n2), block.up)), block.down));
		}
		const rows = tf.reshape(normalise(x, last), [-1, d]);
		return tf.matMul(rows as never, token as never, false, true);
	};
	const loss = (ids: Tensor): Scalar => {
		const targets = tf.reshape(tf.slice(ids, [0, 1], [batchSize, length]), [-1]);
		return tf.mean(softmaxCrossEntropy(tf, forward(ids) as Tensor2D, targets));
	};
	const uniform01 = randomStream(0, 'gpt batch');
	const ids = Int32Array.from({ length: batchSize * (length + 1) }, () => uniform01.below(vocabulary));
	return {
		name: 'gpt',
		learningRate: 1e-3,
		batch: tf.tensor(ids, [batchSize, length + 1], 'int32'),
		variables,
		forward,
		loss,
	};
}
