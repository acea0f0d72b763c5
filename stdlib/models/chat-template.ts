import type { Message } from '../values/prompt.ts';
import type { LlamaModel, LlamaRuntime, Token } from './llama-runtime.ts';
import { prefillOf, withoutPrefill } from './prefill.ts';
import { CallError } from './provider.ts';

/** Text that a tokenizer would read as a special token; inside a message it must stay text. */
const SPECIAL_SHAPES = /<\|[^|>]*\|>|<\/?s>|\[\/?INST\]|<(?:start|end)_of_turn>|<(?:unk|pad|bos|eos)>/;

/** What a chat template needs of a model. */
export type ChatModel = Pick<LlamaModel, 'tokenize' | 'tokens' | 'fileInfo'>;

/** Messages to tokens, by the chat template inside the model's file. */
export class ChatTemplate {
	private readonly model: ChatModel;
	private readonly template: { render(values: Readonly<Record<string, unknown>>): string } | null;

	constructor(model: ChatModel, Template: LlamaRuntime['Template']) {
		this.model = model;
		const source = model.fileInfo.metadata.tokenizer?.chat_template;
		this.template = source ? new Template(source) : null;
	}

	/** The prompt's tokens; the prefill stands open at the end, in the model's turn. */
	tokens(messages: readonly Message[]): Token[] {
		const text = messages.some(({ content }) => SPECIAL_SHAPES.test(content))
			? this.tokensApart(messages)
			: this.tokensTogether(messages);
		const { bos, shouldPrependBosToken } = this.model.tokens;
		return shouldPrependBosToken && bos !== null && text[0] !== bos ? [bos, ...text] : text;
	}

	/** The text that the model sees. A file without a template is a plain language model: the messages one after another. */
	text(messages: readonly Message[]): string {
		if (this.template === null) return messages.map((message) => message.content).join('\n\n');
		return this.render(withoutPrefill(messages)) + prefillOf(messages);
	}

	private tokensTogether(messages: readonly Message[]): Token[] {
		return this.model.tokenize(this.text(messages), true);
	}

	/** The template's text as tokens with meaning, each message's own text as text only. */
	private tokensApart(messages: readonly Message[]): Token[] {
		const marked = messages.map((message, i) => ({ role: message.role, content: mark(i) }));
		return this.text(marked)
			.split(MARK)
			.flatMap((piece, i) =>
				i % 2 === 0
					? this.model.tokenize(piece, true)
					: this.model.tokenize(messages[Number(piece)]?.content ?? '', false, 'trimLeadingSpace'),
			);
	}

	private render(messages: readonly Message[]): string {
		try {
			return this.renderTurns(messages);
		} catch (error) {
			if (messages[0]?.role !== 'system') throw cannotRender(error);
		}
		try {
			// Some templates know no system turn: its text opens the first message instead.
			return this.renderTurns(systemIntoUser(messages));
		} catch (error) {
			throw cannotRender(error);
		}
	}

	private renderTurns(messages: readonly Message[]): string {
		const { bosString, eosString } = this.model.tokens;
		return (this.template as NonNullable<typeof this.template>).render({
			messages,
			add_generation_prompt: true,
			bos_token: bosString ?? '',
			eos_token: eosString ?? '',
		});
	}
}

const mark = (i: number): string => `\uE000${i}\uE001`;
const MARK = /\uE000(\d+)\uE001/;

function systemIntoUser(messages: readonly Message[]): readonly Message[] {
	const [system, next, ...rest] = messages;
	if (next?.role !== 'user')
		return [{ role: 'user', content: system?.content ?? '' }, ...(next ? [next] : []), ...rest];
	return [{ role: 'user', content: `${system?.content}\n\n${next.content}` }, ...rest];
}

const cannotRender = (error: unknown): CallError =>
	new CallError(
		'bad-request',
		`the model's chat template does not take these messages: ${(error as Error).message}`,
	);
