import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import { define, UserError } from '../define.ts';
import { type Feature, gather } from '../training/batches.ts';
import { Breathing } from '../training/breathing.ts';
import { RowBatches } from '../training/row-batches.ts';
import type { LiveModel, TrainedModel } from '../training/trained-model.ts';
import { Choice } from '../values/choice.ts';
import type { Data } from '../values/data.ts';
import type { Table } from '../values/table.ts';
import { isTensorValue, type TensorValue, tensorValue } from '../values/tensor.ts';
import { type Shape, showShape, sizeOf } from './graph.ts';
import { CODES, cellsOf, configOf, decodeRows, latentRows } from './models/vqvae.ts';
import { nearestCodes } from './vq/quantise.ts';

interface OfImage {
	readonly model: TrainedModel;
	readonly image: TensorValue;
}

/** One gatherer a model and a kind of question. */
function batchesOf<Result>(
	kind: string,
	model: TrainedModel,
	compute: (live: LiveModel, images: Tensor) => Promise<readonly Result[]>,
): RowBatches<TensorValue, Result> {
	const known = gatherers.get(model) ?? new Map<string, RowBatches<TensorValue, unknown>>();
	gatherers.set(model, known);
	let found = known.get(kind);
	if (!found) {
		found = new RowBatches<TensorValue, unknown>(async (rows) => {
			const live = await model.open();
			const images = stacked(live, rows);
			try {
				return await compute(live, images);
			} finally {
				images.dispose();
			}
		});
		known.set(kind, found);
	}
	return found as RowBatches<TensorValue, Result>;
}

const gatherers = new WeakMap<TrainedModel, Map<string, RowBatches<TensorValue, unknown>>>();

function stacked({ tf }: LiveModel, rows: readonly TensorValue[]): Tensor {
	const shape = rows[0]?.shape ?? [];
	const values = new Float32Array(rows.length * sizeOf(shape));
	rows.forEach(({ data }, i) => {
		values.set(data, i * sizeOf(shape));
	});
	return tf.tensor(values, [rows.length, ...shape]);
}

function imageFor(model: TrainedModel, image: unknown): TensorValue {
	const shape = (model.architecture.features[0] as Feature).shape;
	if (isTensorValue(image) && image.shape.join() === shape.join()) return image;
	const given = isTensorValue(image) ? showShape(image.shape) : 'something else';
	throw new UserError(`${model.name} was trained on ${showShape(shape)}, but is given ${given}`);
}

function needFamily(model: TrainedModel, families: readonly string[], method: string): void {
	if (!families.includes(model.architecture.family))
		throw new UserError(`${model.name} is a ${model.architecture.family}: it has no ${method}`);
}

async function split(result: Tensor, shape: Shape): Promise<TensorValue[]> {
	const values = (await result.data()) as Float32Array;
	result.dispose();
	const size = sizeOf(shape);
	return Array.from({ length: values.length / size }, (_, i) =>
		tensorValue(shape, values.slice(i * size, (i + 1) * size)),
	);
}

/** The image as the model gives it back. */
export function reconstruct({ model, image }: OfImage): Promise<TensorValue> {
	needFamily(model, ['vqvae', 'autoencoder'], 'reconstruct');
	const asked = imageFor(model, image);
	return batchesOf('reconstruct', model, (live, images) => {
		const made = live.tf.tidy(() => reconstructBatch(model, live, images));
		return split(made, asked.shape);
	}).ask(asked);
}

function reconstructBatch(model: TrainedModel, live: LiveModel, images: Tensor): Tensor {
	if (model.architecture.family !== 'vqvae') return live.apply('decoder', live.apply('encoder', images));
	const codes = live.weight(CODES) as Tensor2D;
	const nearest = nearestCodes(live.tf, latentRows(model.architecture, images, live.pass), codes);
	return decodeRows(model.architecture, live.tf.gather(codes, nearest as never), live.pass);
}

/** Which codes an image becomes, in reading order. */
export function codesOf({ model, image }: OfImage): Promise<readonly number[]> {
	needFamily(model, ['vqvae'], 'codes');
	return batchesOf('codes', model, async (live, images) => {
		const flat = await codesOfBatch(model, live, images);
		const cells = cellsOf(model.architecture);
		return Array.from({ length: flat.length / cells }, (_, i) =>
			Array.from(flat.subarray(i * cells, (i + 1) * cells)),
		);
	}).ask(imageFor(model, image));
}

async function codesOfBatch(model: TrainedModel, live: LiveModel, images: Tensor): Promise<Int32Array> {
	const nearest = live.tf.tidy(() =>
		nearestCodes(live.tf, latentRows(model.architecture, images, live.pass), live.weight(CODES) as Tensor2D),
	);
	const values = (await nearest.data()) as Int32Array;
	nearest.dispose();
	return values;
}

