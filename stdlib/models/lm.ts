import { define, UserError } from '../define.ts';
import { ModelHandle } from '../values/model.ts';
import { describeModel } from './lm/describe.ts';
import type { LmEngine, LmSettings } from './lm/engine.ts';
import { nameOf, tinyNotice, weightsOf } from './local-weights.ts';
import { KNOWN_MODELS, locateModel, modelsDir } from './model-files.ts';
import {
	CallError,
	type Capability,
	type ChooseRequest,
	type ChooseResult,
	type EmbedRequest,
	type EmbedResult,
	type LogprobRequest,
	type LogprobResult,
	type ModelIdentity,
	type ModelProvider,
	type ProviderLimits,
	type SampleRequest,
	type SampleResult,
} from './provider.ts';

export interface LmOptions {
	/** A name of the models' folder, or the path of a `.gguf` file or of a folder in Hugging Face's layout. */
	readonly model: string;
	/** Tokens in a prompt and its answer together. */
	readonly context: number;
	/** Texts written at once. */
	readonly parallel: number;
	/** Megabytes (2²⁰ bytes) that may be remembered of prompts and answers. */
	readonly memoryMb: number;
	/** null: the best device here. */
	readonly device: string | null;
	readonly resolvePath: (path: string) => string;
}

const CAPABILITIES: ReadonlySet<Capability> = new Set(['sample', 'choose', 'logprob', 'embed']);

/** Weights are loaded once a process, whoever asks for them. */
const engines = new Map<string, Promise<LmEngine>>();

/** A transformer in TensorFlow.js. */
export class LmProvider implements ModelProvider {
	readonly identity: ModelIdentity;
	readonly capabilities = CAPABILITIES;
	readonly parameters: number;
	readonly notice: string | null;
	readonly limits: ProviderLimits;
	private readonly options: LmOptions;
	private readonly path: string | null;

	constructor(options: LmOptions) {
		this.options = options;
		this.path = locateModel(options.model, options.resolvePath);
		const { sha256, parameters } = weightsOf(options.model, this.path, describeModel);
		this.identity = { provider: 'lm', model: nameOf(options.model), revision: sha256 };
		this.parameters = parameters;
		this.notice = tinyNotice(parameters);
		// More than one batch, so that the next one is there when places become free.
		const inFlight = Math.max(128, 2 * options.parallel);
		this.limits = {
			concurrency: { start: inFlight, max: inFlight },
			requestsPerMinute: null,
			tokensPerMinute: null,
			adaptive: false,
		};
	}

	async prepare(): Promise<void> {
		await this.engine();
	}

	async sample(request: SampleRequest, signal: AbortSignal): Promise<SampleResult> {
		return (await this.engine()).sample(request, signal);
	}

	async choose(request: ChooseRequest, signal: AbortSignal): Promise<ChooseResult> {
		return (await this.engine()).choose(request, signal);
	}

	async logprob(request: LogprobRequest, signal: AbortSignal): Promise<LogprobResult> {
		return (await this.engine()).logprob(request, signal);
	}

	async embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedResult> {
		return (await this.engine()).embed(request.text, signal);
	}

	async close(): Promise<void> {
		const loading = engines.get(this.key);
		engines.delete(this.key);
		(await loading)?.close();
	}

	private get key(): string {
		const { context, parallel, memoryMb, device } = this.options;
		return JSON.stringify([this.path, context, parallel, memoryMb, device]);
	}

	private engine(): Promise<LmEngine> {
		const { path, key } = this;
		const { model, context, parallel, memoryMb, device } = this.options;
		if (path === null)
			throw new CallError(
				'unavailable',
				`${model} is not in ${modelsDir()}; \`assay models pull ${model}\` fetches it`,
			);
		const known = engines.get(key);
		if (known) return known;
		const loading = loadEngine(path, device, { context, parallel, memoryBytes: memoryMb * 2 ** 20 });
		engines.set(key, loading);
		// A load that failed may be tried again.
		loading.catch(() => engines.delete(key));
		return loading;
	}
}

async function loadEngine(path: string, device: string | null, settings: LmSettings): Promise<LmEngine> {
	const [{ openTransformer }, { LmEngine: Engine }, { openDevice }] = await Promise.all([
		import('./lm/open.ts'),
		import('./lm/engine.ts'),
		import('../training/open-device.ts'),
	]);
	try {
		const stored = await openTransformer(path);
		try {
			return new Engine((await openDevice(device)).tf, stored, settings);
		} finally {
			stored.close();
		}
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		const help = error.help === null ? '' : `; ${error.help}`;
		throw new CallError('unavailable', `${error.message}${help}`, { cause: error });
	}
}

export function lm(options: Pick<LmOptions, 'model'> & Partial<LmOptions>): ModelHandle {
	const full: LmOptions = {
		context: 2048,
		parallel: 64,
		memoryMb: 2048,
		device: null,
		resolvePath: (path) => path,
		...options,
	};
	for (const [name, value, least] of [
		['context', full.context, 16],
		['parallel', full.parallel, 1],
		['memory_mb', full.memoryMb, 16],
	] as const) {
		if (!(Number.isInteger(value) && value >= least))
			throw new UserError(`lm: ${name} is ${value}, but must be a whole number from ${least}`);
	}
	return new ModelHandle(new LmProvider(full));
}

interface LmArgs {
	readonly model: string;
	readonly context: number;
	readonly parallel: number;
	readonly memory_mb: number;
	readonly device?: string | null;
}

export const lmDefinition = define<LmArgs, ModelHandle>({
	name: 'lm',
	signature:
		'lm(model: Text, context: Number = 2048, parallel: Number = 64, memory_mb: Number = 2048, device: Text?) -> Model<sample, choose, logprob, embed>',
	doc: `A language model computed in TensorFlow.js, on any device that Assay knows: the name of a model that \`assay models\` lists, or the path of a .gguf file or of a folder with config.json, model.safetensors and tokenizer.json; of the GPT-2, Llama or Qwen2 family.
Weights are used as single-precision numbers. Requests are worked on in batches: prompts that begin alike are computed once, and a text depends only on its own prompt and seed. context is the most tokens of a prompt and its answer; parallel is how many texts are written at once; memory_mb bounds what is remembered of them, beside the weights. embed is the mean of the last states. Options are scored by the exact log-probability of all their tokens. \`assay models pull smollm2-135m-instruct\` fetches a small model.`,
	example: 'model small = lm("smollm2-135m-instruct")',
	completions: { model: KNOWN_MODELS.map((known) => known.name) },
	version: 1,
	fingerprint({ model }, { resolvePath }) {
		return [
			{
				name: nameOf(model),
				sha256: weightsOf(model, locateModel(model, resolvePath), describeModel).sha256,
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
