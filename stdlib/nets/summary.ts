import { INPUT, type NetworkGraph, type Shape, showShape } from './graph.ts';
import { layerKind } from './layer-kind.ts';
import { countWeights } from './weights.ts';

/** A line of a network's summary. */
export interface LayerSummary {
	readonly network: string;
	readonly layer: string;
	/** What it gives for one example. */
	readonly shape: Shape;
	/** Learned numbers. */
	readonly parameters: number;
	/** Multiplications and additions of a forward pass, for one example. */
	readonly operations: number;
}

export function summarise(graph: NetworkGraph): LayerSummary[] {
	return graph.nodes.map((node) => {
		const inputs = node.inputs.map((place) => graph.nodes[place]?.shape ?? []);
		const kind = node.layer === INPUT ? null : layerKind(node.layer);
		return {
			network: graph.name,
			layer: node.id,
			shape: node.shape,
			parameters: countWeights(kind?.weights?.(node.attributes, inputs) ?? []),
			operations: kind?.operations?.(node.attributes, inputs, node.shape) ?? 0,
		};
	});
}

/** The summary as a table's rows, a total last. */
export function summaryRows(graphs: readonly NetworkGraph[], others: readonly LayerSummary[] = []) {
	const lines = [...graphs.flatMap(summarise), ...others];
	const sum = (of: (line: LayerSummary) => number): number =>
		lines.reduce((total, line) => total + of(line), 0);
	return [
		...lines.map((line) => ({
			layer: `${line.network}/${line.layer}`,
			output: showShape(line.shape),
			parameters: line.parameters,
			operations: line.operations,
		})),
		{
			layer: 'total',
			output: '',
			parameters: sum((line) => line.parameters),
			operations: sum((line) => line.operations),
		},
	];
}
