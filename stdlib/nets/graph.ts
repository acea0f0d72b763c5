/** Dimensions of one example, without the batch: an image is [height, width, channels]. */
export type Shape = readonly number[];

/** Settings of a layer, plain JSON. */
export type Attributes = Readonly<Record<string, number | string | boolean | readonly number[]>>;

export interface LayerNode {
	/** Unique in its graph, and the front part of its weights' names: `conv_1`, `residual_2/conv_1`. */
	readonly id: string;
	readonly layer: string;
	readonly attributes: Attributes;
	/** Places in `nodes` of what it reads. */
	readonly inputs: readonly number[];
	readonly shape: Shape;
}

/** A network as plain JSON: what a trained model keeps of its architecture. Every node comes after its inputs. */
export interface NetworkGraph {
	readonly name: string;
	readonly nodes: readonly LayerNode[];
	/** Place of the node that is the network's result. */
	readonly output: number;
}

export const INPUT = 'input';

export const inputShapes = (graph: NetworkGraph): Shape[] =>
	graph.nodes.filter((node) => node.layer === INPUT).map((node) => node.shape);

export const outputShape = (graph: NetworkGraph): Shape => (graph.nodes[graph.output] as LayerNode).shape;

export const sizeOf = (shape: Shape): number => shape.reduce((size, dim) => size * dim, 1);

/** `Image[28, 28, 1]`, `Tensor[10]`: as the language writes it. */
export const showShape = (shape: Shape): string =>
	`${shape.length === 3 ? 'Image' : 'Tensor'}[${shape.join(', ')}]`;

export const sameShape = (a: Shape, b: Shape): boolean =>
	a.length === b.length && a.every((dim, i) => dim === b[i]);
