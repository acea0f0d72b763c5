import type * as ast from '../ast.ts';
import { problem } from '../diagnostics/catalogue.ts';
import { joinSpans } from '../span.ts';
import { ExpressionGrammar } from './grammar-expressions.ts';
import { nameOf } from './leaves.ts';
import * as t from './tokens.ts';
import { spanOfToken, type Token } from './tokens.ts';

/** `(A, B)` is the parameters of a function when `->` follows, and otherwise a type in parentheses. */
interface TypeList {
	readonly kind: 'types';
	readonly types: readonly ast.TypeExpr[];
	readonly span: ast.TypeExpr['span'];
}

type RecordTypeField = { readonly name: ast.Name; readonly type: ast.TypeExpr };

/** Types, parameters and the signatures of library functions. */
export abstract class TypeGrammar extends ExpressionGrammar {
	readonly typeExpr = this.RULE('typeExpr', (): ast.TypeExpr => {
		this.enter();
		const left = this.SUBRULE(this.unionType);
		let result: ast.TypeExpr | null = null;
		this.OPTION(() => {
			this.CONSUME(t.Arrow);
			result = this.SUBRULE(this.typeExpr);
		});
		this.leave();
		return this.ACTION(() => (result === null ? this.single(left) : functionType(left, result)));
	});

	private readonly unionType = this.RULE('unionType', (): ast.TypeExpr | TypeList => {
		const first = this.ahead;
		const left = this.SUBRULE(this.optionType);
		const members: (ast.TypeExpr | TypeList)[] = [left];
		this.MANY(() => {
			this.CONSUME(t.Bar);
			members.push(this.SUBRULE1(this.optionType));
		});
		if (members.length === 1) return left;
		return this.ACTION(() => ({
			kind: 'union',
			members: members.map((member) => this.single(member)),
			span: this.since(first),
		}));
	});

	private readonly optionType = this.RULE('optionType', (): ast.TypeExpr | TypeList => {
		const first = this.ahead;
		let type = this.SUBRULE(this.primaryType);
		let marked = false;
		this.MANY(() => {
			this.CONSUME(t.Question);
			// `T??` is `T?`.
			if (!marked)
				type = this.ACTION(() => ({ kind: 'option', inner: this.single(type), span: this.since(first) }));
			marked = true;
		});
		return type;
	});

	private readonly primaryType = this.RULE('primaryType', (): ast.TypeExpr | TypeList => {
		this.alternatives.primaryType ??= [
			{ ALT: () => this.SUBRULE(this.namedType) },
			{ ALT: () => this.SUBRULE(this.recordType) },
			{ ALT: () => this.SUBRULE(this.typeList) },
		];
		return this.OR(this.alternatives.primaryType) as ast.TypeExpr | TypeList;
	});

	/** `Text`, `Data<R>`, `Image[h, w, c]`. */
	private readonly namedType = this.RULE('namedType', (): ast.TypeExpr => {
		const name = this.CONSUME(t.Word);
		let args: ast.TypeExpr[] = [];
		let dims: ast.Expr[] | null = null;
		this.OPTION(() => {
			this.OR([
				{
					ALT: () => {
						args = this.SUBRULE(this.typeArguments);
					},
				},
				{
					ALT: () => {
						dims = this.SUBRULE(this.dimensions);
					},
				},
			]);
		});
		return this.ACTION(() => {
			const span = this.since(name);
			if (dims !== null) return { kind: 'tensor', name: name.image, dims, span };
			return { kind: 'name', name: name.image, args, span };
		});
	});

	private readonly typeArguments = this.RULE('typeArguments', (): ast.TypeExpr[] => {
		const args: ast.TypeExpr[] = [];
		this.CONSUME(t.Less);
		this.MANY(() => {
			args.push(this.SUBRULE(this.typeExpr));
			this.OPTION(() => this.CONSUME(t.Comma));
		});
		this.CONSUME(t.Greater);
		return args;
	});

