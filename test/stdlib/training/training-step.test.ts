import test, { type ExecutionContext } from 'ava';
import { openCompute, type Tfjs } from '../../../kernel/compute/index.ts';
import { mnist } from '../../../stdlib/data/mnist/mnist.ts';
import { standardLibrary } from '../../../stdlib/index.ts';
import { Batches } from '../../../stdlib/training/batches.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../stdlib/training/checkpoint.ts';
import type { Trainable } from '../../../stdlib/training/family.ts';
import { type TrainArgs, trainingOptions } from '../../../stdlib/training/train.ts';
import { Trainer } from '../../../stdlib/training/trainer.ts';
import { testContext } from '../../helpers/run-context.ts';

const { tf } = await openCompute({ device: 'onnx' });
const context = testContext();
const call = (name: string, args: Record<string, unknown>): unknown =>
	standardLibrary.functions.get(name)?.run(args, context);

const { train: digits } = mnist([8, 8]);
/** Three batches of 32 and one of 4 an epoch. */
const few = digits.take(Int32Array.from({ length: 100 }, (_, i) => i));
const STEPS = 14;

const encoder = (x: unknown) => call('batch_norm', { x: call('conv', { x, channels: 4, stride: 4 }) });
const decoder = (x: unknown) => call('conv_transpose', { x, channels: 1, stride: 4, kernel: 4 });
const vqvae = (more: Record<string, unknown>) =>
	call('vqvae', { encoder, decoder, codes: 8, revive: 3, ...more }) as Trainable;
const schedule = (from: number, to: number) => ({ kind: 'schedule', from, to });
const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0.1 };

const logits = (x: unknown): unknown => {
	const flat = call('dropout', { x: call('flatten', { x }), rate: 0.3 });
	const hidden = call('layer_norm', { x: call('dense', { x: flat, units: 12 }) });
	return call('dense', { x: call('dropout', { x: call('gelu', { x: hidden }), rate: 0.1 }), units: 10 });
};

const RUNS: Record<string, Partial<TrainArgs> & { readonly model: Trainable }> = {
	'a codebook by moving averages with revival, and batch_norm': { model: vqvae({}) },
	'a codebook by Gumbel-softmax with a falling temperature': {
		model: vqvae({
			quantizer: call('gumbel', { temperature: schedule(0.66, 0.1), kl: 1e-3, commitment: 1e-3 }),
		}),
	},
	'dropout, a schedule of rates, decoupled weight decay and clipping': {
		model: call('classifier', { network: logits }) as Trainable,
		optimizer: call('adamw', { rate: schedule(0.01, 0.001), ...adam }) as never,
		clip: 0.5,
	},
	'dropout and clipping, with the gradients of two batches a step': {
		model: call('classifier', { network: logits }) as Trainable,
		batch: 16,
		accumulate: 2,
		clip: 0.5,
	},
	'sgd with momentum': {
		model: call('classifier', { network: logits }) as Trainable,
		optimizer: call('sgd', { rate: 0.05, momentum: 0.9, nesterov: true, weight_decay: 0 }) as never,
	},
};

const optionsOf = (args: (typeof RUNS)[string]) =>
	trainingOptions({ on: few, batch: 32, steps: STEPS, shuffle: true, prefetch: 2, seed: 1, ...args });

async function newTrainer(on: Tfjs, args: (typeof RUNS)[string]): Promise<Trainer> {
	const architecture = await args.model.build(few);
	const options = optionsOf(args);
	return new Trainer(on, architecture, Batches.of(architecture, few, options), options);
}

/** TensorFlow.js whose backend compiles no steps. */
const plain = Object.create(tf, { backend: { value: () => ({}) } }) as Tfjs;

/** TensorFlow.js that counts how often a step is traced. */
function counting(): { readonly on: Tfjs; readonly traces: () => number } {
	let count = 0;
	const variableGrads: Tfjs['variableGrads'] = (...args) => {
		count++;
		return tf.variableGrads(...args);
	};
	return {
		on: Object.create(tf, { variableGrads: { value: variableGrads } }) as Tfjs,
		traces: () => count,
	};
}

async function stepsOf(trainer: Trainer, until: number): Promise<number[]> {
	const losses: number[] = [];
	await trainer.begin();
	while (trainer.step < until) losses.push((await trainer.advance()).loss);
	return losses;
}

/** Everything that a run goes on with, as the bytes of a file. */
const stateOf = async (trainer: Trainer): Promise<Uint8Array> => encodeCheckpoint(await trainer.state());

async function checkRun(t: ExecutionContext, args: (typeof RUNS)[string]): Promise<void> {
	const expected = await newTrainer(plain, args);
	const losses = await stepsOf(expected, STEPS);
	const { on, traces } = counting();
	const found = await newTrainer(on, args);
	t.deepEqual(await stepsOf(found, STEPS), losses);
	t.deepEqual(await stateOf(found), await stateOf(expected));
	t.is(new Set(losses).size, STEPS, 'every step has another loss');
	// Two traces of each size of batch: what changes between steps comes in as an argument.
	t.is(traces(), 4);
	for (const trainer of [expected, found]) trainer.dispose();
}

for (const [name, args] of Object.entries(RUNS))
	test.serial(`replayed steps give the numbers of traced ones bit for bit: ${name}`, (t) =>
		checkRun(t, args),
	);

test.serial('a run that goes on from a checkpoint replays to the same numbers', async (t) => {
	for (const args of Object.values(RUNS)) {
		const whole = await newTrainer(tf, args);
		await stepsOf(whole, STEPS);
		const first = await newTrainer(tf, args);
		await stepsOf(first, 9);
		const state = decodeCheckpoint(await stateOf(first));
		const second = await newTrainer(tf, args);
		if (state) second.restore(state);
		await stepsOf(second, STEPS);
		t.deepEqual(await stateOf(second), await stateOf(whole));
		for (const trainer of [whole, first, second]) trainer.dispose();
	}
});

test.serial('a step on another device than onnx gives the same losses within 1e-4', async (t) => {
	const args = RUNS[
		'dropout, a schedule of rates, decoupled weight decay and clipping'
	] as (typeof RUNS)[string];
	const here = await newTrainer(tf, args);
	const losses = await stepsOf(here, STEPS);
	here.dispose();
	const cpu = await openCompute({ device: 'cpu' });
	const there = await newTrainer(cpu.tf, args);
	const found = await stepsOf(there, STEPS);
	there.dispose();
	await openCompute({ device: 'onnx' });
	for (const [i, loss] of losses.entries())
		t.true(Math.abs(loss - (found[i] as number)) < 1e-4 * Math.abs(loss), `${found} for ${losses}`);
});
