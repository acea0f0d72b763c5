import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs';
import type { ExecutionContext } from 'ava';
import { openCompute, type TensorDraws, tensorDraws } from '../../../kernel/compute/index.ts';
import { standardLibrary } from '../../../stdlib/index.ts';
import { forward } from '../../../stdlib/nets/forward.ts';
import type { NetworkGraph } from '../../../stdlib/nets/graph.ts';
import { scaledDotProduct } from '../../../stdlib/nets/layers/attention.ts';
import { crossEntropy } from '../../../stdlib/nets/models/classifier.ts';
import { traceNetwork } from '../../../stdlib/nets/symbol.ts';
import { averagedCodes, averagesAfter } from '../../../stdlib/nets/vq/ema.ts';
import {
	gumbelSoftmax,
	klToUniform,
	nearestCodes,
	nearestOneHot,
	squaredDistances,
	straightThrough,
	vqLosses,
} from '../../../stdlib/nets/vq/quantise.ts';
import { codeUsage } from '../../../stdlib/nets/vq/usage.ts';
import { type GoldenCase, type GoldenTensor, goldenTests, near } from '../../helpers/golden.ts';
import { testContext } from '../../helpers/run-context.ts';

const { tf } = await openCompute();
const context = testContext();

const tensor = ({ shape, data }: GoldenTensor): Tensor => tf.tensor(data, shape, 'float32');

/** A network of one layer, as a study makes it. */
const layer = (
	name: string,
	args: Record<string, unknown>,
	shape: readonly number[],
): Promise<NetworkGraph> =>
	traceNetwork((x) => standardLibrary.functions.get(name)?.run({ x, ...args }, context), 'net', [shape]);

/** The layer's result for x, and the gradients of sum(result × dy) by x and by each weight. */
async function withGradients(
	graph: NetworkGraph,
	x: GoldenTensor,
	dy: GoldenTensor,
	weights: Readonly<Record<string, GoldenTensor>>,
) {
	const input = tf.variable(tensor(x));
	const variables = new Map(
		Object.entries(weights).map(([name, value]) => [name, tf.variable(tensor(value))] as const),
	);
	const weight = (name: string): Variable => {
		const found = variables.get(name.slice(name.lastIndexOf('/') + 1));
		if (!found) throw new Error(name);
		return found;
	};
	const pass = {
		tf,
		weight,
		training: true,
		draw: (_: string, make: (draws: TensorDraws) => Tensor) => make(tensorDraws(tf, context.random(0, ''))),
		update: () => {},
	};
	const y = forward(graph, [input], pass);
	const { grads } = tf.variableGrads(
		() => tf.sum(tf.mul(forward(graph, [input], pass), tensor(dy))),
		[input, ...variables.values()],
	);
	const read = (variable: Variable) => (grads[variable.name] as Tensor).data();
	return {
		y: await y.data(),
		dx: await read(input),
		gradient: (name: string) => read(weight(name)),
	};
}

const isSquare = ({ input: { filter, strides, dilations } }: GoldenCase): boolean =>
	filter.shape[0] === filter.shape[1] &&
	strides[0] === strides[1] &&
	(!dilations || dilations[0] === dilations[1]);

const paddingOf = (padding: string): Record<string, unknown> => (padding === 'valid' ? { padding: 0 } : {});

async function checkConvolution(t: ExecutionContext, name: string, { input, expected }: GoldenCase) {
	const { x, filter, bias, strides, padding, dilations, dy } = input;
	const graph = await layer(
		name,
		{
			channels: bias.shape[0],
			kernel: filter.shape[0],
			stride: strides[0],
			...(dilations ? { dilation: dilations[0] } : {}),
			...paddingOf(padding),
		},
		x.shape.slice(1),
	);
	const found = await withGradients(graph, x, dy, { kernel: filter, bias });
	near(t, found.y, expected.y.data, 'y');
	near(t, found.dx, expected.dx.data, 'dx');
	near(t, await found.gradient('kernel'), expected.dfilter.data, 'dfilter');
	near(t, await found.gradient('bias'), expected.dbias.data, 'dbias');
}

goldenTests(
	'conv',
	(found) => found.kind === 'conv2d' && isSquare(found),
	(t, found) => checkConvolution(t, 'conv', found),
);

goldenTests(
	'conv',
	(found) => found.kind === 'conv2d_transpose' && isSquare(found),
	(t, found) => checkConvolution(t, 'conv_transpose', found),
);

goldenTests(
	'layers',
	({ kind, input }) => kind === 'layer_norm' && input.epsilon === 1e-5,
	async (t, { input: { x, gain, bias, dy }, expected }) => {
		const graph = await layer('layer_norm', {}, x.shape.slice(1));
		const found = await withGradients(graph, x, dy, { gain, bias });
		near(t, found.y, expected.y.data, 'y');
		near(t, found.dx, expected.dx.data, 'dx');
		near(t, await found.gradient('gain'), expected.dgain.data, 'dgain');
		near(t, await found.gradient('bias'), expected.dbias.data, 'dbias');
	},
);

goldenTests(
	'layers',
	({ kind }) => kind === 'gelu',
	async (t, { input: { x }, expected }) => {
		const n = x.shape[0];
		const row = { shape: [1, n], data: x.data };
		const ones = { shape: [1, n], data: new Array(n).fill(1) };
		for (const [name, key] of [
			['gelu', 'exact'],
			['silu', 'silu'],
		] as const) {
			const found = await withGradients(await layer(name, {}, [n]), row, ones, {});
			near(t, found.y, expected[key].data ?? expected[key], name);
			near(t, found.dx, expected[`${key}_derivative`].data ?? expected[`${key}_derivative`], `${name}'`);
		}
	},
);

