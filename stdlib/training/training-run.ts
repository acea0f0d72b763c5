import { UserError } from '../define.ts';
import type { BatchSource } from './batch-source.ts';
import { Breathing } from './breathing.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import type { Architecture } from './family.ts';
import type { HistoryRow } from './history.ts';
import { forUsers, openDevice } from './open-device.ts';
import { examplesAStep, type TrainingSettings } from './options.ts';
import { isUsable, type StepValues, Trainer } from './trainer.ts';
import type { TrainingHooks, TrainingResult } from './training-hooks.ts';

/** Trains in this thread, from the start, or from where an earlier run stopped, to the same numbers. */
export async function train(
	architecture: Architecture,
	batches: BatchSource,
	settings: TrainingSettings,
	hooks: TrainingHooks,
): Promise<TrainingResult> {
	hooks.signal.throwIfAborted();
	const { tf } = await openDevice(settings.device);
	const make = (): Trainer => new Trainer(tf, architecture, batches, settings);
	const run = new TrainingRun(make, settings, hooks);
	try {
		return await run.go();
	} catch (error) {
		throw forUsers(error);
	} finally {
		run.dispose();
	}
}

/** Longest time between two checkpoints, in milliseconds. */
const CHECKPOINT_MS = 30_000;
const PROGRESS_MS = 200;

class TrainingRun {
	private trainer: Trainer;
	private readonly make: () => Trainer;
	private readonly options: TrainingSettings;
	private readonly hooks: TrainingHooks;
	private readonly pace = new Pace();
	private first = 0;
	private savedAt = performance.now();
	private savedStep = 0;
	private toldAt = 0;
	private readonly breathing = new Breathing();

	constructor(make: () => Trainer, options: TrainingSettings, hooks: TrainingHooks) {
		this.make = make;
		this.trainer = make();
		this.options = options;
		this.hooks = hooks;
	}

	dispose(): void {
		this.trainer.dispose();
	}

	async go(): Promise<TrainingResult> {
		await this.resume();
		this.first = this.trainer.step;
		await this.trainer.begin();
		if (this.trainer.step === 0) await this.save();
		// An interrupt may have come between a step and its measurement.
		else if (this.isLineDue && this.trainer.history.at(-1)?.step !== this.trainer.step)
			await this.writeLine();
		while (this.trainer.step < this.options.steps && !this.trainer.isStale) await this.oneStep();
		const { history, warnings } = this.trainer;
		const weights = await this.trainer.result();
		return { weights, history, warnings, stepsMade: this.trainer.step - this.first };
	}

	private async resume(): Promise<void> {
		const bytes = await this.hooks.checkpoint?.read();
		const state = bytes ? decodeCheckpoint(bytes) : null;
		if (!state || state.step === 0) return;
		this.trainer.restore(state);
		this.savedStep = state.step;
		this.hooks.notice?.(`training goes on after step ${state.step} of ${this.options.steps}`);
	}

	private async oneStep(): Promise<void> {
		const values = await this.trainer.advance();
		if (!isUsable(values)) throw await this.failure();
		const line = this.isLineDue ? await this.writeLine() : null;
		this.tell(values, line);
		if (this.isTimeToSave()) await this.save();
		await this.breathe();
	}

	private get isMeasureDue(): boolean {
		const { step } = this.trainer;
		return step === this.options.steps || step % this.options.evaluateEvery === 0;
	}

	private get isLineDue(): boolean {
		return this.isMeasureDue || this.trainer.step % this.options.logEvery === 0;
	}

	private async writeLine(): Promise<HistoryRow> {
		const { trainer } = this;
		const measures = this.isMeasureDue ? await trainer.measure(() => this.breathe()) : null;
		return trainer.writeLine(measures);
	}

	private isTimeToSave(): boolean {
		const { step } = this.trainer;
		return step % this.options.checkpointEvery === 0 || performance.now() - this.savedAt > CHECKPOINT_MS;
	}

	private async save(): Promise<void> {
		if (!this.hooks.checkpoint) return;
		await this.hooks.checkpoint.write(encodeCheckpoint(await this.trainer.state()));
		this.savedAt = performance.now();
		this.savedStep = this.trainer.step;
	}

	/** Lets timers, interrupts and others in. An interrupt first puts away how far the run has come. */
	private async breathe(): Promise<void> {
		if (!(await this.breathing.turn()) || !this.hooks.signal.aborted) return;
		await this.save();
		this.hooks.signal.throwIfAborted();
	}

	private tell(values: StepValues, line: HistoryRow | null): void {
		const now = performance.now();
		const { step } = this.trainer;
		this.pace.add(now, step);
		if (!line && now - this.toldAt < PROGRESS_MS) return;
		this.toldAt = now;
		const perSecond = this.pace.perSecond;
		this.hooks.progress?.({
			step,
			steps: this.options.steps,
			loss: values.loss,
			examplesPerSecond: perSecond === null ? null : perSecond * examplesAStep(this.options),
			secondsLeft: perSecond === null ? null : (this.options.steps - step) / perSecond,
			line,
		});
	}

	/** Makes the steps since the last checkpoint again, which come out the same, to look into the one that failed. */
	private async failure(): Promise<UserError> {
		const failed = this.trainer.step;
		const bytes = await this.hooks.checkpoint?.read();
		const state = bytes ? decodeCheckpoint(bytes) : null;
		this.trainer.dispose();
		this.trainer = this.make();
		if (state) this.trainer.restore(state);
		await this.trainer.begin();
		while (this.trainer.step < failed - 1) await this.trainer.advance();
		const where = await this.trainer.diagnoseNext();
		const good = this.hooks.checkpoint
			? `; the last good checkpoint is ${this.savedStep === 0 ? 'the start' : `of step ${this.savedStep}`}`
			: '';
		return new UserError(
			`the loss is not a number at step ${failed}: it begins in ${where ?? 'the update before it'}${good}`,
			'lower the learning rate, clip gradients (`clip = 1`), or look at the data for values that are not numbers',
		);
	}
}

/** Steps a second over the last seconds. */
class Pace {
	private readonly samples: { readonly at: number; readonly step: number }[] = [];

	add(at: number, step: number): void {
		const { samples } = this;
		if (samples.length > 1 && at - (samples.at(-1)?.at ?? 0) < 100) return;
		samples.push({ at, step });
		while (samples.length > 2 && at - (samples[1]?.at ?? at) > 10_000) samples.shift();
	}

	/** Null until a second has been seen. */
	get perSecond(): number | null {
		const [first, last] = [this.samples[0], this.samples.at(-1)];
		if (!first || !last || last.at - first.at < 1000) return null;
		return ((last.step - first.step) * 1000) / (last.at - first.at);
	}
}
