import { define, UserError } from '../define.ts';
import { ModelHandle } from '../values/model.ts';
import type { CallSignal } from './call-signal.ts';
import { type Endpoint, endpoint } from './environment.ts';
import type { OpenAiClient } from './openai-client.ts';
import type { Prefill } from './prefill.ts';
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
import { TEMPLATES, type Template } from './templates.ts';
import { requireWhole } from './whole-number.ts';

const OFFICIAL = 'https://api.openai.com/v1';

export interface OpenAiSettings {
	readonly name: string;
	readonly baseUrl: string | null;
	/** Chat messages, or one text that `template` makes of them. */
	readonly api: 'chat' | 'completions';
	readonly template: Template;
	readonly prefill: Prefill | 'auto';
	readonly stream: boolean;
	/** Further fields of each request, such as `{top_k: 0, min_p: 0}` for servers that cut the distribution by default. */
	readonly extra: Readonly<Record<string, unknown>>;
	readonly concurrency: number;
	readonly requestsPerMinute: number | null;
	readonly tokensPerMinute: number | null;
	readonly timeoutSeconds: number;
	readonly stallSeconds: number;
}

const DEFAULTS: Omit<OpenAiSettings, 'name'> = {
	baseUrl: null,
	api: 'chat',
	template: 'chatml',
	prefill: 'auto',
	stream: false,
	extra: {},
	concurrency: 64,
	requestsPerMinute: null,
	tokensPerMinute: null,
	timeoutSeconds: 600,
	stallSeconds: 60,
};

/** OpenAI's reasoning models return no log-probabilities and take no temperature. */
export const isReasoning = (name: string): boolean => /^(?:o\d|gpt-5)/.test(name) && !/chat/.test(name);

export class OpenAiProvider implements ModelProvider {
	readonly identity: ModelIdentity;
	readonly capabilities: ReadonlySet<Capability>;
	readonly parameters = null;
	readonly notice = null;
	readonly limits: ProviderLimits;
	readonly settings: OpenAiSettings;
	readonly endpoint: Endpoint;
	readonly prefill: Prefill;
	private client: OpenAiClient | null = null;
	private opening: Promise<OpenAiClient> | null = null;

