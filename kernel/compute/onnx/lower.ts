import { GraphBuilder } from './graph-builder.ts';
import { equal, type Layout, plain, shapeOf } from './layout.ts';
import type { OnnxGraph } from './model.ts';
import type { PendingGraph } from './pending-graph.ts';
import { scaledProducts } from './scaled-products.ts';
import type { Value } from './value.ts';

export interface Lowered {
	readonly graph: OnnxGraph;
	/** Which leaves are inputs, by position; the others are compiled in. */
	readonly fed: readonly { readonly leaf: number; readonly name: string }[];
	readonly outputs: readonly string[];
}

/** The pending graph as ONNX. @param isInput whether the leaf of that position changes between runs */
export function lower(pending: PendingGraph, isInput: (leaf: Value, position: number) => boolean): Lowered {
	const builder = new GraphBuilder();
	const layouts = new Map<Value, Layout>();
	const fed: { leaf: number; name: string }[] = [];
	pending.leaves.forEach((leaf, position) => {
		if (isInput(leaf, position)) {
			const name = `i${position}`;
			fed.push({ leaf: position, name });
			layouts.set(leaf, builder.input(name, leaf.dtype, leaf.shape));
		} else layouts.set(leaf, constantOf(builder, leaf));
	});
	for (const operation of pending.operations) {
		const inputs = operation.inputs.map((value, i) =>
			builder.reshaped(layouts.get(value) as Layout, operation.infos[i]?.shape ?? value.shape),
		);
		const { kernel, attrs, infos, results } = operation;
		const made = [kernel.lower(builder, inputs, { attrs: attrs as never, infos, results })].flat();
		made.forEach((layout, i) => {
			const { shape } = results[i] as { shape: readonly number[] };
			if (!equal(shapeOf(layout), shape))
				throw new Error(`${kernel.name} was lowered to [${shapeOf(layout)}], not [${shape}]`);
			layouts.set(operation.outputs[i] as Value, layout);
		});
	}
	const outputs = pending.wanted.map((value, i) => {
		builder.output(`o${i}`, value.dtype, layouts.get(value) as Layout);
		return `o${i}`;
	});
	return { graph: scaledProducts(builder.finish()), fed, outputs };
}

function constantOf(builder: GraphBuilder, { shape, dtype, numbers }: Value): Layout {
	const data = Array.from(numbers as ArrayLike<number>);
	if (shape.length === 0 || data.length > 1) return plain(builder.constant(dtype, shape, data), shape);
	return builder.filled(data[0] as number, dtype, shape);
}
