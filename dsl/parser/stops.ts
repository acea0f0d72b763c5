import { EOF, type IParserErrorMessageProvider, type IRecognitionException } from 'chevrotain';
import type { Token } from './tokens.ts';
import * as t from './tokens.ts';

/**
 * Chevrotain builds a sentence when it stops; ours carries only what it expected, as the name of a token type or of a
 * rule, and `explainStop` says it in the words of the program. No such name reaches a user.
 */
export const ruleMessages: IParserErrorMessageProvider = {
	buildMismatchTokenMessage: ({ expected, ruleName }) => `${ruleName}:${expected.name}`,
	buildNotAllInputParsedMessage: () => 'rest',
	buildNoViableAltMessage: ({ ruleName }) => ruleName,
	buildEarlyExitMessage: ({ ruleName }) => ruleName,
};

/** What can be expected, by token type or rule, in words. A test holds this against the grammar. */
export const expectations: Readonly<Record<string, string>> = {
	// Token types
	Word: 'a name',
	Operator: 'an operator',
	Prefix: '`not` or `-`',
	AnyParen: '`(`',
	AnyBracket: '`[`',
	Label: 'a name and `:`',
	FieldName: 'a name and `=`',
	TypeLabel: '`as:`',
	LambdaName: 'a name',
	LambdaParen: '`(`',
	DeclarationWord: 'a declaration',
	RoleWord: 'a message such as `user "…"`',
	PrincipleWord: '`critique`, `revise` or `prefer` with a text',
	From: '`from`',
	Where: '`where`',
	Repeat: '`repeat`',
	As: '`as`',
	By: '`by`',
	In: '`in`',
	If: '`if`',
	Then: '`then`',
	Else: '`else`',
	For: '`for`',
	True: '`true`',
	False: '`false`',
	None: '`none`',
	NumberLiteral: 'a number',
	WholeText: 'a text without holes',
	TextStart: 'a text',
	TextChars: 'a text',
	TextEnd: 'the end of the text',
	HoleOpen: 'a hole',
	HoleClose: '`}` at the end of the hole',
	CallParen: '`(`',
	CloseParen: '`,` or `)`',
	IndexBracket: '`[`',
	CloseBracket: '`,` or `]`',
	OpenBrace: '`{`',
	CloseBrace: '`}`',
	Comma: '`,`',
	Colon: '`:`',
	Equals: '`=`',
	Dot: '`.`',
	Ellipsis: '`...`',
	Question: '`?`',
	Bar: '`|`',
	Arrow: '`->`',
	FatArrow: '`=>`',
	Less: '`<`',
	Greater: '`>`',
	// Token types in one rule
	'messages:CloseBrace': 'a message such as `user "…"` or `}`',
	'constitution:CloseBrace': '`critique "…"`, `revise "…"`, `prefer "…"` or `}`',
	'record:CloseBrace': '`,` or `}`',
	'recordType:CloseBrace': '`,` or `}`',
	'typeArguments:Greater': '`,` or `>`',
	'group:CloseParen': '`)`',
	'lambda:CloseParen': '`)`',
	'index:CloseBracket': '`]`',
	// Rules
	expression: 'a value',
	primary: 'a value',
	operand: '`.`, `(` or `[`',
	argument: 'a value',
	labelled: 'a name and `:`',
	lambda: 'the parameters of a function',
	text: 'a text',
	textPart: 'a text',
	clause: '`for`, `where` or `repeat`',
	primaryType: 'a type',
	namedType: '`<` or `[`',
	dimensions: 'a dimension',
	recordType: 'a name and `:`',
	use: 'a name',
	tableHeader: '`=`',
	params: '`(`',
	prompt: '`=` or `{`',
	value: '`=`',
	field: '`=`',
};

/** Where a unit ends, for a message about what is missing at its end. */
export interface UnitEnd {
	/** What stands after the unit; null at the end of the program. */
	readonly next: Token | null;
}

export interface Stop {
	readonly kind: 'expected' | 'rest';
	/** The name of a token type or of a rule. */
	readonly expected: string;
	readonly rule: string;
	readonly found: Token | null;
	readonly previous: Token | null;
	readonly tokens: readonly Token[];
	readonly end: UnitEnd;
}

export function stopOf(error: IRecognitionException, tokens: readonly Token[], end: UnitEnd): Stop {
	const found = error.token.tokenType === EOF ? null : (error.token as Token);
	const position = found === null ? tokens.length : tokens.indexOf(found);
	const previous = tokens[position - 1] ?? null;
	const rule = error.message.split(':', 1)[0] as string;
	const expected = error.message.slice(error.message.indexOf(':') + 1);
	return {
		kind: error.message === 'rest' ? 'rest' : 'expected',
		expected:
			previous !== null && wantsItem.has(previous.tokenType)
				? (items.get(`${rule}:${expected}`) ?? expected)
				: expected,
		rule,
		found,
		previous,
		tokens,
		end,
	};
}

/** After a comma or an opener, what is missing before a closer is an item. */
const wantsItem = new Set([
	t.Comma,
	t.OpenParen,
	t.CallParen,
	t.OpenBracket,
	t.IndexBracket,
	t.OpenBrace,
	t.HoleOpen,
]);
const items: ReadonlyMap<string, string> = new Map([
	['call:CloseParen', 'expression'],
	['list:CloseBracket', 'expression'],
	['hole:HoleClose', 'expression'],
	['record:CloseBrace', 'Label'],
	['recordType:CloseBrace', 'Label'],
	['params:CloseParen', 'Word'],
]);

/** A token as a reader sees it; long texts are only called so. */
export function describe(token: Token | null): string {
	if (token === null) return 'the end of the program';
	if (token.tokenType === t.WholeText || token.tokenType === t.TextStart || token.tokenType === t.TextEnd)
		return token.tokenType === t.WholeText && token.image.length <= 24 && !token.image.includes('\n')
			? `\`${token.image}\``
			: 'a text';
	return token.image === '' ? 'the end' : `\`${token.image}\``;
}
