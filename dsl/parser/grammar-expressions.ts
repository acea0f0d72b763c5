import type { ParserMethod } from 'chevrotain';
import type * as ast from '../ast.ts';
import { problem } from '../diagnostics/catalogue.ts';
import { type Span, spanOf } from '../span.ts';
import { GrammarBase, TooDeep } from './grammar-base.ts';
import {
	beginsValue,
	boolExpr,
	charsPart,
	foreignConstants,
	nameExpr,
	nameOf,
	noneExpr,
	numberExpr,
	wholeText,
} from './leaves.ts';
import { combine, type Piece } from './operators.ts';
import { openerOnNextLine } from './slips.ts';
import * as t from './tokens.ts';
import { spanOfToken, type Token } from './tokens.ts';

/** Repeated prefixes: `not not x`. */
const MAX_PREFIXES = 16;

export abstract class ExpressionGrammar extends GrammarBase {
	/** Types contain expressions and one argument contains a type, so this rule is defined further down the line. */
	abstract readonly typeExpr: ParserMethod<[], ast.TypeExpr>;

	readonly expression = this.RULE('expression', (): ast.Expr => {
		this.enter();
		this.alternatives.expression ??= [
			{ ALT: () => this.SUBRULE(this.lambda) },
			{ ALT: () => this.SUBRULE(this.conditional) },
			{ ALT: () => this.SUBRULE(this.operation) },
		];
		const result = this.OR(this.alternatives.expression) as ast.Expr;
		this.leave();
		return result;
	});

	private readonly lambda = this.RULE('lambda', (): ast.Expr => {
		const first = this.ahead;
		const params: ast.Name[] = [];
		const one = (token: unknown) => this.ACTION(() => params.push(nameOf(token as Token)));
		this.OR([
			{ ALT: () => one(this.CONSUME(t.LambdaName)) },
			{
				ALT: () => {
					this.CONSUME(t.LambdaParen);
					this.MANY_SEP({ SEP: t.Comma, DEF: () => one(this.CONSUME(t.Word)) });
					this.CONSUME(t.CloseParen);
				},
			},
		]);
		this.CONSUME(t.FatArrow);
		const body = this.SUBRULE(this.expression);
		return this.ACTION(() => ({ kind: 'lambda', params, body, span: this.since(first) }));
	});

	private readonly conditional = this.RULE('conditional', (): ast.Expr => {
		const first = this.CONSUME(t.If);
		const condition = this.SUBRULE(this.expression);
		this.CONSUME(t.Then);
		const then = this.SUBRULE1(this.expression);
		this.CONSUME(t.Else);
		const otherwise = this.SUBRULE2(this.expression);
		return this.ACTION(() => ({ kind: 'if', condition, then, else: otherwise, span: this.since(first) }));
	});

	/** Operators and operands, flat; `combine` knows how they bind. */
	private readonly operation = this.RULE('operation', (): ast.Expr => {
		const pieces: Piece[] = [];
		this.MANY(() => this.prefix(pieces, this.CONSUME(t.Prefix) as Token));
		pieces.push(this.SUBRULE(this.operand));
		this.MANY1(() => {
			pieces.push(this.CONSUME(t.Operator) as Token);
			this.MANY2(() => this.prefix(pieces, this.CONSUME1(t.Prefix) as Token));
			pieces.push(this.SUBRULE1(this.operand));
		});
		if (pieces.length === 1) return pieces[0] as ast.Expr;
		return this.ACTION(() => combine(pieces, this.found));
	});

	private prefix(pieces: Piece[], token: Token): void {
		pieces.push(token);
		const before = pieces[pieces.length - MAX_PREFIXES];
		if (before !== undefined && 'tokenType' in before && !this.RECORDING_PHASE)
			this.checkPrefixes(pieces, token);
	}

	private checkPrefixes(pieces: readonly Piece[], token: Token): void {
		if (pieces.slice(-MAX_PREFIXES).every((piece) => 'tokenType' in piece)) throw new TooDeep(token);
	}

