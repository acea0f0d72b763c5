import { loadavg } from 'node:os';
import { debug } from '../debug.ts';
import { availableBytes, OutOfMemoryError } from '../out-of-memory.ts';
import { sizeOf } from './layout.ts';
import { type Lowered, lower } from './lower.ts';
import { encodeModel } from './model.ts';
import type { Feeds, Ort, OrtSession } from './ort.ts';
import type { PendingGraph } from './pending-graph.ts';
import { BYTES, type Info, type Numbers, type Value } from './value.ts';

export interface SessionOptions {
	readonly threads: number;
	readonly profile: string | null;
}

/** What a session needs for a run: the whole graph, or only its leaves when it was compiled before. */
export type RunnableGraph =
	| PendingGraph
	| { readonly leaves: readonly Value[]; readonly wanted: readonly Info[]; readonly like: PendingGraph };

/** The numbers of a leaf that is compiled in. */
type Constant = Numbers | null;

const sameNumbers = (a: Numbers, b: Numbers | null | undefined): boolean =>
	Boolean(b) && a.every((number, i) => Object.is(number, b?.[i]));

/** A compiled graph. Constants that are seen to change become inputs, once each. */
export class GraphSession {
	readonly signature: Int32Array;
	/** A bound on the memory that its intermediate results take. */
	readonly bytes: number;
	private readonly ort: Ort;
	private readonly options: SessionOptions;
	/** Compiled quickly rather than well, as it will hardly run again. */
	private readonly hurried: boolean;
	private readonly changing = new Set<number>();
	private compiled: { session: OrtSession; lowered: Lowered; constants: readonly Constant[] } | null = null;

	/** @throws {OutOfMemoryError} when one result alone is larger than the memory there is */
	constructor(ort: Ort, pending: PendingGraph, options: SessionOptions, hurried = false) {
		this.hurried = hurried;
		refuseOversized(pending);
		this.ort = ort;
		this.options = options;
		this.signature = pending.signature;
		this.bytes = peakBytes(pending);
	}

	/** Runs the graph into the given tensors, in the order of `pending.wanted`. */
	run(pending: RunnableGraph, outputs: readonly Feeds[string][]): void {
		const { session, lowered } = this.ready(pending);
		const feeds: Feeds = {};
		for (const { leaf, name } of lowered.fed) feeds[name] = this.tensorOf(pending.leaves[leaf] as Value);
		const fetches: Feeds = {};
		outputs.forEach((tensor, i) => {
			fetches[lowered.outputs[i] as string] = tensor;
		});
		session.run(feeds, fetches, {});
	}

	dispose(): void {
		this.compiled?.session.dispose();
		this.compiled = null;
	}

	private ready(pending: RunnableGraph) {
		if (!('operations' in pending)) {
			// The cache may have dropped it in between.
			this.compiled ??= this.compile(pending.like);
			return this.compiled;
		}
		if (this.compiled && !this.changed(pending, this.compiled.constants)) return this.compiled;
		this.dispose();
		this.compiled = this.compile(pending);
		return this.compiled;
	}

	private changed(pending: PendingGraph, constants: readonly Constant[]): boolean {
		let changed = false;
		constants.forEach((before, leaf) => {
			if (!before || sameNumbers(before, pending.leaves[leaf]?.numbers)) return;
			this.changing.add(leaf);
			changed = true;
		});
		return changed;
	}

	private compile(pending: PendingGraph) {
		const began = performance.now();
		const isInput = (leaf: Value, position: number): boolean => !leaf.constant || this.changing.has(position);
		const lowered = lower(pending, isInput);
		const constants = pending.leaves.map((leaf, i) => (isInput(leaf, i) ? null : leaf.numbers));
		const model = encodeModel(lowered.graph);
		const session = new this.ort.InferenceSession();
		session.loadModel(
			model.buffer,
			model.byteOffset,
			model.byteLength,
			ortOptions(this.options, this.hurried),
		);
		const ms = (performance.now() - began).toFixed(0);
		debug(
			'compiled %d operations to %d nodes in %s ms',
			pending.operations.length,
			lowered.graph.nodes.length,
			ms,
		);
		return { session, lowered, constants };
	}

	private tensorOf(value: Value): Feeds[string] {
		value.tensor ??= new this.ort.Tensor(
			value.dtype as 'float32',
			value.numbers as Float32Array,
			value.shape,
		);
		return value.tensor;
	}
}

const ortOptions = ({ threads, profile }: SessionOptions, hurried: boolean) => ({
	intraOpNumThreads: threads,
	interOpNumThreads: 1,
	executionMode: 'sequential',
	graphOptimizationLevel: hurried ? 'basic' : 'all',
	enableCpuMemArena: true,
	enableMemPattern: true,
	logSeverityLevel: 3,
	...(profile === null ? {} : { enableProfiling: true, profileFilePrefix: profile }),
	extra: {
		session: {
			// Denormals slow a step many times over and carry nothing.
			set_denormal_as_zero: '1',
			// Threads that wait for the next step would keep processors busy.
			force_spinning_stop: '1',
			intra_op: { allow_spinning: othersWork(threads) ? '0' : '1' },
		},
	},
});

/**
 * Waiting in a loop is faster by a little where the processors are ours, and slower several times over where they are
 * shared: a waiting thread then holds the processor that the other one waits for.
 */
const othersWork = (threads: number): boolean => (loadavg()[0] ?? 0) > threads / 2;

/** The system kills a process that fills memory it was promised, so what cannot fit is refused before. */
function refuseOversized({ operations }: PendingGraph): void {
	const available = availableBytes();
	for (const { kernel, outputs } of operations)
		for (const { shape, dtype } of outputs) {
			const bytes = sizeOf(shape) * BYTES[dtype];
			if (bytes > available && !LAZY_KERNELS.has(kernel.name))
				throw new OutOfMemoryError(bytes, `${kernel.name} [${shape.join(', ')}] ${dtype}`);
		}
}

/** Their results need not be written out. */
const LAZY_KERNELS = new Set(['Fill', 'ZerosLike', 'OnesLike', 'Tile']);

/** The most that is alive at once, if every operation writes its result and nothing is fused. */
function peakBytes({ operations }: PendingGraph): number {
	const lastUse = new Map<Value, number>();
	operations.forEach(({ inputs }, at) => {
		for (const input of inputs) if (input.maker) lastUse.set(input, at);
	});
	const freedAt = new Map<number, number>();
	let alive = 0;
	let peak = 0;
	operations.forEach(({ outputs }, at) => {
		for (const output of outputs) {
			const bytes = sizeOf(output.shape) * BYTES[output.dtype];
			alive += bytes;
			const until = lastUse.get(output);
			if (until !== undefined) freedAt.set(until, (freedAt.get(until) ?? 0) + bytes);
		}
		peak = Math.max(peak, alive);
		alive -= freedAt.get(at) ?? 0;
	});
	return peak;
}
