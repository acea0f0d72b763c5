import type { Span } from './span.ts';

/**
 * The tree of a program as it was written: plain data, one `kind` a construct, a span on every node.
 * Types are not kept here: the checker's output is the plan's `Core`, which exists only for programs that checked.
 */
export interface Program {
	readonly declarations: readonly Declaration[];
	readonly comments: readonly Comment[];
	readonly span: Span;
}

/** `#` or `##` to the end of the line; `text` has neither the marks nor the line break. */
export interface Comment {
	readonly text: string;
	readonly documentation: boolean;
	readonly span: Span;
}

export interface Name {
	readonly text: string;
	readonly span: Span;
}

interface DeclarationBase {
	readonly span: Span;
	/** The `##` lines right above, joined by line breaks. */
	readonly doc: string | null;
}

export type Declaration =
	| StudyDeclaration
	| UseDeclaration
	| ParamDeclaration
	| ValueDeclaration
	| PromptDeclaration
	| ConstitutionDeclaration
	| NetworkDeclaration
	| TrainDeclaration
	| EvalDeclaration
	| TableDeclaration
	| ErrorDeclaration;

export interface StudyDeclaration extends DeclarationBase {
	readonly kind: 'study';
	readonly title: Expr;
	readonly settings: readonly RecordField[];
}

export interface UseDeclaration extends DeclarationBase {
	readonly kind: 'use';
	readonly names: readonly Name[];
	/** The module's path as written; null for a function of an earlier notebook cell. */
	readonly from: { readonly path: string; readonly span: Span } | null;
}

export interface ParamDeclaration extends DeclarationBase {
	readonly kind: 'param';
	readonly name: Name;
	readonly type: TypeExpr | null;
	readonly value: Expr;
}

/** `let`, `data`, `model`, `figure`, and a `table` that is given by an expression. */
export interface ValueDeclaration extends DeclarationBase {
	readonly kind: 'value';
	readonly keyword: 'let' | 'data' | 'model' | 'figure' | 'table';
	readonly name: Name;
	readonly value: Expr;
}

export interface PromptDeclaration extends DeclarationBase {
	readonly kind: 'prompt';
	readonly name: Name;
	readonly params: readonly Param[];
	/** Messages for the braced form, an expression for `prompt Q(x) = P(x) + user "…"`. */
	readonly body: readonly MessageExpr[] | Expr;
}

export interface ConstitutionDeclaration extends DeclarationBase {
	readonly kind: 'constitution';
	readonly name: Name;
	readonly principles: readonly Principle[];
}

export interface Principle {
	readonly role: 'critique' | 'revise' | 'prefer';
	readonly text: Expr;
	readonly span: Span;
}

export interface NetworkDeclaration extends DeclarationBase {
	readonly kind: 'network';
	readonly name: Name;
	readonly params: readonly Param[];
	readonly body: Expr;
}

export interface TrainDeclaration extends DeclarationBase {
	readonly kind: 'train';
	readonly name: Name;
	readonly settings: readonly Field[];
}

export interface EvalDeclaration extends DeclarationBase {
	readonly kind: 'eval';
	readonly name: Name;
	/** Clauses and fields in the order written; the checker asks for clauses first. */
	readonly items: readonly (Clause | Field)[];
}

export interface TableDeclaration extends DeclarationBase {
	readonly kind: 'table';
	readonly name: Name;
	readonly source: Expr;
	readonly by: readonly Expr[];
	readonly columns: readonly Field[];
}

/** What the parser could not read; the rest of the program is still checked. */
export interface ErrorDeclaration extends DeclarationBase {
	readonly kind: 'error';
	/** The name it would have declared, so that uses of it are not reported too; null where none could be read. */
	readonly name: Name | null;
}

/** `name = value` in an eval, a table or a train. */
export interface Field {
	readonly kind: 'field';
	readonly name: Name;
	readonly value: Expr;
	readonly span: Span;
	readonly doc: string | null;
}

export type Clause =
	| { readonly kind: 'for'; readonly name: Name; readonly source: Expr; readonly span: Span }
	| { readonly kind: 'where'; readonly condition: Expr; readonly span: Span }
	| { readonly kind: 'repeat'; readonly count: Expr; readonly name: Name | null; readonly span: Span };

export interface Param {
	readonly name: Name;
	readonly type: TypeExpr | null;
	readonly default: Expr | null;
	readonly span: Span;
}

export interface RecordField {
	readonly name: Name;
	readonly value: Expr;
	readonly span: Span;
}

export interface Argument {
	readonly name: Name | null;
	readonly value: Expr;
	readonly span: Span;
}

