import type { RunContext } from '../context.ts';
import { define, UserError } from '../define.ts';
import { Data } from '../values/data.ts';
import { Missing } from '../values/missing.ts';
import type { Augmentation } from './augmentation.ts';
import { deviceSpeed } from './device-speed.ts';
import { type Architecture, isTrainable, type Trainable } from './family.ts';
import { type LayerRows, layersOf, parametersIn } from './layers.ts';
import { secondsAt, showMegabytes, type TrainingNeeds, trainingNeeds } from './needs.ts';
import { type Optimizer, optimizerDefinitions } from './optimizer.ts';
import { examplesAStep, type TrainingOptions } from './options.ts';
import { runTraining } from './run-training.ts';
import { TrainedModel } from './trained-model.ts';

export interface TrainArgs {
	readonly model: Trainable;
	readonly on: Data;
	readonly optimizer?: Optimizer | null;
	readonly batch: number;
	readonly accumulate?: number | null;
	readonly steps?: number | null;
	readonly epochs?: number | null;
	readonly clip?: number | null;
	readonly shuffle: boolean;
	readonly augment?: readonly Augmentation[] | null;
	readonly prefetch: number;
	readonly evaluate?: Data | null;
	readonly evaluate_every?: number | null;
	readonly patience?: number | null;
	readonly checkpoint_every?: number | null;
	readonly seed: number;
	readonly device?: string | null;
}

/** The layers of what would be trained, and how much training it is. */
export interface TrainingSummary {
	readonly layers: LayerRows;
	readonly parameters: number;
	readonly steps: number;
	readonly batch: number;
	readonly examples: number;
	readonly epochs: number;
	readonly needs: TrainingNeeds;
	/** How long it would take here, by the measured speed of its device. */
	readonly seconds: number;
}

/** Everything decided. @throws {UserError} for numbers that make no training run */
export function trainingOptions(args: TrainArgs): TrainingOptions {
	const batch = whole('batch', args.batch);
	const accumulate = args.accumulate == null ? 1 : whole('accumulate', args.accumulate);
	const perEpoch = Math.ceil(args.on.length / examplesAStep({ batch, accumulate }));
	const steps = stepsOf(args, perEpoch);
	const tenth = Math.max(1, Math.ceil(steps / 10));
	return {
		optimizer: args.optimizer ?? STANDARD,
		batch,
		accumulate,
		steps,
		clip: args.clip == null ? null : positive('clip', args.clip),
		shuffle: args.shuffle,
		augment: args.augment ?? [],
		prefetch: whole('prefetch', args.prefetch, 0),
		evaluate: args.evaluate ?? args.on,
		evaluateEvery: args.evaluate_every == null ? tenth : whole('evaluate_every', args.evaluate_every),
		patience: args.patience == null ? null : whole('patience', args.patience),
		checkpointEvery: args.checkpoint_every == null ? tenth : whole('checkpoint_every', args.checkpoint_every),
		logEvery: Math.max(1, Math.round(steps / 100)),
		seed: args.seed,
		device: args.device ?? null,
	};
}

const STANDARD = optimizerDefinitions[0]?.run(
	{ rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0 } as never,
	null as never,
) as Optimizer;

function stepsOf({ steps, epochs }: TrainArgs, perEpoch: number): number {
	if (steps != null && epochs != null)
		throw new UserError('a training run has a number of steps or of epochs, not both', 'leave one out');
	if (steps != null) return whole('steps', steps);
	if (epochs != null) return Math.max(1, Math.round(positive('epochs', epochs) * perEpoch));
	throw new UserError('how long is the training?', 'give `steps = 1000` or `epochs = 5`');
}

function whole(name: string, value: number, least = 1): number {
	if (Number.isInteger(value) && value >= least) return value;
	throw new UserError(`${name} of a training run is a whole number of at least ${least}, not ${value}`);
}

function positive(name: string, value: number): number {
	if (Number.isFinite(value) && value > 0) return value;
	throw new UserError(`${name} of a training run is a number above 0, not ${value}`);
}

async function architectureOf({ model, on, evaluate }: TrainArgs): Promise<Architecture> {
	if (!isTrainable(model)) throw new UserError('this model cannot be trained');
	const architecture = await model.build(on);
	// What is measured later has to fit too: better said before hours of training.
	if (evaluate instanceof Data) await model.build(evaluate);
	return architecture;
}

async function summaryOf(
	architecture: Architecture,
	options: TrainingOptions,
	on: Data,
): Promise<TrainingSummary> {
	const layers = layersOf(architecture);
	const needs = trainingNeeds(architecture, options);
	return {
		layers,
		parameters: parametersIn(layers),
		steps: options.steps,
		batch: examplesAStep(options),
		examples: on.length,
		epochs: (options.steps * examplesAStep(options)) / on.length,
		needs,
		seconds: secondsAt(await deviceSpeed(options.device), needs, architecture),
	};
}

