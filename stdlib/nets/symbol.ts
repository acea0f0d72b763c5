import { UserError } from '../define.ts';
import { type Attributes, INPUT, type LayerNode, type NetworkGraph, type Shape, showShape } from './graph.ts';
import { layerKind } from './layer-kind.ts';

/** A tensor that is only known by its shape: what a network's text computes with while its graph is made. */
export class SymbolicTensor {
	readonly shape: Shape;
	readonly place: number;
	readonly builder: GraphBuilder;

	constructor(builder: GraphBuilder, place: number, shape: Shape) {
		this.builder = builder;
		this.place = place;
		this.shape = shape;
	}
}

/** Gathers the layers of a network while its text runs on symbols. */
export class GraphBuilder {
	readonly nodes: LayerNode[] = [];
	private readonly name: string;
	private readonly counts = new Map<string, number>();
	private scope = '';

	constructor(name: string) {
		this.name = name;
	}

	input(shape: Shape): SymbolicTensor {
		return this.push({ id: this.nameFor(INPUT), layer: INPUT, attributes: {}, inputs: [], shape });
	}

	/** @throws {UserError} when the layer does not take inputs of these shapes. */
	add(layer: string, attributes: Attributes, inputs: readonly SymbolicTensor[]): SymbolicTensor {
		const foreign = inputs.find((input) => input.builder !== this);
		if (foreign) throw new UserError(`${layer} is given a tensor of another network`);
		const shape = layerKind(layer).shape(
			attributes,
			inputs.map((input) => input.shape),
		);
		const places = inputs.map((input) => input.place);
		return this.push({ id: this.nameFor(layer), layer, attributes, inputs: places, shape });
	}

	/** Layers that are added meanwhile have names under `block_1/`. */
	enter(block: string): () => void {
		const outer = this.scope;
		this.scope = `${this.nameFor(block)}/`;
		return () => {
			this.scope = outer;
		};
	}

	finish(output: SymbolicTensor): NetworkGraph {
		return { name: this.name, nodes: this.nodes, output: output.place };
	}

	private push(node: LayerNode): SymbolicTensor {
		return new SymbolicTensor(this, this.nodes.push(node) - 1, node.shape);
	}

	private nameFor(word: string): string {
		const path = `${this.scope}${word}`;
		const count = (this.counts.get(path) ?? 0) + 1;
		this.counts.set(path, count);
		return `${path}_${count}`;
	}
}

/** A network as the language makes it: its text as a function of its inputs. */
export type NetworkFunction = ((...inputs: readonly unknown[]) => unknown) & {
	/** Its type as the program says: `Network<Image[28, 28, 1] -> Tensor[10]>`. */
	readonly declared?: string;
};

/**
 * The graph of a network for inputs of these shapes.
 * @throws {UserError} when a layer does not fit, or when the result is no tensor
 */
export async function traceNetwork(
	network: NetworkFunction,
	name: string,
	shapes: readonly Shape[],
): Promise<NetworkGraph> {
	checkDeclared(network, name, shapes);
	const builder = new GraphBuilder(name);
	const output = await network(...shapes.map((shape) => builder.input(shape)));
	if (!(output instanceof SymbolicTensor)) throw new UserError(`the network ${name} gives no tensor`);
	return builder.finish(output);
}

/** Whether the first input is what the network's text says that it takes; names stand for any size. */
function checkDeclared({ declared }: NetworkFunction, name: string, [shape]: readonly Shape[]): void {
	const found = declared && /^Network<(Image|Tensor)\[([^\]]*)\] ->/.exec(declared);
	if (!found || !shape) return;
	const dims = (found[2] as string).split(',').map((dim) => Number(dim));
	const fits = dims.length === shape.length && dims.every((dim, i) => Number.isNaN(dim) || dim === shape[i]);
	if (fits) return;
	throw new UserError(
		`the ${name} takes ${found[1]}[${found[2]}], but is given ${showShape(shape)}`,
		'declare it with names for sizes that may vary, such as `x: Image[h, w, c]`, or resize the data',
	);
}

/** The argument of a layer as a symbol. */
export function symbolic(value: unknown, layer: string): SymbolicTensor {
	if (value instanceof SymbolicTensor) return value;
	throw new UserError(
		`${layer} is a layer: it stands in a network`,
		'declare `network n(x: Image[h, w, c]) { … }` and train it; a trained model takes images',
	);
}
