import {
	broadcastShape,
	equal,
	inverse,
	type Layout,
	padRank,
	permuted,
	permutedShape,
	plain,
	shapeOf,
	sizeOf,
} from './layout.ts';
import type { Attribute, ElementType, Initializer, OnnxGraph, OnnxNode, TensorType } from './model.ts';

type Attributes = Readonly<Record<string, Attribute>>;

/** Emits one elementwise computation on the named tensors. */
export type Elementwise = (graph: GraphBuilder, names: string[]) => string;

const ARRAYS = {
	float32: (data: readonly number[]) => Float32Array.from(data),
	int32: (data: readonly number[]) => Int32Array.from(data),
	bool: (data: readonly number[]) => Uint8Array.from(data),
	uint8: (data: readonly number[]) => Uint8Array.from(data),
	int64: (data: readonly number[]) => BigInt64Array.from(data, BigInt),
} as const;

interface MatrixProduct {
	readonly factors: readonly [string, string];
	readonly columns: number;
}

/** An ONNX graph under construction. Equal computations are emitted once. */
export class GraphBuilder {
	private readonly nodes: OnnxNode[] = [];
	private readonly initializers: Initializer[] = [];
	private readonly inputs: TensorType[] = [];
	private readonly outputs: TensorType[] = [];
	private readonly known = new Map<string, string[]>();
	/** Scalars whose value is known, by name, for 1 · x and 0 + x. */
	private readonly scalars = new Map<string, number>();
	private readonly emitted = new Set<string>();
	private readonly dataOf = new Map<string, readonly number[]>();
	private readonly floatTwins = new Map<string, string>();
	/** What a reshaped tensor was before. */
	private readonly sources = new Map<string, string>();
	private readonly products = new Map<string, MatrixProduct>();
	private names = 0;

	input(name: string, type: ElementType, shape: readonly number[]): Layout {
		this.inputs.push({ name, type, shape });
		return plain(name, shape);
	}

	op(op: string, inputs: string[], attributes: Attributes = {}, domain = ''): string {
		return this.ops(op, inputs, 1, attributes, domain)[0] as string;
	}

	/** An operation of ONNX Runtime's own. */
	contrib(op: string, inputs: string[], attributes: Attributes = {}): string {
		return this.op(op, inputs, attributes, 'com.microsoft');
	}

	ops(op: string, inputs: string[], count: number, attributes: Attributes = {}, domain = ''): string[] {
		const key = `${domain}${op}(${inputs.join()})${JSON.stringify(attributes)}${count}`;
		const before = this.known.get(key);
		if (before) return before;
		const outputs = Array.from({ length: count }, () => `v${this.names++}`);
		this.nodes.push({ op, domain, inputs, outputs, attributes });
		for (const output of outputs) this.emitted.add(output);
		this.known.set(key, outputs);
		return outputs;
	}

	/** A constant known by its key, so that long data is made once. */
	constantOnce(
		key: string,
		type: ElementType,
		shape: readonly number[],
		data: () => readonly number[],
	): string {
		const before = this.known.get(key);
		if (before) return before[0] as string;
		const name = `c${this.names++}`;
		this.initializers.push({ name, type, shape, data: ARRAYS[type](data()) });
		this.known.set(key, [name]);
		return name;
	}

	constant(type: ElementType, shape: readonly number[], data: readonly number[]): string {
		const key = `${type}[${shape.join()}]${data.map((x) => (Object.is(x, -0) ? '-0' : x)).join()}`;
		const before = this.known.get(key);
		if (before) return before[0] as string;
		const name = `c${this.names++}`;
		this.initializers.push({ name, type, shape, data: ARRAYS[type](data) });
		this.known.set(key, [name]);
		this.dataOf.set(name, data);
		if (data.length === 1) this.scalars.set(name, data[0] as number);
		return name;
	}

	/** A vector of int64, as ONNX takes shapes, axes and indices. */
	ints(values: readonly number[]): string {
		return this.constant('int64', [values.length], values);
	}

	scalar(value: number, type: ElementType = 'float32'): string {
		return this.constant(type, [], [value]);
	}

	/** The numbers of a constant; undefined for what is computed. */
	constantData(name: string): readonly number[] | undefined {
		return this.dataOf.get(name);
	}

	/** One number everywhere. */
	filled(value: number, type: ElementType, shape: readonly number[]): Layout {
		return { name: this.scalar(value, type), stored: [], perm: null, broadcast: shape };
	}

	/** The number that fills the whole tensor, where that is known. */
	fillOf(layout: Layout): number | undefined {
		return this.scalars.get(layout.name);
	}

	/** Notes that a whole-number tensor was made from that float tensor of the same values. */
	rememberFloatTwin(name: string, twin: string): void {
		this.floatTwins.set(name, twin);
	}

	floatTwin(name: string): string | undefined {
		return this.floatTwins.get(name);
	}

	/** The tensor with its axes in order, before broadcasting. */
	ordered(layout: Layout): string {
		return layout.perm ? this.op('Transpose', [layout.name], { perm: layout.perm }) : layout.name;
	}

