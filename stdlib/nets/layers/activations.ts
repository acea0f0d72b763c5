import type { Tensor } from '@tensorflow/tfjs';
import { gelu } from '../../../kernel/compute/index.ts';
import { define } from '../../define.ts';
import type { AnyDefinition } from '../../registry.ts';
import { type Shape, sizeOf } from '../graph.ts';
import { type LayerRun, registerLayer } from '../layer-kind.ts';
import { type SymbolicTensor, symbolic } from '../symbol.ts';

type Tfjs = LayerRun['tf'];

interface Activation {
	readonly doc: string;
	readonly cite?: string;
	readonly apply: (tf: Tfjs, x: Tensor) => Tensor;
}

const ACTIVATIONS: Readonly<Record<string, Activation>> = {
	relu: { doc: 'max(x, 0), element by element.', apply: (tf, x) => tf.relu(x) },
	leaky_relu: {
		doc: 'x where it is positive, else x / 100.',
		apply: (tf, x) => tf.leakyRelu(x, 0.01),
	},
	gelu: {
		doc: 'x times the normal distribution function of x (the exact form, with erf).',
		cite: 'Hendrycks & Gimpel 2016 (arXiv:1606.08415)',
		apply: gelu,
	},
	silu: {
		doc: 'x times the logistic function of x; also called swish.',
		cite: 'Elfwing et al. 2017 (arXiv:1702.03118)',
		apply: (tf, x) => tf.mul(x, tf.sigmoid(x)),
	},
	mish: {
		doc: 'x tanh(ln(1 + eˣ)).',
		cite: 'Misra 2019 (arXiv:1908.08681)',
		apply: (tf, x) => tf.mul(x, tf.tanh(tf.softplus(x))),
	},
	tanh: { doc: 'The hyperbolic tangent, element by element.', apply: (tf, x) => tf.tanh(x) },
	sigmoid: {
		doc: 'The logistic function 1 / (1 + e⁻ˣ), element by element.',
		apply: (tf, x) => tf.sigmoid(x),
	},
};

for (const [name, { apply }] of Object.entries(ACTIVATIONS)) {
	registerLayer({
		name,
		shape: (_, [x]) => x as Shape,
		operations: (_, [x]) => sizeOf(x as Shape),
		apply: ({ tf, inputs }) => apply(tf, inputs[0] as Tensor),
	});
}

/** Adds an activation to the network of `x`. */
export function activation(x: unknown, name: string): SymbolicTensor {
	const input = symbolic(x, name);
	return input.builder.add(name, {}, [input]);
}

export const activationDefinitions: readonly AnyDefinition[] = Object.entries(ACTIVATIONS).map(
	([name, { doc, cite }]) =>
		define({
			name,
			signature: `${name}(x: T) -> T`,
			doc: `${doc} A layer of a network.`,
			...(cite ? { cite } : {}),
			version: 1,
			run: ({ x }: { readonly x: unknown }) => activation(x, name),
		}),
);
