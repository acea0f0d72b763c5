import type * as ast from '../ast.ts';
import { problem } from '../diagnostics/catalogue.ts';
import { spanOf } from '../span.ts';
import { TypeGrammar } from './grammar-types.ts';
import { nameOf } from './leaves.ts';
import * as t from './tokens.ts';
import { spanOfToken, type Token } from './tokens.ts';

/** A rule gives everything of a declaration but its documentation, which `declarations.ts` adds. */
export type Undocumented<T> = T extends unknown ? Omit<T, 'doc'> : never;

/** The whole grammar: declarations and items, each read as a unit of its own. */
export class Grammar extends TypeGrammar {
	constructor(validate = false) {
		super(validate);
		this.performSelfAnalysis();
	}

	readonly study = this.RULE('study', (): Undocumented<ast.StudyDeclaration> => {
		const first = this.CONSUME(t.DeclarationWord);
		const title = this.SUBRULE(this.text);
		let settings: readonly ast.RecordField[] = [];
		this.OPTION(() => {
			const record = this.SUBRULE(this.record);
			this.ACTION(() => {
				settings = record.fields;
			});
		});
		return this.ACTION(() => ({ kind: 'study', title, settings, span: this.since(first) }));
	});

	readonly use = this.RULE('use', (): Undocumented<ast.UseDeclaration> => {
		const first = this.CONSUME(t.DeclarationWord);
		const names: ast.Name[] = [];
		this.AT_LEAST_ONE_SEP({
			SEP: t.Comma,
			DEF: () => {
				const name = this.CONSUME(t.Word);
				this.ACTION(() => names.push(nameOf(name as Token)));
			},
		});
		let from: ast.UseDeclaration['from'] = null;
		this.OPTION(() => {
			this.CONSUME(t.From);
			const path = this.CONSUME(t.WholeText);
			this.ACTION(() => {
				from = { path: ((path as Token).payload as t.TextValue).value, span: spanOfToken(path as Token) };
			});
		});
		return this.ACTION(() => ({ kind: 'use', names, from, span: this.since(first) }));
	});

	readonly paramDeclaration = this.RULE('paramDeclaration', (): Undocumented<ast.ParamDeclaration> => {
		const first = this.CONSUME(t.DeclarationWord);
		const name = this.CONSUME(t.Word);
		let type: ast.TypeExpr | null = null;
		this.OPTION(() => {
			this.CONSUME(t.Colon);
			type = this.SUBRULE(this.typeExpr);
		});
		this.CONSUME(t.Equals);
		const value = this.SUBRULE(this.expression);
		return this.ACTION(() => ({
			kind: 'param',
			name: nameOf(name as Token),
			type,
			value,
			span: this.since(first),
		}));
	});

	readonly value = this.RULE('value', (): Undocumented<ast.ValueDeclaration> => {
		const first = this.CONSUME(t.DeclarationWord);
		const name = this.CONSUME(t.Word);
		this.equals(name as Token);
		const value = this.SUBRULE(this.expression);
		return this.ACTION(() => ({
			kind: 'value',
			keyword: first.image as ast.ValueDeclaration['keyword'],
			name: nameOf(name as Token),
			value,
			span: this.since(first),
		}));
	});

	/** `=`, or `:` read as `=`. */
	private equals(name: Token): void {
		this.OR9([
			{ ALT: () => this.CONSUME9(t.Equals) },
			{
				ALT: () => {
					const sign = this.CONSUME9(t.Colon) as Token;
					this.ACTION(() => {
						const span = spanOfToken(sign);
						const edits = [{ span: spanOf(name.end, sign.end), text: ' =' }];
						this.note(problem('A0019', { name: name.image }, span, { fix: { title: 'Write `=`', edits } }));
					});
				},
			},
		]);
	}

