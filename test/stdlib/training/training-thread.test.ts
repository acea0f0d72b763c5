import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Tensor } from '@tensorflow/tfjs';
import test from 'ava';
import { UserError } from '../../../stdlib/define.ts';
import type { Augmentation } from '../../../stdlib/training/augmentation.ts';
import { Batches } from '../../../stdlib/training/batches.ts';
import { decodeCheckpoint } from '../../../stdlib/training/checkpoint.ts';
import {
	type Architecture,
	familyNames,
	registerFamily,
	type Trainable,
} from '../../../stdlib/training/family.ts';
import type { TrainingOptions } from '../../../stdlib/training/options.ts';
import { runTraining } from '../../../stdlib/training/run-training.ts';
import { type TrainArgs, trainingOptions } from '../../../stdlib/training/train.ts';
import type { TrainingHooks, TrainingResult } from '../../../stdlib/training/training-hooks.ts';
import { train } from '../../../stdlib/training/training-run.ts';
import { Data } from '../../../stdlib/values/data.ts';
import { call, codes, digits, few } from '../../helpers/small-training.ts';

const classifier = (units: number): Trainable =>
	call('classifier', {
		network: (x: unknown) => {
			const hidden = call('dense', { x: call('flatten', { x }), units });
			return call('dense', { x: call('dropout', { x: hidden, rate: 0.2 }), units: 10 });
		},
	}) as Trainable;

const optionsFor = (model: Trainable, more: Partial<TrainArgs> = {}): TrainingOptions =>
	trainingOptions({ model, on: few, batch: 32, steps: 10, shuffle: true, prefetch: 2, seed: 1, ...more });

const quiet = (): TrainingHooks => ({ signal: new AbortController().signal });

/** Threads that this one has started and that have not ended. */
const threads = new Set<Worker>();
process.on('worker', (worker) => {
	threads.add(worker);
	worker.once('exit', () => threads.delete(worker));
});

async function threadsEnd(withinMs: number): Promise<boolean> {
	for (const until = performance.now() + withinMs; performance.now() < until; await sleep(50))
		if (threads.size === 0) return true;
	return false;
}

const sgd = (rate: number) => call('sgd', { rate, momentum: 0, nesterov: false, weight_decay: 0 }) as never;

const sameResult = ({ weights, history }: TrainingResult) => ({ weights: [...weights], history });

/** One step of it takes seconds in plain JavaScript. */
const slow = classifier(6000);
const slowSettings = (steps: number): TrainingOptions =>
	optionsFor(slow, { device: 'cpu', batch: 400, on: many, steps, evaluate: few, evaluate_every: steps });
const many = digits.take(Int32Array.from({ length: 1200 }, (_, i) => i));

for (const [name, model, more] of [
	['a codebook by moving averages', codes, {}],
	[
		'a classifier with dropout and moved images',
		classifier(16),
		{ augment: [call('random_shift', { pixels: 1 })] },
	],
	[
		'gradients of two batches a step, the next not made ahead',
		classifier(16),
		{ accumulate: 2, prefetch: 0 },
	],
] as const) {
	test.serial(
		`a thread trains to the numbers of the thread of the study, bit for bit: ${name}`,
		async (t) => {
			const options = optionsFor(model, more as Partial<TrainArgs>);
			const architecture = await model.build(few);
			const here = await train(architecture, Batches.of(architecture, few, options), options, quiet());
			const there = await runTraining(architecture, few, options, quiet());
			t.is(threads.size, 1);
			t.deepEqual(sameResult(there), sameResult(here));
		},
	);
}

test.serial('a thread knows every family of the library', async (t) => {
	const file = (name: string): string => new URL(`../../../stdlib/training/${name}`, import.meta.url).href;
	const asked = new Worker(
		`(async () => {
			await import('${file('thread/known-kinds.ts')}');
			const { familyNames } = await import('${file('family.ts')}');
			require('node:worker_threads').parentPort.postMessage(familyNames());
		})()`,
		{ eval: true },
	);
	const [known] = await once(asked, 'message');
	t.true(familyNames().length >= 6);
	t.deepEqual(known, familyNames());
	await asked.terminate();
});

test.serial('timers go on while one step takes long', async (t) => {
	const options = slowSettings(2);
	const architecture = await slow.build(many);
	const began = performance.now();
	let [ticks, longest, last] = [0, 0, began];
	const timer = setInterval(() => {
		ticks++;
		longest = Math.max(longest, performance.now() - last);
		last = performance.now();
	}, 5);
	const at: number[] = [];
	await runTraining(architecture, many, options, { ...quiet(), progress: () => at.push(performance.now()) });
	clearInterval(timer);
	const step = (at.at(-1) as number) - (at[0] as number);
	t.log(`a step of ${step.toFixed(0)} ms, ${longest.toFixed(0)} ms between two ticks at most`);
	t.true(step > 500, 'the step is long enough to tell');
	// On an idle machine it is some 20 ms; a busy one may leave any thread waiting.
	t.true(longest < step / 2, `${longest} ms without a tick`);
	t.true(ticks > (last - began) / 100, `${ticks} ticks in ${last - began} ms`);
});