	/** A value and what is applied to it: `.name`, `(…)`, `[…]`. */
	private readonly operand = this.RULE('operand', (): ast.Expr => {
		const first = this.ahead;
		let target = this.SUBRULE(this.primary);
		this.MANY(() => {
			this.alternatives.operand ??= [
				{ ALT: () => this.SUBRULE(this.member) },
				{ ALT: () => this.SUBRULE(this.call) },
				{ ALT: () => this.SUBRULE(this.index) },
			];
			const apply = this.OR(this.alternatives.operand) as (target: ast.Expr, span: Span) => ast.Expr;
			this.ACTION(() => {
				target = apply(target, this.since(first));
			});
		});
		return target;
	});

	private readonly member = this.RULE('member', () => {
		this.CONSUME(t.Dot);
		const name = this.CONSUME(t.Word);
		return (target: ast.Expr, span: Span): ast.Expr => ({
			kind: 'member',
			target,
			name: nameOf(name as Token),
			span,
		});
	});

	private readonly call = this.RULE('call', () => {
		const args: ast.Argument[] = [];
		const list = { lacking: false };
		this.CONSUME(t.CallParen);
		this.MANY(() => {
			args.push(this.SUBRULE(this.argument));
			this.separator(t.CloseParen, list);
		});
		this.CONSUME(t.CloseParen);
		this.ACTION(() => this.checkOrder(args));
		return (callee: ast.Expr, span: Span): ast.Expr => ({ kind: 'call', callee, args, span });
	});

	private readonly argument = this.RULE('argument', (): ast.Argument => {
		const first = this.ahead;
		this.alternatives.argument ??= [
			{ ALT: () => this.SUBRULE(this.labelled) },
			{ ALT: () => this.SUBRULE(this.typeArgument) },
			{ ALT: () => ({ name: null, value: this.SUBRULE(this.expression) }) },
		];
		const argument = this.OR({ DEF: this.alternatives.argument, IGNORE_AMBIGUITIES: true }) as Omit<
			ast.Argument,
			'span'
		>;
		return this.ACTION(() => ({ name: argument.name, value: argument.value, span: this.since(first) }));
	});

	/** `as: {id: Text, score: Number?}` */
	private readonly typeArgument = this.RULE('typeArgument', () => {
		const label = this.CONSUME(t.TypeLabel);
		this.CONSUME(t.Colon);
		const type = this.SUBRULE(this.typeExpr);
		return this.ACTION(() => {
			const value: ast.Expr = { kind: 'type', type, span: type.span };
			return { name: nameOf(label as Token), value };
		});
	});

	/** `name: value`, in a call or a record; `=` is read as `:`. */
	private readonly labelled = this.RULE('labelled', (): ast.RecordField => {
		const first = this.ahead;
		let name: unknown;
		this.OR([
			{
				ALT: () => {
					name = this.CONSUME(t.Label);
					this.CONSUME(t.Colon);
				},
			},
			{
				ALT: () => {
					name = this.CONSUME(t.FieldName);
					const sign = this.CONSUME(t.Equals);
					this.ACTION(() => this.noteEquals(name as Token, sign as Token));
				},
			},
		]);
		const value = this.SUBRULE(this.expression);
		return this.ACTION(() => ({ name: nameOf(name as Token), value, span: this.since(first) }));
	});

	private noteEquals(name: Token, sign: Token): void {
		const span = spanOfToken(sign);
		const edits = [{ span: spanOf(name.end, sign.end), text: ':' }];
		this.note(problem('A0020', { name: name.image }, span, { fix: { title: 'Write `:`', edits } }));
	}

	private readonly index = this.RULE('index', () => {
		this.CONSUME(t.IndexBracket);
		const index = this.SUBRULE(this.expression);
		this.CONSUME(t.CloseBracket);
		return (target: ast.Expr, span: Span): ast.Expr => ({ kind: 'index', target, index, span });
	});

