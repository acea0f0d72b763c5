import { define } from '../../define.ts';
import { symbolic } from '../symbol.ts';
import { activation } from './activations.ts';
import { conv } from './conv.ts';
import { addBatchNorm } from './norms.ts';
import { pool } from './pool.ts';

export const convBlockDefinition = define({
	name: 'conv_block',
	signature: 'conv_block(x: Image[h, w, c], channels: Number) -> Image[floor(h / 2), floor(w / 2), channels]',
	doc: 'A 3 × 3 convolution, batch normalisation, relu and 2 × 2 max pooling: the block of few-shot networks.',
	cite: 'Snell et al. 2017 (arXiv:1703.05175), section 3.1',
	version: 1,
	run: ({ x, channels }: { readonly x: unknown; readonly channels: number }) => {
		const input = symbolic(x, 'conv_block');
		const leave = input.builder.enter('conv_block');
		try {
			return pool(activation(addBatchNorm(conv(input, channels)), 'relu'));
		} finally {
			leave();
		}
	},
});
