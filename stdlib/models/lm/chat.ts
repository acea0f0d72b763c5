import { Template } from '@huggingface/jinja';
import { ChatTemplate } from '../chat-template.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Messages to tokens, by a template's source; null for a plain language model, which reads them one after another. */
export function chatTemplate(tokenizer: Tokenizer, source: string | null): ChatTemplate {
	const { bos, bosText, eosText, addBos } = tokenizer;
	return new ChatTemplate(
		{
			tokenize: (text, special) => tokenizer.encode(text, special),
			tokens: { bos, bosString: bosText, eosString: eosText, shouldPrependBosToken: addBos },
			fileInfo: { metadata: { tokenizer: source === null ? {} : { chat_template: source } } },
		},
		Template,
	);
}
