import type { Tensor } from '@tensorflow/tfjs';
import type { TensorDraws, Tfjs } from '../../kernel/compute/index.ts';
import type { Attributes, Shape } from './graph.ts';

/** How a weight begins: uniform within ±1/√fan_in as in PyTorch, or constant. */
export type Initial =
	| { readonly kind: 'uniform'; readonly fanIn: number }
	| { readonly kind: 'constant'; readonly value: number };

export interface WeightSpec {
	readonly name: string;
	readonly shape: Shape;
	readonly initial: Initial;
	/** Running statistics are kept with the weights and follow no gradient. */
	readonly trainable: boolean;
	/** Whether weight decay applies: to kernels, not to biases and gains. */
	readonly decays: boolean;
}

/** What a layer computes with. Tensors have a batch dimension in front. */
export interface LayerRun {
	readonly tf: Tfjs;
	readonly attributes: Attributes;
	readonly inputs: readonly Tensor[];
	/** Shapes of the inputs and of the result, without batch. */
	readonly inputShapes: readonly Shape[];
	readonly shape: Shape;
	readonly training: boolean;
	/** A tensor of random draws of this layer in this step; asked for once. */
	draw(make: (draws: TensorDraws) => Tensor): Tensor;
	weight(name: string): Tensor;
	/** What a running statistic becomes after this step. */
	update(name: string, value: Tensor): void;
}

export interface LayerKind {
	readonly name: string;
	/** @throws {UserError} when the inputs do not fit. */
	shape(attributes: Attributes, inputs: readonly Shape[]): Shape;
	weights?(attributes: Attributes, inputs: readonly Shape[]): readonly WeightSpec[];
	/** Multiplications and additions for one example; counts nothing when absent. */
	operations?(attributes: Attributes, inputs: readonly Shape[], output: Shape): number;
	apply(run: LayerRun): Tensor;
}

const kinds = new Map<string, LayerKind>();

export function registerLayer(kind: LayerKind): LayerKind {
	kinds.set(kind.name, kind);
	return kind;
}

export function layerKind(name: string): LayerKind {
	const kind = kinds.get(name);
	if (!kind) throw new Error(`this version of Assay has no layer "${name}"`);
	return kind;
}

export const kernelWeight = (shape: Shape, fanIn: number, name = 'kernel'): WeightSpec => ({
	name,
	shape,
	initial: { kind: 'uniform', fanIn },
	trainable: true,
	decays: true,
});

export const biasWeight = (size: number, fanIn: number): WeightSpec => ({
	name: 'bias',
	shape: [size],
	initial: { kind: 'uniform', fanIn },
	trainable: true,
	decays: false,
});

export const constantWeight = (name: string, size: number, value: number, trainable = true): WeightSpec => ({
	name,
	shape: [size],
	initial: { kind: 'constant', value },
	trainable,
	decays: false,
});
