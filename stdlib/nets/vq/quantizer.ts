import { define, defineType, UserError } from '../../define.ts';
import { isSchedule, type Rate } from '../../training/schedule.ts';

/** How latents become codes. */
export type Quantizer =
	| {
			readonly kind: 'quantizer';
			readonly by: 'nearest';
			readonly codebook: 'gradient' | 'ema';
			readonly decay: number;
			/** Weight of the commitment loss. */
			readonly commitment: number;
	  }
	| {
			readonly kind: 'quantizer';
			readonly by: 'gumbel';
			readonly temperature: Rate;
			/** Weight of the divergence from the uniform prior, and of the expected distance to the codes. */
			readonly kl: number;
			readonly commitment: number;
	  };

export const quantizerType = defineType({
	name: 'Quantizer',
	type: 'opaque',
	doc: 'How latents become codes: `straight_through(…)` or `gumbel(…)`.',
});

const notNegative = (fn: string, name: string, value: number): number => {
	if (Number.isFinite(value) && value >= 0) return value;
	throw new UserError(`${name} of ${fn} is a number of at least 0, not ${value}`);
};

interface StraightThroughArgs {
	readonly codebook: string;
	readonly decay: number;
	readonly commitment: number;
}

export function straightThroughQuantizer({ codebook, decay, commitment }: StraightThroughArgs): Quantizer {
	if (codebook !== 'ema' && codebook !== 'gradient')
		throw new UserError(`the codebook follows "ema" or "gradient", not "${codebook}"`);
	if (!(decay > 0 && decay < 1)) throw new UserError(`decay is above 0 and below 1, not ${decay}`);
	return {
		kind: 'quantizer',
		by: 'nearest',
		codebook,
		decay,
		commitment: notNegative('straight_through', 'commitment', commitment),
	};
}

interface GumbelArgs {
	readonly temperature: Rate;
	readonly kl: number;
	readonly commitment: number;
}

function gumbelQuantizer({ temperature, kl, commitment }: GumbelArgs): Quantizer {
	const ends = isSchedule(temperature) ? [temperature.from, temperature.to] : [temperature];
	if (!ends.every((end) => Number.isFinite(end) && end > 0))
		throw new UserError(`the temperature of gumbel is above 0, not ${ends.join(' to ')}`);
	return {
		kind: 'quantizer',
		by: 'gumbel',
		temperature,
		kl: notNegative('gumbel', 'kl', kl),
		commitment: notNegative('gumbel', 'commitment', commitment),
	};
}

export const quantizerDefinitions = [
	define({
		name: 'straight_through',
		signature:
			'straight_through(codebook: Text = "ema", decay: Number = 0.99, commitment: Number = 0.25) -> Quantizer',
		doc:
			'Each latent becomes its nearest code; the gradient passes as if it had not. Codes follow moving averages of their latents ' +
			'(`"ema"`, with `decay`) or the gradient of the codebook loss (`"gradient"`). `commitment` weighs the pull of latents towards ' +
			'their codes.',
		cite: 'van den Oord et al. 2017 (arXiv:1711.00937), section 3.2 and appendix A.1',
		completions: { codebook: ['ema', 'gradient'] },
		version: 1,
		run: straightThroughQuantizer,
	}),
	define({
		name: 'gumbel',
		signature:
			'gumbel(temperature: Number | Schedule = 0.66, kl: Number = 0.001, commitment: Number = 0.001) -> Quantizer',
		doc:
			'While training, a latent is a mixture of codes drawn by Gumbel-softmax from softmax(-squared distance); afterwards it is the most ' +
			'probable code. `kl` weighs the divergence from the uniform prior, `commitment` the expected squared distance. The temperature may ' +
			'be a schedule.',
		cite: 'Williams et al. 2020 (arXiv:2002.08111); Jang et al. 2016 (arXiv:1611.01144)',
		example: 'model vq = vqvae(enc, dec, codes: 64, quantizer: gumbel(temperature: 0.66 to 0.1))',
		version: 1,
		run: gumbelQuantizer,
	}),
];
