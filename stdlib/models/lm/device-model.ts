import type { Tensor } from '@tensorflow/tfjs';
import { compiledStep, type Tfjs } from '../../../kernel/compute/index.ts';
import type { KeyValues } from '../../nets/transformer/blocks.ts';
import type { TransformerConfig } from '../../nets/transformer/config.ts';
import { decode, logitsOf, type TransformerPass } from '../../nets/transformer/forward.ts';
import { anglesOf } from '../../nets/transformer/rope.ts';
import type { WeightValue } from '../../nets/weights.ts';

/** Likeliest tokens that are read of every row. */
export const TOP = 64;

/** A pass over the tokens of some rows; arrays are row-major. */
export interface PassInput {
	readonly rows: number;
	readonly time: number;
	readonly tokens: Int32Array;
	readonly positions: Int32Array;
	/** Places that are remembered: 0 for none. */
	readonly past: number;
	/** [rows, time, past + time], added to the scores. */
	readonly mask: Float32Array;
	/** Keys and values by layer, twice the layers: [rows, key-value heads, past, head size] each. */
	readonly remembered: readonly Tensor[];
}

export interface PassOutput {
	/** [rows × time, width] */
	readonly hidden: Tensor;
	/** Keys and values by layer: [rows, key-value heads, time, head size] each. */
	readonly states: readonly Tensor[];
}

/** The likeliest next tokens of each row, of logits that were multiplied by a factor a row. */
export interface NextTokens {
	/** [rows, top] in falling order. */
	readonly values: Float32Array;
	readonly ids: Int32Array;
	readonly top: number;
	/** ln Σ exp(scaled logit) by row. */
	readonly logTotals: Float32Array;
	/** All scaled logits: [rows, vocabulary]. */
	readonly all: Tensor;
	/** Their numbers, read once however many rows need them. */
	readonly readAll: () => Promise<Float32Array>;
}

type Step = (...inputs: Tensor[]) => Tensor[];

/** A transformer whose weights lie on a device, with its computations compiled for each shape. */
export class DeviceModel {
	readonly tf: Tfjs;
	readonly config: TransformerConfig;
	readonly top: number;
	private readonly weights = new Map<string, Tensor>();
	private readonly angles: { readonly cos: Tensor; readonly sin: Tensor } | null;
	private readonly passStep: Step;
	private readonly windowStep: Step;
	private readonly scoreStep: Step;
	private readonly nextStep: Step;

	/** @param context most places that are used, of which angles are laid out */
	constructor(
		tf: Tfjs,
		config: TransformerConfig,
		weights: Iterable<readonly [string, WeightValue]>,
		context: number,
	) {
		this.tf = tf;
		this.config = config;
		this.top = Math.min(TOP, config.vocabulary);
		for (const [name, { shape, data }] of weights) this.weights.set(name, tf.tensor(data, [...shape]));
		this.angles = anglesTable(tf, config, context);
		this.passStep = compiledStep(tf, (...inputs) => this.pass(inputs));
		this.windowStep = compiledStep(tf, (...inputs) => this.window(inputs));
		this.scoreStep = compiledStep(tf, (...inputs) => this.score(inputs));
		this.nextStep = compiledStep(tf, (...inputs) => this.next(inputs));
	}

	/** Runs all layers over new tokens of rows. */
	run(input: PassInput): PassOutput {
		const { tf } = this;
		const { rows, time, past } = input;
		const fresh = [
			tf.tensor(input.tokens, [rows, time], 'int32'),
			tf.tensor(input.positions, [rows, time], 'int32'),
			tf.tensor(input.mask, [rows, 1, 1, time, past + time]),
		];
		const [hidden, ...states] = this.passStep(...fresh, ...input.remembered);
		tf.dispose(fresh);
		return { hidden: hidden as Tensor, states };
	}

	/**
	 * One token a row: its keys and values are put at place `at` of the windows.
	 * @param windows as `remembered`, [rows, key-value heads, window, head size] each; disposed of
	 * @param mask [rows, past + window]
	 */
	step(
		input: Omit<PassInput, 'time'>,
		windows: readonly Tensor[],
		at: number,
	): { readonly hidden: Tensor; readonly windows: readonly Tensor[] } {
		const { tf } = this;
		const { rows, past } = input;
		const length = windows[0]?.shape[2] as number;
		const fresh = [
			tf.tensor(input.tokens, [rows, 1], 'int32'),
			tf.tensor(input.positions, [rows, 1], 'int32'),
			tf.tensor(input.mask, [rows, 1, 1, 1, past + length]),
			tf.tensor(
				Float32Array.from({ length }, (_, i) => (i === at ? 1 : 0)),
				[1, 1, length, 1],
			),
		];
		const [hidden, ...next] = this.windowStep(...fresh, ...windows, ...input.remembered);
		tf.dispose(fresh);
		tf.dispose([...windows]);
		return { hidden: hidden as Tensor, windows: next };
	}

