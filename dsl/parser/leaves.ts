import type * as ast from '../ast.ts';
import { spanOf } from '../span.ts';
import * as t from './tokens.ts';
import { spanOfToken, type Token } from './tokens.ts';

export const nameOf = (token: Token): ast.Name => ({ text: token.image, span: spanOfToken(token) });

export const nameExpr = (token: Token): ast.Expr => ({
	kind: 'name',
	name: token.image,
	span: spanOfToken(token),
});
/** Constants of other languages and how Assay writes them. */
export const foreignConstants: ReadonlyMap<string, string> = new Map([
	['null', 'none'],
	['nil', 'none'],
	['undefined', 'none'],
	['None', 'none'],
	['NULL', 'none'],
	['True', 'true'],
	['TRUE', 'true'],
	['False', 'false'],
	['FALSE', 'false'],
]);

export const boolExpr = (token: Token): ast.Expr => ({
	kind: 'bool',
	value: token.tokenType === t.True,
	span: spanOfToken(token),
});
export const noneExpr = (token: Token): ast.Expr => ({ kind: 'none', span: spanOfToken(token) });

export function numberExpr(token: Token): ast.Expr {
	const { value, unit } = token.payload as t.NumberValue;
	return { kind: 'number', value, raw: token.image, unit, span: spanOfToken(token) };
}

export function wholeText(token: Token): ast.Expr {
	const { value, block } = token.payload as t.TextValue;
	const width = block ? 3 : 1;
	const inside = spanOf(token.startOffset + width, Math.max(token.startOffset + width, token.end - width));
	const parts: ast.TextPart[] = value === '' ? [] : [{ kind: 'chars', value, span: inside }];
	return { kind: 'text', parts, block, span: spanOfToken(token) };
}

export const charsPart = (token: Token): ast.TextPart => ({
	kind: 'chars',
	value: token.payload as string,
	span: spanOfToken(token),
});

export const valueStarts = new Set([
	t.Name,
	t.Label,
	t.FieldName,
	t.LambdaName,
	t.LambdaParen,
	t.NumberLiteral,
	t.WholeText,
	t.TextStart,
	t.True,
	t.False,
	t.None,
	t.OpenParen,
	t.OpenBracket,
	t.OpenBrace,
	t.RoleWord,
	t.If,
	t.Not,
]);

export const beginsValue = (token: Token): boolean => valueStarts.has(token.tokenType);
