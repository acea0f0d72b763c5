import { define, UserError } from '../define.ts';
import type { TrainedModel } from '../training/trained-model.ts';
import type { ModelHandle } from '../values/model.ts';
import { LanguageModelHandle } from './lm/trainable.ts';
import { askable } from './lm/trained.ts';
import { requireWhole } from './whole-number.ts';

interface LoraArgs {
	readonly model: ModelHandle | TrainedModel;
	readonly rank: number;
	readonly alpha: number;
}

/** @throws {UserError} for a model that cannot be trained, or a rank that is none */
export function lora({ model, rank, alpha }: LoraArgs): LanguageModelHandle {
	const base = askable(model);
	if (!(base instanceof LanguageModelHandle))
		throw new UserError(
			`lora: ${base.name} cannot be trained`,
			'it takes a model from lm(…) or a trained one',
		);
	requireWhole('lora', 'rank', rank);
	if (!(Number.isFinite(alpha) && alpha > 0))
		throw new UserError(`lora: alpha is ${alpha}, but must be a number above 0`);
	return new LanguageModelHandle(base.source, base.settings, { rank, alpha });
}

export const loraDefinition = define<LoraArgs, LanguageModelHandle>({
	name: 'lora',
	signature:
		'lora(model: Model<train, sample, choose, logprob, embed>, rank: Number = 8, alpha: Number = 16) -> Model<sample, choose, logprob, embed, train>',
	doc: 'The same language model, whose training moves adapters of low rank beside its maps to queries and values in place of its weights. What an adapter gives is multiplied by alpha / rank. Until it is trained it answers as the model does.',
	cite: 'Hu et al. 2021 (arXiv:2106.09685), section 4',
	example:
		'train tuned { model = lora(base, rank: 8)  on = pairs  optimizer = adamw(1e-4)  batch = 8  epochs = 1 }',
	version: 1,
	run: lora,
});
