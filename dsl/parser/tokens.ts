import { createToken, type IToken, type TokenType } from 'chevrotain';
import type { NumberUnit } from '../ast.ts';
import type { Span } from '../span.ts';

/**
 * Chevrotain's token with what Assay adds. The lexer makes every token with the same fields in the same order, so
 * that the parser's hot loops see one shape.
 */
export interface Token extends IToken {
	tokenType: TokenType;
	tokenTypeIdx: number;
	/** The offset after the last character (`endOffset` is Chevrotain's, of the last character). */
	end: number;
	/** A line break stands between this token and the one before it, or it is the first. */
	newline: boolean;
	/** `##` lines right above. */
	doc: string | null;
	payload: NumberValue | TextValue | string | null;
}

export interface NumberValue {
	readonly value: number;
	readonly unit: NumberUnit;
}

export interface TextValue {
	readonly value: string;
	readonly block: boolean;
}

export const spanOfToken = (token: Token): Span => ({ start: token.startOffset, end: token.end });

/** Our lexer is written by hand, so no token has a pattern. */
const type = (name: string, ...categories: TokenType[]): TokenType =>
	createToken({ name, categories, pattern: /(?!)/ });

// Categories: what several tokens are in the grammar's eyes.
export const Word = type('Word');
export const Operator = type('Operator');
export const Prefix = type('Prefix');
export const AnyParen = type('AnyParen');
export const AnyBracket = type('AnyBracket');
export const AnyText = type('AnyText');

// Words. Which of these a word is follows from its neighbours: see words.ts.
export const Name = type('Name', Word);
/** A word before `=`. */
export const FieldName = type('FieldName', Word);
/** A word before `:`. */
export const Label = type('Label', Word);
/** `as` before `: {` in a call, where a type follows. */
export const TypeLabel = type('TypeLabel', Word);
/** A word before `=>`. */
export const LambdaName = type('LambdaName');
/** The first word of a declaration. */
export const DeclarationWord = type('DeclarationWord');
/** `user`, `system`, `assistant` before a text. */
export const RoleWord = type('RoleWord');
/** `critique`, `revise`, `prefer` before a text. */
export const PrincipleWord = type('PrincipleWord');
export const From = type('From');
export const Where = type('Where', Word);
export const Repeat = type('Repeat', Word);
export const As = type('As', Word);
export const By = type('By', Word);
export const To = type('To', Word, Operator);

// Reserved words.
export const And = type('And', Operator);
export const Or = type('Or', Operator);
export const In = type('In', Operator);
export const Not = type('Not', Prefix);
export const If = type('If');
export const Then = type('Then');
export const Else = type('Else');
export const For = type('For');
export const True = type('True');
export const False = type('False');
export const None = type('None');

// Literals. A text without holes is one token, others are a sequence from TextStart to TextEnd.
export const NumberLiteral = type('NumberLiteral');
export const WholeText = type('WholeText', AnyText);
export const TextStart = type('TextStart', AnyText);
export const TextChars = type('TextChars');
export const HoleOpen = type('HoleOpen');
export const HoleClose = type('HoleClose');
export const TextEnd = type('TextEnd');

// Brackets. A call's and an index's opener stand on the line of what they apply to.
export const OpenParen = type('OpenParen', AnyParen);
export const CallParen = type('CallParen', AnyParen);
/** The opener of `(a, b) =>`. */
export const LambdaParen = type('LambdaParen');
export const CloseParen = type('CloseParen');
export const OpenBracket = type('OpenBracket', AnyBracket);
export const IndexBracket = type('IndexBracket', AnyBracket);
export const CloseBracket = type('CloseBracket');
export const OpenBrace = type('OpenBrace');
export const CloseBrace = type('CloseBrace');

// Signs.
export const Comma = type('Comma');
export const Colon = type('Colon');
export const Equals = type('Equals');
export const Dot = type('Dot');
export const Ellipsis = type('Ellipsis');
export const Question = type('Question');
export const Bar = type('Bar');
export const Arrow = type('Arrow');
export const FatArrow = type('FatArrow');
export const Plus = type('Plus', Operator);
export const Minus = type('Minus', Operator, Prefix);
export const Star = type('Star', Operator);
export const Slash = type('Slash', Operator);
export const Less = type('Less', Operator);
export const Greater = type('Greater', Operator);
/** `== != <= >=`; told apart by their image. */
export const Comparison = type('Comparison', Operator);
/** `=` where only `==` makes sense. */
export const EqualsSlip = type('EqualsSlip', Operator);
export const PlusMinus = type('PlusMinus', Operator);
export const Pipe = type('Pipe', Operator);
export const Range = type('Range', Operator);

export const reserved: ReadonlyMap<string, TokenType> = new Map([
	['and', And],
	['or', Or],
	['in', In],
	['not', Not],
	['if', If],
	['then', Then],
	['else', Else],
	['for', For],
	['true', True],
	['false', False],
	['none', None],
]);

export const vocabulary: TokenType[] = [
	Word,
	Operator,
	Prefix,
	AnyParen,
	AnyBracket,
	AnyText,
	Name,
	FieldName,
	Label,
	TypeLabel,
	LambdaName,
	DeclarationWord,
	RoleWord,
	PrincipleWord,
	From,
	Where,
	Repeat,
	As,
	By,
	To,
	And,
	Or,
	In,
	Not,
	If,
	Then,
	Else,
	For,
	True,
	False,
	None,
	NumberLiteral,
	WholeText,
	TextStart,
	TextChars,
	HoleOpen,
	HoleClose,
	TextEnd,
	OpenParen,
	CallParen,
	LambdaParen,
	CloseParen,
	OpenBracket,
	IndexBracket,
	CloseBracket,
	OpenBrace,
	CloseBrace,
	Comma,
	Colon,
	Equals,
	Dot,
	Ellipsis,
	Question,
	Bar,
	Arrow,
	FatArrow,
	Plus,
	Minus,
	Star,
	Slash,
	Less,
	Greater,
	Comparison,
	EqualsSlip,
	PlusMinus,
	Pipe,
	Range,
];

const operandEnds = new Set<TokenType>([
	Name,
	FieldName,
	Label,
	True,
	False,
	None,
	NumberLiteral,
	WholeText,
	TextEnd,
	CloseParen,
	CloseBracket,
	CloseBrace,
]);

/** Whether a value can be complete after this token. */
export const endsOperand = (token: Token): boolean => operandEnds.has(token.tokenType);

export function makeToken(
	tokenType: TokenType,
	image: string,
	startOffset: number,
	newline: boolean,
	doc: string | null,
	payload: Token['payload'],
	end: number = startOffset + image.length,
): Token {
	return {
		image,
		startOffset,
		endOffset: end - 1,
		tokenType,
		tokenTypeIdx: tokenType.tokenTypeIdx as number,
		end,
		newline,
		doc,
		payload,
	};
}

export function retype(token: Token, tokenType: TokenType): void {
	token.tokenType = tokenType;
	token.tokenTypeIdx = tokenType.tokenTypeIdx as number;
}

/** Brackets and holes; texts without holes are single tokens. */
export function depthChange(token: Token): -1 | 0 | 1 {
	switch (token.tokenType) {
		case OpenParen:
		case CallParen:
		case LambdaParen:
		case OpenBracket:
		case IndexBracket:
		case OpenBrace:
		case HoleOpen:
			return 1;
		case CloseParen:
		case CloseBracket:
		case CloseBrace:
		case HoleClose:
			return -1;
		default:
			return 0;
	}
}
