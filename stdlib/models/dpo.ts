import { define, UserError } from '../define.ts';
import type { TrainedModel } from '../training/trained-model.ts';
import type { ModelHandle } from '../values/model.ts';
import { DpoHandle } from './lm/dpo-trainable.ts';
import { LanguageModelHandle } from './lm/trainable.ts';
import { askable } from './lm/trained.ts';

interface DpoArgs {
	readonly model: ModelHandle | TrainedModel;
	readonly beta: number;
}

/** @throws {UserError} for a model that cannot be trained, or a beta that is none */
export function dpo({ model, beta }: DpoArgs): DpoHandle {
	const base = askable(model);
	if (!(base instanceof LanguageModelHandle))
		throw new UserError(
			`dpo: ${base.name} cannot be trained`,
			'it takes a model from lm(…) or a trained one',
		);
	if (!(Number.isFinite(beta) && beta > 0))
		throw new UserError(`dpo: beta is ${beta}, but must be a number above 0`);
	return new DpoHandle(base, beta);
}

export const dpoDefinition = define<DpoArgs, DpoHandle>({
	name: 'dpo',
	signature:
		'dpo(model: Model<train, sample, choose, logprob, embed>, beta: Number = 0.1) -> Model<prefer, sample, choose, logprob, embed, train>',
	doc: 'The same language model, whose training makes preferred completions likelier than others without a model of rewards: the columns `prompt`, `chosen` and `rejected`, and where there is one `preferred`, the probability that `chosen` is preferred (1 without it). beta says how dear it is to move away from the model as it was; that model is kept beside it, unless it is a `lora`, whose weights stay as they are.',
	cite: 'Rafailov et al. 2023 (arXiv:2305.18290), eq. 7',
	example:
		'train aligned { model = dpo(lora(base), beta: 0.1)  on = pairs  optimizer = adamw(1e-5)  batch = 8  epochs = 1 }',
	version: 1,
	run: dpo,
});