/** The distribution over the classes, named "0", "1" and so on. */
export function predict({ model, image }: OfImage): Promise<Choice> {
	needFamily(model, ['classifier'], 'predict');
	return batchesOf('predict', model, async (live, images) => {
		const probs = live.tf.tidy(() => live.tf.softmax(live.apply('network', images)));
		const classes = probs.shape[1] as number;
		const values = (await probs.data()) as Float32Array;
		probs.dispose();
		const options = Array.from({ length: classes }, (_, k) => String(k));
		return Array.from({ length: values.length / classes }, (_, i) => {
			const row = Array.from(values.subarray(i * classes, (i + 1) * classes));
			return new Choice(options, row, 0, { by: 'logprob', normalise: 'raw' });
		});
	}).ask(imageFor(model, image));
}

/** How often each code is used by a data set: a row a code, the most used first. */
export async function codeUsageTable(model: TrainedModel, on: Data): Promise<Table> {
	needFamily(model, ['vqvae'], 'code_usage');
	const live = await model.open();
	const { features } = model.architecture;
	const counts = new Float64Array(configOf(model.architecture).codes);
	const breathing = new Breathing();
	for (let from = 0; from < on.length; from += BATCH) {
		await breathing.turn();
		const rows = Int32Array.from({ length: Math.min(BATCH, on.length - from) }, (_, i) => from + i);
		const { shape, column } = features[0] as Feature;
		const values = gather(on, features, rows).columns[column] as Float32Array;
		const images = live.tf.tensor(values, [rows.length, ...shape]);
		for (const code of await codesOfBatch(model, live, images)) counts[code] = (counts[code] as number) + 1;
		images.dispose();
	}
	return usageTable(model, counts);
}

const BATCH = 256;

function usageTable(model: TrainedModel, counts: Float64Array): Table {
	const total = counts.reduce((sum, count) => sum + count, 0);
	const order = Array.from(counts.keys()).sort((a, b) => (counts[b] as number) - (counts[a] as number));
	return {
		kind: 'table',
		name: model.name,
		columns: [
			{ name: 'rank', role: 'group' },
			{ name: 'code', role: 'value' },
			{ name: 'uses', role: 'value' },
			{ name: 'share', role: 'value' },
		],
		rows: order.map((code, i) => {
			const uses = counts[code] as number;
			return { rank: i + 1, code, uses, share: uses / total };
		}),
		notices: model.notices,
		models: [],
		lineage: null,
	};
}

/** A number of the last line of the history that was measured. */
function lastMeasure(model: TrainedModel, name: string): number {
	const line = [...model.history].reverse().find((row) => row[name] !== null && row[name] !== undefined);
	if (!line) throw new UserError(`${model.name} has no ${name}: it was never measured`);
	return line[name] as number;
}

interface OfModel {
	readonly model: TrainedModel;
}

export const trainedMethods = [
	define({
		name: 'Trained.reconstruct',
		signature:
			'Trained.reconstruct(model: Trained<Model<reconstruct>>, image: Image[h, w, c]) -> Image[h, w, c]',
		doc: 'The image as the model gives it back; a `vqvae` takes the nearest codes.',
		example: 'y = fit.reconstruct(x.image)',
		version: 1,
		run: reconstruct,
	}),
	define({
		name: 'Trained.codes',
		signature: 'Trained.codes(model: Trained<Model<quantise>>, image: Image[h, w, c]) -> List<Number>',
		doc: 'Which codes an image becomes, in reading order; codes are numbered from 0.',
		version: 1,
		run: codesOf,
	}),
	define({
		name: 'Trained.predict',
		signature: 'Trained.predict(model: Trained<Model<classify>>, image: Image[h, w, c]) -> Choice',
		doc: 'The distribution over the classes, with options "0", "1" and so on.',
		example: 'p = fit.predict(x.image)   correct = p.best == "{x.label}"',
		version: 1,
		run: predict,
	}),
	define({
		name: 'Trained.bits',
		signature: 'Trained.bits(model: Trained<Model<quantise>>) -> Number',
		doc: 'Bits that the codes of one image take when every code costs the same: codes of an image × log₂ of the codebook’s size.',
		version: 1,
		run: ({ model }: OfModel) => cellsOf(model.architecture) * Math.log2(configOf(model.architecture).codes),
	}),
	define({
		name: 'Trained.bits_per_pixel',
		signature: 'Trained.bits_per_pixel(model: Trained<Model<quantise>>) -> Number',
		doc: 'Bits a pixel by the entropy of how often each code was used in the last measurement, as an ideal coder of independent codes would need.',
		version: 1,
		run: ({ model }: OfModel) => lastMeasure(model, 'bits_per_pixel'),
	}),
	define({
		name: 'Trained.perplexity',
		signature: 'Trained.perplexity(model: Trained<Model<quantise>>) -> Number',
		doc: 'e to the entropy of code usage in the last measurement: how many codes are used evenly, in effect.',
		version: 1,
		run: ({ model }: OfModel) => lastMeasure(model, 'perplexity'),
	}),
	define({
		name: 'Trained.code_usage',
		signature:
			'Trained.code_usage(model: Trained<Model<quantise>>, on: Data<{image: Image}>) -> Table<CodeUse, CodeUse>',
		doc: 'How often each code is used by a data set: a row a code, the most used first.',
		example: 'table usage = fit.code_usage(on: digits.test)',
		version: 1,
		run: ({ model, on }: OfModel & { readonly on: Data }) => codeUsageTable(model, on),
	}),
];