	private readonly primary = this.RULE('primary', (): ast.Expr => {
		this.alternatives.primary ??= [
			{ ALT: () => this.nameOrConstant(this.CONSUME(t.Word) as Token) },
			{ ALT: () => this.leaf(this.CONSUME(t.NumberLiteral) as Token, numberExpr) },
			{ ALT: () => this.SUBRULE(this.text) },
			{ ALT: () => this.leaf(this.CONSUME(t.True) as Token, boolExpr) },
			{ ALT: () => this.leaf(this.CONSUME(t.False) as Token, boolExpr) },
			{ ALT: () => this.leaf(this.CONSUME(t.None) as Token, noneExpr) },
			{ ALT: () => this.SUBRULE(this.group) },
			{ ALT: () => this.SUBRULE(this.list) },
			{ ALT: () => this.SUBRULE(this.record) },
			{ ALT: () => this.SUBRULE(this.message) },
		];
		return this.OR(this.alternatives.primary) as ast.Expr;
	});

	private nameOrConstant(token: Token): ast.Expr {
		return this.ACTION(() => {
			const write = foreignConstants.get(token.image);
			if (write === undefined) return nameExpr(token);
			const span = spanOfToken(token);
			const fix = { title: `Write \`${write}\``, edits: [{ span, text: write }] };
			this.note(problem('A0018', { written: token.image, write }, span, { fix }));
			return write === 'none' ? { kind: 'none', span } : { kind: 'bool', value: write === 'true', span };
		});
	}

	private leaf(token: Token, build: (token: Token) => ast.Expr): ast.Expr {
		return this.ACTION(() => build(token));
	}

	private readonly group = this.RULE('group', (): ast.Expr => {
		const first = this.CONSUME(t.AnyParen);
		const inner = this.SUBRULE(this.expression);
		this.CONSUME(t.CloseParen);
		return this.ACTION(() => ({ kind: 'group', inner, span: this.since(first) }));
	});

	/** `[a, b]` or `[f(x) for x in xs where p]`. */
	private readonly list = this.RULE('list', (): ast.Expr => {
		const first = this.CONSUME(t.AnyBracket);
		const items: ast.Expr[] = [];
		const clauses: ast.Clause[] = [];
		const list = { lacking: false };
		this.MANY(() => {
			items.push(this.SUBRULE(this.expression));
			this.MANY1(() => clauses.push(this.SUBRULE(this.clause)));
			this.separator(t.CloseBracket, list);
		});
		this.CONSUME(t.CloseBracket);
		return this.ACTION(() => {
			const span = this.since(first);
			const [body] = items;
			if (clauses.length === 0 || body === undefined) return { kind: 'list', items, span };
			if (items.length > 1) this.note(problem('A0042', {}, (items[1] as ast.Expr).span));
			return { kind: 'comprehension', body, clauses, span };
		});
	});

	readonly clause = this.RULE('clause', (): ast.Clause => {
		this.alternatives.clause ??= [
			{ ALT: () => this.SUBRULE(this.forClause) },
			{ ALT: () => this.SUBRULE(this.whereClause) },
			{ ALT: () => this.SUBRULE(this.repeatClause) },
		];
		return this.OR(this.alternatives.clause) as ast.Clause;
	});

	private readonly forClause = this.RULE('forClause', (): ast.Clause => {
		const first = this.CONSUME(t.For);
		const name = this.CONSUME(t.Word);
		this.CONSUME(t.In);
		const source = this.SUBRULE(this.expression);
		return this.ACTION(() => ({ kind: 'for', name: nameOf(name as Token), source, span: this.since(first) }));
	});

	private readonly whereClause = this.RULE('whereClause', (): ast.Clause => {
		const first = this.CONSUME(t.Where);
		this.ACTION(() => {
			if (first.image !== 'if') return;
			const span = spanOfToken(first as Token);
			const fix = { title: 'Write `where`', edits: [{ span, text: 'where' }] };
			this.note(problem('A0017', { written: 'if', write: 'where' }, span, { fix }));
		});
		const condition = this.SUBRULE(this.expression);
		return this.ACTION(() => ({ kind: 'where', condition, span: this.since(first) }));
	});

	private readonly repeatClause = this.RULE('repeatClause', (): ast.Clause => {
		const first = this.CONSUME(t.Repeat);
		const count = this.SUBRULE(this.expression);
		let name: ast.Name | null = null;
		this.OPTION(() => {
			this.CONSUME(t.As);
			const token = this.CONSUME(t.Word);
			this.ACTION(() => {
				name = nameOf(token as Token);
			});
		});
		return this.ACTION(() => ({ kind: 'repeat', count, name, span: this.since(first) }));
	});

