import { debuglog } from 'node:util';
import type { WeightValues } from '../nets/weights.ts';
import type { Data } from '../values/data.ts';
import { Batches } from './batches.ts';
import { exclusively } from './device-turn.ts';
import type { Architecture } from './family.ts';
import type { TrainingOptions, TrainingSettings } from './options.ts';
import { TrainingThread, Unable } from './thread/training-thread.ts';
import type { TrainingHooks, TrainingResult } from './training-hooks.ts';
import { train } from './training-run.ts';

const debug = debuglog('assay-training');

/**
 * Trains from the start, or from where an earlier run stopped, to the same numbers: in a thread of its own, so that a long
 * step keeps nobody waiting. Batches are made here, as data and augmentations may be functions, which stay in their thread.
 * One run has the device at a time.
 */
export function runTraining(
	architecture: Architecture,
	data: Data,
	options: TrainingOptions,
	hooks: TrainingHooks,
): Promise<TrainingResult> {
	const settled = Promise.withResolvers<TrainingResult>();
	// An interrupted run may be over before its thread is; the device is free when both are.
	const turn = exclusively(() => inThread(architecture, data, options, hooks, settled));
	turn.catch(settled.reject);
	return settled.promise;
}

async function inThread(
	architecture: Architecture,
	data: Data,
	options: TrainingOptions,
	hooks: TrainingHooks,
	{ resolve, reject }: PromiseWithResolvers<TrainingResult>,
): Promise<void> {
	hooks.signal.throwIfAborted();
	const batches = Batches.of(architecture, data, options);
	const settings = settingsOf(options);
	const { perEpoch, measuredRows } = batches;
	const thread = TrainingThread.take();
	try {
		const outcome = await thread.run({ architecture, settings, perEpoch, measuredRows }, batches, hooks);
		thread.rest();
		resolve(outcome instanceof Unable ? here(outcome, architecture, batches, settings, hooks) : outcome);
	} catch (error) {
		reject(error);
		await thread.end();
	}
}

/** What only this thread can do, such as a family of models that a notebook's cell declares. */
function here(
	{ why }: Unable,
	architecture: Architecture,
	batches: Batches,
	settings: TrainingSettings,
	hooks: TrainingHooks,
): Promise<TrainingResult> {
	debug('a model is trained in the thread of its study: %s', why);
	return train(architecture, batches, settings, hooks);
}

/** The part that goes to another thread. */
function settingsOf({ augment, evaluate, shuffle, ...settings }: TrainingOptions): TrainingSettings {
	const { start } = settings;
	const device = settings.device ?? process.env.ASSAY_DEVICE ?? null;
	return { ...settings, device, ...(start ? { start: shared(start) } : {}) };
}

/** In memory that both threads see, as a language model's weights are not to be there twice. */
const shared = (weights: WeightValues): WeightValues =>
	new Map(
		[...weights].map(([name, { shape, data }]) => {
			const copy = new Float32Array(new SharedArrayBuffer(data.byteLength));
			copy.set(data);
			return [name, { shape, data: copy }];
		}),
	);
