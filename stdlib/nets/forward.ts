import type { Tensor } from '@tensorflow/tfjs';
import type { TensorDraws, Tfjs } from '../../kernel/compute/index.ts';
import { INPUT, type LayerNode, type NetworkGraph } from './graph.ts';
import { layerKind } from './layer-kind.ts';

/** What a pass through a network works with. */
export interface Pass {
	readonly tf: Tfjs;
	readonly weight: (name: string) => Tensor;
	readonly training: boolean;
	/** A tensor of random draws, from a stream of that name of its own in each step. */
	readonly draw: (name: string, make: (draws: TensorDraws) => Tensor) => Tensor;
	/** What a running statistic becomes; not called outside of training. */
	readonly update: (name: string, value: Tensor) => void;
	/** Sees every layer's result: to find the one where numbers end. */
	readonly watch?: (layer: string, value: Tensor) => void;
}

/** The network's result for a batch, one tensor an input with the batch in front. */
export function forward(graph: NetworkGraph, inputs: readonly Tensor[], pass: Pass): Tensor {
	const values: Tensor[] = [];
	let next = 0;
	for (const node of graph.nodes) {
		const value = node.layer === INPUT ? (inputs[next++] as Tensor) : apply(graph, node, values, pass);
		pass.watch?.(`${graph.name}/${node.id}`, value);
		values.push(value);
	}
	return values[graph.output] as Tensor;
}

function apply(graph: NetworkGraph, node: LayerNode, values: readonly Tensor[], pass: Pass): Tensor {
	const full = (name: string): string => `${graph.name}/${node.id}/${name}`;
	return layerKind(node.layer).apply({
		tf: pass.tf,
		attributes: node.attributes,
		inputs: node.inputs.map((place) => values[place] as Tensor),
		inputShapes: node.inputs.map((place) => graph.nodes[place]?.shape ?? []),
		shape: node.shape,
		training: pass.training,
		draw: (make) => pass.draw(full('draws'), make),
		weight: (name) => pass.weight(full(name)),
		update: (name, value) => pass.update(full(name), value),
	});
}