goldenTests(
	'layers',
	({ kind, input }) => kind === 'softmax_cross_entropy' && input.labels.every((label: number) => label >= 0),
	async (t, { input: { logits, labels }, expected }) => {
		const rows = crossEntropy(tf, tensor(logits) as Tensor2D, tf.tensor1d(labels));
		near(t, await rows.data(), expected.per_row.data ?? expected.per_row, 'per_row');
	},
);

goldenTests(
	'layers',
	({ kind }) => kind === 'attention',
	async (t, { input: { q, k, v, causal, dy }, expected }) => {
		const inputs = [q, k, v].map((value: GoldenTensor) => tf.variable(tensor(value)));
		const [a, b, c] = inputs as [Variable, Variable, Variable];
		near(t, await scaledDotProduct(tf, a, b, c, causal).data(), expected.y.data, 'y');
		const { grads } = tf.variableGrads(
			() => tf.sum(tf.mul(scaledDotProduct(tf, a, b, c, causal), tensor(dy))),
			inputs,
		);
		near(t, await (grads[a.name] as Tensor).data(), expected.dq.data, 'dq');
		near(t, await (grads[b.name] as Tensor).data(), expected.dk.data, 'dk');
		near(t, await (grads[c.name] as Tensor).data(), expected.dv.data, 'dv');
	},
);

const flat = (value: GoldenTensor | number[]): number[] => ('data' in value ? value.data : value);

goldenTests(
	'vq',
	({ kind }) => kind === 'vq',
	async (t, { input: { z, codebook, upstream, beta, ema }, expected }) => {
		const latents = tf.variable(tensor(z)) as unknown as Tensor2D & Variable;
		const codes = tf.variable(tensor(codebook)) as unknown as Tensor2D & Variable;
		near(t, await nearestCodes(tf, latents, codes).data(), flat(expected.index), 'index');
		const assigned = nearestOneHot(tf, latents, codes);
		near(t, await tf.mean(assigned, 0).data(), flat(expected.usage), 'usage');
		const usage = codeUsage(await tf.sum(assigned, 0).data());
		near(t, [usage.perplexity], [expected.perplexity], 'perplexity');
		t.is(codes.shape[0] - usage.deadCodes, expected.codes_used);
		const total = (): Tensor => {
			const quantised = tf.matMul(nearestOneHot(tf, latents, codes), codes);
			const losses = vqLosses(tf, latents, quantised);
			const through = straightThrough(tf, latents, quantised);
			const rest = tf.add(losses.codebook, tf.mul(losses.commitment, beta));
			return tf.add(tf.sum(tf.mul(through, tensor(upstream))), rest);
		};
		const quantised = tf.matMul(assigned, codes);
		near(t, await quantised.data(), flat(expected.quantised), 'quantised');
		const losses = vqLosses(tf, latents, quantised);
		near(t, await losses.codebook.data(), [expected.codebook_loss], 'codebook loss');
		near(t, await losses.commitment.data(), [expected.commitment_loss], 'commitment loss');
		const { value, grads } = tf.variableGrads(() => total().asScalar(), [latents, codes]);
		near(t, await value.data(), [expected.loss], 'loss');
		near(t, await (grads[latents.name] as Tensor).data(), flat(expected.dz), 'dz');
		near(t, await (grads[codes.name] as Tensor).data(), flat(expected.dcodebook), 'dcodebook');
		const next = averagesAfter(
			tf,
			{ counts: tf.tensor1d(ema.cluster_size), sums: tensor(ema.sums) },
			assigned,
			latents,
			ema.decay,
		);
		near(t, await next.counts.data(), flat(expected.ema.cluster_size), 'ema counts');
		near(t, await next.sums.data(), flat(expected.ema.sums), 'ema sums');
		near(t, await averagedCodes(tf, next).data(), flat(expected.ema.codebook), 'ema codes');
	},
);

goldenTests(
	'vq',
	({ kind }) => kind === 'gumbel_softmax',
	async (t, { input: { z, codebook, uniform, temperature, scale, upstream }, expected }) => {
		const latents = tf.variable(tensor(z)) as unknown as Tensor2D & Variable;
		const codes = tf.variable(tensor(codebook)) as unknown as Tensor2D & Variable;
		const noise = tf.tensor(
			flat(uniform).map((u) => -Math.log(-Math.log(u))),
			uniform.shape,
		);
		const logProbs = (): Tensor2D =>
			tf.logSoftmax(tf.mul(squaredDistances(tf, latents, codes), -scale)) as Tensor2D;
		near(t, await logProbs().data(), flat(expected.log_probs), 'log_probs');
		const sample = gumbelSoftmax(tf, logProbs(), noise, temperature);
		near(t, await sample.data(), flat(expected.sample), 'sample');
		near(t, await klToUniform(tf, logProbs()).data(), flat(expected.kl_to_uniform), 'kl');
		const { value, grads } = tf.variableGrads(() => {
			const found = logProbs();
			const quantised = tf.matMul(gumbelSoftmax(tf, found, noise, temperature) as Tensor2D, codes);
			const pull = tf.sum(tf.mul(quantised, tensor(upstream)));
			return tf.add(pull, tf.mean(klToUniform(tf, found))).asScalar();
		}, [latents, codes]);
		near(t, await value.data(), [expected.loss], 'loss');
		near(t, await (grads[latents.name] as Tensor).data(), flat(expected.dz), 'dz');
		near(t, await (grads[codes.name] as Tensor).data(), flat(expected.dcodebook), 'dcodebook');
	},
);
