import { define, UserError } from '../../define.ts';
import { showShape } from '../graph.ts';
import { type NetworkFunction, type SymbolicTensor, symbolic } from '../symbol.ts';
import { activation } from './activations.ts';
import { add } from './combine.ts';
import { conv } from './conv.ts';

/** The block of VQ-VAE: x + conv1×1(relu(conv3×3(relu(x)))), `channels` wide inside. */
function residualBlock(x: SymbolicTensor, channels: number): SymbolicTensor {
	const inside = conv(activation(x, 'relu'), channels);
	return add(x, conv(activation(inside, 'relu'), x.shape.at(-1) as number, { kernel: 1 }));
}

/** Adds x + branch(x) to the network of `x`. */
async function residualBranch(x: SymbolicTensor, branch: NetworkFunction): Promise<SymbolicTensor> {
	const y = symbolic(await branch(x), 'residual');
	if (y.shape.join() !== x.shape.join())
		throw new UserError(
			`the branch of residual must keep ${showShape(x.shape)}, but gives ${showShape(y.shape)}`,
		);
	return add(x, y);
}

interface ResidualArgs {
	readonly x: unknown;
	readonly channels?: number;
	readonly branch?: NetworkFunction;
}

export const residualDefinition = define({
	name: 'residual',
	signature: [
		'residual(x: Image[h, w, c], channels: Number) -> Image[h, w, c]',
		'residual(x: T, branch: T -> T) -> T',
	],
	doc:
		'x plus a branch of x. With a number, the branch is that of VQ-VAE: relu, a 3 × 3 convolution to so many channels, relu, a 1 × 1 ' +
		'convolution back. With a function it is that function, which must keep the shape.',
	cite: 'He et al. 2015 (arXiv:1512.03385); van den Oord et al. 2017 (arXiv:1711.00937), section 4.1',
	example:
		'network enc(x: Image[28, 28, 1]) { x |> conv(32, stride: 2) |> residual(y => y |> batch_norm |> relu |> conv(32)) }',
	version: 1,
	run: async ({ x, channels, branch }: ResidualArgs) => {
		const input = symbolic(x, 'residual');
		const leave = input.builder.enter('residual');
		try {
			return branch ? await residualBranch(input, branch) : residualBlock(input, channels as number);
		} finally {
			leave();
		}
	},
});
