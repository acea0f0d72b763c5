import { define, type Fingerprint, type FingerprintContext, UserError } from '../define.ts';
import type { ModelHandle } from '../values/model.ts';
import { anthropic } from './anthropic.ts';
import { gguf, ggufDefinition } from './gguf.ts';
import { lm, lmDefinition } from './lm.ts';
import { KNOWN_MODELS } from './model-files.ts';
import { openai } from './openai.ts';
import { POCKET_MODELS } from './pocket.ts';
import { simulated } from './simulated.ts';

interface Args {
	readonly name: string;
	readonly seed: number;
}

const PROVIDERS = 'gguf/…, lm/…, pocket/…, openai/…, anthropic/… or simulated';

/** The simulated responder that stands in for a model: some accuracy, some bias, and probabilities that mean what they say. */
const STAND_IN = { accuracy: 0.6, calibration: 1, bias: 0.1 };

/** A fingerprint depends on the files alone. */
const FILES_ONLY = { context: 0, parallel: 0, memory_mb: 0 };

/** `gguf/smollm2-135m-instruct` as provider and model. */
function parts(name: string): { readonly provider: string; readonly model: string } {
	const slash = name.indexOf('/');
	return slash < 0
		? { provider: name, model: '' }
		: { provider: name.slice(0, slash), model: name.slice(slash + 1) };
}

function modelNamed({ name, seed }: Args, resolvePath: (path: string) => string): ModelHandle {
	const { provider, model } = parts(name);
	if (name === 'simulated') return simulated({ ...STAND_IN, seed });
	if (model !== '' && provider === 'gguf') return gguf({ model, resolvePath });
	if (model !== '' && provider === 'lm') return lm({ model, resolvePath });
	if (model !== '' && provider === 'pocket') return lm({ model: name, resolvePath });
	if (model !== '' && provider === 'openai') return openai({ name: model });
	if (model !== '' && provider === 'anthropic') return anthropic({ name: model });
	throw new UserError(`"${name}" names no model`, `write ${PROVIDERS}`);
}

export const modelNamedDefinition = define<Args, ModelHandle>({
	name: 'model_named',
	signature: 'model_named(name: Text, seed: Number = study) -> Model<sample, choose>',
	doc: `A model by a name that a \`param\` can hold: ${PROVIDERS}. What it can do beyond \`sample\` and \`choose\` is not known to the checker; write \`gguf(…)\` and the like where that matters.`,
	example: 'param name: Text = "gguf/smollm2-135m-instruct"\nmodel m = model_named(name)',
	completions: {
		name: [
			'simulated',
			...['gguf', 'lm'].flatMap((provider) => KNOWN_MODELS.map((known) => `${provider}/${known.name}`)),
			...POCKET_MODELS.map((pocket) => pocket.name),
			'openai/',
			'anthropic/',
		],
	},
	version: 1,
	fingerprint({ name }: Args, context: FingerprintContext): readonly Fingerprint[] {
		const { provider, model } = parts(name);
		if (model === '') return [];
		if (provider === 'lm' || provider === 'pocket')
			return (
				lmDefinition.fingerprint?.({ ...FILES_ONLY, model: provider === 'lm' ? model : name }, context) ?? []
			);
		if (provider !== 'gguf') return [];
		return ggufDefinition.fingerprint?.({ model, context: 0, parallel: 0 }, context) ?? [];
	},
	run: (args, { resolvePath }) => modelNamed(args, (path) => resolvePath(path)),
});
