import { TrainedModel } from '../../training/trained-model.ts';
import type { ModelHandle } from '../../values/model.ts';
import { tinyNotice } from '../local-weights.ts';
import { languageModelConfig } from './language-model-family.ts';
import { mergedWeights } from './low-rank.ts';
import { LM_DEFAULTS, type LmSource } from './provider.ts';
import type { StoredTransformer } from './stored-transformer.ts';
import { LanguageModelHandle } from './trainable.ts';

const handles = new WeakMap<TrainedModel, LanguageModelHandle>();

/** A model that can be asked: itself, or the language model that a training run made. */
export function askable(model: ModelHandle | TrainedModel): ModelHandle {
	if (!(model instanceof TrainedModel)) return model;
	const known = handles.get(model) ?? new LanguageModelHandle(sourceOf(model), LM_DEFAULTS);
	handles.set(model, known);
	return known;
}

function sourceOf(model: TrainedModel): LmSource {
	const { transformer } = languageModelConfig(model.architecture);
	const parameters = [...model.weights]
		.filter(([name]) => !(/\/lora_[ab]$/.test(name) || name.startsWith('reference/')))
		.reduce((sum, [, { data }]) => sum + data.length, 0);
	return {
		identity: { provider: 'lm', model: model.name, revision: model.sha256 },
		parameters,
		notice: tinyNotice(parameters),
		open: async (): Promise<StoredTransformer> => {
			const { tokenizer, chatTemplate, lowRank } = languageModelConfig(model.architecture);
			return {
				path: model.name,
				config: transformer,
				tokenizer: { ...tokenizer, ends: new Set(tokenizer.ends) },
				chatTemplate,
				weights: () => mergedWeights(transformer, model.weights, lowRank),
				close: () => undefined,
			};
		},
	};
}
