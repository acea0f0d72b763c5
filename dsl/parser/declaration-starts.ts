import type { TokenType } from 'chevrotain';
import * as t from './tokens.ts';
import { endsOperand, type Token } from './tokens.ts';

/** What comes after the name of each declaration; `study` and `use` have none. */
const after: ReadonlyMap<string, readonly TokenType[]> = new Map([
	['param', [t.Colon, t.Equals]],
	['let', [t.Equals]],
	['data', [t.Equals]],
	['model', [t.Equals]],
	['figure', [t.Equals]],
	['table', [t.Equals]],
	['prompt', [t.OpenParen, t.CallParen]],
	['network', [t.OpenParen, t.CallParen]],
	['constitution', [t.OpenBrace]],
	['train', [t.OpenBrace]],
	['eval', [t.OpenBrace]],
]);

export const declarationWords: readonly string[] = ['study', 'use', ...after.keys()];

export const isWord = (token: Token | undefined): boolean =>
	token !== undefined &&
	(token.tokenType === t.Name || token.tokenType.CATEGORIES?.includes(t.Word) === true);

/** Whether the tokens at `i` are the beginning of a declaration, whatever stands before them. */
export function beginsDeclaration(tokens: readonly Token[], i: number): boolean {
	const word = tokens[i] as Token;
	const next = tokens[i + 1];
	if (word.tokenType !== t.Name || tokens[i - 1]?.tokenType === t.Dot) return false;
	if (word.image === 'study') return next?.tokenType === t.WholeText || next?.tokenType === t.TextStart;
	if (word.image === 'use') return beginsUse(tokens, i);
	const expected = after.get(word.image);
	if (expected === undefined || !isWord(next)) return false;
	const follows = tokens[i + 2]?.tokenType;
	if (follows === undefined || !expected.includes(follows)) return false;
	// `let x = prompt to (b)`: a value that is called `prompt`.
	return !isOperatorWord(next) || canBegin(tokens, i);
}

/** A value may be called `use`, so what follows it must not be a declaration itself. */
function beginsUse(tokens: readonly Token[], i: number): boolean {
	const next = tokens[i + 1];
	return canBegin(tokens, i) && isWord(next) && (next?.image === 'use' || !beginsDeclaration(tokens, i + 1));
}

/** What stands before is complete. */
const canBegin = (tokens: readonly Token[], i: number): boolean =>
	i === 0 || endsOperand(tokens[i - 1] as Token);

/**
 * Whether a line at the left edge looks like a declaration with something missing or with an unknown keyword: two
 * words, which no expression has, or an assignment.
 */
export function resemblesDeclaration(tokens: readonly Token[], i: number): boolean {
	const word = tokens[i] as Token;
	const next = tokens[i + 1];
	if (!isWord(word) || next === undefined || !canBegin(tokens, i)) return false;
	if (next.tokenType === t.Equals) return true;
	const keyword = declarationWords.includes(word.image);
	if (isWord(next)) {
		if (isOperatorWord(word) || isOperatorWord(next) || beginsDeclaration(tokens, i + 1)) return false;
		return keyword || !next.newline;
	}
	return keyword;
}

export const isOperatorWord = (token: Token | undefined): boolean =>
	token?.tokenType === t.To ||
	token?.tokenType === t.By ||
	token?.tokenType === t.From ||
	token?.image === 'to' ||
	token?.image === 'by' ||
	token?.image === 'from';
