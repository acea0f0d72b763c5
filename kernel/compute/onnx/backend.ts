import { availableParallelism } from 'node:os';
import type { Tensor } from '@tensorflow/tfjs';
import type { Tensor as OrtTensor } from 'onnxruntime-common';
import { availableBytes, OutOfMemoryError } from '../out-of-memory.ts';
import { BufferPool } from './buffer-pool.ts';
import type { Kernel } from './kernel.ts';
import { sizeOf } from './layout.ts';
import type { Operation } from './operation.ts';
import type { Ort } from './ort.ts';
import { collect, type PendingGraph } from './pending-graph.ts';
import type { GraphSession, RunnableGraph } from './session.ts';
import { SessionCache } from './session-cache.ts';
import { StepReplay } from './step-replay.ts';
import {
	type DataId,
	DataStorage,
	type DataType,
	KernelBackend,
	type TensorInfo,
	type Tfjs,
} from './tf-core.ts';
import { BYTES, type Info, type Numbers, Value } from './value.ts';

export interface OnnxOptions {
	readonly threads: number;
	/** Pending operations beyond which a flush comes by itself. */
	readonly maxPending: number;
	readonly maxSessions: number;
	/** Memory that compiled graphs may hold on to. */
	readonly sessionBytes: number;
	/** Memory of disposed tensors that is kept for new ones. */
	readonly poolBytes: number;
	/** Where ONNX Runtime writes a profile of each graph; null for none. */
	readonly profile: string | null;
}

export const defaultOptions = (): OnnxOptions => ({
	threads: availableParallelism(),
	maxPending: 20_000,
	maxSessions: 64,
	sessionBytes: Math.min(4 * 2 ** 30, availableBytes() / 4),
	poolBytes: Math.min(2 ** 30, availableBytes() / 8),
	profile: null,
});

/** What a data id stands for: numbers, or what other backends keep as it is (strings, complex numbers). */
type Entry = Value | Foreign;

/** Values that no graph can hold. */
export class Foreign {
	values: unknown;
	references = 1;

	constructor(values: unknown) {
		this.values = values;
	}
}

/**
 * Records operations and runs them on a read, on `flush`, or when many are pending: the live part becomes one ONNX graph,
 * whose compiled session is kept for the next time.
 */
export class OnnxBackend extends KernelBackend {
	private readonly tf: Tfjs;
	private readonly ort: Ort;
	private readonly options: OnnxOptions;
	private readonly entries: DataStorage<Entry>;
	private readonly pending = new Set<Value>();
	private readonly sessions: SessionCache;
	private readonly pool: BufferPool;
	/** Memory of disposed tensors that pending operations may still read. */
	private released: Value[] = [];
	private readonly kinds = new Map<string, number>();
	private recorded = 0;
	/** Whether flushes wait, as the pending work is being traced. */
	private held = false;
	private reads = 0;

	constructor(tf: Tfjs, ort: Ort, options: OnnxOptions = defaultOptions()) {
		super();
		this.tf = tf;
		this.ort = ort;
		this.options = options;
		this.entries = new DataStorage(this, tf.engine());
		this.sessions = new SessionCache(ort, options);
		this.pool = new BufferPool(ort, options.poolBytes);
	}

	/** Records a call of a kernel; nothing is computed. */
	record(
		kernel: Kernel,
		inputs: readonly TensorInfo[],
		attrs: object,
		results: readonly Info[],
	): TensorInfo[] {
		const values = kernel.shapesOnly ? [] : inputs.map(({ dataId }) => this.value(dataId));
		const infos = inputs as readonly unknown[] as readonly Info[];
		const moving = kernel.moving?.(infos, attrs as never);
		if (moving?.length) values.push(movingValue(moving));
		const fixed = kernel.withoutMoving?.(infos, attrs as never) ?? attrs;
		const operation: Operation = {
			kernel,
			attrs: fixed,
			inputs: values,
			infos: kernel.shapesOnly ? [] : infos,
			outputs: [],
			results,
			kind: this.kindOf(kernel, infos, fixed, results),
			order: this.recorded++,
			flush: 0,
			slot: 0,
		};
		const made = results.map((info, output) => this.promise(operation, info, output));
		if (this.pending.size > this.options.maxPending) this.flush();
		return made;
	}

	/** Computes every pending tensor that is still held. */
	flush(): void {
		if (this.pending.size === 0 || this.held) return;
		this.compute(collect([...this.pending]));
	}

	/** Runs a graph of all pending values that are still held. */
	compute(graph: PendingGraph): void {
		const outputs = this.execute(graph, this.sessions.get(graph));
		graph.wanted.forEach((value, i) => {
			this.fill(value, outputs[i] as OrtTensor);
			this.pending.delete(value);
		});
		if (this.pending.size === 0) this.release();
	}

