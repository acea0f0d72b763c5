import type { ZodType } from 'zod';
import type { Message } from '../values/prompt.ts';
import type { CallSignal } from './call-signal.ts';
import { type Endpoint, keyHint } from './environment.ts';
import { HttpClient, type Reply } from './http.ts';
import { isReasoning, type OpenAiSettings } from './openai.ts';
import { scoreByTopTokens } from './openai-options.ts';
import * as wire from './openai-wire.ts';
import { outsideMass, pathLogprob } from './option-paths.ts';
import { asInstruction, continued, type Prefill, prefillOf, withoutRepeat } from './prefill.ts';
import {
	CallError,
	type ChooseRequest,
	type ChooseResult,
	type EmbedRequest,
	type EmbedResult,
	type LogprobRequest,
	type LogprobResult,
	type SampleRequest,
	type SampleResult,
	type Usage,
} from './provider.ts';
import { redactor, secretRemover } from './redact.ts';
import { malformed, parseJson, parseReply } from './reply.ts';
import { EventParser } from './sse.ts';
import { renderText, turnEnd } from './templates.ts';

/** The most that OpenAI returns. */
const TOP_TOKENS = 20;

type Body = Record<string, unknown>;

/** One model on one server, spoken to. */
export class OpenAiClient {
	private readonly settings: OpenAiSettings;
	private readonly endpoint: Endpoint;
	private readonly prefill: Prefill;
	private readonly http: HttpClient;
	private readonly redact: (text: string) => string;
	private readonly removeSecrets: (text: string) => string;
	private readonly host: string;

