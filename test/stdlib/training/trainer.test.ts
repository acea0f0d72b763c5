import test from 'ava';
import { openCompute, type Tfjs } from '../../../kernel/compute/index.ts';
import { Batches } from '../../../stdlib/training/batches.ts';
import { runTraining } from '../../../stdlib/training/run-training.ts';
import { type TrainArgs, trainingOptions } from '../../../stdlib/training/train.ts';
import { Trainer } from '../../../stdlib/training/trainer.ts';
import type { TrainingProgress } from '../../../stdlib/training/training-hooks.ts';
import { Data } from '../../../stdlib/values/data.ts';
import { codes, digits, few } from '../../helpers/small-training.ts';

const options = (more: Partial<TrainArgs> = {}) =>
	trainingOptions({
		model: codes,
		on: few,
		batch: 32,
		steps: 20,
		shuffle: true,
		prefetch: 2,
		seed: 1,
		...more,
	});

async function newTrainer(tf: Tfjs): Promise<Trainer> {
	const architecture = await codes.build(few);
	return new Trainer(tf, architecture, Batches.of(architecture, few, options()), options());
}

test.serial('steps and measurements leave no tensor behind', async (t) => {
	const { tf } = await openCompute();
	const trainer = await newTrainer(tf);
	await trainer.begin();
	await trainer.advance();
	await trainer.measure();
	const before = tf.memory().numTensors;
	for (let i = 0; i < 18; i++) await trainer.advance();
	await trainer.measure();
	await trainer.diagnoseNext();
	t.is(tf.memory().numTensors, before);
	trainer.dispose();
});

test.serial(
	'progress tells the steps, the loss, and once it can the throughput and the time that is left',
	async (t) => {
		const told: TrainingProgress[] = [];
		const steps = 400;
		const settings = options({ steps, evaluate_every: steps });
		const result = await runTraining(await codes.build(few), few, settings, {
			signal: new AbortController().signal,
			progress: (progress) => told.push(progress),
		});
		t.is(told.at(-1)?.step, steps);
		t.deepEqual(
			told.flatMap(({ line }) => line ?? []),
			[...result.history],
		);
		for (const { examplesPerSecond, secondsLeft, step } of told) {
			if (examplesPerSecond === null || secondsLeft === null) continue;
			t.true(
				examplesPerSecond > 0 && Math.abs(secondsLeft - ((steps - step) * 32) / examplesPerSecond) < 1e-6,
			);
		}
	},
);

test('a run is so many steps, or so many epochs of whole batches', (t) => {
	t.is(options({ steps: null, epochs: 2 }).steps, 2 * 4);
	t.throws(() => options({ steps: 5, epochs: 2 }), { message: /steps or of epochs, not both/ });
	t.throws(() => options({ steps: null }), { message: /how long/ });
	t.throws(() => options({ batch: 0 }), {
		message: /batch of a training run is a whole number of at least 1, not 0/,
	});
	t.throws(() => options({ clip: -1 }), { message: /clip of a training run is a number above 0/ });
});

test.serial(
	'dead codes come back: after a look for them all of a codebook that data can fill are in use',
	async (t) => {
		const { tf } = await openCompute();
		const trainer = await newTrainer(tf);
		// Seven of eight codes far from everything.
		const far = new Float32Array(8 * 4).fill(1e3);
		far.fill(0, 0, 4);
		trainer.weights.write('codebook/codes', far);
		trainer.weights.write('codebook/sums', far);
		t.is((await trainer.measure()).dead_codes, 7);
		for (let i = 0; i < 3; i++) await trainer.advance();
		t.true(((await trainer.measure()).dead_codes as number) <= 2);
		trainer.dispose();
	},
);

/** Rows that tell when they are read. */
function watched(rows: number, onRead: () => void): Data {
	const data = digits.take(Int32Array.from({ length: rows }, (_, i) => i));
	const columns = new Map(
		[...data.columns].map(([name, column]) => [
			name,
			{
				...column,
				get: (row: number) => {
					onRead();
					return column.get(row);
				},
			},
		]),
	);
	return new Data(data.length, columns, data.provenance);
}

/** A measurement of 500 batches after the first step: much longer than a turn of the event loop should take. */
const longMeasurement = (onRead: () => void = () => {}) =>
	options({ batch: 4, steps: 2, evaluate: watched(2000, onRead), evaluate_every: 1 });

test.serial('timers go on while a model trains and while it is measured', async (t) => {
	const settings = longMeasurement();
	let [ticks, longest, last] = [0, 0, performance.now()];
	const timer = setInterval(() => {
		ticks++;
		longest = Math.max(longest, performance.now() - last);
		last = performance.now();
	}, 5);
	const began = performance.now();
	await runTraining(await codes.build(few), few, settings, { signal: new AbortController().signal });
	const took = performance.now() - began;
	clearInterval(timer);
	t.true(ticks > took / 200, `${ticks} ticks in ${took.toFixed(0)} ms`);
	t.true(longest < took / 4, `${longest.toFixed(0)} of ${took.toFixed(0)} ms without a tick`);
});

test.serial(
	'an interrupt ends a measurement, and the run goes on from there to the same history',
	async (t) => {
		const architecture = await codes.build(few);
		const whole = await runTraining(architecture, few, longMeasurement(), {
			signal: new AbortController().signal,
		});
		const abort = new AbortController();
		let read = 0;
		let saved: Uint8Array | null = null;
		const settings = longMeasurement(() => {
			if (++read === 40) setImmediate(() => abort.abort(new Error('stopped')));
		});
		const checkpoint = {
			read: () => saved,
			write(bytes: Uint8Array): void {
				saved = bytes;
			},
		};
		await t.throwsAsync(runTraining(architecture, few, settings, { signal: abort.signal, checkpoint }), {
			message: 'stopped',
		});
		t.true(read < 1900, `${read} of 2,000 rows were read`);
		const resumed = await runTraining(architecture, few, longMeasurement(), {
			signal: new AbortController().signal,
			checkpoint,
		});
		t.is(resumed.stepsMade, 1);
		t.deepEqual(resumed.history, whole.history);
		t.deepEqual([...resumed.weights], [...whole.weights]);
	},
);
