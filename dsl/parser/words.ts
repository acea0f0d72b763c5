import type { TokenType } from 'chevrotain';
import { beginsDeclaration } from './declaration-starts.ts';
import { markEqualsSlips } from './equals.ts';
import * as t from './tokens.ts';
import { depthChange, endsOperand, retype, type Token } from './tokens.ts';

/**
 * Assay's keywords are contextual: what a word is follows from the tokens beside it, so `model` can also be a field, a
 * variable or an argument. This one pass decides, from left to right, and the grammar after it needs a single token of
 * lookahead.
 */
export function classify(tokens: readonly Token[]): void {
	new Classifier(tokens).run();
	markEqualsSlips(tokens);
}

class Classifier {
	private readonly tokens: readonly Token[];
	/** Indices of the brackets that are open. */
	private readonly open: number[] = [];
	/** Brackets, by their index, in which a `for` came after the last field. */
	private readonly inClause = new Set<number>();

	constructor(tokens: readonly Token[]) {
		this.tokens = tokens;
	}

	run(): void {
		for (let i = 0; i < this.tokens.length; i++) {
			const token = this.tokens[i] as Token;
			const change = depthChange(token);
			if (change > 0) this.open.push(i);
			else if (change < 0) this.open.pop();
			this.noteItem(token, i);
			if (token.tokenType === t.Name) i = this.word(token, i);
			else if (token.tokenType === t.OpenParen) this.paren(token, i);
			else if (token.tokenType === t.OpenBracket && this.applies(token, i)) retype(token, t.IndexBracket);
			else if (this.afterDot(i) && t.reserved.has(token.image)) retype(token, t.Name);
		}
	}

	/** An `if` behind a clause of an eval or a comprehension is read as `where`, which `whereClause` reports. */
	private noteItem(token: Token, i: number): void {
		const level = this.open.at(-1) ?? -1;
		if (token.tokenType === t.For) this.inClause.add(level);
		else if (this.tokens[i + 1]?.tokenType === t.Equals) this.inClause.delete(level);
		else if (token.tokenType === t.If && this.inClause.has(level) && this.endsOperand(i - 1))
			retype(token, t.Where);
	}

	/** Returns the index of the last token that it decided. */
	private word(token: Token, i: number): number {
		if (this.afterDot(i)) return i;
		const next = this.tokens[i + 1]?.tokenType;
		if (next === t.Equals) retype(token, t.FieldName);
		else if (next === t.Colon) retype(token, this.precedesType(token, i) ? t.TypeLabel : t.Label);
		else if (next === t.FatArrow) retype(token, t.LambdaName);
		else if (this.open.length === 0 && named.has(token.image) && beginsDeclaration(this.tokens, i))
			return i + 1;
		else this.contextual(token, i, next);
		return i;
	}

	private contextual(token: Token, i: number, next: TokenType | undefined): void {
		switch (token.image) {
			case 'user':
			case 'system':
			case 'assistant':
				if (isText(next)) retype(token, t.RoleWord);
				break;
			case 'critique':
			case 'revise':
			case 'prefer':
				if (isText(next)) retype(token, t.PrincipleWord);
				break;
			case 'from':
				if (isText(next) || this.beginsTable(i)) retype(token, t.From);
				break;
			case 'where':
				if (this.endsOperand(i - 1) || this.beginsItem(i)) retype(token, t.Where);
				break;
			case 'repeat':
				if (this.endsOperand(i - 1) || this.beginsItem(i)) retype(token, t.Repeat);
				break;
			case 'as':
				if (this.endsOperand(i - 1)) retype(token, t.As);
				break;
			case 'by':
				if (this.endsOperand(i - 1)) retype(token, t.By);
				break;
			case 'to':
				if (this.endsOperand(i - 1)) retype(token, t.To);
		}
	}

	/** `as: {` in a call: a type, because a row type could not be told from a record otherwise. */
	private precedesType(token: Token, i: number): boolean {
		if (token.image !== 'as' || this.tokens[i + 2]?.tokenType !== t.OpenBrace) return false;
		return this.tokens[this.open.at(-1) ?? -1]?.tokenType === t.CallParen;
	}

	/** `table T = from E` */
	private beginsTable(i: number): boolean {
		if (this.tokens[i - 1]?.tokenType !== t.Equals || this.tokens[i - 3]?.image !== 'table') return false;
		const next = this.tokens[i + 1]?.tokenType;
		const source = next === t.Name || next === t.OpenParen || next === t.OpenBracket;
		return source && !beginsDeclaration(this.tokens, i + 1);
	}

	/** After the `{` of a body, or after a comma in it; a body's brace follows a name. */
	private beginsItem(i: number): boolean {
		const brace = this.open.at(-1);
		if (brace === undefined || this.tokens[brace]?.tokenType !== t.OpenBrace) return false;
		if (brace !== i - 1 && this.tokens[i - 1]?.tokenType !== t.Comma) return false;
		return this.endsOperand(brace - 1) && this.tokens[brace - 1]?.tokenType !== t.CloseParen;
	}

	private paren(token: Token, i: number): void {
		if (this.beginsLambda(i)) retype(token, t.LambdaParen);
		else if (this.applies(token, i)) retype(token, t.CallParen);
	}

	/** A call's and an index's opener stand on the line of what they apply to. */
	private applies(opener: Token, i: number): boolean {
		return !opener.newline && this.endsOperand(i - 1);
	}

	/** `(a, b) =>` */
	private beginsLambda(open: number): boolean {
		const { tokens } = this;
		let i = open + 1;
		while (tokens[i]?.tokenType === t.Name && tokens[i + 1]?.tokenType === t.Comma) i += 2;
		if (tokens[i]?.tokenType === t.Name) i++;
		return tokens[i]?.tokenType === t.CloseParen && tokens[i + 1]?.tokenType === t.FatArrow;
	}

	private afterDot(i: number): boolean {
		return this.tokens[i - 1]?.tokenType === t.Dot;
	}

	private endsOperand(i: number): boolean {
		const token = this.tokens[i];
		return token !== undefined && endsOperand(token);
	}
}

/** Declarations whose name nothing but the keyword before it tells; before `=` and `:` a name is told by these. */
const named = new Set(['use', 'prompt', 'network', 'constitution', 'train', 'eval']);

const isText = (type: TokenType | undefined): boolean => type === t.WholeText || type === t.TextStart;