	/** The results of a graph in memory of the pool. */
	execute(graph: RunnableGraph, session: GraphSession): OrtTensor[] {
		const outputs: OrtTensor[] = [];
		try {
			for (const { info, by } of wantedOf(graph)) outputs.push(this.pool.take(info, sizeOf(info.shape), by));
			session.run(graph, outputs);
			return outputs;
		} catch (error) {
			for (const tensor of outputs) this.pool.give(tensor);
			throw outOfMemory(error, graph) ?? error;
		}
	}

	sessionFor(graph: PendingGraph): GraphSession {
		return this.sessions.get(graph);
	}

	forget(session: GraphSession): void {
		this.sessions.forget(session);
	}

	/** While work is being traced, only a read makes it run; @returns whether one did. */
	traced(work: () => void): { readonly interrupted: boolean } {
		this.flush();
		const flushes = this.reads;
		this.held = true;
		try {
			work();
		} finally {
			this.held = false;
		}
		return { interrupted: this.reads > flushes };
	}

	pendingValues(): Value[] {
		return [...this.pending];
	}

	/** The value behind a tensor; null for strings and complex numbers. */
	valueBehind(dataId: DataId): Value | null {
		const entry = this.entries.get(dataId);
		return entry instanceof Value ? entry : null;
	}

	/** Says that a number will be another next time, and is not to be compiled in. */
	expectChange(dataId: DataId): void {
		const value = this.valueBehind(dataId);
		if (value) value.constant = false;
	}

	/** The step as something that is traced and then replayed. */
	compileStep(step: (...inputs: Tensor[]) => Tensor[]): (inputs: Tensor[]) => Tensor[] {
		const replay = new StepReplay(this.tf, this, step);
		return (inputs) => replay.call(inputs);
	}

	/** A new tensor of those numbers. */
	adopt(value: Value): TensorInfo {
		const dataId = {};
		this.entries.set(dataId, value);
		return { dataId, shape: value.shape as number[], dtype: value.dtype };
	}

	/** A new tensor whose numbers are written into its memory, which is all 0 before. */
	fillNew(shape: number[], fill: (values: Float32Array) => void): DataId {
		const value = new Value({ shape, dtype: 'float32' });
		const tensor = this.pool.take(value, sizeOf(shape), `a tensor [${shape.join(', ')}]`);
		const values = tensor.data as Float32Array;
		values.fill(0);
		fill(values);
		this.fill(value, tensor);
		return this.adopt(value).dataId;
	}

	/** Puts other numbers behind a tensor that nobody shares, as a new step's weights. */
	exchange(dataId: DataId, value: Value): void {
		const before = this.entries.get(dataId);
		this.entries.set(dataId, value);
		if (before instanceof Value && before.pooled) this.hand(before);
	}

	/** A value whose numbers are in that tensor. */
	filled(info: Info, tensor: OrtTensor): Value {
		const value = new Value(info);
		this.fill(value, tensor);
		return value;
	}

	private fill(value: Value, tensor: OrtTensor): void {
		value.tensor = tensor;
		value.numbers = tensor.data as Numbers;
		value.pooled = true;
		value.maker = null;
	}

	override readSync(dataId: DataId): never {
		const entry = this.entries.get(dataId);
		if (entry instanceof Foreign) return entry.values as never;
		if (entry.maker) this.runForRead();
		// A copy, as the memory will be used again.
		return (entry.numbers as Numbers).slice() as never;
	}

	override async read(dataId: DataId): Promise<never> {
		return this.readSync(dataId);
	}

	override write(values: unknown, shape: number[], dtype: DataType): DataId {
		const dataId = {};
		this.move(dataId, values, shape, dtype, 1);
		return dataId;
	}

	override move(dataId: DataId, values: unknown, shape: number[], dtype: DataType, references: number): void {
		const entry = this.entryOf(values, shape, dtype);
		entry.references = references;
		this.entries.set(dataId, entry);
	}

	override disposeData(dataId: DataId, force = false): boolean {
		if (!this.entries.has(dataId)) return true;
		const entry = this.entries.get(dataId);
		entry.references--;
		if (!force && entry.references > 0) return false;
		this.entries.delete(dataId);
		if (entry instanceof Foreign) return true;
		if (entry.maker) this.pending.delete(entry);
		else if (entry.pooled) this.hand(entry);
		return true;
	}

	override refCount(dataId: DataId): number {
		return this.entries.has(dataId) ? this.entries.get(dataId).references : 0;
	}

	/** The engine counts a variable with this; what a gradient saves is shared. */
	override incRef(dataId: DataId): void {
		this.share(dataId);
		this.expectChange(dataId);
	}

	/** One more tensor has these numbers. */
	share(dataId: DataId): void {
		this.entries.get(dataId).references++;
	}

