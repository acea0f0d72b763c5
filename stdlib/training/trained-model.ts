import { createHash } from 'node:crypto';
import type { Tensor } from '@tensorflow/tfjs';
import { type Tfjs, tensorDraws } from '../../kernel/compute/index.ts';
import { UserError } from '../define.ts';
import { forward, type Pass } from '../nets/forward.ts';
import type { NetworkGraph } from '../nets/graph.ts';
import type { WeightValues } from '../nets/weights.ts';
import { randomStream } from '../random.ts';
import { type Architecture, familyNamed, type TrainingPass } from './family.ts';
import { type HistoryRow, historyTable } from './history.ts';
import { layersOf, parametersIn } from './layers.ts';
import { openDevice } from './open-device.ts';
import { decodeTensors, encodeTensors } from './safetensors.ts';
import { WeightStore } from './weight-store.ts';

const FORMAT = 'assay-model/1';

/** A trained model: its architecture, its weights and the history of its training. Plain data until it is used. */
export class TrainedModel {
	readonly architecture: Architecture;
	readonly weights: WeightValues;
	readonly history: readonly HistoryRow[];
	/** Sentences that belong beside every result of the model. */
	readonly notices: readonly string[];
	/** What it is called in the study. */
	readonly name: string;
	private live: Promise<LiveModel> | null = null;
	private file: { readonly bytes: Uint8Array; readonly sha256: string } | null = null;

	constructor(parts: {
		readonly architecture: Architecture;
		readonly weights: WeightValues;
		readonly history: readonly HistoryRow[];
		readonly notices: readonly string[];
		readonly name: string;
	}) {
		this.architecture = parts.architecture;
		this.weights = parts.weights;
		this.history = parts.history;
		this.notices = parts.notices;
		this.name = parts.name;
	}

	/** Reads what `bytes` wrote. @throws {UserError} for anything else */
	static from(bytes: Uint8Array): TrainedModel {
		const { tensors, metadata } = decodeTensors(bytes);
		if (metadata.format !== FORMAT) throw new UserError('this file is no model that Assay trained');
		const parts = JSON.parse(metadata.model as string) as ModelHeader;
		return new TrainedModel({ ...parts, weights: tensors });
	}

	/** The whole model as one safetensors file. */
	get bytes(): Uint8Array {
		return this.encoded.bytes;
	}

	/** The model's identity: the hash of its file. */
	get sha256(): string {
		return this.encoded.sha256;
	}

	private get encoded() {
		if (!this.file) {
			const { architecture, history, notices, name } = this;
			const header: ModelHeader = { architecture, history, notices, name };
			const metadata = { format: FORMAT, model: JSON.stringify(header) };
			const bytes = encodeTensors({ tensors: this.weights, metadata });
			this.file = { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
		}
		return this.file;
	}

	/** Numbers that were learned, codes that follow averages among them. */
	get parameters(): number {
		return parametersIn(layersOf(this.architecture));
	}

	get historyTable() {
		return historyTable(this.name, familyNamed(this.architecture.family), this.history, this.notices);
	}

	/** The model with its weights on the device. */
	open(): Promise<LiveModel> {
		this.live ??= openDevice().then(({ tf }) => new LiveModel(tf, this.architecture, this.weights));
		return this.live;
	}
}

interface ModelHeader {
	readonly architecture: Architecture;
	readonly history: readonly HistoryRow[];
	readonly notices: readonly string[];
	readonly name: string;
}

/** A trained model whose weights are on the device. */
export class LiveModel {
	readonly tf: Tfjs;
	private readonly architecture: Architecture;
	private readonly weights: WeightStore;

	constructor(tf: Tfjs, architecture: Architecture, weights: WeightValues) {
		this.tf = tf;
		this.architecture = architecture;
		this.weights = new WeightStore(tf, weights, () => false);
	}

	weight(name: string): Tensor {
		return this.weights.get(name);
	}

	/** What a network of the model gives for a batch; nothing is drawn at random and nothing is changed. */
	apply(network: string, ...inputs: readonly Tensor[]): Tensor {
		return forward(this.graph(network), inputs, this.pass);
	}

	get pass(): TrainingPass & Pass {
		return {
			tf: this.tf,
			weight: (name) => this.weights.get(name),
			training: false,
			draw: (name, make) => make(tensorDraws(this.tf, randomStream(0, name))),
			update: () => {},
			at: (rate) => this.tf.scalar(typeof rate === 'number' ? rate : rate.to),
			share: () => this.tf.scalar(1),
		};
	}

	graph(network: string): NetworkGraph {
		const graph = this.architecture.graphs.find(({ name }) => name === network);
		if (!graph) throw new Error(`the model has no network ${network}`);
		return graph;
	}
}
