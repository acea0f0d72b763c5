import { define, defineType } from '../define.ts';
import type { TrainedModel } from './trained-model.ts';

const COMMON = 'step: Number, epoch: Number, loss: Number, gradient_norm: Number, rate: Number';

export const historyTypes = [
	defineType({
		name: 'QuantiserHistory',
		type: `{${COMMON}, reconstruction: Number, codebook: Number?, commitment: Number, kl: Number?, error: Estimate?, perplexity: Number?, usage: Number?, dead_codes: Number?, bits_per_pixel: Number?}`,
		doc:
			'A line of the history of a `vqvae`. `loss`, its parts and `gradient_norm` are means over the steps since the line before; `error` ' +
			'(mean squared error), `perplexity`, `usage`, `dead_codes` and `bits_per_pixel` were measured on the data of `evaluate`, on some lines.',
	}),
	defineType({
		name: 'AutoencoderHistory',
		type: `{${COMMON}, error: Estimate?}`,
		doc: 'A line of the history of an `autoencoder`; `error` is the mean squared error on the data of `evaluate`, on some lines.',
	}),
	defineType({
		name: 'ClassifierHistory',
		type: `{${COMMON}, accuracy: Number, cross_entropy: Estimate?, eval_accuracy: Estimate?}`,
		doc:
			'A line of the history of a `classifier`. `accuracy` is over the training batches since the line before; `cross_entropy` and ' +
			'`eval_accuracy` were measured on the data of `evaluate`, on some lines.',
	}),
	defineType({
		name: 'LanguageModelHistory',
		type: `{${COMMON}, tokens: Number, cross_entropy: Estimate?}`,
		doc:
			'A line of the history of a language model. `tokens` is how many tokens a batch had to learn, on average since the line before; ' +
			'`cross_entropy` (nats a token) was measured on the data of `evaluate`, on some lines, texts as clusters.',
	}),
	defineType({
		name: 'PreferenceHistory',
		type: `{${COMMON}, accuracy: Number, preference_loss: Estimate?, eval_accuracy: Estimate?}`,
		doc:
			'A line of the history of a `preference_model`, or of `dpo`. `accuracy` is the share of pairs whose preferred text had the higher reward (for `dpo` gained more), over ' +
			'the training batches since the line before; `preference_loss` and `eval_accuracy` were measured on the data of `evaluate`, on some lines.',
	}),
];

export const historyDefinition = define({
	name: 'Trained.history',
	signature: [
		'Trained.history(model: Trained<Model<quantise>>) -> Table<QuantiserHistory, QuantiserHistory>',
		'Trained.history(model: Trained<Model<reconstruct>>) -> Table<AutoencoderHistory, AutoencoderHistory>',
		'Trained.history(model: Trained<Model<classify>>) -> Table<ClassifierHistory, ClassifierHistory>',
		'Trained.history(model: Trained<Model<prefer>>) -> Table<PreferenceHistory, PreferenceHistory>',
		'Trained.history(model: Trained<Model<sample>>) -> Table<LanguageModelHistory, LanguageModelHistory>',
		'Trained.history(model: Trained<Model<reward>>) -> Table<PreferenceHistory, PreferenceHistory>',
	],
	doc: 'How the training went: a line about every hundredth of the steps, and one at every measurement.',
	example: 'table history = fit.history()',
	version: 1,
	run: ({ model }: { readonly model: TrainedModel }) => model.historyTable,
});
