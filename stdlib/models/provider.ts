import type { Message } from '../values/prompt.ts';
import type { CallSignal } from './call-signal.ts';

export type Capability = 'sample' | 'choose' | 'logprob' | 'embed' | 'train';

/** What makes two models the same one: part of every call's key, so it holds no secret and nothing that varies by machine. */
export interface ModelIdentity {
	readonly provider: string;
	readonly model: string;
	/** Hash of the weights, or settings that change the answers. */
	readonly revision?: string;
	readonly [setting: string]: string | number | boolean | undefined;
}

/** A language model somewhere. Methods are present exactly for the capabilities. */
export interface ModelProvider {
	readonly identity: ModelIdentity;
	readonly capabilities: ReadonlySet<Capability>;
	/** Number of weights, or null where it is not published. */
	readonly parameters: number | null;
	/** A sentence shown beside every result that this model touched ("simulated responder", "tiny model"), or null. */
	readonly notice: string | null;
	readonly limits: ProviderLimits;
	/** Throws a `CallError` of kind `auth` or `unavailable` when no call can succeed: no key, no file, no runtime. */
	prepare?(signal: AbortSignal): Promise<void>;
	sample?(request: SampleRequest, signal: CallSignal): Awaitable<SampleResult>;
	choose?(request: ChooseRequest, signal: CallSignal): Awaitable<ChooseResult>;
	logprob?(request: LogprobRequest, signal: CallSignal): Awaitable<LogprobResult>;
	embed?(request: EmbedRequest, signal: CallSignal): Awaitable<EmbedResult>;
	/**
	 * What the answer depends on besides the rendered request: part of the call's key. Only the simulated responder has
	 * any, since it reads the right answer from the subjects.
	 */
	keyOf?(request: ModelRequest): string;
	/** Releases weights and connections. */
	close?(): Promise<void>;
}

export type Awaitable<T> = T | Promise<T>;

export interface ProviderLimits {
	/** Calls in flight: where the engine starts, and what it never passes. Local models say what they can batch. */
	readonly concurrency: { readonly start: number; readonly max: number };
	readonly requestsPerMinute: number | null;
	readonly tokensPerMinute: number | null;
	/** A local model does not adapt: its concurrency is a fact and it is never rate limited. */
	readonly adaptive: boolean;
}

export interface Usage {
	readonly inputTokens: number;
	readonly outputTokens: number;
}

export interface SampleRequest {
	readonly kind: 'sample';
	readonly messages: readonly Message[];
	readonly temperature: number;
	readonly topP: number;
	/** Only so many likeliest tokens are drawn from, before `topP`; all where it is absent. */
	readonly topK?: number;
	readonly maxTokens: number;
	readonly stop: readonly string[];
	/** 32-bit seed of this very sample, derived from the study's seed and the sample's index. */
	readonly seed: number;
	readonly subjects: readonly unknown[];
}

export interface SampleResult {
	readonly text: string;
	readonly finish: 'stop' | 'length' | 'refusal' | 'filter';
	readonly usage: Usage;
}

export interface ChooseRequest {
	readonly kind: 'choose';
	readonly messages: readonly Message[];
	/** Continuations, exactly as they would be generated: a leading space belongs to the option. */
	readonly options: readonly string[];
	/** Also score the options without the prompt, for `normalise: unconditional`. */
	readonly unconditional: boolean;
	readonly subjects: readonly unknown[];
}

export interface ChooseResult {
	/** Natural log-probability of each option's whole continuation given the prompt; -Infinity when below what could be seen. */
	readonly logprobs: readonly number[];
	/** Tokens in each option. */
	readonly tokens: readonly number[];
	/** Present when `unconditional` was asked for. */
	readonly unconditionalLogprobs?: readonly number[];
	/** Probability of everything but the options at the places where they differ from the rest; null where unknown. */
	readonly outside: number | null;
	readonly usage: Usage;
}

export interface LogprobRequest {
	readonly kind: 'logprob';
	readonly messages: readonly Message[];
	readonly completion: string;
	readonly subjects: readonly unknown[];
}

export interface LogprobResult {
	readonly logprob: number;
	readonly tokens: number;
	readonly usage: Usage;
}

export interface EmbedRequest {
	readonly kind: 'embed';
	readonly text: string;
}

export interface EmbedResult {
	readonly vector: readonly number[];
	readonly usage: Usage;
}

export type ModelRequest = SampleRequest | ChooseRequest | LogprobRequest | EmbedRequest;
export type ModelResult = SampleResult | ChooseResult | LogprobResult | EmbedResult;

export type ResultOf<R extends ModelRequest> = R extends SampleRequest
	? SampleResult
	: R extends ChooseRequest
		? ChooseResult
		: R extends LogprobRequest
			? LogprobResult
			: EmbedResult;

export type CallErrorKind =
	| 'rate-limit' // 429: cuts concurrency, once an episode
	| 'server' // 5xx: pauses its growth
	| 'network' // refused, reset, cut off
	| 'timeout'
	| 'malformed' // the answer is not what the protocol says
	| 'auth'
	| 'bad-request'
	| 'unavailable' // no such model, file or runtime here
	| 'unsupported' // the model cannot do this (no log-probabilities, no prefill)
	| 'too-large';

/** A call that failed. The provider classifies; the engine paces. `message` names no key. */
export class CallError extends Error {
	readonly kind: CallErrorKind;
	readonly retryable: boolean;
	/** What `Retry-After` asked for, or null. */
	readonly retryAfterMs: number | null;
	readonly status: number | null;

	constructor(
		kind: CallErrorKind,
		message: string,
		details: {
			readonly retryAfterMs?: number | null;
			readonly status?: number | null;
			readonly retryable?: boolean;
			readonly cause?: unknown;
		} = {},
	) {
		super(message, { cause: details.cause });
		this.name = 'CallError';
		this.kind = kind;
		this.retryable = details.retryable ?? RETRYABLE.has(kind);
		this.retryAfterMs = details.retryAfterMs ?? null;
		this.status = details.status ?? null;
	}
}

const RETRYABLE: ReadonlySet<CallErrorKind> = new Set([
	'rate-limit',
	'server',
	'network',
	'timeout',
	'malformed',
]);
