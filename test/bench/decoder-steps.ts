import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { compiledStep, openCompute } from '../../kernel/compute/index.ts';
import { languageModelFamily } from '../../stdlib/models/lm/language-model-family.ts';
import { COLUMNS } from '../../stdlib/models/lm/training-rows.ts';
import { type TransformerConfig, transformerConfig } from '../../stdlib/nets/transformer/config.ts';
import { randomStream } from '../../stdlib/random.ts';
import { Batches } from '../../stdlib/training/batches.ts';
import type { Architecture, TrainingPass } from '../../stdlib/training/family.ts';
import { type TrainArgs, trainingOptions } from '../../stdlib/training/train.ts';
import { Trainer } from '../../stdlib/training/trainer.ts';
import { Data } from '../../stdlib/values/data.ts';
import { tensorValue } from '../../stdlib/values/tensor.ts';
import { median } from './measure.ts';
import { peakBytes } from './peak-memory.ts';
import type { StepTimes } from './training-steps.ts';

/**
 * Times the steps of the library's own decoder and trainer with the shapes and the optimiser of the workload `gpt`, in a
 * process of its own: `decoder-steps.ts <steps> [device]`. What `train` does is what is timed, batches included.
 */
const [LENGTH, ROWS] = [128, 16];

const CONFIG: TransformerConfig = transformerConfig(
	{
		vocabulary: 1024,
		width: 128,
		layers: 4,
		heads: 4,
		keyValueHeads: 4,
		headSize: 32,
		hidden: 512,
		context: LENGTH,
		norm: { kind: 'layer', epsilon: 1e-5 },
		positions: { kind: 'learned' },
		activation: 'gelu',
		gated: false,
		biases: { queryKeyValue: true, output: true, feedForward: true },
		tied: true,
	},
	'the workload gpt',
);

/** A row of random tokens, each labelled with the next. */
function row(number: number): Record<string, unknown> {
	const random = randomStream(number, 'gpt batch');
	const ids = Float32Array.from({ length: LENGTH + 1 }, () => random.below(CONFIG.vocabulary));
	const filled = (value: (place: number) => number) =>
		tensorValue(
			[LENGTH],
			Float32Array.from({ length: LENGTH }, (_, place) => value(place)),
		);
	return {
		tokens: filled((place) => ids[place] as number),
		labels: filled((place) => ids[place + 1] as number),
		weights: filled(() => 1),
		segments: filled(() => 1),
		positions: filled((place) => place),
	};
}

const data = Data.fromRows(
	Array.from({ length: ROWS }, (_, i) => row(i)),
	[],
	COLUMNS,
);
const architecture: Architecture = {
	family: languageModelFamily.name,
	graphs: [],
	config: { transformer: CONFIG, lowRank: null },
	features: COLUMNS.map((column) => ({ column, shape: [LENGTH] })),
};

const [count = '15', device] = process.argv.slice(2);
const WARM = 5;
const times = Number(count) + WARM;
const { tf } = await openCompute({ device });
// Adam at 1e-3 is what is taken where none is named.
const settings = { on: data, batch: ROWS, steps: times, shuffle: true, prefetch: 2, seed: 0 };
const options = trainingOptions(settings as unknown as TrainArgs);
const batches = Batches.of(architecture, data, options);
const trainer = new Trainer(tf, architecture, batches, options);

async function timed(run: () => Promise<unknown>): Promise<number[]> {
	const found: number[] = [];
	for (let i = 0; i < times; i++) {
		const began = performance.now();
		await run();
		found.push(performance.now() - began);
	}
	return found;
}

const steps = await timed(() => trainer.advance());
const peakMegabytes = peakBytes() / 2 ** 20;
const columns = COLUMNS.map((name) => {
	const values = Array.from(
		{ length: ROWS },
		(_, i) => (data.column(name).get(i) as { data: Float32Array }).data,
	);
	return tf.tensor(Float32Array.from(values.flatMap((part) => [...part])), [ROWS, LENGTH]);
});
const pass = {
	tf,
	weight: (name) => trainer.weights.get(name),
	share: () => tf.scalar(1),
} as Partial<TrainingPass> as TrainingPass;
const forward = compiledStep(tf, (...given) => {
	const batch = Object.fromEntries(COLUMNS.map((name, i) => [name, given[i] as Tensor]));
	return [languageModelFamily.loss(architecture, batch, pass).loss as Scalar];
});
const passes = await timed(async () => {
	const [loss] = forward(...columns) as [Tensor];
	await loss.data();
	loss.dispose();
});
const found: StepTimes = {
	name: 'decoder',
	step: median(steps.slice(WARM)),
	forward: median(passes.slice(WARM)),
	firstStep: steps[0] as number,
	peakMegabytes,
};
process.stdout.write(`${JSON.stringify(found)}\n`);
process.exit();