	/**
	 * ln p of wanted tokens after some places of a pass.
	 * @param places of `hidden`
	 * @param wanted pairs (index into `places`, token)
	 */
	async logprobs(
		hidden: Tensor,
		places: Int32Array,
		wanted: readonly (readonly [place: number, token: number])[],
	): Promise<Float32Array> {
		const { tf } = this;
		const { vocabulary } = this.config;
		const flat = Int32Array.from(wanted, ([place, token]) => place * vocabulary + token);
		const of = Int32Array.from(wanted, ([place]) => place);
		const fresh = [places, flat, of].map((values) => tf.tensor1d(values, 'int32'));
		const [found] = this.scoreStep(hidden, ...fresh) as [Tensor];
		const values = (await found.data()) as Float32Array;
		tf.dispose([...fresh, found]);
		return values;
	}

	/** @param places of `hidden`, one a row; @param factors what each row's logits are multiplied by: 1 / temperature */
	async nextTokens(hidden: Tensor, places: Int32Array, factors: Float32Array): Promise<NextTokens> {
		const { tf } = this;
		const fresh = [tf.tensor1d(places, 'int32'), tf.tensor2d(factors, [factors.length, 1])];
		const results = this.nextStep(hidden, ...fresh) as [Tensor, Tensor, Tensor, Tensor];
		const [all, values, ids, logTotals] = results;
		const read = await Promise.all([values.data(), ids.data(), logTotals.data()]);
		tf.dispose([...fresh, values, ids, logTotals]);
		return {
			values: read[0] as Float32Array,
			ids: read[1] as Int32Array,
			logTotals: read[2] as Float32Array,
			top: this.top,
			all,
			readAll: once(async () => (await all.data()) as Float32Array),
		};
	}

	dispose(): void {
		this.tf.dispose([...this.weights.values()]);
		if (this.angles) this.tf.dispose([this.angles.cos, this.angles.sin]);
	}

	private get transformer(): TransformerPass {
		return { tf: this.tf, config: this.config, weight: (name) => this.weights.get(name) as Tensor };
	}

	private pass([tokens, positions, mask, ...remembered]: Tensor[]): Tensor[] {
		const past = layersOf(remembered);
		const { hidden, cache } = decode(this.transformer, {
			tokens: tokens as Tensor,
			positions: positions as Tensor,
			mask: mask as Tensor,
			angles: this.anglesAt(positions as Tensor),
			seen: (layer, own) => (past[layer] ? [past[layer], own] : [own]),
		});
		return [hidden, ...flat(cache)];
	}

	private window([tokens, positions, mask, place, ...states]: Tensor[]): Tensor[] {
		const count = 2 * this.config.layers;
		const windows = layersOf(states.slice(0, count));
		const past = layersOf(states.slice(count));
		const written: KeyValues[] = [];
		const put = (window: Tensor, own: Tensor): Tensor =>
			this.tf.where(this.tf.greater(place as Tensor, 0.5), own, window);
		const { hidden } = decode(this.transformer, {
			tokens: tokens as Tensor,
			positions: positions as Tensor,
			mask: mask as Tensor,
			angles: this.anglesAt(positions as Tensor),
			seen: (layer, own) => {
				const { keys, values } = windows[layer] as KeyValues;
				const next = { keys: put(keys, own.keys), values: put(values, own.values) };
				written.push(next);
				return past[layer] ? [past[layer], next] : [next];
			},
		});
		return [hidden, ...flat(written)];
	}

	private score([hidden, places, flat, of]: Tensor[]): Tensor[] {
		const { tf } = this;
		const logits = logitsOf(this.transformer, tf.gather(hidden as Tensor, places as Tensor));
		const picked = tf.gather(tf.reshape(logits, [-1]), flat as Tensor);
		return [tf.sub(picked, tf.gather(tf.logSumExp(logits, -1), of as Tensor))];
	}

	private next([hidden, places, factors]: Tensor[]): Tensor[] {
		const { tf } = this;
		const logits = logitsOf(this.transformer, tf.gather(hidden as Tensor, places as Tensor));
		const scaled = tf.mul(logits, factors as Tensor);
		const { values, indices } = tf.topk(scaled, this.top);
		return [scaled, values, indices, tf.logSumExp(scaled, -1)];
	}

	private anglesAt(positions: Tensor) {
		if (!this.angles) return null;
		const { tf, angles } = this;
		const [rows, time] = positions.shape as [number, number];
		const flatPositions = tf.reshape(positions, [rows * time]);
		const at = (table: Tensor): Tensor =>
			tf.reshape(tf.gather(table, flatPositions), [rows, 1, time, table.shape[1] as number]);
		return { cos: at(angles.cos), sin: at(angles.sin) };
	}
}

function anglesTable(tf: Tfjs, { positions }: TransformerConfig, context: number) {
	if (positions.kind !== 'rope') return null;
	const { cos, sin, pairs } = anglesOf(positions, context);
	return { cos: tf.tensor2d(cos, [context, pairs]), sin: tf.tensor2d(sin, [context, pairs]) };
}

/** Keys and values in turns, by layer. */
const layersOf = (tensors: readonly Tensor[]): KeyValues[] =>
	Array.from({ length: tensors.length / 2 }, (_, layer) => ({
		keys: tensors[2 * layer] as Tensor,
		values: tensors[2 * layer + 1] as Tensor,
	}));

const flat = (cache: readonly KeyValues[]): Tensor[] => cache.flatMap(({ keys, values }) => [keys, values]);

function once<T>(make: () => Promise<T>): () => Promise<T> {
	let made: Promise<T> | null = null;
	return () => {
		made ??= make();
		return made;
	};
}