test.serial('an interrupt ends a run whose step takes long, and keeps its last checkpoint', async (t) => {
	const enormous = classifier(40_000);
	const options = optionsFor(enormous, { device: 'cpu', batch: 1200, on: many, steps: 3, evaluate: few });
	const architecture = await enormous.build(many);
	const abort = new AbortController();
	const saved: Uint8Array[] = [];
	const checkpoint = {
		read: () => saved.at(-1) ?? null,
		write: (bytes: Uint8Array) => void saved.push(bytes),
	};
	const run = runTraining(architecture, many, options, { signal: abort.signal, checkpoint });
	while (saved.length === 0) await sleep(20);
	await sleep(200);
	const asked = performance.now();
	abort.abort(new Error('stopped'));
	await t.throwsAsync(run, { message: 'stopped' });
	t.true(performance.now() - asked < 8000, `${(performance.now() - asked).toFixed(0)} ms to end`);
	t.is(saved.length, 1);
	t.is(decodeCheckpoint(saved[0] as Uint8Array)?.step, 0);
	const next = await runTraining(await codes.build(few), few, optionsFor(codes), quiet());
	t.is(next.stepsMade, 10);
});

test.serial('no thread is left some seconds after a training, however it ended', async (t) => {
	await runTraining(await codes.build(few), few, optionsFor(codes), quiet());
	t.is(threads.size, 1, 'it waits for the next training');
	t.true(await threadsEnd(30_000));
	const bad = optionsFor(classifier(4), { optimizer: sgd(1e30), steps: 50 });
	await t.throwsAsync(runTraining(await classifier(4).build(few), few, bad, quiet()));
	t.true(await threadsEnd(30_000));
});

test.serial(
	'errors of a training come over with their kind, their advice and where they began',
	async (t) => {
		const architecture = await classifier(4).build(few);
		const bad = optionsFor(classifier(4), {
			optimizer: sgd(1e30),
			steps: 50,
		});
		const error = await t.throwsAsync(runTraining(architecture, few, bad, quiet()), {
			instanceOf: UserError,
		});
		t.regex(error?.message ?? '', /the loss is not a number at step \d+: it begins in/);
		t.regex(error?.help ?? '', /lower the learning rate/);
		const elsewhere = optionsFor(classifier(4), { device: 'abacus' });
		await t.throwsAsync(runTraining(architecture, few, elsewhere, quiet()), {
			instanceOf: UserError,
			message: 'there is no device "abacus"',
		});
		const unknown = { ...architecture, graphs: [] } as Architecture;
		const inside = await t.throwsAsync(runTraining(unknown, few, optionsFor(classifier(4)), quiet()));
		t.regex(inside?.stack ?? '', /trainer\.ts|networks\.ts/);
	},
);

/** The same rows, one of which cannot be read. */
function broken(error: Error): Data {
	const columns = [...few.columns].map(([name, column]) => [
		name,
		{
			...column,
			get: (row: number) => {
				if (row === 50) throw error;
				return column.get(row);
			},
		},
	]);
	return new Data(few.length, new Map(columns as never), few.provenance);
}

test.serial('an error of the data is the same object for whoever asked for the training', async (t) => {
	const error = new RangeError('row 50 has gone');
	const architecture = await codes.build(few);
	const thrown = await t.throwsAsync(runTraining(architecture, broken(error), optionsFor(codes), quiet()));
	t.is(thrown, error);
	const full = new Error('the disk is full');
	const checkpoint = {
		read: () => null,
		write: () => {
			throw full;
		},
	};
	t.is(
		await t.throwsAsync(runTraining(architecture, few, optionsFor(codes), { ...quiet(), checkpoint })),
		full,
	);
});

test.serial('functions of the user stay where they are: augmentations, and families of models', async (t) => {
	let changed = 0;
	const own: Augmentation = { kind: 'augmentation', apply: () => void changed++ };
	await runTraining(await codes.build(few), few, optionsFor(codes, { augment: [own] }), quiet());
	t.true(changed >= 10 * 25, `${changed} images`);
	const calls: string[] = [];
	registerFamily({
		name: 'mean_of_images',
		weights: () => [
			{ name: 'mean', shape: [], initial: { kind: 'constant', value: 0 }, trainable: true, decays: false },
		],
		summary: () => [],
		parts: [],
		measures: ['error'],
		loss(_, { image }, { tf, weight }) {
			calls.push('loss');
			return { loss: tf.mean(tf.square(tf.sub(image as Tensor, weight('mean')))), parts: {} };
		},
		measure: async () => ({ error: 0 }),
	});
	const architecture = { ...(await codes.build(few)), family: 'mean_of_images', graphs: [], config: null };
	const settings = optionsFor(codes, {
		optimizer: sgd(0.5),
		batch: 100,
	});
	const { weights } = await runTraining(architecture, few, settings, quiet());
	t.true(calls.length > 0);
	let sum = 0;
	for (let row = 0; row < few.length; row++)
		for (const value of (few.column('image').get(row) as { data: Float32Array }).data) sum += value;
	// With half the rate of convergence in one step, the mean is found at once.
	t.true(Math.abs((weights.get('mean')?.data[0] as number) - sum / (100 * 64)) < 1e-5);
});
