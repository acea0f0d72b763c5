import { define } from '../define.ts';
import { describeModel } from './lm/describe.ts';
import { LM_DEFAULTS, type LmProviderSettings, type LmSource } from './lm/provider.ts';
import { LanguageModelHandle } from './lm/trainable.ts';
import { nameOf, tinyNotice, weightsOf } from './local-weights.ts';
import { KNOWN_MODELS, locateModel, modelsDir } from './model-files.ts';
import { isPocket, POCKET_MODELS, pocketFolder, pocketNotice } from './pocket.ts';
import { CallError } from './provider.ts';
import { requireWhole } from './whole-number.ts';

export interface LmOptions extends LmProviderSettings {
	/** A name of the models' folder, or the path of a `.gguf` file or of a folder in Hugging Face's layout. */
	readonly model: string;
	readonly resolvePath: (path: string) => string;
}

/** The model's files, wherever they lie. */
function sourceOf({ model, resolvePath }: LmOptions): LmSource {
	const path = locate(model, resolvePath);
	const { sha256, parameters } = weightsAt(model, path);
	return {
		identity: { provider: 'lm', model: shownName(model), revision: sha256 },
		parameters,
		notice: isPocket(model) ? pocketNotice(parameters) : tinyNotice(parameters),
		async open() {
			if (path === null)
				throw new CallError(
					'unavailable',
					`${model} is not in ${modelsDir()}; \`assay models pull ${model}\` fetches it`,
				);
			const { openTransformer } = await import('./lm/open.ts');
			return openTransformer(path);
		},
	};
}

/** A model that comes with Assay, or one of the models' folder or of a path. */
const locate = (model: string, resolvePath: (path: string) => string): string | null =>
	isPocket(model) ? pocketFolder(model) : locateModel(model, resolvePath);

const weightsAt = (model: string, path: string | null) =>
	weightsOf(model, path, describeModel, 'a .gguf file or of a folder with config.json and model.safetensors');

const shownName = (model: string): string => (isPocket(model) ? model : nameOf(model));

export function lm(options: Pick<LmOptions, 'model'> & Partial<LmOptions>): LanguageModelHandle {
	const full: LmOptions = {
		...LM_DEFAULTS,
		resolvePath: (path) => path,
		...options,
	};
	requireWhole('lm', 'context', full.context, 16);
	requireWhole('lm', 'parallel', full.parallel, 1);
	requireWhole('lm', 'memory_mb', full.memoryMb, 16);
	return new LanguageModelHandle(sourceOf(full), full);
}

interface LmArgs {
	readonly model: string;
	readonly context: number;
	readonly parallel: number;
	readonly memory_mb: number;
	readonly device?: string | null;
}

export const lmDefinition = define<LmArgs, LanguageModelHandle>({
	name: 'lm',
	signature:
		'lm(model: Text, context: Number = 2048, parallel: Number = 64, memory_mb: Number = 1024, device: Text?) -> Model<sample, choose, logprob, embed, train>',
	doc: `A language model computed in TensorFlow.js, on any device that Assay knows: the name of a model that \`assay models\` lists, or the path of a .gguf file or of a folder with config.json, model.safetensors and tokenizer.json; of the GPT-2, Llama or Qwen2 family.
Weights are used as single-precision numbers. Requests are worked on in batches: prompts that begin alike are computed once, and a text depends only on its own prompt and seed. context is the most tokens of a prompt and its answer; parallel is how many texts are written at once; memory_mb bounds what is remembered of them, beside the weights. embed is the mean of the last states. Options are scored by the exact log-probability of all their tokens. \`assay models pull smollm2-135m-instruct\` fetches a small model; pocket/… are model organisms that come with Assay, with planted answers.`,
	example: 'model small = lm("smollm2-135m-instruct")',
	completions: { model: [...KNOWN_MODELS, ...POCKET_MODELS].map(({ name }) => name) },
	version: 1,
	fingerprint({ model }, { resolvePath }) {
		return [
			{
				name: shownName(model),
				sha256: weightsAt(model, locate(model, resolvePath)).sha256,
			},
		];
	},
	run: ({ model, context, parallel, memory_mb, device }, { resolvePath }) =>
		lm({
			model,
			context,
			parallel,
			memoryMb: memory_mb,
			device: device ?? null,
			resolvePath: (path) => resolvePath(path),
		}),
});
