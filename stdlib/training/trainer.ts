import type { Tfjs, UniformSource } from '../../kernel/compute/index.ts';
import type { WeightSpec } from '../nets/layer-kind.ts';
import { initialWeights, type WeightValue, type WeightValues, weightsOf } from '../nets/weights.ts';
import { randomStream } from '../random.ts';
import { isEstimate } from '../values/estimate.ts';
import type { BatchSource } from './batch-source.ts';
import { type Batch, partsOf } from './batches.ts';
import type { TrainingState } from './checkpoint.ts';
import { diagnose } from './diagnose.ts';
import {
	type Architecture,
	type BatchTensors,
	type Family,
	familyNamed,
	type Measures,
	type TrainingPass,
} from './family.ts';
import { GradientStep } from './gradient-step.ts';
import { type HistoryRow, LossMeter } from './history.ts';
import { Measured } from './measured.ts';
import type { TrainingSettings } from './options.ts';
import { valueAt } from './schedule.ts';
import { AccumulatedStep, SingleStep, type StepMaker } from './step-maker.ts';
import { madeFor, wholeStep } from './training-step.ts';
import { slotsOf } from './update-rule.ts';
import { WeightStore } from './weight-store.ts';

/** Numbers of one step, as read from the device. */
export type StepValues = Readonly<Record<string, number>> & {
	readonly loss: number;
	readonly gradient_norm: number;
};

/** Makes the steps of one training run on one device. */
export class Trainer {
	readonly family: Family;
	readonly batches: BatchSource;
	readonly weights: WeightStore;
	readonly slots: WeightStore;
	step = 0;
	history: HistoryRow[] = [];
	warnings: string[] = [];
	best: { step: number; value: number } | null = null;
	private bestWeights: WeightValues | null = null;
	private meter = new LossMeter();
	private readonly tf: Tfjs;
	private readonly architecture: Architecture;
	private readonly options: TrainingSettings;
	private readonly specs: readonly WeightSpec[];
	private readonly learned: readonly WeightSpec[];
	private readonly work: GradientStep;
	private readonly maker: StepMaker;

	constructor(tf: Tfjs, architecture: Architecture, batches: BatchSource, options: TrainingSettings) {
		this.tf = tf;
		this.architecture = architecture;
		this.options = options;
		this.family = familyNamed(architecture.family);
		this.specs = specsOf(architecture);
		this.learned = this.specs.filter((spec) => spec.trainable);
		this.batches = batches;
		const trainable = new Set(this.learned.map(({ name }) => name));
		const start = startingWeights(this.specs, options, (name) => this.stream(`initial/${name}`));
		this.weights = new WeightStore(tf, start, (name) => trainable.has(name));
		this.slots = new WeightStore(tf, this.zeros(), () => false);
		const { weights, slots, learned } = this;
		const learning = { architecture, options, weights, slots, learned };
		this.work = new GradientStep(tf, learning);
		const load = (batch: Batch): BatchTensors => this.batchTensors(batch);
		this.maker =
			options.accumulate === 1
				? new SingleStep(tf, this.work, load)
				: new AccumulatedStep(tf, this.work, learning, load);
	}

	/** Work before the first step; not for a run that goes on. */
	async begin(): Promise<void> {
		if (this.step === 0) await this.hostWork(await this.batches.take(0));
	}

	/**
	 * One step of the optimiser.
	 * @throws {UserError} when the loss or a gradient is not a number; the weights are then not to be used
	 */
	async advance(): Promise<StepValues> {
		const batch = await this.batches.take(this.step);
		const values = (await this.maker.make(batch, this.step, () => this.prefetch())) as StepValues;
		this.step++;
		this.meter.add(values);
		if (isUsable(values)) await this.hostWork(batch);
		return values;
	}

	private prefetch(): void {
		for (let ahead = 1; ahead <= this.options.prefetch; ahead++) this.batches.prepare(this.step + ahead);
	}

	/** Says where numbers ended, when the next step is made from this state. */
	async diagnoseNext(): Promise<string | null> {
		for (const part of partsOf(await this.batches.take(this.step), this.options.batch)) {
			const where = await this.diagnoseIn(part);
			if (where) return where;
		}
		return null;
	}

	private async diagnoseIn(part: Batch): Promise<string | null> {
		const batch = this.batchTensors(part);
		try {
			return await diagnose(this.tf, this.family, this.architecture, {
				batch,
				pass: (watch) => this.work.pass(madeFor(wholeStep(this.step)), true, () => {}, watch),
				learned: this.learned.map(({ name }) => [name, this.weights.get(name)] as const),
			});
		} finally {
			for (const tensor of Object.values(batch)) tensor.dispose();
		}
	}

	/** A pass outside of training, which changes nothing. */
	private quietPass(): TrainingPass {
		return this.work.pass(madeFor(wholeStep(this.step)), false, () => {});
	}

	private stream(name: string): UniformSource {
		return randomStream(this.options.seed, name);
	}

