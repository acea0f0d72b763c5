import { z } from 'zod';
import type { Message } from '../values/prompt.ts';
import type { AnthropicSettings } from './anthropic.ts';
import type { CallSignal } from './call-signal.ts';
import { type Endpoint, keyHint } from './environment.ts';
import { HttpClient } from './http.ts';
import { asInstruction, type Prefill, prefillOf, withoutPrefill, withoutRepeat } from './prefill.ts';
import { CallError, type SampleRequest, type SampleResult } from './provider.ts';
import { redactor, secretRemover } from './redact.ts';
import { malformed, parseReply } from './reply.ts';

const API_VERSION = '2023-06-01';

const messageReply = z.object({
	content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
	stop_reason: z.string().nullish(),
	usage: z.object({
		input_tokens: z.number(),
		cache_creation_input_tokens: z.number().nullish(),
		cache_read_input_tokens: z.number().nullish(),
		output_tokens: z.number(),
	}),
});
type MessageReply = z.infer<typeof messageReply>;

/** One model behind one server that speaks Anthropic's messages API. */
export class AnthropicClient {
	private readonly settings: AnthropicSettings;
	private readonly prefill: Prefill;
	private readonly http: HttpClient;
	private readonly redact: (text: string) => string;
	private readonly removeSecrets: (text: string) => string;
	private readonly host: string;

	constructor(settings: AnthropicSettings, endpoint: Endpoint, prefill: Prefill) {
		this.settings = settings;
		this.prefill = prefill;
		this.host = endpoint.baseUrl.host;
		this.redact = redactor([endpoint.key]);
		this.removeSecrets = secretRemover([endpoint.key]);
		this.http = new HttpClient({
			baseUrl: endpoint.baseUrl,
			headers: {
				'anthropic-version': API_VERSION,
				...(endpoint.key === null ? {} : { 'x-api-key': endpoint.key }),
			},
			connections: settings.concurrency,
			timeoutSeconds: settings.timeoutSeconds,
			stallSeconds: settings.stallSeconds,
			keyHint: keyHint(endpoint),
			redact: this.redact,
		});
	}

	close(): Promise<void> {
		return this.http.close();
	}

	async sample(request: SampleRequest, signal: CallSignal): Promise<SampleResult> {
		const body = JSON.stringify(this.body(request));
		const reply = await this.http.post('/v1/messages', body, signal, (reply) =>
			parseReply(reply, messageReply, this.host, this.redact),
		);
		const text = textIn(reply);
		const finish = finishOf(reply.stop_reason);
		if (
			text === null &&
			finish === 'stop' &&
			reply.stop_reason !== 'end_turn' &&
			reply.stop_reason !== 'stop_sequence'
		) {
			throw malformed(`${this.host} answered with a message that has no text`);
		}
		const { usage } = reply;
		const written =
			this.prefill === 'instruction' ? withoutRepeat(text ?? '', prefillOf(request.messages)) : (text ?? '');
		return {
			text: this.removeSecrets(written),
			finish,
			usage: {
				inputTokens:
					usage.input_tokens +
					(usage.cache_creation_input_tokens ?? 0) +
					(usage.cache_read_input_tokens ?? 0),
				outputTokens: usage.output_tokens,
			},
		};
	}

	private body(request: SampleRequest): Readonly<Record<string, unknown>> {
		const { temperature, topP, topK } = request;
		if (temperature > 1) {
			throw new CallError(
				'unsupported',
				`${this.settings.name} takes temperatures from 0 to 1, not ${temperature}`,
			);
		}
		const system = request.messages
			.filter((message) => message.role === 'system')
			.map((message) => message.content);
		const turns = this.turns(request.messages.filter((message) => message.role !== 'system'));
		return {
			model: this.settings.name,
			max_tokens: request.maxTokens,
			messages: turns,
			...(system.length > 0 ? { system: system.join('\n\n') } : {}),
			...(request.stop.length > 0 ? { stop_sequences: request.stop } : {}),
			// Both are 1 by default, and some models take one of the two only, or neither.
			...(temperature === 1 ? {} : { temperature }),
			...(topP === 1 ? {} : { top_p: topP }),
			...(topK === undefined ? {} : { top_k: topK }),
		};
	}

	/** The API refuses a prefill that ends in a space, which the model would write itself. */
	private turns(messages: readonly Message[]): readonly Message[] {
		const prefill = prefillOf(messages);
		if (prefill === '') return withoutPrefill(messages);
		if (this.prefill === 'instruction') return asInstruction(messages);
		const trimmed = prefill.trimEnd();
		const before = withoutPrefill(messages);
		return trimmed === '' ? before : [...before, { role: 'assistant', content: trimmed }];
	}
}

function textIn(reply: MessageReply): string | null {
	const texts = reply.content.flatMap((block) =>
		block.type === 'text' && block.text !== undefined ? [block.text] : [],
	);
	return texts.length === 0 ? null : texts.join('');
}

function finishOf(reason: string | null | undefined): SampleResult['finish'] {
	if (reason === 'max_tokens' || reason === 'model_context_window_exceeded') return 'length';
	return reason === 'refusal' ? 'refusal' : 'stop';
}
