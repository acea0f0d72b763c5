import type { Expr, Program, Signature, TypeExpr } from '../ast.ts';
import { type Problem, toDiagnostic } from '../diagnostics/catalogue.ts';
import { spanOf } from '../span.ts';
import { balance } from './brackets.ts';
import { readDeclaration } from './declarations.ts';
import { Followers } from './followers.ts';
import type { Grammar } from './grammar.ts';
import { lex } from './lexer.ts';
import { splitDeclarations } from './segments.ts';
import { readUnit } from './units.ts';
import { classify } from './words.ts';

export interface Parsed {
	readonly program: Program;
	readonly problems: Problem[];
}

/**
 * Text to tree, in six passes over the tokens: lex, make brackets match, tell what each word is, cut into declarations,
 * and cut those into units that the grammar reads one by one, so that a mistake ends with its unit.
 * Total: any text gives a program, and problems where it is not one.
 */
export function parse(text: string): Parsed {
	const lexed = lex(text);
	const balanced = balance(lexed.tokens, text);
	classify(balanced.tokens);
	const segments = splitDeclarations(balanced.tokens, text);
	const declarations: Program['declarations'][number][] = [];
	const problems = [...lexed.problems];
	const followers = new Followers(lexed.broken, balanced);
	segments.forEach((segment, i) => {
		const next = segments[i + 1]?.tokens[0] ?? null;
		const reading = readDeclaration(segment, next);
		declarations.push(reading.declaration);
		problems.push(...followers.news(reading.problems, next?.startOffset ?? Number.POSITIVE_INFINITY));
	});
	problems.push(...followers.news([], Number.POSITIVE_INFINITY));
	const program = { declarations, comments: lexed.comments, span: spanOf(0, text.length) };
	return { program, problems: once(problems).sort((a, b) => a.span.start - b.span.start) };
}

/** Two rules may stop at the same place for the same reason. */
function once(problems: readonly Problem[]): Problem[] {
	const byPlace = new Map<string, Problem>();
	for (const found of problems) {
		const key = `${found.code} ${found.span.start} ${found.span.end}`;
		if (!byPlace.has(key)) byPlace.set(key, found);
	}
	return [...byPlace.values()];
}

/** For texts that are our own, such as signatures: throws where `parse` would report. */
export const parseExpression = (text: string): Expr => readAll(text, (grammar) => grammar.expression());
export const parseTypeExpr = (text: string): TypeExpr => readAll(text, (grammar) => grammar.typeExpr());
export const parseSignature = (text: string): Signature => readAll(text, (grammar) => grammar.signature());

function readAll<T>(text: string, rule: (grammar: Grammar) => T): T {
	const { tokens, problems } = lex(text);
	classify(tokens);
	const unit = readUnit(tokens, null, rule);
	const [first] = [...problems, ...unit.problems];
	if (unit.value === null || first !== undefined) {
		const reason = first === undefined ? 'cannot be read' : toDiagnostic(first).message;
		throw new SyntaxError(`${reason}, in \`${text}\``);
	}
	return unit.value;
}
