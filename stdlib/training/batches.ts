import { UserError } from '../define.ts';
import { type Shape, showShape, sizeOf } from '../nets/graph.ts';
import { type Random, randomStream } from '../random.ts';
import type { Data } from '../values/data.ts';
import { isMissing } from '../values/missing.ts';
import { isTensorValue } from '../values/tensor.ts';
import type { Augmentation } from './augmentation.ts';
import type { BatchSource } from './batch-source.ts';
import type { Architecture } from './family.ts';
import { examplesAStep, type TrainingOptions } from './options.ts';

/** Columns of a batch as plain numbers, examples one after the other. */
export interface Batch {
	readonly size: number;
	readonly columns: Readonly<Record<string, Float32Array>>;
}

/** A column that a model learns from, with the shape that all its rows have. */
export interface Feature {
	readonly column: string;
	readonly shape: Shape;
}

/**
 * The shape of a data set's column, from its first row: [] for numbers.
 * @throws {UserError} where there is no such column, no row, or something that is no tensor
 */
export function featureOf(data: Data, column: string): Feature {
	const found = data.columns.get(column);
	if (!found)
		throw new UserError(
			`training needs a column \`${column}\`, which the data has not`,
			`there are ${[...data.columns.keys()].join(', ')}`,
		);
	if (data.length === 0) throw new UserError('there are no rows to train on');
	const first = found.get(0);
	if (isTensorValue(first)) return { column, shape: first.shape };
	if (typeof first === 'number') return { column, shape: [] };
	throw new UserError(`training reads images and numbers, but \`${column}\` holds something else`);
}

/** Some rows as one batch. @throws {UserError} for a row that is missing or of another shape */
export function gather(data: Data, features: readonly Feature[], rows: ArrayLike<number>): Batch {
	const columns = features.map(({ column, shape }) => {
		const size = sizeOf(shape);
		const values = new Float32Array(rows.length * size);
		const source = data.column(column);
		for (let i = 0; i < rows.length; i++) {
			const row = rows[i] as number;
			put(source.get(row), values, i * size, { column, shape }, row);
		}
		return [column, values] as const;
	});
	return { size: rows.length, columns: Object.fromEntries(columns) };
}

function put(value: unknown, into: Float32Array, at: number, { column, shape }: Feature, row: number): void {
	if (typeof value === 'number' && shape.length === 0) {
		into[at] = value;
		return;
	}
	if (isTensorValue(value) && value.shape.join() === shape.join()) {
		into.set(value.data, at);
		return;
	}
	const found = isTensorValue(value) ? showShape(value.shape) : isMissing(value) ? 'nothing' : 'no tensor';
	throw new UserError(
		`row ${row} has ${found} in \`${column}\`, where the first row has ${shape.length === 0 ? 'a number' : showShape(shape)}`,
		'all examples of a training run have one shape',
	);
}

/** A batch as several of at most so many examples, which share its memory. */
export function partsOf({ size, columns }: Batch, most: number): Batch[] {
	return Array.from({ length: Math.ceil(size / most) }, (_, part) => {
		const [from, to] = [part * most, Math.min(size, (part + 1) * most)];
		const cut = Object.entries(columns).map(([name, values]) => {
			const each = values.length / size;
			return [name, values.subarray(from * each, to * each)] as const;
		});
		return { size: to - from, columns: Object.fromEntries(cut) };
	});
}

export interface BatchPlan {
	readonly data: Data;
	readonly features: readonly Feature[];
	/** Examples a step; the last of an epoch is smaller when they do not come out even. */
	readonly size: number;
	readonly shuffle: boolean;
	readonly augment: readonly Augmentation[];
	readonly seed: number;
	/** What the model is measured on; the data itself when left out. */
	readonly evaluate?: Data;
}

/** Batches of a training run by number of the step: the same whether the run began there or went on there. */
export class Batches implements BatchSource {
	readonly perEpoch: number;
	private readonly plan: BatchPlan;
	private order: { readonly epoch: number; readonly rows: Int32Array } | null = null;
	private readonly ready = new Map<number, Batch>();

	constructor(plan: BatchPlan) {
		this.plan = plan;
		this.perEpoch = Math.ceil(plan.data.length / plan.size);
	}

	/** Those of a training run. */
	static of(architecture: Architecture, data: Data, options: TrainingOptions): Batches {
		const { features } = architecture;
		const { shuffle, augment, seed, evaluate } = options;
		return new Batches({ data, features, size: examplesAStep(options), shuffle, augment, seed, evaluate });
	}

	get measuredRows(): number {
		return this.measuredData.length;
	}

	measured(from: number, count: number): Batch {
		const rows = Int32Array.from({ length: count }, (_, i) => from + i);
		return gather(this.measuredData, this.plan.features, rows);
	}

	private get measuredData(): Data {
		return this.plan.evaluate ?? this.plan.data;
	}

	epochOf(step: number): number {
		return Math.floor(step / this.perEpoch);
	}

	/** Made now, to be taken later: while a device computes. */
	prepare(step: number): void {
		if (!this.ready.has(step)) this.ready.set(step, this.make(step));
	}

	take(step: number): Batch {
		const batch = this.ready.get(step) ?? this.make(step);
		this.ready.delete(step);
		return batch;
	}

	private make(step: number): Batch {
		const { data, features, size, augment, seed } = this.plan;
		const rows = this.rowsOf(this.epochOf(step));
		const from = (step % this.perEpoch) * size;
		const batch = gather(data, features, rows.subarray(from, from + size));
		if (augment.length === 0) return batch;
		return augmented(batch, features, augment, randomStream(seed, `augment/${step}`));
	}

	private rowsOf(epoch: number): Int32Array {
		if (this.order?.epoch !== epoch) this.order = { epoch, rows: this.orderOf(epoch) };
		return this.order.rows;
	}

	private orderOf(epoch: number): Int32Array {
		const { data, shuffle, seed } = this.plan;
		if (shuffle) return randomStream(seed, `shuffle/${epoch}`).permutation(data.length);
		return Int32Array.from({ length: data.length }, (_, row) => row);
	}
}

function augmented(
	batch: Batch,
	features: readonly Feature[],
	augment: readonly Augmentation[],
	random: Random,
): Batch {
	const columns = { ...batch.columns };
	for (const { column, shape } of features) {
		if (shape.length !== 3) continue;
		const size = sizeOf(shape);
		const values = columns[column] as Float32Array;
		for (let i = 0; i < batch.size; i++) {
			const image = values.subarray(i * size, (i + 1) * size);
			for (const change of augment) change.apply(image, shape as readonly [number, number, number], random);
		}
	}
	return { size: batch.size, columns };
}
