import { type Kernel, kernel } from '../kernel.ts';
import { type Layout, plain } from '../layout.ts';
import type { Info } from '../value.ts';

const overAxis = (name: string, op: string): Kernel =>
	kernel<{ dim?: number; axis?: number }>({
		name,
		inputs: ['logits'],
		accepts: ([x]) => (x as Info).dtype === 'float32',
		infer: ([x]) => [x as Info],
		lower: (graph, [x], { attrs, results }) => {
			const axis = attrs.dim ?? attrs.axis ?? -1;
			return plain(graph.op(op, [graph.full(x as Layout)], { axis }), (results[0] as Info).shape);
		},
	});

export const softmaxes: readonly Kernel[] = [
	overAxis('Softmax', 'Softmax'),
	overAxis('LogSoftmax', 'LogSoftmax'),
];
