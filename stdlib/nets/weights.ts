import type { UniformSource } from '../../kernel/compute/index.ts';
import { type NetworkGraph, sizeOf } from './graph.ts';
import { layerKind, type WeightSpec } from './layer-kind.ts';

/** Weights by name, in their own order: plain data, for files and for starting. */
export type WeightValues = ReadonlyMap<string, WeightValue>;

export interface WeightValue {
	readonly shape: readonly number[];
	readonly data: Float32Array;
}

/** Every weight of a network under `network/layer/name`. */
export function weightsOf(graph: NetworkGraph): WeightSpec[] {
	return graph.nodes.flatMap((node) => {
		const inputs = node.inputs.map((place) => graph.nodes[place]?.shape ?? []);
		const specs = kindWeights(node.layer, node.attributes, inputs);
		return specs.map((spec) => ({ ...spec, name: `${graph.name}/${node.id}/${spec.name}` }));
	});
}

function kindWeights(
	layer: string,
	attributes: NetworkGraph['nodes'][number]['attributes'],
	inputs: readonly (readonly number[])[],
): readonly WeightSpec[] {
	return layer === 'input' ? [] : (layerKind(layer).weights?.(attributes, inputs) ?? []);
}

/** @param random a stream a weight, so that adding a layer does not change the others' beginnings */
export function initialWeights(
	specs: readonly WeightSpec[],
	random: (name: string) => UniformSource,
): Map<string, WeightValue> {
	return new Map(specs.map((spec) => [spec.name, { shape: spec.shape, data: initial(spec, random) }]));
}

function initial({ name, shape, initial: from }: WeightSpec, random: (name: string) => UniformSource) {
	const data = new Float32Array(sizeOf(shape));
	if (from.kind === 'constant') return data.fill(from.value);
	const bound = 1 / Math.sqrt(from.fanIn);
	const source = random(name);
	for (let i = 0; i < data.length; i++) data[i] = bound * (2 * source.next() - 1);
	return data;
}

export const countWeights = (specs: readonly WeightSpec[]): number =>
	specs.filter((spec) => spec.trainable).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