	/** `...` stands for any number of dimensions: a name `...`. */
	private readonly dimensions = this.RULE('dimensions', (): ast.Expr[] => {
		const dims: ast.Expr[] = [];
		const list = { lacking: false };
		this.CONSUME(t.IndexBracket);
		this.MANY(() => {
			this.OR([
				{ ALT: () => dims.push(this.SUBRULE(this.expression)) },
				{
					ALT: () => {
						const rest = this.CONSUME(t.Ellipsis);
						dims.push({ kind: 'name', name: '...', span: spanOfToken(rest as Token) });
					},
				},
			]);
			this.separator(t.CloseBracket, list);
		});
		this.CONSUME(t.CloseBracket);
		return dims;
	});

	private readonly recordType = this.RULE('recordType', (): ast.TypeExpr => {
		const first = this.CONSUME(t.OpenBrace);
		const spread: ast.Name[] = [];
		const fields: RecordTypeField[] = [];
		this.MANY(() => {
			this.OR([
				{
					ALT: () => {
						this.CONSUME(t.Ellipsis);
						const name = this.CONSUME(t.Word);
						this.ACTION(() => spread.push(nameOf(name as Token)));
					},
				},
				{ ALT: () => fields.push(this.SUBRULE(this.recordTypeField)) },
			]);
			this.OPTION(() => this.CONSUME(t.Comma));
		});
		this.CONSUME(t.CloseBrace);
		return this.ACTION(() => ({ kind: 'record', spread, fields, span: this.since(first) }));
	});

	private readonly recordTypeField = this.RULE('recordTypeField', (): RecordTypeField => {
		const name = this.CONSUME(t.Label);
		this.CONSUME(t.Colon);
		const type = this.SUBRULE(this.typeExpr);
		return this.ACTION(() => ({ name: nameOf(name as Token), type }));
	});

	private readonly typeList = this.RULE('typeList', (): TypeList => {
		const first = this.CONSUME(t.AnyParen);
		const types: ast.TypeExpr[] = [];
		this.MANY(() => {
			types.push(this.SUBRULE(this.typeExpr));
			this.OPTION(() => this.CONSUME(t.Comma));
		});
		this.CONSUME(t.CloseParen);
		return this.ACTION(() => ({ kind: 'types', types, span: this.since(first) }));
	});

	private single(type: ast.TypeExpr | TypeList): ast.TypeExpr {
		if (type.kind !== 'types') return type;
		if (type.types.length === 1) return type.types[0] as ast.TypeExpr;
		this.note(problem('A0038', {}, type.span));
		return { kind: 'error', span: type.span };
	}

	readonly params = this.RULE('params', (): ast.Param[] => {
		const params: ast.Param[] = [];
		// `prompt P(x) => …` is wrong further on, not at its parenthesis.
		this.OR([{ ALT: () => this.CONSUME(t.AnyParen) }, { ALT: () => this.CONSUME(t.LambdaParen) }]);
		this.MANY(() => {
			params.push(this.SUBRULE(this.param));
			this.OPTION(() => this.CONSUME(t.Comma));
		});
		this.CONSUME(t.CloseParen);
		return params;
	});

	private readonly param = this.RULE('param', (): ast.Param => {
		const name = this.CONSUME(t.Word);
		let type: ast.TypeExpr | null = null;
		let value: ast.Expr | null = null;
		this.OPTION(() => {
			this.CONSUME(t.Colon);
			type = this.SUBRULE(this.typeExpr);
		});
		this.OPTION1(() => {
			this.CONSUME(t.Equals);
			value = this.SUBRULE(this.expression);
		});
		return this.ACTION(() => ({ name: nameOf(name as Token), type, default: value, span: this.since(name) }));
	});

	/** `name(param: Type = default, …) -> Type`, of a function or, with a dot, of a method. */
	readonly signature = this.RULE('signature', (): ast.Signature => {
		let name = this.CONSUME(t.Word).image;
		this.MANY(() => {
			this.CONSUME(t.Dot);
			name += `.${this.CONSUME1(t.Word).image}`;
		});
		const params = this.SUBRULE(this.params);
		this.CONSUME(t.Arrow);
		const result = this.SUBRULE(this.typeExpr);
		return { name, params: params as readonly ast.SignatureParam[], result };
	});
}

function functionType(left: ast.TypeExpr | TypeList, result: ast.TypeExpr): ast.TypeExpr {
	const params = left.kind === 'types' ? left.types : [left];
	return { kind: 'function', params, result, span: joinSpans(left.span, result.span) };
}
