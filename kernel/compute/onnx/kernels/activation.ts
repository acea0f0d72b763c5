import type { GraphBuilder } from '../graph-builder.ts';
import type { Layout } from '../layout.ts';

/** How fused kernels name the activation that follows. */
export interface ActivationAttrs {
	readonly activation?: string;
	readonly leakyreluAlpha?: number;
}

const OPERATORS: Readonly<Record<string, string>> = {
	relu: 'Relu',
	elu: 'Elu',
	sigmoid: 'Sigmoid',
	relu6: 'Clip',
	leakyrelu: 'LeakyRelu',
};

/** False for `prelu`, whose weights the fused kernels take as one more input. */
export const isKnownActivation = ({ activation }: ActivationAttrs): boolean =>
	!activation || activation === 'linear' || activation in OPERATORS;

export function activate(
	graph: GraphBuilder,
	x: Layout,
	shape: readonly number[],
	{ activation, leakyreluAlpha }: ActivationAttrs,
): Layout {
	const op = activation && OPERATORS[activation];
	if (!op) return x;
	return graph.elementwise(
		(g, [name]) => {
			if (activation === 'relu6') return g.op(op, [name as string, g.scalar(0), g.scalar(6)]);
			if (activation === 'leakyrelu')
				return g.op(op, [name as string], { alpha: { float: leakyreluAlpha ?? 0.2 } });
			return g.op(op, [name as string]);
		},
		[x],
		shape,
	);
}
