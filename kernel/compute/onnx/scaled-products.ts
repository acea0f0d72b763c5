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

	/** The product that makes the scaled tensor, when nobody else reads it. */
	private intoMaker(scaled: string, made: string, scale: number): boolean {
		const maker = this.makers.get(scaled);
		const product = maker === undefined ? null : this.nodes[maker];
		const alone = this.uses.get(scaled)?.length === 1 && !this.outputs.has(scaled);
		if (maker === undefined || !product || !isProduct(product) || product.op === 'Gemm' || !alone)
			return false;
		this.nodes[maker] = { ...withScale(product, scale), outputs: [made] };
		this.makers.set(made, maker);
		return true;
	}

	/** The products that read the result, when nobody else does. */
	private intoUses({ outputs: [made = ''] }: OnnxNode, scaled: string, scale: number): boolean {
		const uses = this.uses.get(made) ?? [];
		const products = uses.flatMap((at) => this.nodes[at] ?? []);
		const fits = products.every((product) => isProduct(product) && isOneFactor(product, made));
		if (uses.length === 0 || this.outputs.has(made) || !fits) return false;
		for (const at of uses) {
			const product = withScale(this.nodes[at] as OnnxNode, scale);
			this.nodes[at] = { ...product, inputs: product.inputs.map((name) => (name === made ? scaled : name)) };
		}
		this.uses.set(scaled, [...(this.uses.get(scaled) ?? []), ...uses]);
		return true;
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
