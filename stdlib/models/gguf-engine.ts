import type { Message } from '../values/prompt.ts';
import type { CallSignal } from './call-signal.ts';
import { ChatTemplate } from './chat-template.ts';
import { chooseExactly, logprobExactly } from './exact-scores.ts';
import type {
	LlamaContext,
	LlamaModel,
	LlamaRuntime,
	NextOutput,
	NextWanted,
	Token,
} from './llama-runtime.ts';
import type { OptionPath } from './option-paths.ts';
import {
	CallError,
	type ChooseRequest,
	type ChooseResult,
	type EmbedResult,
	type LogprobRequest,
	type LogprobResult,
	type SampleRequest,
	type SampleResult,
} from './provider.ts';
import { SequencePool, type Slot, sharedPrefix } from './sequence-pool.ts';
import { firstStop } from './stops.ts';
import { Turns } from './turns.ts';

export interface EngineSettings {
	readonly path: string;
	/** Tokens in a prompt and its answer together. */
	readonly context: number;
	/** Prompts and answers worked on at once. */
	readonly parallel: number;
	readonly threads: number;
	/** Saves memory in long contexts, but a prompt's numbers then depend on what it was batched with. */
	readonly flashAttention: boolean;
}

/** A GGUF model in memory. */
export class GgufEngine {
	private readonly settings: EngineSettings;
	private readonly model: LlamaModel;
	private readonly context: LlamaContext;
	private readonly template: ChatTemplate;
	private readonly pool: SequencePool;
	/**
	 * llama.cpp cuts a batch where its sequences have different lengths, and a token left over alone gets slightly other
	 * numbers than among others. So a prompt is evaluated alone, and draws step together with two tokens each: then the
	 * same prompt has the same numbers whatever runs beside it.
	 */
	private readonly turns = new Turns();
	private readonly optionTokens = new Map<string, readonly Token[]>();
	private embeddings: Promise<Awaited<ReturnType<LlamaModel['createEmbeddingContext']>>> | null = null;

	private constructor(
		settings: EngineSettings,
		runtime: LlamaRuntime,
		model: LlamaModel,
		context: LlamaContext,
	) {
		this.settings = settings;
		this.model = model;
		this.context = context;
		this.template = new ChatTemplate(model, runtime.Template);
		this.pool = new SequencePool(Array.from({ length: settings.parallel }, () => context.getSequence()));
	}

	static async load(
		settings: EngineSettings,
		runtime: LlamaRuntime,
		signal: AbortSignal,
	): Promise<GgufEngine> {
		const model = await runtime.llama.loadModel({ modelPath: settings.path, loadSignal: signal });
		const contextSize = Math.min(settings.context, model.trainContextSize);
		const context = await model.createContext({
			contextSize,
			sequences: settings.parallel,
			batchSize: 512,
			threads: settings.threads,
			flashAttention: settings.flashAttention,
		});
		return new GgufEngine({ ...settings, context: contextSize }, runtime, model, context);
	}

	async close(): Promise<void> {
		await (await this.embeddings)?.dispose();
		await this.context.dispose();
		await this.model.dispose();
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
		return this.pool.use({ tokens: prompt, patient: false }, async (slot) => {
			const drawn = await this.draw(slot, prompt, request, signal);
			return {
				text: drawn.text,
				finish: drawn.finish,
				usage: { inputTokens: prompt.length, outputTokens: drawn.count },
			};
		});
	}

	async embed(text: string): Promise<EmbedResult> {
		this.embeddings ??= this.model.createEmbeddingContext({ contextSize: this.settings.context });
		const tokens = this.model.tokenize(text, false);
		this.checkLength(tokens.length, 0);
		const { vector } = await (await this.embeddings).getEmbeddingFor(tokens);
		return { vector: [...vector], usage: { inputTokens: tokens.length, outputTokens: 0 } };
	}

