import type { BinaryOperator, Expr } from '../ast.ts';
import { type Problem, problem } from '../diagnostics/catalogue.ts';
import { joinSpans } from '../span.ts';
import * as t from './tokens.ts';
import { spanOfToken, type Token } from './tokens.ts';

/** How tightly operators bind; a prefix binds an operand whose operators bind at least as tightly as its own level. */
const levels: Readonly<Record<BinaryOperator, number>> = {
	'|>': 1,
	or: 2,
	and: 3,
	'==': 5,
	'!=': 5,
	'<': 5,
	'<=': 5,
	'>': 5,
	'>=': 5,
	in: 5,
	'±': 6,
	to: 7,
	'..': 8,
	'+': 9,
	'-': 9,
	'*': 10,
	'/': 10,
};
const NOT_LEVEL = 4;
const NEGATION_LEVEL = 11;
const COMPARISON_LEVEL = 5;

export type Piece = Token | Expr;

const isToken = (piece: Piece | undefined): piece is Token => piece !== undefined && 'tokenType' in piece;

/** A flat sequence of operands and operators, as the grammar reads it, made a tree. */
export function combine(pieces: readonly Piece[], problems: Problem[]): Expr {
	return new Combination(pieces, problems).binary(0);
}

class Combination {
	private readonly pieces: readonly Piece[];
	private readonly problems: Problem[];
	private position = 0;

	constructor(pieces: readonly Piece[], problems: Problem[]) {
		this.pieces = pieces;
		this.problems = problems;
	}

	/** An operand and all operators after it that bind at `minimum` or tighter. */
	binary(minimum: number): Expr {
		let left = this.prefixed();
		let compared: Token | null = null;
		for (;;) {
			const token = this.pieces[this.position];
			if (!isToken(token)) return left;
			const operator = operatorOf(token);
			const level = levels[operator];
			if (level < minimum) return left;
			this.position++;
			if (token.tokenType === t.EqualsSlip) this.reportEquals(token);
			if (level === COMPARISON_LEVEL) {
				if (compared !== null) this.reportChain(compared, token);
				compared = token;
			}
			const right = this.binary(level + 1);
			const span = joinSpans(left.span, right.span);
			left = { kind: 'binary', operator, operatorSpan: spanOfToken(token), left, right, span };
		}
	}

	private prefixed(): Expr {
		const piece = this.pieces[this.position++] as Piece;
		if (!isToken(piece)) return piece;
		const not = piece.tokenType === t.Not;
		const operand = not ? this.binary(NOT_LEVEL) : this.negated();
		const span = joinSpans(spanOfToken(piece), operand.span);
		return { kind: 'unary', operator: not ? 'not' : '-', operand, span };
	}

	private negated(): Expr {
		return this.binary(NEGATION_LEVEL);
	}

	private reportEquals(token: Token): void {
		const span = spanOfToken(token);
		const fix = { title: 'Write `==`', edits: [{ span, text: '==' }] };
		this.problems.push(problem('A0021', {}, span, { fix }));
	}

	private reportChain(first: Token, second: Token): void {
		const data = { first: first.image, second: second.image };
		this.problems.push(problem('A0013', data, spanOfToken(second), { also: [spanOfToken(first)] }));
	}
}

function operatorOf(token: Token): BinaryOperator {
	if (token.tokenType === t.EqualsSlip) return '==';
	if (token.tokenType === t.PlusMinus) return '±';
	return token.image as BinaryOperator;
}
