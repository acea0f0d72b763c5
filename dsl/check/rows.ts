import type { Expr } from '../ast.ts';
import type { LibraryFunction } from '../library.ts';
import { nearest } from '../nearest.ts';
import type { Core } from '../plan/core.ts';
import type { Span } from '../span.ts';
import { assign, type Bindings } from '../types/assign.ts';
import { CONSTRUCTORS } from '../types/from-syntax.ts';
import { ANY, app, argOf, ERROR, isApp, recordOf, type Type, unlabel } from '../types/type.ts';
import { annotation } from './annotation.ts';
import type { Context } from './context.ts';
import { sourceOf } from './expression.ts';
import type { Overload } from './library-index.ts';
import { type Binding, Scope } from './scope.ts';

/** The columns of a row type as names, over everything that is in reach anyway. */
export function columnScope(row: Type, cx: Context): Scope {
	const plain = unlabel(row);
	if (plain.k === 'error' || plain.k === 'any' || plain.k === 'var') return new UnknownColumns(cx);
	const fields = plain.k === 'record' ? [...plain.fields] : [];
	const origins = plain.k === 'record' ? plain.origins : undefined;
	return new Scope(
		cx.scope,
		fields.map(([name, type]) => ({
			name,
			kind: 'column' as const,
			type,
			core: { op: 'column', name } as const,
			span: origins?.get(name) ?? null,
			doc: null,
		})),
		true,
	);
}

/** The columns of what has an error of its own: any name may be one of them. */
class UnknownColumns extends Scope {
	private readonly context: Context;

	constructor(cx: Context) {
		super(cx.scope, [], true);
		this.context = cx;
	}

	override lookup(name: string): Binding | null {
		const known = super.lookup(name);
		if (known || this.context.session.library.functions.has(name)) return known;
		return { name, kind: 'column', type: ERROR, core: { op: 'column', name }, span: null, doc: null };
	}
}

/** Reads an argument such as `as: {id: Number, text: Text?}` as a type. */
export function typeLiteral(expr: Expr, cx: Context): Type {
	const { library } = cx.session;
	if (expr.kind === 'group') return typeLiteral(expr.inner, cx);
	if (expr.kind === 'type') return annotation(expr.type, cx);
	if (expr.kind === 'record') {
		const origins = expr.fields.map((f) => [f.name.text, f.name.span] as const);
		return recordOf(
			expr.fields.map((f) => [f.name.text, typeLiteral(f.value, cx)] as const),
			origins,
		);
	}
	if (expr.kind === 'list' && expr.items.length === 1)
		return app('List', typeLiteral(expr.items[0] as Expr, cx));
	if (expr.kind === 'binary' && expr.operator === '<') return typeLiteral(expr.left, cx);
	if (expr.kind === 'name') {
		if (expr.name === 'Any') return ANY;
		const named = library.namedType(expr.name) ?? (CONSTRUCTORS.get(expr.name) === 0 ? app(expr.name) : null);
		if (named) return named;
		const near = nearest(expr.name, [...CONSTRUCTORS.keys(), ...library.typeNames()]);
		cx.session.report('A0105', { name: expr.name, near }, expr.span);
		return ERROR;
	}
	cx.session.report('A0230', { shown: sourceOf(expr, cx) }, expr.span);
	return ERROR;
}

/** A file loader without `as:` gets its row type from the file: asks for it, and binds the type variable of `as`. */
export function schemaRow(
	use: {
		readonly fn: LibraryFunction;
		readonly overload: Overload;
		readonly bindings: Bindings;
		readonly args: Record<string, Core>;
		readonly cx: Context;
	},
	_given: unknown,
	span: Span,
): void {
	const param = use.overload.params.find((p) => p.mode === 'type');
	if (!param || use.args[param.name]) return;
	const variable = argOf(isApp(param.type, 'Option') ? argOf(param.type) : param.type);
	const path = use.args[use.overload.params[0]?.name ?? ''];
	if (path?.op !== 'lit' || typeof path.value !== 'string') {
		assign(ANY, variable, use.bindings);
		use.bindings.types.set(variable.k === 'var' ? variable.id : -1, ANY);
		return;
	}
	const answer = use.cx.session.ask({ kind: 'schema', fn: use.fn.name, path: path.value });
	if (answer?.kind === 'failure')
		use.cx.session.report('A0303', { message: answer.message, help: answer.help }, span);
	const row = answer?.kind === 'schema' ? use.cx.session.library.parseType(answer.type) : ERROR;
	if (variable.k === 'var') use.bindings.types.set(variable.id, row);
}