	readonly prompt = this.RULE('prompt', (): Undocumented<ast.PromptDeclaration> => {
		const first = this.CONSUME(t.DeclarationWord);
		const name = this.CONSUME(t.Word);
		const params = this.SUBRULE(this.params);
		const body = this.OR([
			{
				ALT: () => {
					this.CONSUME(t.Equals);
					return this.SUBRULE(this.expression);
				},
			},
			{ ALT: () => this.SUBRULE(this.messages) },
		]) as ast.PromptDeclaration['body'];
		return this.ACTION(() => ({
			kind: 'prompt',
			name: nameOf(name as Token),
			params,
			body,
			span: this.since(first),
		}));
	});

	private readonly messages = this.RULE('messages', (): ast.MessageExpr[] => {
		const messages: ast.MessageExpr[] = [];
		this.CONSUME(t.OpenBrace);
		this.MANY(() => {
			messages.push(this.SUBRULE(this.message));
			this.OPTION(() => this.CONSUME(t.Comma));
		});
		this.CONSUME(t.CloseBrace);
		return messages;
	});

	readonly constitution = this.RULE('constitution', (): Undocumented<ast.ConstitutionDeclaration> => {
		const first = this.CONSUME(t.DeclarationWord);
		const name = this.CONSUME(t.Word);
		const principles: ast.Principle[] = [];
		this.CONSUME(t.OpenBrace);
		this.MANY(() => {
			principles.push(this.SUBRULE(this.principle));
			this.OPTION(() => this.CONSUME(t.Comma));
		});
		this.CONSUME(t.CloseBrace);
		return this.ACTION(() => ({
			kind: 'constitution',
			name: nameOf(name as Token),
			principles,
			span: this.since(first),
		}));
	});

	private readonly principle = this.RULE('principle', (): ast.Principle => {
		const role = this.CONSUME(t.PrincipleWord);
		const text = this.SUBRULE(this.text);
		return this.ACTION(() => ({ role: role.image as ast.Principle['role'], text, span: this.since(role) }));
	});

	readonly network = this.RULE('network', (): Undocumented<ast.NetworkDeclaration> => {
		const first = this.CONSUME(t.DeclarationWord);
		const name = this.CONSUME(t.Word);
		const params = this.SUBRULE(this.params);
		this.CONSUME(t.OpenBrace);
		const body = this.SUBRULE(this.expression);
		this.CONSUME(t.CloseBrace);
		return this.ACTION(() => ({
			kind: 'network',
			name: nameOf(name as Token),
			params,
			body,
			span: this.since(first),
		}));
	});

	/** `eval E` and `train T`, up to the body. */
	readonly header = this.RULE('header', (): ast.Name => {
		this.CONSUME(t.DeclarationWord);
		const name = this.CONSUME(t.Word);
		return this.ACTION(() => nameOf(name as Token));
	});

	/** `table T = from E by a, b` and `table T = E`, up to the body. */
	readonly tableHeader = this.RULE(
		'tableHeader',
		(): Pick<ast.TableDeclaration, 'name' | 'source' | 'by'> => {
			this.CONSUME(t.DeclarationWord);
			const name = this.CONSUME(t.Word);
			this.equals(name as Token);
			this.OPTION1(() => this.CONSUME(t.From));
			const source = this.SUBRULE(this.expression);
			const by: ast.Expr[] = [];
			this.OPTION(() => {
				this.CONSUME(t.By);
				this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => by.push(this.SUBRULE1(this.expression)) });
			});
			return this.ACTION(() => ({ name: nameOf(name as Token), source, by }));
		},
	);

	readonly field = this.RULE('field', (): Undocumented<ast.Field> => {
		const name = this.CONSUME(t.Word);
		this.equals(name as Token);
		const value = this.SUBRULE(this.expression);
		const span = this.ACTION(() => this.since(name));
		this.OPTION(() => this.CONSUME(t.Comma));
		return this.ACTION(() => ({ kind: 'field', name: nameOf(name as Token), value, span }));
	});

	readonly clauseItem = this.RULE('clauseItem', (): ast.Clause => {
		const clause = this.SUBRULE(this.clause);
		this.OPTION(() => this.CONSUME(t.Comma));
		return clause;
	});
}