	decRef(dataId: DataId): void {
		if (this.entries.has(dataId)) this.entries.get(dataId).references--;
	}

	override numDataIds(): number {
		return this.entries.numDataIds();
	}

	override floatPrecision(): 32 {
		return 32;
	}

	override timerAvailable(): boolean {
		return true;
	}

	override async time(work: () => void): Promise<{ kernelMs: number }> {
		this.flush();
		const began = performance.now();
		work();
		this.flush();
		return { kernelMs: performance.now() - began };
	}

	override memory(): { unreliable: boolean } {
		return { unreliable: false };
	}

	override dispose(): void {
		this.pending.clear();
		this.sessions.clear();
		this.pool.clear();
	}

	/** Compiled graphs held. */
	get compiledGraphs(): number {
		return this.sessions.size;
	}

	get pendingTensors(): number {
		return this.pending.size;
	}

	private value(dataId: DataId): Value {
		const entry = this.entries.get(dataId);
		if (entry instanceof Foreign) throw new Error('strings and complex numbers cannot enter a graph');
		return entry;
	}

	private promise(operation: Operation, info: Info, output: number): TensorInfo {
		const value = new Value(info);
		value.maker = operation;
		value.output = output;
		operation.outputs.push(value);
		this.pending.add(value);
		const dataId = {};
		this.entries.set(dataId, value);
		return { dataId, shape: info.shape as number[], dtype: info.dtype };
	}

	private entryOf(values: unknown, shape: number[], dtype: DataType): Entry {
		if ((dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') || !values) return new Foreign(values);
		const value = new Value({ shape, dtype });
		const source = values as ArrayLike<number>;
		if (source.length === 1) {
			value.constant = true;
			value.numbers = numbersOf(dtype, source);
			return value;
		}
		if (source.length === 0) {
			value.numbers = numbersOf(dtype, source);
			return value;
		}
		// A copy: whoever wrote it may fill the array again before the graph runs.
		const tensor = this.pool.take(value, source.length, `a tensor [${shape.join(', ')}]`);
		(tensor.data as Numbers).set(source);
		value.tensor = tensor;
		value.numbers = tensor.data as Numbers;
		value.pooled = true;
		return value;
	}

	private runForRead(): void {
		const { held } = this;
		this.held = false;
		this.reads++;
		this.flush();
		this.held = held;
	}

	private hand(value: Value): void {
		if (this.pending.size > 0) this.released.push(value);
		else if (value.tensor) this.pool.give(value.tensor);
	}

	private release(): void {
		for (const value of this.released) if (value.pooled && value.tensor) this.pool.give(value.tensor);
		this.released = [];
	}

	private kindOf(kernel: Kernel, infos: readonly Info[], attrs: object, results: readonly Info[]): number {
		let key = `${kernel.name}|`;
		for (const { dtype, shape } of infos) key += `${dtype}${shape.join()}|`;
		for (const { dtype, shape } of results) key += `>${dtype}${shape.join()}`;
		key += JSON.stringify(attrs, exactNumbers);
		const known = this.kinds.get(key);
		if (known !== undefined) return known;
		this.kinds.set(key, this.kinds.size);
		return this.kinds.size - 1;
	}
}

function* wantedOf({ wanted }: RunnableGraph): Iterable<{ info: Info; by: string }> {
	for (const info of wanted)
		yield { info, by: 'maker' in info && info.maker ? ((info as Value).maker?.kernel.name ?? '') : 'a step' };
}

/** ONNX Runtime's allocation failures, with what was asked for. */
function outOfMemory(error: unknown, { wanted }: RunnableGraph): OutOfMemoryError | null {
	const message = error instanceof Error ? error.message : String(error);
	if (!/bad_alloc|[Ff]ailed to allocate memory/.test(message)) return null;
	const asked = /(?:size|buffer of size) (\d+)/.exec(message)?.[1];
	const node = /node with name '?([^',\s]+)|running (\w+) node/.exec(message);
	const bytes = asked
		? Number(asked)
		: wanted.reduce((sum, { shape, dtype }) => sum + sizeOf(shape) * BYTES[dtype], 0);
	return new OutOfMemoryError(bytes, node?.[2] ?? 'a graph', error);
}

function movingValue(numbers: readonly number[]): Value {
	const value = new Value({ shape: [numbers.length], dtype: 'int32' });
	value.numbers = Int32Array.from(numbers);
	value.constant = true;
	return value;
}

/** JSON has one null for both infinities and for what is not a number. */
const exactNumbers = (_: string, value: unknown): unknown =>
	typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;

function numbersOf(dtype: Info['dtype'], source: ArrayLike<number>): Numbers {
	if (dtype === 'float32') return Float32Array.from(source);
	return dtype === 'int32' ? Int32Array.from(source) : Uint8Array.from(source);
}
