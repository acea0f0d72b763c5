import type { Tfjs } from '../../../kernel/compute/index.ts';
import type { Message } from '../../values/prompt.ts';
import type { CallSignal } from '../call-signal.ts';
import type { ChatTemplate } from '../chat-template.ts';
import { chooseExactly, logprobExactly } from '../exact-scores.ts';
import type { OptionPath } from '../option-paths.ts';
import {
	CallError,
	type ChooseRequest,
	type ChooseResult,
	type EmbedResult,
	type LogprobRequest,
	type LogprobResult,
	type SampleRequest,
	type SampleResult,
} from '../provider.ts';
import { firstStop } from '../stops.ts';
import { chatTemplate } from './chat.ts';
import { DeviceModel } from './device-model.ts';
import { Passes } from './passes.ts';
import { Scheduler } from './scheduler.ts';
import { stateBytes } from './states.ts';
import type { StoredTransformer } from './stored-transformer.ts';
import { type Token, Tokenizer } from './tokenizer.ts';

export interface LmSettings {
	/** Tokens in a prompt and its answer together. */
	readonly context: number;
	/** Texts written at once. */
	readonly parallel: number;
	/** For what prompts and answers are remembered by, beside the weights. */
	readonly memoryBytes: number;
}

/** Of the memory, what blocks of earlier prompts may have: what prompts share is used often, and stays before what one had. */
const PREFIX_SHARE = 0.25;

/** A language model on a device, with its tokenizer and chat template. */
export class LmEngine {
	private readonly settings: LmSettings;
	private readonly model: DeviceModel;
	private readonly tokenizer: Tokenizer;
	private readonly template: ChatTemplate;
	private readonly scheduler: Scheduler;
	private readonly passes: Passes;

	constructor(tf: Tfjs, stored: StoredTransformer, settings: LmSettings) {
		const context = Math.min(settings.context, stored.config.context);
		this.settings = { ...settings, context };
		this.tokenizer = new Tokenizer(stored.tokenizer);
		this.template = chatTemplate(this.tokenizer, stored.chatTemplate);
		// A pass lays out angles for padding as well.
		this.model = new DeviceModel(tf, stored.config, stored.weights(), stored.config.context);
		this.passes = new Passes(this.model, settings.memoryBytes * PREFIX_SHARE);
		const work = settings.memoryBytes * (1 - PREFIX_SHARE);
		const tokens = Math.floor(work / stateBytes(stored.config, 1));
		this.scheduler = new Scheduler(this.passes, { rows: settings.parallel, tokens });
	}

	close(): void {
		this.model.dispose();
	}

	/** The text that the model is given, for reports and tests. */
	promptText(messages: readonly Message[]): string {
		return this.template.text(messages);
	}

	choose(request: ChooseRequest, signal: CallSignal): Promise<ChooseResult> {
		return chooseExactly(this, request, signal);
	}

	logprob(request: LogprobRequest, signal: CallSignal): Promise<LogprobResult> {
		return logprobExactly(this, request, signal);
	}

	async sample(request: SampleRequest, signal: CallSignal): Promise<SampleResult> {
		const prompt = this.promptTokens(request.messages, request.maxTokens);
		const { temperature, topP, topK = null, maxTokens, seed, stop } = request;
		const isDone = (written: readonly Token[]): boolean =>
			this.tokenizer.endsText(written.at(-1) as Token) ||
			(stop.length > 0 && firstStop(this.tokenizer.decode(written), stop) >= 0);
		const drawing = { temperature, topP, topK };
		const written = await this.scheduler.write({ prompt, ...drawing, maxTokens, seed, isDone, signal });
		return {
			...this.finished(written, stop),
			usage: { inputTokens: prompt.length, outputTokens: written.length },
		};
	}

	/** The mean of the last layer's normed states over the text's tokens. */
	async embed(text: string, signal: CallSignal): Promise<EmbedResult> {
		const tokens = this.tokenizer.encode(text, false);
		this.checkLength(tokens.length, 0);
		if (tokens.length === 0) throw new CallError('bad-request', 'an empty text has no tokens to embed');
		const vector = await this.scheduler.embed(tokens, signal);
		return { vector, usage: { inputTokens: tokens.length, outputTokens: 0 } };
	}

	private finished(
		written: readonly Token[],
		stops: readonly string[],
	): Pick<SampleResult, 'text' | 'finish'> {
		const ended = this.tokenizer.endsText(written.at(-1) as Token);
		const text = this.tokenizer.decode(ended ? written.slice(0, -1) : written);
		const stop = firstStop(text, stops);
		if (stop >= 0) return { text: text.slice(0, stop), finish: 'stop' };
		return { text, finish: ended ? 'stop' : 'length' };
	}

	private promptTokens(messages: readonly Message[], answer: number): Token[] {
		const tokens = this.template.tokens(messages);
		this.checkLength(tokens.length, answer);
		return tokens;
	}

	/** An answer that does not fit is an error and not cut short, so that no answer depends on the size of the context. */
	private checkLength(prompt: number, answer: number): void {
		const { context } = this.settings;
		if (prompt + answer <= context) return;
		throw new CallError(
			'too-large',
			`the prompt has ${prompt} tokens and ${answer} may follow, more than the context of ${context}; raise lm(…, context:) or lower max_tokens`,
		);
	}

	tokensOf(option: string): Token[] {
		const tokens = this.tokenizer.encode(option, false);
		if (tokens.length === 0) throw new CallError('bad-request', 'an empty text has no tokens to score');
		return tokens;
	}

	async score(
		messages: readonly Message[],
		options: readonly (readonly Token[])[],
		signal: CallSignal,
	): Promise<{ paths: OptionPath[]; inputTokens: number }> {
		const prompt = this.promptTokens(messages, Math.max(...options.map(({ length }) => length)));
		const logprobs = await this.scheduler.score({ prompt, options }, signal);
		const paths = options.map((tokens, i) => ({ tokens, logprobs: logprobs[i] as readonly number[] }));
		return { paths, inputTokens: prompt.length };
	}
}
