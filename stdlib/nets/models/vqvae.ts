import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import { define, UserError } from '../../define.ts';
import { mean } from '../../statistics/mean.ts';
import { featureOf } from '../../training/batches.ts';
import {
	type AfterStep,
	type Architecture,
	type BatchTensors,
	type Family,
	type Losses,
	type Measures,
	type Measuring,
	registerFamily,
	type Trainable,
	type TrainingPass,
} from '../../training/family.ts';
import type { Data } from '../../values/data.ts';
import { wholeSize } from '../fit.ts';
import { forward } from '../forward.ts';
import { outputShape, type Shape, sizeOf } from '../graph.ts';
import type { WeightSpec } from '../layer-kind.ts';
import type { NetworkFunction } from '../symbol.ts';
import { averagedCodes, averagesAfter } from '../vq/ema.ts';
import {
	gumbelSoftmax,
	klToUniform,
	nearestOneHot,
	squaredDistances,
	straightThrough,
	vqLosses,
} from '../vq/quantise.ts';
import { type Quantizer, straightThroughQuantizer } from '../vq/quantizer.ts';
import { reviveCodes, startCodes } from '../vq/revive.ts';
import { codeUsage, collapseWarning, entropyBits } from '../vq/usage.ts';
import { errorPerExample } from './autoencoder.ts';
import { graphNamed, traceAutoencoder } from './networks.ts';

export interface VqvaeConfig {
	readonly codes: number;
	readonly quantizer: Quantizer;
	/** Steps between two looks for dead codes; 0 is never. */
	readonly revive: number;
}

export const configOf = (architecture: Architecture): VqvaeConfig => architecture.config as VqvaeConfig;

export const latentShape = ({ graphs }: Architecture): Shape => outputShape(graphNamed(graphs, 'encoder'));

/** Codes of one image. */
export const cellsOf = (architecture: Architecture): number =>
	sizeOf(latentShape(architecture)) / (latentShape(architecture).at(-1) as number);

export const CODES = 'codebook/codes';
const USES = 'codebook/uses';
const COUNTS = 'codebook/counts';
const SUMS = 'codebook/sums';

const followsAverages = ({ quantizer }: VqvaeConfig): boolean =>
	quantizer.by === 'nearest' && quantizer.codebook === 'ema';

function codebookWeights(architecture: Architecture): WeightSpec[] {
	const config = configOf(architecture);
	const d = latentShape(architecture).at(-1) as number;
	const { codes } = config;
	const statistic = (name: string, shape: Shape, value: number): WeightSpec => ({
		name,
		shape,
		initial: { kind: 'constant', value },
		trainable: false,
		decays: false,
	});
	const averages = followsAverages(config);
	return [
		{
			name: CODES,
			shape: [codes, d],
			initial: { kind: 'uniform', fanIn: codes * codes },
			trainable: !averages,
			decays: false,
		},
		statistic(USES, [codes], 0),
		...(averages ? [statistic(COUNTS, [codes], 1), statistic(SUMS, [codes, d], 0)] : []),
	];
}

/** The latents of a batch as rows: [n × cells, d]. */
export function latentRows(architecture: Architecture, images: Tensor, pass: TrainingPass): Tensor2D {
	const latents = forward(graphNamed(architecture.graphs, 'encoder'), [images], pass);
	return pass.tf.reshape(latents, [-1, latentShape(architecture).at(-1) as number]);
}

export function decodeRows(architecture: Architecture, rows: Tensor, pass: TrainingPass): Tensor {
	const latents = pass.tf.reshape(rows, [-1, ...latentShape(architecture)]);
	return forward(graphNamed(architecture.graphs, 'decoder'), [latents], pass);
}

function loss(architecture: Architecture, { image }: BatchTensors, pass: TrainingPass): Losses {
	const { quantizer } = configOf(architecture);
	const latents = latentRows(architecture, image as Tensor, pass);
	return quantizer.by === 'nearest'
		? straightThroughLoss(architecture, quantizer, image as Tensor, latents, pass)
		: gumbelLoss(architecture, quantizer, image as Tensor, latents, pass);
}

