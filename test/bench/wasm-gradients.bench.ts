import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { openCompute, tensorDraws } from '../../kernel/compute/index.ts';
import { randomStream } from '../../stdlib/random.ts';
import { median, report } from './measure.ts';
import { WORKLOADS, type Workload } from './training-workloads.ts';

/** Gradients that the wasm backend of TensorFlow.js lacks, or has wrong, against the forward pass of the same operation. */
const AIM = 2;
const ROUNDS = 9;

const { tf } = await openCompute({ device: 'wasm' });
const draws = tensorDraws(tf, randomStream(0, 'wasm gradients'));

interface Case {
	readonly what: string;
	readonly run: (...inputs: Tensor[]) => Tensor;
	/** The first is the one that the gradient is of. */
	readonly inputs: readonly Tensor[];
}

const image = draws.normal([16, 28, 28, 32]);
const filter = draws.normal([3, 3, 32, 32]);
const depthwise = draws.normal([3, 3, 32, 1]);
const places = tf.tensor1d(
	Array.from({ length: 4096 }, (_, i) => (i * 7919) % 512),
	'int32',
);

const CASES: readonly Case[] = [
	{
		what: 'conv2d by its filter',
		run: (w, x) => tf.conv2d(x as Tensor4D, w as Tensor4D, 1, 'same'),
		inputs: [filter, image],
	},
	{
		what: 'conv2d by its filter, stride 2',
		run: (w, x) => tf.conv2d(x as Tensor4D, w as Tensor4D, 2, 'same'),
		inputs: [filter, image],
	},
	{
		what: 'conv2d by its input',
		run: (x, w) => tf.conv2d(x as Tensor4D, w as Tensor4D, 1, 'same'),
		inputs: [image, filter],
	},
	{
		what: 'depthwise conv2d by its filter',
		run: (w, x) => tf.depthwiseConv2d(x as Tensor4D, w as Tensor4D, 1, 'same'),
		inputs: [depthwise, image],
	},
	{
		what: 'depthwise conv2d by its input',
		run: (x, w) => tf.depthwiseConv2d(x as Tensor4D, w as Tensor4D, 1, 'same'),
		inputs: [image, depthwise],
	},
	{ what: 'max pooling', run: (x) => tf.maxPool(x as Tensor4D, 2, 2, 'same'), inputs: [image] },
	{
		what: 'max pooling, windows that overlap',
		run: (x) => tf.maxPool(x as Tensor4D, 3, 2, 'same'),
		inputs: [image],
	},
	{ what: 'average pooling', run: (x) => tf.avgPool(x as Tensor4D, 2, 2, 'same'), inputs: [image] },
	{
		what: 'gather of rows',
		run: (x, at) => tf.gather(x as Tensor2D, at as never),
		inputs: [draws.normal([512, 64]), places],
	},
	{
		what: 'einsum',
		run: (x, w) => tf.einsum('bhwc,ck->bhwk', x, w),
		inputs: [image, draws.normal([32, 32])],
	},
];

/** Long enough for the clock of a thread's own time, which ticks every few milliseconds. */
const SAMPLE_MS = 60;

/**
 * Milliseconds of this thread, which does all the work, so that what else the machine has to do does not count; the mean of so
 * many runs.
 */
function timed(work: () => Tensor, runs: number): number {
	const began = process.threadCpuUsage();
	for (let run = 0; run < runs; run++) tf.tidy(work).dispose();
	const { user, system } = process.threadCpuUsage(began);
	return (user + system) / 1000 / runs;
}

/** How many runs make a sample; they also have the JavaScript compiled. */
function runsOf(work: () => Tensor): number {
	const began = process.threadCpuUsage();
	let runs = 0;
	for (let ms = 0; ms < 3 * SAMPLE_MS; runs++) {
		tf.tidy(work).dispose();
		const { user, system } = process.threadCpuUsage(began);
		ms = (user + system) / 1000;
	}
	return Math.ceil(runs / 3);
}

/** A whole network by all its weights. */
function network(make: (of: typeof tf) => Workload): Case & { readonly backward: () => Tensor } {
	const { name, loss, batch, variables } = make(tf);
	return {
		what: `the whole of ${name}`,
		run: loss,
		inputs: [batch],
		backward: () => {
			const { value, grads } = tf.variableGrads(() => loss(batch), variables);
			for (const gradient of Object.values(grads)) gradient.dispose();
			return value;
		},
	};
}

function tell({ what }: Case, forward: number, backward: number): void {
	report({
		what: `wasm, gradient of ${what}`,
		assay: `${backward.toFixed(2)} ms`,
		peer: `forward ${forward.toFixed(2)} ms`,
		ratio: (backward / forward).toFixed(2),
		aim: `at most ${AIM}`,
		met: backward <= AIM * forward,
	});
}

/** Medians in milliseconds of the forward pass, and of the gradient alone for a given gradient of the result. */
function measured({ run, inputs }: Case): { readonly forward: number; readonly backward: number } {
	const [x, ...rest] = inputs as [Tensor, ...Tensor[]];
	const dy = tf.tidy(() => tf.onesLike(run(x, ...rest)));
	const gradient = tf.grad((at) => run(at, ...rest));
	const found = alternated(
		() => run(x, ...rest),
		() => gradient(x, dy),
	);
	dy.dispose();
	return found;
}

/** Medians over rounds that alternate; a gradient computes the forward pass too, which is taken off. */
function alternated(forwards: () => Tensor, both: () => Tensor) {
	const [forwardRuns, bothRuns] = [runsOf(forwards), runsOf(both)];
	const rounds = Array.from({ length: ROUNDS }, () => {
		const forward = timed(forwards, forwardRuns);
		return { forward, backward: timed(both, bothRuns) - forward };
	});
	return {
		forward: median(rounds.map((round) => round.forward)),
		backward: median(rounds.map((round) => round.backward)),
	};
}

for (const found of CASES) {
	const { forward, backward } = measured(found);
	tell(found, forward, backward);
}
for (const make of Object.values(WORKLOADS)) {
	const whole = network(make);
	const { forward, backward } = alternated(() => whole.run(...whole.inputs), whole.backward);
	tell(whole, forward, backward);
}
