import { define, UserError } from '../define.ts';
import type { TrainedModel } from '../training/trained-model.ts';
import type { ModelHandle } from '../values/model.ts';
import type { Prompt } from '../values/prompt.ts';
import { encoderOf, readHead } from './lm/head-readout.ts';
import { LanguageModelHandle } from './lm/trainable.ts';
import { askable } from './lm/trained.ts';
import { VALUE_HEAD } from './lm/value-head-family.ts';
import { ValueHeadHandle } from './lm/value-head-trainable.ts';
import { asPrompt } from './request.ts';

interface ValueHeadArgs {
	readonly model: ModelHandle | TrainedModel;
	readonly completion_weight: number;
}

/** @throws {UserError} for a model that cannot be trained, or a weight that is none */
export function valueHead({ model, completion_weight }: ValueHeadArgs): ValueHeadHandle {
	const base = askable(model);
	if (!(base instanceof LanguageModelHandle))
		throw new UserError(
			`value_head: ${base.name} cannot be trained`,
			'it takes a model from lm(…) or a trained one',
		);
	if (!(Number.isFinite(completion_weight) && completion_weight >= 0))
		throw new UserError(
			`value_head: completion_weight is ${completion_weight}, but must be a number of at least 0`,
		);
	return new ValueHeadHandle(base, completion_weight);
}

/** The probability that a model with a value head knows the answer to a prompt. */
export async function pIk(model: TrainedModel, prompt: Prompt | string): Promise<number> {
	const { prompt: tokens } = (await encoderOf(model))(asPrompt(prompt).messages, '');
	return 1 / (1 + Math.exp(-(await readHead(model, VALUE_HEAD, tokens))));
}

export const valueHeadDefinition = define<ValueHeadArgs, ValueHeadHandle>({
	name: 'value_head',
	signature:
		'value_head(model: Model<train, sample, choose, logprob, embed>, completion_weight: Number = 0) -> Model<know, sample, choose, logprob, embed, train>',
	doc: 'The same language model with a scalar head beside its output, whose training teaches it to tell what it knows, P(IK): the columns `prompt` and `known`, the probability that it answers the prompt rightly, such as the share of its samples that are right. The loss is the cross-entropy of that with the head at the prompt’s last token; with completion_weight above 0, that many times the mean of -ln p over the tokens of the column `completion` is added. All weights move (or the adapters of a `lora`), and the trained model answers as well as it tells.',
	cite: 'Kadavath et al. 2022 (arXiv:2207.05221), section 5',
	example:
		'train knower { model = value_head(base)  on = graded  optimizer = adamw(1e-5)  batch = 8  epochs = 1 }',
	version: 1,
	run: valueHead,
});

export const pIkDefinition = define({
	name: 'Trained.p_ik',
	signature: 'Trained.p_ik(model: Trained<Model<know>>, prompt: Prompt | Text) -> Number',
	doc: 'The probability that a model with a trained value head gives to knowing the answer to a prompt, P(IK), from 0 to 1. A text is one message of a user, as in training.',
	cite: 'Kadavath et al. 2022 (arXiv:2207.05221), section 5',
	example: 'p = knower.p_ik(x.question)',
	version: 1,
	run: ({ model, prompt }: { readonly model: TrainedModel; readonly prompt: Prompt | string }) =>
		pIk(model, prompt),
});
