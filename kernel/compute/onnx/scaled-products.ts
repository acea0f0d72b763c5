import type { Initializer, OnnxGraph, OnnxNode } from './model.ts';

/**
 * A matrix product times a number, or of factors times a number, as one product that scales by itself: attention divides its
 * scores by √d, and the gradient does it again.
 */
export function scaledProducts(graph: OnnxGraph): OnnxGraph {
	return new Scaling(graph).graph;
}

const SCALES = new Set(['MatMul', 'FusedMatMul', 'Gemm']);

class Scaling {
	private readonly nodes: (OnnxNode | null)[];
	private readonly source: OnnxGraph;
	private readonly makers = new Map<string, number>();
	private readonly uses = new Map<string, number[]>();
	private readonly outputs: ReadonlySet<string>;
	private readonly numbers: ReadonlyMap<string, number>;

	constructor(graph: OnnxGraph) {
		this.source = graph;
		this.nodes = [...graph.nodes];
		this.outputs = new Set(graph.outputs.map(({ name }) => name));
		this.numbers = new Map(graph.initializers.flatMap(numberOf));
		graph.nodes.forEach(({ inputs, outputs }, at) => {
			for (const name of outputs) this.makers.set(name, at);
			for (const name of new Set(inputs)) this.uses.set(name, [...(this.uses.get(name) ?? []), at]);
		});
	}

	get graph(): OnnxGraph {
		this.source.nodes.forEach((_, at) => {
			this.fold(at);
		});
		return { ...this.source, nodes: this.nodes.filter((node) => node !== null) };
	}

	private fold(at: number): void {
		const node = this.nodes[at];
		if (node?.op !== 'Mul') return;
		const [a, b] = node.inputs as [string, string];
		const scale = this.numbers.get(b) ?? this.numbers.get(a);
		const scaled = this.numbers.has(b) ? a : b;
		if (scale === undefined || this.numbers.has(scaled)) return;
		if (this.intoMaker(scaled, node.outputs[0] as string, scale) || this.intoUses(node, scaled, scale))
			this.nodes[at] = null;
	}

	/** The product that makes the scaled tensor, under whatever shape, when nobody else reads it. */
	private intoMaker(scaled: string, made: string, scale: number): boolean {
		const last = this.makers.get(scaled);
		let maker = last;
		for (let name = scaled; ; name = this.nodes[maker as number]?.inputs[0] as string) {
			maker = this.makers.get(name);
			if (maker === undefined || this.outputs.has(name) || this.uses.get(name)?.length !== 1) return false;
			if (this.nodes[maker]?.op !== 'Reshape') break;
		}
		const product = this.nodes[maker];
		if (!product || !isProduct(product) || product.op === 'Gemm') return false;
		this.nodes[maker] = withScale(product, scale);
		this.nodes[last as number] = { ...(this.nodes[last as number] as OnnxNode), outputs: [made] };
		this.makers.set(made, last as number);
		return true;
	}

	/** The products that read the result, under whatever shape, when nobody else does. */
	private intoUses({ outputs: [made = ''] }: OnnxNode, scaled: string, scale: number): boolean {
		const products = this.productsOf(made);
		if (!products) return false;
		for (const at of products) this.nodes[at] = withScale(this.nodes[at] as OnnxNode, scale);
		const readers = this.uses.get(made) ?? [];
		for (const at of readers) {
			const node = this.nodes[at] as OnnxNode;
			this.nodes[at] = { ...node, inputs: node.inputs.map((name) => (name === made ? scaled : name)) };
		}
		this.uses.set(scaled, [...(this.uses.get(scaled) ?? []), ...readers]);
		return true;
	}

	/** Where a tensor is a factor, when that is all it is. */
	private productsOf(name: string): number[] | null {
		const uses = this.uses.get(name) ?? [];
		if (uses.length === 0 || this.outputs.has(name)) return null;
		const found: number[] = [];
		for (const at of uses) {
			const node = this.nodes[at];
			if (!node) return null;
			const behind = node.op === 'Reshape' ? this.productsOf(node.outputs[0] as string) : null;
			if (behind) found.push(...behind);
			else if (isProduct(node) && isOneFactor(node, name)) found.push(at);
			else return null;
		}
		return found;
	}
}

const isProduct = ({ op }: OnnxNode): boolean => SCALES.has(op);

const isOneFactor = ({ inputs: [a, b, bias] }: OnnxNode, name: string): boolean =>
	(a === name) !== (b === name) && bias !== name;

function withScale(product: OnnxNode, scale: number): OnnxNode {
	const before = (product.attributes.alpha as { float: number } | undefined)?.float ?? 1;
	const attributes = { ...product.attributes, alpha: { float: before * scale } };
	return product.op === 'MatMul'
		? { ...product, op: 'FusedMatMul', domain: 'com.microsoft', attributes }
		: { ...product, attributes };
}

function numberOf({ name, type, shape, data }: Initializer): [string, number][] {
	return type === 'float32' && shape.length === 0 ? [[name, (data as Float32Array)[0] as number]] : [];
}