	private async hostWork(batch: Batch): Promise<void> {
		if (!this.family.afterStep) return;
		await this.family.afterStep(this.architecture, {
			tf: this.tf,
			pass: this.quietPass(),
			step: this.step,
			batch: () => this.batchTensors(partsOf(batch, this.options.batch)[0] as Batch),
			random: (name) => this.stream(`${name}/${this.step}`),
			read: async (name) => (await this.weights.get(name).data()) as Float32Array,
			write: (name, values) => this.weights.write(name, values),
		});
	}

	private batchTensors(batch: Batch): BatchTensors {
		return Object.fromEntries(
			this.architecture.features.map(({ column, shape }) => [
				column,
				this.tf.tensor(batch.columns[column] as Float32Array, [batch.size, ...shape], 'float32'),
			]),
		);
	}

	/**
	 * What the family measures with the weights of now.
	 * @param between runs after each batch; what it throws ends the measurement
	 */
	async measure(between = async (): Promise<void> => {}): Promise<Measures> {
		const { batches } = this;
		const load = async (from: number, count: number): Promise<BatchTensors> =>
			this.batchTensors(await batches.measured(from, count));
		const measured = new Measured(batches.measuredRows, this.options.batch, load, between);
		const { tf } = this;
		return this.family.measure(this.architecture, { tf, pass: this.quietPass(), batches: () => measured });
	}

	/** A line of the history: the means since the last one, and what was measured. */
	async writeLine(measures: Measures | null): Promise<HistoryRow> {
		const row: HistoryRow = {
			step: this.step,
			epoch: this.step / this.batches.perEpoch,
			...this.meter.take(),
			rate: valueAt(this.options.optimizer.rate, this.step - 1, this.options.steps),
			...measures,
		};
		this.history.push(row);
		if (measures) await this.consider(measures);
		return row;
	}

	private async consider(measures: Measures): Promise<void> {
		this.warnings = [...(this.family.warnings?.(this.architecture, measures) ?? [])];
		const value = numberOf(measures[this.family.measures[0] as string]);
		if (value === null || (this.best && value >= this.best.value)) return;
		this.best = { step: this.step, value };
		if (this.options.patience !== null) this.bestWeights = await this.movingWeights();
	}

	/** Whether early stopping ends the run here. */
	get isStale(): boolean {
		const { patience } = this.options;
		if (patience === null || !this.best) return false;
		const since = this.history.filter(
			(row) => row.step > (this.best?.step ?? 0) && row[this.family.measures[0] as string] != null,
		);
		return since.length >= patience;
	}

	async state(): Promise<TrainingState> {
		const { step, history, best, warnings, bestWeights } = this;
		return {
			step,
			seed: this.options.seed,
			meter: this.meter.state,
			history,
			best,
			warnings,
			weights: await this.movingWeights(),
			slots: await this.slots.values(),
			bestWeights,
		};
	}

	restore(state: TrainingState): void {
		this.step = state.step;
		this.history = [...state.history];
		this.best = state.best;
		this.warnings = [...state.warnings];
		this.bestWeights = state.bestWeights;
		this.meter = LossMeter.from(state.meter);
		this.weights.restore(state.weights);
		this.slots.restore(state.slots);
	}

	/** The weights that the run ends with: with early stopping, those of the best measure. */
	async result(): Promise<WeightValues> {
		const moving = this.bestWeights ?? (await this.movingWeights());
		const { start } = this.options;
		return new Map(
			this.specs.map(({ name }) => [name, (moving.get(name) ?? start?.get(name)) as WeightValue] as const),
		);
	}

	/** All but those that the run was given and does not train: a checkpoint need not hold them again. */
	private movingWeights(): Promise<Map<string, WeightValue>> {
		const { start } = this.options;
		const still = new Set(
			this.specs.flatMap(({ name, trainable }) => (!trainable && start?.has(name) ? [name] : [])),
		);
		return this.weights.values((name) => !still.has(name));
	}

	dispose(): void {
		this.maker.dispose();
		this.weights.dispose();
		this.slots.dispose();
	}

	private zeros(): WeightValues {
		const zeros = new Map<string, WeightValue>();
		for (const slot of slotsOf(this.options.optimizer)) {
			for (const { name, shape } of this.learned) {
				const size = shape.reduce((product, dim) => product * dim, 1);
				zeros.set(`${slot}/${name}`, { shape, data: new Float32Array(size) });
			}
		}
		return zeros;
	}
}

/** In the order of the specs: what the run is given to begin with, the rest drawn. */
function startingWeights(
	specs: readonly WeightSpec[],
	{ start }: TrainingSettings,
	random: (name: string) => UniformSource,
): WeightValues {
	if (!start) return initialWeights(specs, random);
	const drawn = initialWeights(
		specs.filter(({ name }) => !start.has(name)),
		random,
	);
	return new Map(specs.map(({ name }) => [name, (start.get(name) ?? drawn.get(name)) as WeightValue]));
}

export function specsOf(architecture: Architecture): readonly WeightSpec[] {
	const own = familyNamed(architecture.family).weights(architecture);
	return [...architecture.graphs.flatMap(weightsOf), ...own];
}

export const isUsable = (values: StepValues): boolean =>
	Number.isFinite(values.loss) && Number.isFinite(values.gradient_norm);

function numberOf(measure: unknown): number | null {
	if (typeof measure === 'number') return measure;
	return isEstimate(measure) ? measure.value : null;
}
