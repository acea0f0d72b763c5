import type { Clause, Expr } from '../ast.ts';
import type { CoreClause } from '../plan/core.ts';
import { join } from '../types/assign.ts';
import { showType } from '../types/show.ts';
import { app, argOf, ERROR, isApp, listOf, NUMBER, type Type, unlabel } from '../types/type.ts';
import { type Context, type Typed, within } from './context.ts';
import { infer, inferCondition, sourceOf, unlabelled } from './expression.ts';
import { plainNumber } from './operators.ts';
import { type Binding, Scope } from './scope.ts';

/** What the variable of a `for` over a source is, or null when it cannot be gone through. */
export function elementOf(type: Type): { readonly type: Type; readonly labelled: boolean } | null {
	const source = unlabel(type);
	if (source.k === 'error' || source.k === 'any') return { type: source, labelled: false };
	if (isApp(source, 'List') || isApp(source, 'Data') || isApp(source, 'Table'))
		return { type: argOf(source), labelled: false };
	if (source.k === 'record' && !source.name) {
		let value: Type | null = null;
		for (const field of source.fields.values()) value = value === null ? field : join(value, field);
		return value === null ? null : { type: app('Labelled', value), labelled: true };
	}
	return null;
}

/** Checks clauses in order, each seeing the variables of those before it. `bind` makes a variable's core. */
export function checkClauses(
	clauses: readonly Clause[],
	cx: Context,
	bind: (name: string, index: number) => Pick<Binding, 'core' | 'kind'>,
): { readonly clauses: CoreClause[]; readonly scope: Scope; readonly variables: Binding[] } {
	const scope = new Scope(cx.scope);
	const variables: Binding[] = [];
	// Deeper, so that a comprehension in a clause's source does not take the names of the variables around it.
	const inner = within(cx, { scope, depth: cx.depth + 1 });
	const lowered = clauses.map((clause): CoreClause => {
		if (clause.kind === 'where')
			return { kind: 'where', condition: inferCondition(clause.condition, inner, '`where`') };
		const name = clause.name?.text ?? 'repeat';
		const bound = bind(name, variables.length);
		const { type, core } =
			clause.kind === 'for' ? forClause(clause, inner, bound) : repeatClause(clause, inner, bound);
		const binding: Binding = { name, type, span: clause.name?.span ?? null, doc: null, ...bound };
		scope.add(binding);
		variables.push(binding);
		return core;
	});
	return { clauses: lowered, scope, variables };
}

type Lowered = { readonly type: Type; readonly core: CoreClause };
const nameIn = (bound: Pick<Binding, 'core'>): string => ('name' in bound.core ? bound.core.name : '');

function forClause(
	clause: Extract<Clause, { kind: 'for' }>,
	cx: Context,
	bound: Pick<Binding, 'core'>,
): Lowered {
	const source = infer(clause.source, cx);
	const element = elementOf(source.type);
	if (!element) {
		const failure = recordFailure(source.type);
		if (failure) cx.session.report('A0206', failure, clause.source.span, { also: [clause.source.span] });
		else cx.session.report('A0213', { actual: showType(source.type) }, clause.source.span);
	}
	return {
		type: element?.type ?? ERROR,
		core: {
			kind: 'for',
			name: nameIn(bound),
			source: unlabelled(source),
			labelled: element?.labelled ?? false,
		},
	};
}

function recordFailure(type: Type): { first: string; other: string } | null {
	if (type.k !== 'record' || type.name) return null;
	const [first, ...rest] = [...type.fields.values()];
	const other = first && rest.find((candidate) => join(first, candidate) === null);
	return first && other ? { first: showType(first), other: showType(other) } : null;
}

function repeatClause(
	clause: Extract<Clause, { kind: 'repeat' }>,
	cx: Context,
	bound: Pick<Binding, 'core'>,
): Lowered {
	const count = infer(clause.count, cx, NUMBER);
	if (!isApp(unlabel(count.type), 'Number') && count.type.k !== 'error' && count.type.k !== 'any') {
		const data = {
			fn: 'repeat',
			param: 'count',
			expected: 'Number',
			shown: `\`${sourceOf(clause.count, cx)}\``,
			actual: showType(count.type),
			origin: null,
			help: null,
		};
		cx.session.report('A0204', data, clause.count.span);
	}
	return { type: NUMBER, core: { kind: 'repeat', name: nameIn(bound), count: plainNumber(count) } };
}

/** `[body for x in xs where p]` */
export function inferComprehension(expr: Extract<Expr, { kind: 'comprehension' }>, cx: Context): Typed {
	const { clauses, scope } = checkClauses(expr.clauses, cx, (_name, index) => ({
		kind: 'parameter',
		core: { op: 'local', name: cx.session.freshLocal(cx.depth, index) },
	}));
	cx.session.info.scopes.push({ span: expr.span, scope, aggregate: false });
	const body = infer(expr.body, within(cx, { scope, depth: cx.depth + 1 }));
	return { type: listOf(unlabel(body.type)), core: { op: 'comprehension', body: unlabelled(body), clauses } };
}