	/** The tensor written out: axes in order, broadcast done. */
	full(layout: Layout): string {
		const name = this.ordered(layout);
		if (!layout.broadcast || equal(layout.broadcast, permutedShape(layout))) return name;
		return this.op('Expand', [name, this.ints(layout.broadcast)]);
	}

	reshape(name: string, shape: readonly number[]): string {
		const made = this.op('Reshape', [name, this.ints(shape)], { allowzero: 1 });
		this.sources.set(made, this.sources.get(name) ?? name);
		return made;
	}

	/** A product of two matrices, to which a bias can still be added in the same pass. */
	matMul(a: string, b: string, columns: number): string {
		const made = this.op('MatMul', [a, b]);
		this.products.set(made, { factors: [a, b], columns });
		return made;
	}

	/** The matrix product that a tensor is, whatever its shape now. */
	productOf(name: string): MatrixProduct | undefined {
		return this.products.get(this.sources.get(name) ?? name);
	}

	/** The same values under another shape. */
	reshaped(layout: Layout, shape: readonly number[]): Layout {
		if (equal(shapeOf(layout), shape)) return layout;
		if (sizeOf(layout.stored) === 1 && layout.broadcast) {
			const name = layout.stored.length ? this.reshape(layout.name, []) : layout.name;
			return { name, stored: [], perm: null, broadcast: shape };
		}
		return plain(this.reshape(this.full(layout), shape), shape);
	}

	/**
	 * An elementwise operation, computed in the memory order that most of its large operands have, and on the small
	 * shape where every operand is broadcast.
	 */
	elementwise(make: string | Elementwise, operands: readonly Layout[], shape: readonly number[]): Layout {
		const emit: Elementwise = typeof make === 'string' ? (graph, names) => graph.op(make, names) : make;
		const order = this.commonOrder(operands, shape);
		if (order) {
			const names = operands.map((operand) => this.inOrder(operand, order, shape.length));
			const stored = inverse(order).map((axis) => shape[axis] as number);
			return permuted(emit(this, names), stored, order);
		}
		const names = operands.map((operand) => this.ordered(operand));
		const small = operands.map(permutedShape).reduce<readonly number[]>(broadcastShape, []);
		const name = emit(this, names);
		return { name, stored: small, perm: null, broadcast: equal(small, shape) ? null : shape };
	}

	output(name: string, type: ElementType, layout: Layout): void {
		const made = this.full(layout);
		this.outputs.push({ name, type, shape: shapeOf(layout) });
		if (this.emitted.has(made)) this.rename(made, name);
		else this.nodes.push({ op: 'Identity', domain: '', inputs: [made], outputs: [name], attributes: {} });
	}

	finish(): OnnxGraph {
		const { initializers, inputs, outputs } = this;
		const rename = (name: string): string => this.renamed.get(name) ?? name;
		const nodes = this.nodes.map((node) => ({
			...node,
			inputs: node.inputs.map(rename),
			outputs: node.outputs.map(rename),
		}));
		const needed = new Set(outputs.map(({ name }) => name));
		const live = nodes.reverse().filter((node) => {
			if (!node.outputs.some((output) => needed.has(output))) return false;
			for (const input of node.inputs) needed.add(input);
			return true;
		});
		const used = initializers.filter(({ name }) => needed.has(name));
		return { nodes: live.reverse(), initializers: used, inputs, outputs };
	}

	private readonly renamed = new Map<string, string>();

	/** Lets the maker write straight to an output; a second output of the same values is a copy. */
	private rename(made: string, name: string): void {
		if (this.renamed.has(made))
			this.nodes.push({ op: 'Identity', domain: '', inputs: [made], outputs: [name], attributes: {} });
		else this.renamed.set(made, name);
	}

	/** The permutation to compute in, or null for axes in order. */
	private commonOrder(operands: readonly Layout[], shape: readonly number[]): readonly number[] | null {
		const whole = operands.filter((operand) => !operand.broadcast && equal(permutedShape(operand), shape));
		const moved = whole.filter((operand) => operand.perm);
		const order = moved[0]?.perm;
		if (!order || moved.length < whole.length - moved.length) return null;
		return moved.filter(({ perm }) => equal(perm as number[], order)).length * 2 >= moved.length
			? order
			: null;
	}

	/** The operand's tensor, broadcastable against tensors stored in that order. */
	private inOrder(operand: Layout, order: readonly number[], rank: number): string {
		if (operand.perm && equal(operand.perm, order)) return operand.name;
		if (sizeOf(operand.stored) === 1)
			return operand.stored.length > rank ? this.reshape(operand.name, []) : operand.name;
		const shape = padRank(permutedShape(operand), rank);
		const name = this.ordered(operand);
		const back = inverse(order);
		const moved = back.map((axis) => shape[axis] as number);
		// With a single axis longer than 1, moving axes is only a new shape.
		if (shape.filter((dim) => dim > 1).length <= 1) return this.reshape(name, moved);
		const padded = equal(shape, permutedShape(operand)) ? name : this.reshape(name, shape);
		return this.op('Transpose', [padded], { perm: back });
	}
}