/** Reconstruction + codebook + β commitment, each a mean over all numbers (van den Oord et al. 2017, equation 3). */
function straightThroughLoss(
	architecture: Architecture,
	quantizer: Extract<Quantizer, { by: 'nearest' }>,
	images: Tensor,
	latents: Tensor2D,
	pass: TrainingPass,
): Losses {
	const { tf } = pass;
	const codes = pass.weight(CODES) as Tensor2D;
	const assigned = nearestOneHot(tf, latents, codes);
	const quantised = tf.matMul(assigned, codes);
	countUses(assigned, pass);
	if (quantizer.codebook === 'ema') followAverages(assigned, latents, quantizer.decay, pass);
	const made = decodeRows(architecture, straightThrough(tf, latents, quantised), pass);
	const reconstruction = tf.mean(tf.square(tf.sub(images, made)));
	const { codebook, commitment } = vqLosses(tf, latents, quantised);
	const pull = tf.mul(commitment, quantizer.commitment);
	const total = tf.add(reconstruction, quantizer.codebook === 'ema' ? pull : tf.add(codebook, pull));
	return { loss: total.asScalar(), parts: { reconstruction, codebook, commitment } };
}

/** [reconstruction + kl × KL + commitment × expected distance] / dims, sums over an image, means over the batch (HQA). */
function gumbelLoss(
	architecture: Architecture,
	quantizer: Extract<Quantizer, { by: 'gumbel' }>,
	images: Tensor,
	latents: Tensor2D,
	pass: TrainingPass,
): Losses {
	const { tf } = pass;
	const codes = pass.weight(CODES) as Tensor2D;
	const distances = squaredDistances(tf, latents, codes);
	const logProbs = tf.logSoftmax(tf.neg(distances)) as Tensor2D;
	const { shape } = logProbs;
	const noise = pass.draw('codebook/noise', (draws) => draws.gumbel(shape));
	const mixture = gumbelSoftmax(tf, logProbs, noise, pass.at(quantizer.temperature));
	countUses(nearestOneHot(tf, latents, codes), pass);
	const made = decodeRows(architecture, tf.matMul(mixture as Tensor2D, codes), pass);
	const dims = sizeOf(images.shape.slice(1));
	const perDim = cellsOf(architecture) / dims;
	const reconstruction = tf.mean(tf.square(tf.sub(images, made)));
	const kl = tf.mul(tf.mean(klToUniform(tf, logProbs)), perDim);
	const commitment = tf.mul(tf.mean(tf.sum(tf.mul(tf.exp(logProbs), distances), 1)), perDim);
	const extra = tf.add(tf.mul(kl, quantizer.kl), tf.mul(commitment, quantizer.commitment));
	return { loss: tf.add(reconstruction, extra).asScalar(), parts: { reconstruction, kl, commitment } };
}

function countUses(assigned: Tensor2D, { tf, weight, update }: TrainingPass): void {
	update(USES, tf.add(weight(USES), tf.sum(assigned, 0)));
}

function followAverages(assigned: Tensor2D, latents: Tensor2D, decay: number, pass: TrainingPass): void {
	const { tf, weight, update } = pass;
	const next = averagesAfter(tf, { counts: weight(COUNTS), sums: weight(SUMS) }, assigned, latents, decay);
	update(COUNTS, next.counts);
	update(SUMS, next.sums);
	update(CODES, averagedCodes(tf, next));
}

/** Reconstruction error, and how the codebook is used over a data set. */
async function measure(architecture: Architecture, { tf, pass, batches }: Measuring): Promise<Measures> {
	const { codes } = configOf(architecture);
	const counts = new Float64Array(codes);
	const errors: number[] = [];
	for await (const { image } of batches()) {
		const [used, found] = tf.tidy(() => quantisedBatch(architecture, image as Tensor, pass));
		errors.push(...(await found.data()));
		(await used.data()).forEach((count, k) => {
			counts[k] = (counts[k] as number) + count;
		});
		used.dispose();
		found.dispose();
	}
	const { perplexity, usage, deadCodes } = codeUsage(counts);
	const [height, width] = architecture.features[0]?.shape ?? [];
	return {
		error: mean(errors),
		perplexity,
		usage,
		dead_codes: deadCodes,
		bits_per_pixel: entropyBits(cellsOf(architecture), perplexity) / ((height ?? 1) * (width ?? 1)),
	};
}

/** How often each code is used by a batch, and each example's error. */
function quantisedBatch(architecture: Architecture, images: Tensor, pass: TrainingPass): [Tensor, Tensor] {
	const { tf } = pass;
	const codes = pass.weight(CODES) as Tensor2D;
	const assigned = nearestOneHot(tf, latentRows(architecture, images, pass), codes);
	const made = decodeRows(architecture, tf.matMul(assigned, codes), pass);
	return [tf.sum(assigned, 0), errorPerExample(tf, images, made)];
}