	constructor(settings: OpenAiSettings, endpoint: Endpoint, prefill: Prefill) {
		this.settings = settings;
		this.endpoint = endpoint;
		this.prefill = prefill;
		this.host = endpoint.baseUrl.host;
		this.redact = redactor([endpoint.key]);
		this.removeSecrets = secretRemover([endpoint.key]);
		this.http = new HttpClient({
			baseUrl: endpoint.baseUrl,
			headers: endpoint.key === null ? {} : { authorization: `Bearer ${endpoint.key}` },
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

	sample(request: SampleRequest, signal: CallSignal): Promise<SampleResult> {
		if (this.settings.api === 'completions')
			return this.sampleText(request, signal).then((drawn) => this.sampleOf(request, drawn));
		return this.sampleChat(request, signal);
	}

	async choose(request: ChooseRequest, signal: CallSignal): Promise<ChooseResult> {
		const { options } = request;
		const given = await this.scoreOptions(request.messages, options, signal);
		const free = request.unconditional
			? await this.scoreOptions(withoutPrompt(request.messages), options, signal)
			: null;
		return {
			logprobs: given.logprobs,
			tokens: given.tokens,
			...(free ? { unconditionalLogprobs: free.logprobs } : {}),
			outside: given.outside,
			usage: free ? addUsage(given.usage, free.usage) : given.usage,
		};
	}

	async logprob(request: LogprobRequest, signal: CallSignal): Promise<LogprobResult> {
		const { logprobs, tokens, usage } = await this.scoreOptions(
			request.messages,
			[request.completion],
			signal,
		);
		const logprob = logprobs[0] as number;
		if (logprob === Number.NEGATIVE_INFINITY) {
			throw new CallError(
				'unsupported',
				`a token of the completion is not among the ${TOP_TOKENS} likeliest, and ${this.host} scores no others; api: "completions" may`,
			);
		}
		return { logprob, tokens: tokens[0] as number, usage };
	}

	async embed(request: EmbedRequest, signal: CallSignal): Promise<EmbedResult> {
		const body = { model: this.settings.name, input: request.text };
		const reply = await this.http.post('/embeddings', JSON.stringify(body), signal, (reply) =>
			parseReply(reply, wire.embeddingReply, this.host, this.redact),
		);
		const inputTokens = reply.usage?.prompt_tokens ?? estimate(request.text);
		return { vector: reply.data[0]?.embedding ?? [], usage: { inputTokens, outputTokens: 0 } };
	}

	private sampleOf({ messages }: SampleRequest, { text: drawn, finish, usage }: Drawn): SampleResult {
		const repeats = this.settings.api === 'chat' && this.prefill === 'instruction';
		const text = this.removeSecrets(drawn);
		return {
			text: repeats ? withoutRepeat(text, prefillOf(messages)) : text,
			finish,
			usage: usage ? usageOf(usage) : estimatedUsage(messages, drawn),
		};
	}

	private sampleChat(request: SampleRequest, signal: CallSignal): Promise<SampleResult> {
		const body = this.chatBody(request.messages, request.maxTokens, request.temperature, request.topP);
		body.seed = request.seed;
		Object.assign(body, this.likeliest(request));
		if (request.stop.length > 0) body.stop = request.stop;
		if (this.settings.stream)
			return this.streamChat(body, signal).then((drawn) => this.sampleOf(request, drawn));
		return this.http.post('/chat/completions', JSON.stringify(body), signal, (reply) => {
			const parsed = parseReply(reply, wire.sampleReply, this.host, this.redact);
			return this.sampleOf(request, this.drawnFrom(parsed));
		});
	}

	/** No field of the protocol, but of most servers that speak it. */
	private likeliest({ topK }: SampleRequest): Body {
		if (topK === undefined) return {};
		if (!this.endpoint.official) return { top_k: topK };
		throw new CallError(
			'unsupported',
			`${this.settings.name} does not take top_k: OpenAI's API has none; leave it out, or use top_p`,
		);
	}

	private drawnFrom(reply: wire.SampleReply): Drawn {
		const choice = reply.choices[0] as wire.SampleReply['choices'][number];
		const { content, refusal } = choice.message;
		if (refusal) return { text: refusal, finish: 'refusal', usage: reply.usage };
		if (
			typeof content !== 'string' &&
			choice.finish_reason !== 'length' &&
			choice.finish_reason !== 'content_filter'
		) {
			throw malformed(`${this.host} answered with a message that has no text`);
		}
		return { text: content ?? '', finish: finishOf(choice.finish_reason), usage: reply.usage };
	}

	private async streamChat(body: Body, signal: CallSignal): Promise<Drawn> {
		let text = '';
		let refusal = '';
		let finish: string | null = null;
		let usage: wire.ChatReply['usage'];
		await this.stream('/chat/completions', body, signal, (data) => {
			const chunk = parseJson(data, wire.chatChunk, this.host, this.redact);
			usage = chunk.usage ?? usage;
			const choice = chunk.choices[0];
			text += choice?.delta?.content ?? '';
			refusal += choice?.delta?.refusal ?? '';
			finish = choice?.finish_reason ?? finish;
		});
		if (finish === null && usage === undefined) throw cutStream(this.host);
		return refusal ? { text: refusal, finish: 'refusal', usage } : { text, finish: finishOf(finish), usage };
	}

	private async sampleText(request: SampleRequest, signal: CallSignal): Promise<Drawn> {
		const { template, stream } = this.settings;
		const body: Body = {
			...this.settings.extra,
			model: this.settings.name,
			prompt: renderText(request.messages, template),
			max_tokens: request.maxTokens,
			temperature: request.temperature,
			top_p: request.topP,
			...this.likeliest(request),
			seed: request.seed,
			stop: [...request.stop, ...turnEnd(template)],
		};
		if (stream) return this.streamText(body, signal);
		const reply = await this.complete(body, signal);
		const choice = reply.choices[0] as wire.CompletionReply['choices'][number];
		return { text: choice.text, finish: finishOf(choice.finish_reason), usage: reply.usage };
	}

	private async streamText(body: Body, signal: CallSignal): Promise<Drawn> {
		let text = '';
		let finish: string | null = null;
		let usage: wire.ChatReply['usage'];
		await this.stream('/completions', body, signal, (data) => {
			const chunk = parseJson(data, wire.completionChunk, this.host, this.redact);
			usage = chunk.usage ?? usage;
			text += chunk.choices[0]?.text ?? '';
			finish = chunk.choices[0]?.finish_reason ?? finish;
		});
		if (finish === null && usage === undefined) throw cutStream(this.host);
		return { text, finish: finishOf(finish), usage };
	}

	private async scoreOptions(
		messages: readonly Message[],
		options: readonly string[],
		signal: CallSignal,
	): Promise<Scored> {
		if (this.settings.api === 'completions') return this.scoreByEcho(messages, options, signal);
		let usage: Usage = { inputTokens: 0, outputTokens: 0 };
		const scored = await scoreByTopTokens(
			options,
			async (written) => {
				const top = await this.topTokens(continued(messages, written), signal);
				usage = addUsage(usage, top.usage);
				return top.tokens;
			},
			this.prefill === 'assistant',
		);
		return { ...scored, usage };
	}

	/** At temperature 1, since some servers report probabilities after the temperature and others before. */
	private async topTokens(
		messages: readonly Message[],
		signal: CallSignal,
	): Promise<{ tokens: readonly wire.TopLogprob[]; usage: Usage }> {
		const body = this.chatBody(messages, 1, 1, 1);
		body.logprobs = true;
		body.top_logprobs = TOP_TOKENS;
		const reply = await this.chat(body, wire.chatReply, signal);
		const choice = reply.choices[0] as wire.ChatReply['choices'][number];
		const first = choice.logprobs?.content?.[0];
		if (!first) throw noLogprobs(this.host, this.settings.name);
		const usage = reply.usage ? usageOf(reply.usage) : estimatedUsage(messages, first.token);
		return { tokens: [...first.top_logprobs, first], usage };
	}

	/** The prompt with each option behind it, echoed with the log-probability of every token. */
	private async scoreByEcho(
		messages: readonly Message[],
		options: readonly string[],
		signal: CallSignal,
	): Promise<Scored> {
		const prompt = renderText(messages, this.settings.template);
		const scored = await Promise.all(options.map((option) => this.echo(prompt, option, signal)));
		const joined = Math.max(...scored.map(({ echoed }) => overhang(echoed)));
		const paths = scored.map(({ echoed }) => echoedPath(echoed, joined));
		return {
			logprobs: paths.map(pathLogprob),
			tokens: paths.map((path) => path.tokens.length),
			// What else could follow the prompt is not known where its end was scored together with the options.
			outside: joined > 0 ? null : outsideMass(paths),
			usage: scored.map((one) => one.usage).reduce(addUsage),
		};
	}

	private async echo(
		prompt: string,
		option: string,
		signal: CallSignal,
	): Promise<{ echoed: Echoed; usage: Usage }> {
		const text = prompt + option;
		const body = {
			...this.settings.extra,
			model: this.settings.name,
			prompt: text,
			max_tokens: 1,
			temperature: 0,
			logprobs: 1,
			echo: true,
		};
		const reply = await this.complete(body, signal);
		const logprobs = reply.choices[0]?.logprobs;
		if (!logprobs || logprobs.tokens.length < 2) throw noLogprobs(this.host, this.settings.name);
		return {
			echoed: locate(logprobs, option, reply.usage?.completion_tokens ?? 1),
			usage: reply.usage ? usageOf(reply.usage) : { inputTokens: estimate(text), outputTokens: 1 },
		};
	}

	private chatBody(messages: readonly Message[], maxTokens: number, temperature: number, topP: number): Body {
		const { settings, endpoint } = this;
		const { extra, name: model } = settings;
		const sent = this.prefill === 'instruction' ? asInstruction(messages) : messages;
		if (!endpoint.official) {
			const begun = this.prefill === 'assistant' && prefillOf(messages) !== '';
			const going = begun ? { add_generation_prompt: false, continue_final_message: true } : null;
			// Said even where they are the protocol's defaults: servers have others.
			return { ...extra, model, messages: sent, max_tokens: maxTokens, temperature, top_p: topP, ...going };
		}
		const body: Body = { ...extra, model, messages: sent, max_completion_tokens: maxTokens };
		if (!isReasoning(model) || temperature !== 1) body.temperature = temperature;
		if (topP !== 1) body.top_p = topP;
		return body;
	}

	private chat<T>(body: Body, schema: ZodType<T>, signal: CallSignal): Promise<T> {
		return this.http.post('/chat/completions', JSON.stringify(body), signal, (reply) =>
			parseReply(reply, schema, this.host, this.redact),
		);
	}

	private complete(body: Body, signal: CallSignal): Promise<wire.CompletionReply> {
		return this.http.post('/completions', JSON.stringify(body), signal, (reply) =>
			parseReply(reply, wire.completionReply, this.host, this.redact),
		);
	}

	private async stream(
		path: string,
		body: Body,
		signal: CallSignal,
		onData: (data: string) => void,
	): Promise<void> {
		const events = new EventParser((data) => {
			if (data !== '[DONE]') onData(data);
		});
		const asked = JSON.stringify({ ...body, stream: true, stream_options: { include_usage: true } });
		await this.http.post(
			path,
			asked,
			signal,
			(reply) => this.requireEvents(reply),
			(chunk) => events.feed(chunk),
		);
		events.end();
	}

	private requireEvents({ contentType }: Reply): void {
		if (!contentType.includes('event-stream'))
			throw malformed(`${this.host} answered with ${contentType} instead of a stream of events`);
	}
}

interface Drawn {
	readonly text: string;
	readonly finish: SampleResult['finish'];
	readonly usage: wire.ChatReply['usage'];
}

interface Scored {
	readonly logprobs: number[];
	readonly tokens: number[];
	readonly outside: number | null;
	readonly usage: Usage;
}

function finishOf(reason: string | null | undefined): SampleResult['finish'] {
	if (reason === 'length') return 'length';
	if (reason === 'content_filter') return 'filter';
	return reason === 'refusal' ? 'refusal' : 'stop';
}

interface Echo {
	readonly tokens: readonly string[];
	readonly token_logprobs: readonly (number | null)[];
	readonly text_offset: readonly number[];
}

/** An option at the end of an echoed prompt: it begins at `offset` in the text, and the tokens before `end` spell it. */
interface Echoed extends Echo {
	readonly offset: number;
	readonly end: number;
}

/**
 * Finds an option before the `generated` tokens by the tokens' offsets, which count code points and, on some servers,
 * leave special tokens out: so it is counted from the end.
 */
function locate(echo: Echo, option: string, generated: number): Echoed {
	const { tokens, text_offset: offsets } = echo;
	const end = tokens.length - generated;
	const endOffset = offsets[end] ?? (offsets[end - 1] ?? 0) + [...(tokens[end - 1] ?? '')].length;
	return { ...echo, end, offset: endOffset - [...option].length };
}

/** Position of the first token that begins at `offset` or later. */
function firstFrom({ text_offset: offsets, end }: Echoed, offset: number): number {
	let start = end;
	while (start > 0 && (offsets[start - 1] as number) >= offset) start--;
	return start;
}

/** Characters at the prompt's end that share a token with the option's beginning: in "(a" the bracket. */
function overhang(echoed: Echoed): number {
	const { text_offset: offsets, offset, end } = echoed;
	const start = firstFrom(echoed, offset);
	const begins = start === end ? offset + 1 : (offsets[start] as number);
	return begins > offset && start > 0 ? offset - (offsets[start - 1] as number) : 0;
}

/**
 * The tokens of an option with their log-probabilities. Where a tokeniser joins the prompt's end with any of the options,
 * all of them are scored from that place on, `joined` characters earlier, so that they can be compared.
 */
function echoedPath(
	echoed: Echoed,
	joined: number,
): { readonly tokens: string[]; readonly logprobs: number[] } {
	const { tokens, token_logprobs: logprobs, offset, end } = echoed;
	const start = firstFrom(echoed, offset - joined);
	return {
		tokens: tokens.slice(start, end),
		logprobs: logprobs.slice(start, end).filter((logprob) => logprob !== null),
	};
}

/** A neutral context (Brown et al. 2020, section 2.4): no question, the answer begun in the same way. */
const withoutPrompt = (messages: readonly Message[]): readonly Message[] => {
	const prefill = prefillOf(messages);
	const empty: Message = { role: 'user', content: '' };
	return prefill === '' ? [empty] : [empty, { role: 'assistant', content: prefill }];
};

const noLogprobs = (host: string, name: string): CallError =>
	new CallError('unsupported', `${host} returned no log-probabilities for ${name}; use by: sampling(n: 20)`);

const cutStream = (host: string): CallError =>
	new CallError('network', `${host} ended a stream without finishing it`);

const usageOf = (usage: NonNullable<wire.ChatReply['usage']>): Usage => ({
	inputTokens: usage.prompt_tokens,
	outputTokens: usage.completion_tokens ?? 0,
});

const addUsage = (a: Usage, b: Usage): Usage => ({
	inputTokens: a.inputTokens + b.inputTokens,
	outputTokens: a.outputTokens + b.outputTokens,
});

/** Where a server does not count: about four letters a token. */
const estimate = (text: string): number => Math.max(1, Math.ceil(text.length / 4));

const estimatedUsage = (messages: readonly Message[], text: string): Usage => ({
	inputTokens: messages.reduce((sum, message) => sum + estimate(message.content), 0),
	outputTokens: estimate(text),
});