	/** The prompt's tokens, if there is room for `answer` more. */
	private promptTokens(messages: readonly Message[], answer: number): Token[] {
		const tokens = this.template.tokens(messages);
		this.checkLength(tokens.length, answer);
		return tokens;
	}

	/** An answer that does not fit is an error and not cut short, so that no answer depends on the size of the context. */
	private checkLength(prompt: number, answer: number): void {
		const { context } = this.settings;
		// llama.cpp needs one place more than there are tokens.
		if (prompt + answer < context) return;
		throw new CallError(
			'too-large',
			`the prompt has ${prompt} tokens and ${answer} may follow, more than the context of ${context}; raise gguf(…, context:) or lower max_tokens`,
		);
	}

	tokensOf(option: string): readonly Token[] {
		const known = this.optionTokens.get(option);
		if (known) return known;
		const tokens = this.model.tokenize(option, false, 'trimLeadingSpace');
		if (tokens.length === 0) throw new CallError('bad-request', 'an empty text has no tokens to score');
		// Options repeat over rows; completions to score need not.
		if (this.optionTokens.size > 4096) this.optionTokens.clear();
		this.optionTokens.set(option, tokens);
		return tokens;
	}

	async score(
		messages: readonly Message[],
		options: readonly (readonly Token[])[],
		signal: CallSignal,
	): Promise<{ paths: OptionPath[]; inputTokens: number }> {
		const longest = Math.max(...options.map((tokens) => tokens.length));
		const prompt = this.promptTokens(messages, longest);
		const paths = await this.pool.use({ tokens: prompt, patient: true }, async (slot) => {
			const firsts = await this.firstLogprobs(slot, prompt, options, signal);
			const scored: OptionPath[] = [];
			for (const tokens of options) {
				const first = firsts.get(tokens[0] as Token) ?? Number.NEGATIVE_INFINITY;
				scored.push({
					tokens,
					logprobs: [first, ...(await this.restLogprobs(slot, prompt, tokens, signal))],
				});
			}
			return scored;
		});
		return { paths, inputTokens: prompt.length };
	}

	private async firstLogprobs(
		slot: Slot,
		prompt: readonly Token[],
		options: readonly (readonly Token[])[],
		signal: CallSignal,
	): Promise<ReadonlyMap<Token, number>> {
		const firsts = [...new Set(options.map((tokens) => tokens[0] as Token))];
		const [last] = await this.evaluate(slot, prompt, [firsts], signal);
		return last as ReadonlyMap<Token, number>;
	}

	/** Log-probabilities of an option's tokens but the first, from one evaluation of all of them. */
	private async restLogprobs(
		slot: Slot,
		prompt: readonly Token[],
		option: readonly Token[],
		signal: CallSignal,
	): Promise<number[]> {
		if (option.length === 1) return [];
		const wanted = option.slice(1).map((token) => [token]);
		const found = await this.evaluate(slot, [...prompt, ...option.slice(0, -1)], wanted, signal);
		return found.map((logprobs, i) => logprobs.get(option[i + 1] as Token) ?? Number.NEGATIVE_INFINITY);
	}

	/**
	 * Evaluates `tokens` and gives, for the last `wanted.length` of them, the natural log-probabilities of the wanted next
	 * tokens, at temperature 1 over the whole vocabulary.
	 */
	private async evaluate(
		slot: Slot,
		tokens: readonly Token[],
		wanted: readonly (readonly Token[])[],
		signal: CallSignal,
	): Promise<ReadonlyMap<Token, number>[]> {
		signal.throwIfAborted();
		const together = wanted.length + 1;
		const outputs = await this.turns.runAlone(() =>
			this.extend(slot, tokens, together, (i) => {
				const nexts = wanted[i - (tokens.length - wanted.length)];
				return nexts ? logitsOf(nexts) : null;
			}),
		);
		return wanted.map((nexts, i) => logprobsFrom(outputs[tokens.length - wanted.length + i], nexts));
	}

