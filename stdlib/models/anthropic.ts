import { define, UserError } from '../define.ts';
import { ModelHandle } from '../values/model.ts';
import type { AnthropicClient } from './anthropic-client.ts';
import type { CallSignal } from './call-signal.ts';
import { type Endpoint, endpoint } from './environment.ts';
import type { Prefill } from './prefill.ts';
import {
	CallError,
	type Capability,
	type ModelIdentity,
	type ModelProvider,
	type ProviderLimits,
	type SampleRequest,
	type SampleResult,
} from './provider.ts';
import { requireWhole } from './whole-number.ts';

const OFFICIAL = 'https://api.anthropic.com';

export interface AnthropicSettings {
	readonly name: string;
	readonly baseUrl: string | null;
	readonly prefill: Prefill | 'auto';
	readonly concurrency: number;
	readonly requestsPerMinute: number | null;
	readonly tokensPerMinute: number | null;
	readonly timeoutSeconds: number;
	readonly stallSeconds: number;
}

const DEFAULTS: Omit<AnthropicSettings, 'name'> = {
	baseUrl: null,
	prefill: 'auto',
	concurrency: 64,
	requestsPerMinute: null,
	tokensPerMinute: null,
	timeoutSeconds: 600,
	stallSeconds: 60,
};

/** Claude models up to 4.5 continue a last assistant message, later ones refuse it ("Prefill removal", Claude 4.6). */
export const refusesPrefill = (name: string): boolean =>
	name.startsWith('claude') &&
	!/^claude-(?:[23]\b|[23]\.|instant|(?:opus|sonnet|haiku)-4(?:-[0-5])?(?:-\d{8}|@\d{8})?$)/.test(name);

export class AnthropicProvider implements ModelProvider {
	readonly identity: ModelIdentity;
	readonly capabilities: ReadonlySet<Capability> = new Set<Capability>(['sample', 'choose']);
	readonly parameters = null;
	readonly notice = null;
	readonly limits: ProviderLimits;
	private readonly settings: AnthropicSettings;
	private readonly endpoint: Endpoint;
	private readonly prefill: Prefill;
	private client: AnthropicClient | null = null;
	private opening: Promise<AnthropicClient> | null = null;

	constructor(settings: AnthropicSettings) {
		this.settings = settings;
		this.endpoint = endpoint('ANTHROPIC', OFFICIAL, settings.baseUrl);
		const { baseUrl, official, named } = this.endpoint;
		const able = refusesPrefill(settings.name) ? 'instruction' : 'assistant';
		this.prefill = settings.prefill === 'auto' ? able : settings.prefill;
		this.identity = {
			provider: 'anthropic',
			model: settings.name,
			prefill: this.prefill,
			...(named && !official ? { base_url: `${baseUrl.origin}${baseUrl.pathname}` } : {}),
		};
		this.limits = {
			concurrency: { start: Math.min(8, settings.concurrency), max: settings.concurrency },
			requestsPerMinute: settings.requestsPerMinute,
			tokensPerMinute: settings.tokensPerMinute,
			adaptive: true,
		};
	}

	async prepare(): Promise<void> {
		await this.open();
	}

	sample(request: SampleRequest, signal: CallSignal): Promise<SampleResult> {
		return this.client
			? this.client.sample(request, signal)
			: this.open().then((client) => client.sample(request, signal));
	}

	async close(): Promise<void> {
		const client = this.client;
		this.client = null;
		this.opening = null;
		await client?.close();
	}

	private open(): Promise<AnthropicClient> {
		this.opening ??= this.load();
		return this.opening;
	}

	private async load(): Promise<AnthropicClient> {
		const { official, key, keyVariable } = this.endpoint;
		if (official && key === null) {
			throw new CallError(
				'auth',
				`${keyVariable} is not set in the environment, so Anthropic's models cannot be called`,
			);
		}
		const { AnthropicClient: Client } = await import('./anthropic-client.ts');
		this.client = new Client(this.settings, this.endpoint, this.prefill);
		return this.client;
	}
}

export function anthropic(
	settings: Pick<AnthropicSettings, 'name'> & Partial<AnthropicSettings>,
): ModelHandle {
	const full = { ...DEFAULTS, ...settings };
	const { baseUrl, prefill, concurrency } = full;
	if (
		baseUrl !== null &&
		(!URL.canParse(baseUrl) || new URL(baseUrl).username || new URL(baseUrl).password)
	) {
		throw new UserError(
			'anthropic: base_url must be a URL without a name or password',
			'write it like "http://localhost:4000"; keys belong into the environment: ANTHROPIC_API_KEY',
		);
	}
	if (!['auto', 'assistant', 'instruction'].includes(prefill)) {
		throw new UserError(
			`anthropic: there is no prefill: "${prefill}"`,
			'it is one of auto, assistant, instruction',
		);
	}
	requireWhole('anthropic', 'concurrency', concurrency);
	return new ModelHandle(new AnthropicProvider(full));
}

interface AnthropicArgs {
	readonly name: string;
	readonly base_url?: string | null;
	readonly prefill: string;
	readonly concurrency: number;
	readonly requests_per_minute?: number | null;
	readonly tokens_per_minute?: number | null;
	readonly timeout_seconds: number;
	readonly stall_seconds: number;
}

export const anthropicDefinition = define<AnthropicArgs, ModelHandle>({
	name: 'anthropic',
	signature:
		'anthropic(name: Text, base_url: Text?, prefill: Text = "auto", concurrency: Number = 64, requests_per_minute: Number?, tokens_per_minute: Number?, timeout_seconds: Number = 600, stall_seconds: Number = 60) -> Model<sample, choose>',
	doc: `A model behind Anthropic's messages API, or behind any server that speaks it (base_url, or ANTHROPIC_BASE_URL).
The key is read from ANTHROPIC_API_KEY; for a base_url elsewhere than this machine from ANTHROPIC_API_KEY_ and the host's name. There are no log-probabilities, so choose works by sampling; temperatures above 1 are not taken, and draws have no seed there: only their cache makes them repeat.
prefill says what becomes of a last assistant message: "assistant" sends it for the model to continue, "instruction" asks for it in the user's message; "auto" is "assistant" for the models that allow it.`,
	example: 'model m = anthropic("claude-haiku-4-5")',
	completions: {
		name: ['claude-haiku-4-5', 'claude-sonnet-4-5', 'claude-opus-4-1'],
		prefill: ['auto', 'assistant', 'instruction'],
	},
	version: 1,
	run: (args) =>
		anthropic({
			name: args.name,
			baseUrl: args.base_url ?? null,
			prefill: args.prefill as AnthropicSettings['prefill'],
			concurrency: args.concurrency,
			requestsPerMinute: args.requests_per_minute ?? null,
			tokensPerMinute: args.tokens_per_minute ?? null,
			timeoutSeconds: args.timeout_seconds,
			stallSeconds: args.stall_seconds,
		}),
});