/** The arguments with data as the model's batches read them. */
async function prepared(args: TrainArgs): Promise<TrainArgs> {
	const { model, on, evaluate } = args;
	return isTrainable(model) && model.prepare
		? { ...args, ...(await model.prepare(on, evaluate ?? null)) }
		: args;
}

/** Said before the first step, rather than by an error after hours; how long it takes is told after the first steps. */
function tellOfMemory(architecture: Architecture, options: TrainingOptions, context: RunContext): void {
	const { bytes } = trainingNeeds(architecture, options);
	const name = context.training?.name ?? architecture.family;
	const there = process.availableMemory();
	const advice =
		bytes > there
			? `, and ${showMegabytes(there)} are available: a smaller batch needs less, with accumulate to the same update`
			: '';
	context.notice?.(`training ${name} needs about ${showMegabytes(bytes)} of memory${advice}`);
}

/** Trains a model; before a run, when the engine only plans, says what would be trained. */
export async function train(given: TrainArgs, context: RunContext): Promise<TrainedModel | Missing> {
	const args = await prepared(given);
	const options = trainingOptions(args);
	const architecture = await architectureOf(args);
	const { training } = context;
	if (training?.plan) {
		training.plan(await summaryOf(architecture, options, args.on));
		return new Missing('failed', 'trained when the study runs', 'unknown');
	}
	tellOfMemory(architecture, options, context);
	const start = await args.model.start?.();
	const result = await runTraining(architecture, args.on, start ? { ...options, start } : options, {
		signal: context.signal,
		...(context.notice ? { notice: context.notice } : {}),
		...(training?.checkpoint ? { checkpoint: training.checkpoint } : {}),
		...(training?.progress ? { progress: training.progress } : {}),
	});
	return new TrainedModel({
		architecture,
		weights: result.weights,
		history: result.history,
		notices: result.warnings.map((warning) => `${training?.name ?? 'the model'}: ${warning}`),
		name: training?.name ?? architecture.family,
	});
}

const SETTINGS =
	'optimizer: Optimizer?, batch: Number = 32, accumulate: Number?, steps: Number?, epochs: Number?, clip: Number?, shuffle: Bool = true, ' +
	'augment: List<Augmentation>?, prefetch: Number = 2';
const MEASURING =
	'evaluate_every: Number?, patience: Number?, checkpoint_every: Number?, seed: Number = study, device: Text?';

const signature = (model: string, row: string): string =>
	`train(model: ${model}, on: Data<${row}>, ${SETTINGS}, evaluate: Data<${row}>?, ${MEASURING}) -> Trained<${model}>`;

export const trainDefinition = define({
	name: 'train',
	signature: [
		signature('Model<train, reconstruct, quantise>', '{image: Image}'),
		signature('Model<train, reconstruct>', '{image: Image}'),
		signature('Model<train, classify>', '{image: Image, label: Number}'),
		signature(
			'Model<train, prefer, sample, choose, logprob, embed>',
			'{prompt: Text, chosen: Text, rejected: Text}',
		),
		signature('Model<train, know, sample, choose, logprob, embed>', '{prompt: Text, known: Number}'),
		signature('Model<train, sample, choose, logprob, embed>', '{prompt: Text, completion: Text}'),
		signature('Model<train, reward>', '{prompt: Text, chosen: Text, rejected: Text}'),
	],
	doc:
		'Trains a model. `on` is shuffled anew in every epoch and taken in batches; the last batch of an epoch may be smaller. With `accumulate` a step takes so many batches, one after the other in the memory of one, and ' +
		'adds up their gradients: the update is that of one batch with all their examples, up to rounding (but each is drawn for and ' +
		'normalised alone, which dropout and `batch_norm` tell). `steps` or ' +
		'`epochs` says how long; `optimizer` is `adam()` when left out. `clip` is the largest global norm of the gradients. Every ' +
		'`evaluate_every` steps (a tenth of the run when left out) the model is measured on `evaluate`, or on the training data; `patience` ' +
		'ends the run after so many measurements without a better one and goes back to the best. A run that was interrupted goes on from ' +
		'its last checkpoint (every `checkpoint_every` steps, and every half minute) to the same numbers. A language model learns to write ' +
		'`completion`, and then to end, after `prompt` as a user’s message: the loss is the mean of -ln p over those tokens. Short texts are ' +
		'packed into rows that do not see each other, and a batch counts such rows.',
	example:
		'train fit { model = net  on = digits.train  optimizer = adam(1e-3)  batch = 64  steps = 500  evaluate = digits.test }',
	version: 2,
	run: (args: TrainArgs, context) => train(args, context),
});