	/**
	 * Makes `tokens` the content of the cache: erases what it holds beyond the common prefix, at least the last `together`
	 * tokens, and evaluates the rest. `wanted` says what is to be known after the token at a position; the result has it
	 * at that position.
	 */
	private async extend(
		slot: Slot,
		tokens: readonly Token[],
		together: number,
		wanted: (position: number) => NextWanted | null,
	): Promise<readonly (NextOutput | undefined)[]> {
		const { sequence } = slot;
		const kept = Math.min(sharedPrefix(slot.held, tokens), sequence.nextTokenIndex, tokens.length - together);
		let start = Math.max(0, kept);
		slot.held = [];
		if (sequence.nextTokenIndex > start) {
			await sequence.eraseContextTokenRanges([{ start, end: sequence.nextTokenIndex }]);
			// Some models cannot go back to any place, and go back further.
			start = sequence.nextTokenIndex;
		}
		const input = tokens.slice(start).map((token, i) => {
			const generateNext = wanted(start + i);
			return generateNext ? ([token, { generateNext }] as const) : token;
		});
		const outputs = await sequence.controlledEvaluate(input);
		slot.held = tokens;
		const found: (NextOutput | undefined)[] = [];
		outputs.forEach((output, i) => {
			found[start + i] = output;
		});
		return found;
	}

	private async draw(
		slot: Slot,
		prompt: readonly Token[],
		request: SampleRequest,
		signal: CallSignal,
	): Promise<{ text: string; finish: SampleResult['finish']; count: number }> {
		const written: Token[] = [];
		for (;;) {
			const token = await this.drawNext(slot, [...prompt, ...written], request, written.length, signal);
			if (this.model.isEogToken(token))
				return { text: this.textOf(written, prompt), finish: 'stop', count: written.length };
			written.push(token);
			if (request.stop.length > 0) {
				const text = this.textOf(written, prompt);
				const stop = firstStop(text, request.stop);
				if (stop >= 0) return { text: text.slice(0, stop), finish: 'stop', count: written.length };
			}
			if (written.length >= request.maxTokens)
				return { text: this.textOf(written, prompt), finish: 'length', count: written.length };
		}
	}

	/** The token after `tokens`; draw `index` of the request's seed. */
	private async drawNext(
		slot: Slot,
		tokens: readonly Token[],
		request: SampleRequest,
		index: number,
		signal: CallSignal,
	): Promise<Token> {
		signal.throwIfAborted();
		const { temperature, topP, topK = 0 } = request;
		const seed = (request.seed + Math.imul(index, 0x9e3779b1)) >>> 0;
		const generateNext = { token: true, options: { temperature, topK, topP, minP: 0, seed } } as const;
		const last = tokens.length - 1;
		const step = () => this.extend(slot, tokens, 2, (i) => (i === last ? generateNext : null));
		const outputs = await (index === 0 ? this.turns.runAlone(step) : this.turns.runTogether(step));
		const token = outputs[last]?.next.token;
		if (token === undefined || token === null) throw new CallError('malformed', 'llama.cpp drew no token');
		return token;
	}

	private textOf(tokens: readonly Token[], before: readonly Token[]): string {
		return this.model.detokenize(tokens, false, before.slice(-4));
	}
}

/** At temperature 0 the selected token is the likeliest, which `totalLogitWeight` is relative to. */
const logitsOf = (tokens: readonly Token[]): NextWanted => ({
	logits: { filter: { tokens, includeSelected: true } },
	totalLogitWeight: true,
	options: { temperature: 0 },
});

function logprobsFrom(output: NextOutput | undefined, nexts: readonly Token[]): ReadonlyMap<Token, number> {
	const { logits, totalLogitWeight } = output?.next ?? {};
	if (!logits || totalLogitWeight === undefined)
		throw new CallError('malformed', 'llama.cpp returned no logits');
	const log = Math.max(...logits.values()) + Math.log(totalLogitWeight);
	return new Map(nexts.map((token) => [token, (logits.get(token) ?? Number.NEGATIVE_INFINITY) - log]));
}
