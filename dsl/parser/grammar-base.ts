import { EmbeddedActionsParser, type IToken } from 'chevrotain';
import type { Problem } from '../diagnostics/catalogue.ts';
import { type Span, spanOf } from '../span.ts';
import { ruleMessages } from './stops.ts';
import { type Token, vocabulary } from './tokens.ts';

/** Nested brackets, lambdas and `if`s beyond this are refused, so that no stage needs an unbounded stack. */
export const MAX_NESTING = 64;

/** Thrown through the parser; `units.ts` makes a problem of it. */
export class TooDeep extends Error {
	readonly token: Token;

	constructor(token: Token) {
		super('nested too deeply');
		this.token = token;
	}
}

export type Alternatives = { ALT: () => unknown }[];

/**
 * What all rules share. Trees are built while parsing: Chevrotain first runs every rule once without tokens to learn
 * the grammar, and `ACTION` keeps that away from code which needs real ones.
 */
export class GrammarBase extends EmbeddedActionsParser {
	/** Slips that were read as what was meant. */
	found: Problem[] = [];
	/** Chevrotain asks that long lists of alternatives are made once. */
	protected readonly alternatives: Record<string, Alternatives> = {};
	private depth = 0;

	constructor(validate: boolean) {
		super(vocabulary, { maxLookahead: 1, skipValidations: !validate, errorMessageProvider: ruleMessages });
	}

	/** Sets what is read next. Chevrotain's own setter resets its state; this resets ours. */
	start(tokens: Token[]): void {
		this.input = tokens;
		this.errors = [];
		this.found = [];
		this.depth = 0;
	}

	protected get ahead(): Token {
		return this.LA(1) as Token;
	}

	protected enter(): void {
		if (++this.depth > MAX_NESTING && !this.RECORDING_PHASE) throw new TooDeep(this.ahead);
	}

	protected leave(): void {
		this.depth--;
	}

	/** From a token to the last one read. */
	protected since(first: IToken): Span {
		return spanOf(first.startOffset, (this.LA(0) as Token).end);
	}

	protected note(problem: Problem): void {
		this.found.push(problem);
	}
}
