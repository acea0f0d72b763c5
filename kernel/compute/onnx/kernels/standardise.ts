import { STANDARDISE } from '../../fused/standardised.ts';
import { type Kernel, kernel } from '../kernel.ts';
import { type Layout, plain } from '../layout.ts';
import type { Info } from '../value.ts';

/** ONNX's layer normalisation with a gain of one and no bias. */
export const standardise: Kernel = kernel<{ epsilon: number }>({
	name: STANDARDISE,
	inputs: ['x'],
	many: true,
	accepts: ([x]) => (x as Info).dtype === 'float32' && (x as Info).shape.length > 0,
	infer: ([x]) => {
		const { shape } = x as Info;
		return [x as Info, { shape: [...shape.slice(0, -1), 1], dtype: 'float32' }];
	},
	lower: (graph, [x], { attrs, results }) => {
		const [{ shape }, inverse] = results as [Info, Info];
		const length = shape.at(-1) as number;
		const ones = graph.constantOnce(`ones ${length}`, 'float32', [length], () =>
			new Array<number>(length).fill(1),
		);
		const made = graph.ops('LayerNormalization', [graph.full(x as Layout), ones], 3, {
			axis: -1,
			epsilon: { float: attrs.epsilon },
		});
		return [plain(made[0] as string, shape), plain(made[2] as string, inverse.shape)];
	},
});
