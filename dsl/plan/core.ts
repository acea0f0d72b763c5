/**
 * The checked, desugared form of an expression: what a plan carries and what the engine runs.
 * Plain JSON. `loc` indexes the plan's span table and is never part of a key.
 */
export type Core = { readonly loc?: number } & CoreNode;

type CoreNode =
	| { readonly op: 'lit'; readonly value: string | number | boolean | null }
	| { readonly op: 'text'; readonly parts: readonly (string | Core)[] }
	| { readonly op: 'list'; readonly items: readonly Core[] }
	| { readonly op: 'record'; readonly fields: readonly (readonly [name: string, value: Core])[] }
	/** A parameter of a lambda, prompt or comprehension, renamed so that its spelling is not part of the key. */
	| { readonly op: 'local'; readonly name: string }
	/** A column of the row at hand: a `for` variable, an eval's field, a data set's or a table's column. */
	| { readonly op: 'column'; readonly name: string }
	/** The value of another plan node, by the local name in the node's `inputs`. */
	| { readonly op: 'input'; readonly name: string }
	| { readonly op: 'field'; readonly of: Core; readonly name: string }
	| { readonly op: 'index'; readonly of: Core; readonly index: Core }
	/** Inclusive range over a list, as in `samples[1..4]`. */
	| { readonly op: 'slice'; readonly of: Core; readonly from: Core; readonly to: Core }
	/** Inclusive range of whole numbers, a list. */
	| { readonly op: 'range'; readonly from: Core; readonly to: Core }
	| { readonly op: 'interval'; readonly from: Core; readonly to: Core }
	| { readonly op: 'if'; readonly condition: Core; readonly then: Core; readonly else: Core }
	| { readonly op: 'unary'; readonly fn: 'not' | 'neg'; readonly of: Core }
	| { readonly op: 'binary'; readonly fn: CoreBinary; readonly left: Core; readonly right: Core }
	| { readonly op: 'lambda'; readonly params: readonly string[]; readonly body: Core }
	| { readonly op: 'apply'; readonly fn: Core; readonly args: readonly Core[] }
	/** A library function (`name`) with every given argument under its parameter's name. */
	| { readonly op: 'call'; readonly fn: string; readonly args: Readonly<Record<string, Core>> }
	/** A TypeScript function brought in by `use`, positional. */
	| { readonly op: 'used'; readonly module: string; readonly fn: string; readonly args: readonly Core[] }
	/**
	 * Argument of a `Row -> T` parameter: evaluated once a row, `column`s are that row's. `label` is the canonical
	 * text of it, for axes; like a position it is no part of a key.
	 */
	| { readonly op: 'rowfn'; readonly body: Core; readonly label?: string }
	/** Argument of a `Column<T>` parameter: `body` evaluated over every row of the group. */
	| { readonly op: 'columns'; readonly body: Core }
	| { readonly op: 'comprehension'; readonly body: Core; readonly clauses: readonly CoreClause[] }
	/** `subjects` are the values the prompt was made from; they are not rendered and not part of a call's key. */
	| { readonly op: 'prompt'; readonly messages: readonly CoreMessage[]; readonly subjects: readonly Core[] }
	| { readonly op: 'extend'; readonly prompt: Core; readonly messages: readonly CoreMessage[] }
	/** `of ± method` */
	| { readonly op: 'uncertain'; readonly of: Core; readonly method: Core }
	| { readonly op: 'schedule'; readonly from: Core; readonly to: Core }
	/** A labelled value of `for c in {Q: q}` used as its plain value. */
	| { readonly op: 'unlabel'; readonly of: Core }
	| {
			readonly op: 'constitution';
			readonly principles: readonly {
				readonly role: 'critique' | 'revise' | 'prefer';
				readonly text: Core;
			}[];
	  };

export type CoreBinary =
	| 'add'
	| 'sub'
	| 'mul'
	| 'div'
	| 'concat'
	| 'eq'
	| 'ne'
	| 'lt'
	| 'le'
	| 'gt'
	| 'ge'
	| 'and'
	| 'or'
	| 'in';

export interface CoreMessage {
	readonly role: 'system' | 'user' | 'assistant';
	readonly text: Core;
}

export type CoreClause =
	/** `labelled`: the source is a record and the variable is a `Labelled` value. */
	| { readonly kind: 'for'; readonly name: string; readonly source: Core; readonly labelled: boolean }
	| { readonly kind: 'where'; readonly condition: Core }
	| { readonly kind: 'repeat'; readonly name: string; readonly count: Core };
