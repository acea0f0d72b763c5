import { Tokenizer as FromJson } from '@huggingface/tokenizers';
import { withUnicodeDigits } from './digits.ts';
import type { TokenizerFile } from './stored-transformer.ts';

export type Token = number;

/** Text to tokens and back. */
export class Tokenizer {
	readonly bos: Token | null;
	readonly addBos: boolean;
	readonly bosText: string;
	readonly eosText: string;
	private readonly ends: ReadonlySet<Token>;
	private readonly whole: FromJson;
	/** Knows no tokens with a meaning: what looks like one in a text is text. */
	private readonly plain: FromJson;

	constructor({ json: source, bos, addBos, ends, eos }: TokenizerFile) {
		const json = withUnicodeDigits(source);
		this.whole = new FromJson(json, {});
		this.plain = new FromJson({ ...json, added_tokens: [] }, {});
		this.bos = bos;
		this.addBos = addBos;
		this.ends = ends;
		const textOf = (id: number | null): string => (id === null ? '' : (this.whole.id_to_token(id) ?? ''));
		this.bosText = textOf(bos);
		this.eosText = textOf(eos);
	}

	/** @param special whether texts such as `<|im_end|>` become the tokens that have a meaning for the model */
	encode(text: string, special: boolean): Token[] {
		if (text === '') return [];
		return (special ? this.whole : this.plain).encode(text, { add_special_tokens: false }).ids;
	}

	/** Tokens with a meaning are left out. */
	decode(tokens: readonly Token[]): string {
		if (tokens.length === 0) return '';
		return this.whole.decode([...tokens], { skip_special_tokens: true, clean_up_tokenization_spaces: false });
	}

	endsText(token: Token): boolean {
		return this.ends.has(token);
	}
}