	readonly record = this.RULE('record', (): ast.Expr & { kind: 'record' } => {
		const first = this.CONSUME(t.OpenBrace);
		const fields: ast.RecordField[] = [];
		const list = { lacking: false };
		this.MANY(() => {
			fields.push(this.SUBRULE(this.labelled));
			this.separator(t.CloseBrace, list);
		});
		this.CONSUME(t.CloseBrace);
		return this.ACTION(() => ({ kind: 'record', fields, span: this.since(first) }));
	});

	readonly message = this.RULE('message', (): ast.MessageExpr => {
		const role = this.CONSUME(t.RoleWord);
		const text = this.SUBRULE(this.text);
		return this.ACTION(() => ({
			kind: 'message',
			role: role.image as ast.Role,
			text,
			span: this.since(role),
		}));
	});

	readonly text = this.RULE('text', (): ast.Expr => {
		const first = this.ahead;
		const parts: ast.TextPart[] = [];
		this.OR([
			{ ALT: () => this.leaf(this.CONSUME(t.WholeText) as Token, wholeText) },
			{
				ALT: () => {
					this.CONSUME(t.TextStart);
					this.MANY(() => this.SUBRULE(this.textPart, { ARGS: [parts] }));
					this.CONSUME(t.TextEnd);
				},
			},
		]);
		if (first.tokenType === t.WholeText) return wholeText(first);
		return this.ACTION(() => ({
			kind: 'text',
			parts,
			block: first.image === '"""',
			span: this.since(first),
		}));
	});

	private readonly textPart = this.RULE('textPart', (parts: ast.TextPart[]): void => {
		this.alternatives.textPart ??= [
			{ ALT: () => this.CONSUME(t.TextChars) },
			{ ALT: () => this.SUBRULE(this.hole) },
		];
		const part = this.OR(this.alternatives.textPart) as Token | ast.TextPart;
		this.ACTION(() => {
			if ('kind' in part) parts.push(part);
			else if (part.payload !== '') parts.push(charsPart(part));
		});
	});

	private readonly hole = this.RULE('hole', (): ast.TextPart => {
		const first = this.CONSUME(t.HoleOpen);
		let expr: ast.Expr | null = null;
		this.OPTION(() => {
			expr = this.SUBRULE(this.expression);
		});
		this.CONSUME(t.HoleClose);
		return this.ACTION(() => {
			const span = this.since(first);
			if (expr === null) this.note(problem('A0029', {}, span));
			return { kind: 'hole', expr: expr ?? { kind: 'error', span }, span };
		});
	});

	/** After an item of a list: a comma, the closer, or what shows that the comma was forgotten; one `list` says so once. */
	protected separator(closer: unknown, list: { lacking: boolean }): void {
		const last = this.LA(0) as Token;
		let comma = false;
		this.OPTION(() => {
			this.CONSUME(t.Comma);
			comma = true;
		});
		this.ACTION(() => {
			const next = this.ahead;
			if (comma || list.lacking || next.tokenType === closer || !beginsValue(next)) return;
			list.lacking = true;
			this.noteComma(last, next);
		});
	}

	private noteComma(last: Token, next: Token): void {
		const call = last.tokenType === t.Name ? openerOnNextLine(last, next) : null;
		if (call !== null) {
			this.note(call);
			return;
		}
		const at = spanOf(last.end, last.end);
		const fix = { title: 'Insert a comma', edits: [{ span: at, text: ',' }] };
		this.note(problem('A0022', { next: next.image, newline: next.newline }, spanOfToken(next), { fix }));
	}

	private checkOrder(args: readonly ast.Argument[]): void {
		const firstNamed = args.findIndex((argument) => argument.name !== null);
		if (firstNamed < 0) return;
		const late = args.slice(firstNamed).find((argument) => argument.name === null);
		const named = args[firstNamed] as ast.Argument;
		if (late === undefined) return;
		const data = { named: (named.name as ast.Name).text };
		this.note(problem('A0032', data, late.span, { also: [named.span] }));
	}
}