export type Role = 'system' | 'user' | 'assistant';

export interface MessageExpr {
	readonly kind: 'message';
	readonly role: Role;
	readonly text: Expr;
	readonly span: Span;
}

export type BinaryOperator =
	| '+'
	| '-'
	| '*'
	| '/'
	| '=='
	| '!='
	| '<'
	| '<='
	| '>'
	| '>='
	| 'and'
	| 'or'
	| 'in'
	| '..'
	| 'to'
	| '|>'
	| '±';

export type Expr =
	| {
			readonly kind: 'number';
			readonly value: number;
			readonly raw: string;
			readonly unit: NumberUnit;
			readonly span: Span;
	  }
	| {
			readonly kind: 'text';
			readonly parts: readonly TextPart[];
			readonly block: boolean;
			readonly span: Span;
	  }
	| { readonly kind: 'bool'; readonly value: boolean; readonly span: Span }
	| { readonly kind: 'none'; readonly span: Span }
	| { readonly kind: 'name'; readonly name: string; readonly span: Span }
	| { readonly kind: 'list'; readonly items: readonly Expr[]; readonly span: Span }
	| { readonly kind: 'record'; readonly fields: readonly RecordField[]; readonly span: Span }
	| { readonly kind: 'member'; readonly target: Expr; readonly name: Name; readonly span: Span }
	| { readonly kind: 'index'; readonly target: Expr; readonly index: Expr; readonly span: Span }
	| { readonly kind: 'call'; readonly callee: Expr; readonly args: readonly Argument[]; readonly span: Span }
	| { readonly kind: 'lambda'; readonly params: readonly Name[]; readonly body: Expr; readonly span: Span }
	| {
			readonly kind: 'if';
			readonly condition: Expr;
			readonly then: Expr;
			readonly else: Expr;
			readonly span: Span;
	  }
	/** `[body for x in xs where p …]` */
	| {
			readonly kind: 'comprehension';
			readonly body: Expr;
			readonly clauses: readonly Clause[];
			readonly span: Span;
	  }
	| { readonly kind: 'unary'; readonly operator: '-' | 'not'; readonly operand: Expr; readonly span: Span }
	| {
			readonly kind: 'binary';
			readonly operator: BinaryOperator;
			readonly operatorSpan: Span;
			readonly left: Expr;
			readonly right: Expr;
			readonly span: Span;
	  }
	| MessageExpr
	/** Parentheses are kept so that the formatter can. */
	| { readonly kind: 'group'; readonly inner: Expr; readonly span: Span }
	/** The row type in `jsonl("path", as: {id: Text, score: Number?})`, the only type among expressions. */
	| { readonly kind: 'type'; readonly type: TypeExpr; readonly span: Span }
	/** A place where the parser recovered; it has the error type, which silences followers. */
	| { readonly kind: 'error'; readonly span: Span };

/** `value` is already scaled: `2k` is 2000, `5%` is 0.05, `30s` and `2h` are seconds, `$5` is US dollars. */
export type NumberUnit = 'number' | 'percent' | 'duration' | 'money';

export type TextPart =
	| { readonly kind: 'chars'; readonly value: string; readonly span: Span }
	| { readonly kind: 'hole'; readonly expr: Expr; readonly span: Span };

export type TypeExpr =
	| { readonly kind: 'name'; readonly name: string; readonly args: readonly TypeExpr[]; readonly span: Span }
	/** `Image[28, w, c + 1]` */
	| { readonly kind: 'tensor'; readonly name: string; readonly dims: readonly Expr[]; readonly span: Span }
	/** `{...R, a: T}` */
	| {
			readonly kind: 'record';
			readonly spread: readonly Name[];
			readonly fields: readonly { readonly name: Name; readonly type: TypeExpr }[];
			readonly span: Span;
	  }
	| { readonly kind: 'option'; readonly inner: TypeExpr; readonly span: Span }
	| {
			readonly kind: 'function';
			readonly params: readonly TypeExpr[];
			readonly result: TypeExpr;
			readonly span: Span;
	  }
	| { readonly kind: 'union'; readonly members: readonly TypeExpr[]; readonly span: Span }
	| { readonly kind: 'error'; readonly span: Span };

/** A library function's signature: `name(param: Type = default, …) -> Type`. */
export interface Signature {
	readonly name: string;
	readonly params: readonly SignatureParam[];
	readonly result: TypeExpr;
}

export interface SignatureParam {
	readonly name: Name;
	readonly type: TypeExpr;
	/** A parameter with a default, or of an `Option` type, may be left out. */
	readonly default: Expr | null;
}
