import { define, UserError } from '../define.ts';
import type { Trainable } from '../training/family.ts';
import type { TrainedModel } from '../training/trained-model.ts';
import type { ModelHandle } from '../values/model.ts';
import { encoderOf, readHead } from './lm/head-readout.ts';
import { REWARD_HEAD } from './lm/preference-family.ts';
import { preferenceTrainable } from './lm/preference-trainable.ts';
import { LanguageModelHandle } from './lm/trainable.ts';
import { askable } from './lm/trained.ts';

/** @throws {UserError} for a model that cannot be trained */
export function preferenceModel({ model }: { readonly model: ModelHandle | TrainedModel }): Trainable {
	const base = askable(model);
	if (base instanceof LanguageModelHandle) return preferenceTrainable(base);
	throw new UserError(
		`preference_model: ${base.name} cannot be trained`,
		'it takes a model from lm(…) or a trained one',
	);
}

/** The number that a preference model gives to a completion: differences are log-odds of being preferred. */
export async function reward(model: TrainedModel, prompt: string, completion: string): Promise<number> {
	const text = (await encoderOf(model))(prompt, completion);
	return readHead(model, REWARD_HEAD, [...text.prompt, ...text.completion]);
}

export const preferenceModelDefinition = define({
	name: 'preference_model',
	signature: 'preference_model(model: Model<train, sample, choose, logprob, embed>) -> Model<train, reward>',
	doc: 'A language model with a scalar head in place of its output, trained on which of two completions is preferred: the columns `prompt`, `chosen` and `rejected`, and where there is one `preferred`, the probability that `chosen` is preferred (1 without it). The loss is -ln σ(difference of rewards), weighted by that probability.',
	cite: 'Bradley & Terry 1952; Bai et al. 2022 (arXiv:2204.05862), section 3.1',
	example:
		'train pm { model = preference_model(base)  on = pairs  optimizer = adamw(1e-5)  batch = 8  epochs = 1 }',
	version: 1,
	run: preferenceModel,
});

export const rewardDefinition = define({
	name: 'Trained.reward',
	signature: 'Trained.reward(model: Trained<Model<reward>>, prompt: Text, completion: Text) -> Number',
	doc: 'The number that a preference model gives to a completion. Only differences have a meaning: that of two completions is the log-odds that the first is preferred.',
	example: 'r = pm.reward(x.prompt, text)',
	version: 1,
	run: ({
		model,
		prompt,
		completion,
	}: {
		readonly model: TrainedModel;
		readonly prompt: string;
		readonly completion: string;
	}) => reward(model, prompt, completion),
});