	constructor(settings: OpenAiSettings) {
		this.settings = settings;
		this.endpoint = endpoint('OPENAI', OFFICIAL, settings.baseUrl);
		const { official } = this.endpoint;
		this.prefill = settings.prefill !== 'auto' ? settings.prefill : official ? 'instruction' : 'assistant';
		const scores = settings.api === 'completions' || !(official && isReasoning(settings.name));
		this.capabilities = new Set<Capability>([
			'sample',
			'choose',
			...(scores ? (['logprob'] as const) : []),
			'embed',
		]);
		this.identity = identityOf(settings, this.endpoint, this.prefill);
		this.limits = {
			concurrency: { start: startOf(settings.concurrency), max: settings.concurrency },
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

	choose(request: ChooseRequest, signal: CallSignal): Promise<ChooseResult> {
		return this.client
			? this.client.choose(request, signal)
			: this.open().then((client) => client.choose(request, signal));
	}

	logprob(request: LogprobRequest, signal: CallSignal): Promise<LogprobResult> {
		return this.open().then((client) => client.logprob(request, signal));
	}

	embed(request: EmbedRequest, signal: CallSignal): Promise<EmbedResult> {
		return this.open().then((client) => client.embed(request, signal));
	}

	async close(): Promise<void> {
		const client = this.client;
		this.client = null;
		this.opening = null;
		await client?.close();
	}

	/** The HTTP client and the protocol's schemas load at the first call: checking a study needs neither. */
	private open(): Promise<OpenAiClient> {
		this.opening ??= this.load();
		return this.opening;
	}

	private async load(): Promise<OpenAiClient> {
		const { official, key, keyVariable } = this.endpoint;
		if (official && key === null) {
			throw new CallError(
				'auth',
				`${keyVariable} is not set in the environment, so OpenAI's models cannot be called`,
			);
		}
		const { OpenAiClient: Client } = await import('./openai-client.ts');
		this.client = new Client(this.settings, this.endpoint, this.prefill);
		return this.client;
	}
}

/** A quarter of what may be in flight, and not so few that a short study is over before it has grown. */
const startOf = (concurrency: number): number =>
	Math.min(concurrency, Math.max(16, Math.ceil(concurrency / 4)));

function identityOf(
	settings: OpenAiSettings,
	{ baseUrl, official, named }: Endpoint,
	prefill: Prefill,
): ModelIdentity {
	const { name, api, template, extra } = settings;
	return {
		provider: 'openai',
		model: name,
		prefill,
		// The environment's own server is a route to the model; a server that the program names is part of it.
		...(named && !official ? { base_url: `${baseUrl.origin}${baseUrl.pathname}` } : {}),
		...(api === 'completions' ? { api, template } : {}),
		...(Object.keys(extra).length > 0 ? { extra: JSON.stringify(extra) } : {}),
	};
}

export function openai(settings: Pick<OpenAiSettings, 'name'> & Partial<OpenAiSettings>): ModelHandle {
	const full = { ...DEFAULTS, ...settings };
	checkSettings(full);
	return new ModelHandle(new OpenAiProvider(full));
}

function checkSettings({ baseUrl, api, template, prefill, concurrency }: OpenAiSettings): void {
	if (baseUrl !== null && !URL.canParse(baseUrl)) {
		throw new UserError(
			`openai: base_url is not a URL: ${JSON.stringify(baseUrl)}`,
			'write it like "http://localhost:8000/v1"',
		);
	}
	if (baseUrl !== null && (new URL(baseUrl).username || new URL(baseUrl).password)) {
		throw new UserError(
			'openai: base_url must not hold a name or password',
			'keys belong into the environment: OPENAI_API_KEY',
		);
	}
	oneOf('api', api, ['chat', 'completions']);
	oneOf('template', template, TEMPLATES);
	oneOf('prefill', prefill, ['auto', 'assistant', 'instruction']);
	requireWhole('openai', 'concurrency', concurrency);
}

function oneOf(name: string, value: string, allowed: readonly string[]): void {
	if (!allowed.includes(value))
		throw new UserError(`openai: there is no ${name}: "${value}"`, `it is one of ${allowed.join(', ')}`);
}

interface OpenAiArgs {
	readonly name: string;
	readonly base_url?: string | null;
	readonly api: string;
	readonly template: string;
	readonly prefill: string;
	readonly stream: boolean;
	readonly extra?: Readonly<Record<string, unknown>> | null;
	readonly concurrency: number;
	readonly requests_per_minute?: number | null;
	readonly tokens_per_minute?: number | null;
	readonly timeout_seconds: number;
	readonly stall_seconds: number;
}

export const openaiDefinition = define<OpenAiArgs, ModelHandle>({
	name: 'openai',
	signature:
		'openai(name: Text, base_url: Text?, api: Text = "chat", template: Text = "chatml", prefill: Text = "auto", stream: Bool = false, extra: Any?, concurrency: Number = 64, requests_per_minute: Number?, tokens_per_minute: Number?, timeout_seconds: Number = 600, stall_seconds: Number = 60) -> Model<sample, choose, logprob, embed>',
	doc: `A model behind OpenAI's chat API, or behind any server that speaks it (base_url, or OPENAI_BASE_URL).
The key is read from OPENAI_API_KEY; for a base_url elsewhere than this machine from OPENAI_API_KEY_ and the host's name, as in OPENAI_API_KEY_OPENROUTER_AI. Log-probabilities come from the 20 likeliest tokens: an option below them counts as impossible, and reasoning models return none, so use by: sampling there.
prefill says what becomes of a last assistant message: "assistant" sends it for the server to continue, "instruction" asks for it in the user's message; "auto" is "instruction" at OpenAI, which only begins turns, and "assistant" elsewhere. llama-cpp-python's chat API begins a new turn too: use api: "completions" there, which sends one text made by template ("plain", "dialogue" with Human and Assistant, "chatml") and scores whole options exactly. Many servers cut the distribution by default: extra: {top_k: 0, min_p: 0} turns that off.`,
	example: 'model m = openai("gpt-4.1-mini")',
	completions: {
		name: ['gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano', 'gpt-4o', 'gpt-4o-mini'],
		api: ['chat', 'completions'],
		template: ['chatml', 'dialogue', 'plain'],
		prefill: ['auto', 'assistant', 'instruction'],
	},
	version: 1,
	run: (args) =>
		openai({
			name: args.name,
			baseUrl: args.base_url ?? null,
			api: args.api as OpenAiSettings['api'],
			template: args.template as Template,
			prefill: args.prefill as OpenAiSettings['prefill'],
			stream: args.stream,
			extra: args.extra ?? {},
			concurrency: args.concurrency,
			requestsPerMinute: args.requests_per_minute ?? null,
			tokensPerMinute: args.tokens_per_minute ?? null,
			timeoutSeconds: args.timeout_seconds,
			stallSeconds: args.stall_seconds,
		}),
});
