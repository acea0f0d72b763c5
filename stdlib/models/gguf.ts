import { availableParallelism } from 'node:os';
import { define } from '../define.ts';
import { ModelHandle } from '../values/model.ts';
import { abortSignalOf, type CallSignal } from './call-signal.ts';
import type { EngineSettings, GgufEngine } from './gguf-engine.ts';
import { LoadedOnce } from './loaded-once.ts';
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
import { requireWhole } from './whole-number.ts';

export interface GgufSettings {
	/** A name of the models' folder, or the path of a `.gguf` file. */
	readonly model: string;
	readonly context: number;
	readonly parallel: number;
	/** null: as many as there are cores, less one. */
	readonly threads: number | null;
	/** Saves memory in long contexts, but a prompt's numbers then depend on what it was batched with. */
	readonly flashAttention: boolean;
	readonly resolvePath: (path: string) => string;
}

const CAPABILITIES: ReadonlySet<Capability> = new Set(['sample', 'choose', 'logprob', 'embed']);

const engines = new LoadedOnce<GgufEngine>();

export class GgufProvider implements ModelProvider {
	readonly identity: ModelIdentity;
	readonly capabilities = CAPABILITIES;
	readonly parameters: number;
	readonly notice: string | null;
	readonly limits: ProviderLimits;
	private readonly settings: GgufSettings;
	private readonly path: string | null;
	private engine: GgufEngine | null = null;

	constructor(settings: GgufSettings) {
		this.settings = settings;
		this.path = locateModel(settings.model, settings.resolvePath);
		const { sha256, parameters } = weightsOf(settings.model, this.path);
		this.identity = {
			provider: 'gguf',
			model: nameOf(settings.model),
			revision: sha256,
		};
		this.parameters = parameters;
		this.notice = tinyNotice(parameters);
		// More than run at once, so that prompts that begin alike can follow each other.
		const inFlight = settings.parallel * 8;
		this.limits = {
			concurrency: { start: inFlight, max: inFlight },
			requestsPerMinute: null,
			tokensPerMinute: null,
			adaptive: false,
		};
	}

	async prepare(signal: AbortSignal): Promise<void> {
		this.engine ??= await this.load(signal);
	}

	async sample(request: SampleRequest, signal: CallSignal): Promise<SampleResult> {
		return (this.engine ?? (await this.open(signal))).sample(request, signal);
	}

	async choose(request: ChooseRequest, signal: CallSignal): Promise<ChooseResult> {
		return (this.engine ?? (await this.open(signal))).choose(request, signal);
	}

	async logprob(request: LogprobRequest, signal: CallSignal): Promise<LogprobResult> {
		return (this.engine ?? (await this.open(signal))).logprob(request, signal);
	}

	async embed(request: EmbedRequest, signal: CallSignal): Promise<EmbedResult> {
		return (this.engine ?? (await this.open(signal))).embed(request.text);
	}

	async close(): Promise<void> {
		this.engine = null;
		await engines.close(this.key());
	}

	private async open(signal: CallSignal): Promise<GgufEngine> {
		await this.prepare(abortSignalOf(signal));
		return this.engine as GgufEngine;
	}

	private key(): string {
		const { context, parallel, threads, flashAttention } = this.settings;
		return JSON.stringify([this.path, context, parallel, threads, flashAttention]);
	}

	private load(signal: AbortSignal): Promise<GgufEngine> {
		const { model, context, parallel, threads, flashAttention } = this.settings;
		const { path } = this;
		if (path === null)
			throw new CallError(
				'unavailable',
				`${model} is not in ${modelsDir()}; \`assay models pull ${model}\` fetches it`,
			);
		const settings = { path, context, parallel, threads: threads ?? defaultThreads(), flashAttention };
		return engines.get(this.key(), () => loadEngine(settings, signal));
	}
}

async function loadEngine(settings: EngineSettings, signal: AbortSignal): Promise<GgufEngine> {
	const [{ loadRuntime }, { GgufEngine: Engine }] = await Promise.all([
		import('./llama-runtime.ts'),
		import('./gguf-engine.ts'),
	]);
	const runtime = await loadRuntime();
	try {
		return await Engine.load(settings, runtime, signal);
	} catch (error) {
		if (signal.aborted) throw signal.reason;
		throw new CallError('unavailable', `${settings.path} does not load: ${(error as Error).message}`, {
			cause: error,
		});
	}
}

/**
 * One processor is left to everything else: llama.cpp's threads wait for each other in tight loops, so that one of them
 * losing its processor for a moment stops all (two threads on two busy processors wrote 3 tokens a second, one wrote 66).
 */
const defaultThreads = (): number => Math.max(1, availableParallelism() - 1);

export function gguf(settings: Pick<GgufSettings, 'model'> & Partial<GgufSettings>): ModelHandle {
	const full: GgufSettings = {
		context: 4096,
		parallel: 4,
		threads: null,
		flashAttention: false,
		resolvePath: (path) => path,
		...settings,
	};
	requireWhole('gguf', 'context', full.context, 16);
	requireWhole('gguf', 'parallel', full.parallel, 1);
	requireWhole('gguf', 'threads', full.threads ?? 1, 1);
	return new ModelHandle(new GgufProvider(full));
}

interface GgufArgs {
	readonly model: string;
	readonly context: number;
	readonly parallel: number;
	readonly threads?: number | null;
}

export const ggufDefinition = define<GgufArgs, ModelHandle>({
	name: 'gguf',
	signature:
		'gguf(model: Text, context: Number = 4096, parallel: Number = 4, threads: Number?) -> Model<sample, choose, logprob, embed>',
	doc: `A model in a GGUF file, run in this process by llama.cpp: the name of a model that \`assay models\` lists, or the path of a .gguf file.
The chat template is the file's own; a last assistant message is continued. Options are scored by the exact log-probability of all their tokens. context is the most tokens of a prompt and its answer; parallel is how many are worked on at once, and memory grows with both. \`assay models pull smollm2-135m-instruct\` fetches a small model, and llama.cpp with it.`,
	example: 'model small = gguf("smollm2-135m-instruct")',
	completions: { model: KNOWN_MODELS.map((known) => known.name) },
	version: 1,
	fingerprint({ model }, { resolvePath }) {
		return [{ name: nameOf(model), sha256: weightsOf(model, locateModel(model, resolvePath)).sha256 }];
	},
	run: ({ model, context, parallel, threads }, { resolvePath }) =>
		gguf({ model, context, parallel, threads: threads ?? null, resolvePath: (path) => resolvePath(path) }),
});
