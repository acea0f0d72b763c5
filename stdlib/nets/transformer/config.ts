import { z } from 'zod';
import { UserError } from '../../define.ts';

const size = z.number().int().positive();

/** How the angles of rotary positions are stretched to contexts longer than those of the first training. */
const ropeScaling = z.discriminatedUnion('kind', [
	z.object({ kind: z.literal('none') }),
	/** Positions divided by `factor` (Chen et al. 2023, arXiv:2306.15595). */
	z.object({ kind: z.literal('linear'), factor: z.number().positive() }),
	/** Low frequencies divided by `factor`, high ones kept, a ramp between (Llama 3.1). */
	z.object({
		kind: z.literal('llama3'),
		factor: z.number().positive(),
		lowFrequencyFactor: z.number().positive(),
		highFrequencyFactor: z.number().positive(),
		originalContext: size,
	}),
	/** One divisor a frequency, as a file gives them. */
	z.object({ kind: z.literal('divisors'), divisors: z.array(z.number().positive()) }),
]);

const positions = z.discriminatedUnion('kind', [
	/** A learned vector a position, added to the token's (Radford et al. 2019). */
	z.object({ kind: z.literal('learned') }),
	/** Queries and keys turned by angles (Su et al. 2021, arXiv:2104.09864); `size` channels of each head are turned. */
	z.object({ kind: z.literal('rope'), base: z.number().positive(), size, scaling: ropeScaling }),
]);

const schema = z.object({
	vocabulary: size,
	/** Channels of the residual stream. */
	width: size,
	layers: size,
	/** Heads of queries. */
	heads: size,
	/** Heads of keys and values, each shared by heads / keyValueHeads heads of queries. */
	keyValueHeads: size,
	/** Channels of a head. */
	headSize: size,
	/** Channels inside of the feed-forward part. */
	hidden: size,
	/** Most tokens that it was trained on at once. */
	context: size,
	norm: z.object({ kind: z.enum(['layer', 'rms']), epsilon: z.number().positive() }),
	positions,
	activation: z.enum(['gelu', 'gelu_tanh', 'silu']),
	/** Whether the activation gates a second linear map (SwiGLU: Shazeer 2020, arXiv:2002.05202). */
	gated: z.boolean(),
	/** Which linear maps add a bias. */
	biases: z.object({ queryKeyValue: z.boolean(), output: z.boolean(), feedForward: z.boolean() }),
	/** Whether the embedding is also the output head. */
	tied: z.boolean(),
});

/** A decoder-only transformer of the GPT-2 or the Llama family. */
export type TransformerConfig = z.infer<typeof schema>;

export type RopeScaling = z.infer<typeof ropeScaling>;

/** @throws {UserError} for settings that make no transformer; `where` names the file or call that they are from */
export function transformerConfig(settings: TransformerConfig, where: string): TransformerConfig {
	const parsed = schema.safeParse(settings);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw new UserError(`${where} describes no transformer: ${issue?.path.join('.')}: ${issue?.message}`);
	}
	const problem = contradiction(parsed.data);
	if (problem) throw new UserError(`${where} describes no transformer: ${problem}`);
	return parsed.data;
}

function contradiction({ heads, keyValueHeads, headSize, positions }: TransformerConfig): string | null {
	if (heads % keyValueHeads !== 0)
		return `${heads} heads of queries cannot share ${keyValueHeads} heads of keys evenly`;
	if (positions.kind === 'learned') return null;
	if (positions.size % 2 !== 0 || positions.size > headSize)
		return `${positions.size} channels cannot be turned in pairs in heads of ${headSize}`;
	const { scaling } = positions;
	if (scaling.kind === 'divisors' && scaling.divisors.length !== positions.size / 2)
		return `${scaling.divisors.length} divisors of angles are given for ${positions.size / 2}`;
	return null;
}