/** Codes begin as latents of the first batch; those that nothing used for a while become latents of the batch at hand. */
async function afterStep(architecture: Architecture, after: AfterStep): Promise<void> {
	const { revive } = configOf(architecture);
	const isStart = after.step === 0;
	if (!isStart && (revive === 0 || after.step % revive !== 0)) return;
	const latents = await currentLatents(architecture, after);
	const d = latentShape(architecture).at(-1) as number;
	const codes = (await after.read(CODES)).slice();
	const random = after.random('codebook/revive');
	const changed = isStart
		? startCodes(codes, latents, d, random)
		: reviveCodes(codes, await after.read(USES), latents, d, random);
	after.write(USES, new Float32Array(codes.length / d));
	if (changed.length === 0) return;
	after.write(CODES, codes);
	if (followsAverages(configOf(architecture))) await restartAverages(codes, changed, d, after);
}

async function currentLatents(architecture: Architecture, after: AfterStep): Promise<Float32Array> {
	const { tf, pass } = after;
	const batch = after.batch();
	const rows = tf.tidy(() => latentRows(architecture, batch.image as Tensor, pass));
	const values = (await rows.data()) as Float32Array;
	for (const tensor of [rows, ...Object.values(batch)]) tensor.dispose();
	return values;
}

async function restartAverages(
	codes: Float32Array,
	changed: readonly number[],
	d: number,
	after: AfterStep,
): Promise<void> {
	const counts = (await after.read(COUNTS)).slice();
	const sums = (await after.read(SUMS)).slice();
	for (const k of changed) {
		counts[k] = 1;
		sums.set(codes.subarray(k * d, (k + 1) * d), k * d);
	}
	after.write(COUNTS, counts);
	after.write(SUMS, sums);
}

const vqvaeFamily: Family = registerFamily({
	name: 'vqvae',
	weights: codebookWeights,
	summary: (architecture) => {
		const { codes } = configOf(architecture);
		const d = latentShape(architecture).at(-1) as number;
		const shape = latentShape(architecture);
		const operations = 2 * cellsOf(architecture) * codes * d;
		return [{ network: 'codebook', layer: 'codes', shape, parameters: codes * d, operations }];
	},
	parts: ['reconstruction', 'codebook', 'commitment', 'kl'],
	measures: ['error', 'perplexity', 'usage', 'dead_codes', 'bits_per_pixel'],
	loss,
	measure,
	afterStep,
	warnings(architecture, measures) {
		const { codes } = configOf(architecture);
		const [perplexity, deadCodes] = [measures.perplexity as number, measures.dead_codes as number];
		const warning = collapseWarning(codes, { perplexity, usage: 1 - deadCodes / codes, deadCodes });
		return warning ? [warning] : [];
	},
});

interface VqvaeArgs {
	readonly encoder: NetworkFunction;
	readonly decoder: NetworkFunction;
	readonly codes: number;
	readonly quantizer?: Quantizer | null;
	readonly revive: number;
}

const STANDARD = straightThroughQuantizer({ codebook: 'ema', decay: 0.99, commitment: 0.25 });

export function vqvae({ encoder, decoder, codes, quantizer, revive }: VqvaeArgs): Trainable {
	if (!Number.isInteger(revive) || revive < 0)
		throw new UserError(`revive is a number of steps, or 0 for never, not ${revive}`);
	const config: VqvaeConfig = {
		codes: wholeSize('vqvae', 'codes', codes, 2),
		quantizer: quantizer ?? STANDARD,
		revive,
	};
	return {
		kind: 'trainable',
		family: vqvaeFamily.name,
		async build(data: Data) {
			const image = featureOf(data, 'image');
			const graphs = await traceAutoencoder(encoder, decoder, image.shape);
			return { family: vqvaeFamily.name, graphs, config, features: [image] };
		},
	};
}

export const vqvaeDefinition = define({
	name: 'vqvae',
	signature:
		'vqvae(encoder: Network<A -> B>, decoder: Network<B -> A>, codes: Number = 512, quantizer: Quantizer?, revive: Number = 50) -> Model<train, reconstruct, quantise>',
	doc:
		'An autoencoder whose latents are codes of a learned codebook; a code has as many dimensions as the encoder gives channels. Without ' +
		'`quantizer` it is `straight_through()`. Codes begin as latents of the first batch; every `revive` steps those that nothing used ' +
		'since are put on latents of the batch (0: never). Its history has the reconstruction error, perplexity, usage, dead codes and bits ' +
		'per pixel (entropy of code usage) over the data of `evaluate`.',
	cite: 'van den Oord et al. 2017 (arXiv:1711.00937)',
	example: 'model vq = vqvae(enc, dec, codes: 64)',
	version: 1,
	run: vqvae,
});
