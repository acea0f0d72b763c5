import { UserError } from '../../define.ts';
import type { CallSignal } from '../call-signal.ts';
import { LoadedOnce } from '../loaded-once.ts';
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
} from '../provider.ts';
import type { LmEngine } from './engine.ts';
import type { StoredTransformer } from './stored-transformer.ts';

export interface LmProviderSettings {
	/** Tokens in a prompt and its answer together. */
	readonly context: number;
	/** Texts written at once. */
	readonly parallel: number;
	/** Megabytes (2²⁰ bytes) that may be remembered of prompts and answers. */
	readonly memoryMb: number;
	/** null: the best device here. */
	readonly device: string | null;
}

export const LM_DEFAULTS: LmProviderSettings = { context: 2048, parallel: 64, memoryMb: 1024, device: null };

/** Where a language model comes from: files, or a training of this study. */
export interface LmSource {
	readonly identity: ModelIdentity;
	readonly parameters: number;
	readonly notice: string | null;
	/** @throws {CallError | UserError} when it is not here, damaged or not known */
	open(): Promise<StoredTransformer>;
}

const CAPABILITIES: ReadonlySet<Capability> = new Set(['sample', 'choose', 'logprob', 'embed', 'train']);

const engines = new LoadedOnce<LmEngine>();

/** A transformer in TensorFlow.js. */
export class LmProvider implements ModelProvider {
	readonly identity: ModelIdentity;
	readonly capabilities = CAPABILITIES;
	readonly parameters: number;
	readonly notice: string | null;
	readonly limits: ProviderLimits;
	private readonly source: LmSource;
	private readonly settings: LmProviderSettings;

	constructor(source: LmSource, settings: LmProviderSettings) {
		this.source = source;
		this.settings = settings;
		this.identity = source.identity;
		this.parameters = source.parameters;
		this.notice = source.notice;
		// More than one batch, so that the next one is there when places become free.
		const inFlight = Math.max(128, 2 * settings.parallel);
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

	async sample(request: SampleRequest, signal: CallSignal): Promise<SampleResult> {
		return (await this.engine()).sample(request, signal);
	}

	async choose(request: ChooseRequest, signal: CallSignal): Promise<ChooseResult> {
		return (await this.engine()).choose(request, signal);
	}

	async logprob(request: LogprobRequest, signal: CallSignal): Promise<LogprobResult> {
		return (await this.engine()).logprob(request, signal);
	}

	async embed(request: EmbedRequest, signal: CallSignal): Promise<EmbedResult> {
		return (await this.engine()).embed(request.text, signal);
	}

	close(): Promise<void> {
		return engines.close(this.key);
	}

	private get key(): string {
		return JSON.stringify([this.identity, this.settings]);
	}

	private engine(): Promise<LmEngine> {
		return engines.get(this.key, () => loadEngine(this.source, this.settings));
	}
}

async function loadEngine(source: LmSource, settings: LmProviderSettings): Promise<LmEngine> {
	const { context, parallel, memoryMb, device } = settings;
	const [{ LmEngine: Engine }, { openDevice }] = await Promise.all([
		import('./engine.ts'),
		import('../../training/open-device.ts'),
	]);
	try {
		const stored = await source.open();
		try {
			const { tf } = await openDevice(device);
			return new Engine(tf, stored, { context, parallel, memoryBytes: memoryMb * 2 ** 20 });
		} finally {
			stored.close();
		}
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		const help = error.help === null ? '' : `; ${error.help}`;
		throw new CallError('unavailable', `${error.message}${help}`, { cause: error });
	}
}
