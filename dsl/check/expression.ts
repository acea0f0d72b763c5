import type { Expr, RecordField } from '../ast.ts';
import { nearest } from '../nearest.ts';
import type { Core } from '../plan/core.ts';
import type { Span } from '../span.ts';
import { assign, close, freshNetwork, join, noBindings } from '../types/assign.ts';
import { showType } from '../types/show.ts';
import {
	ANY,
	argOf,
	BOOL,
	DURATION,
	ERROR,
	isApp,
	listOf,
	MONEY,
	NONE,
	NUMBER,
	PROB,
	recordOf,
	TEXT,
	type Type,
	unlabel,
	unoption,
} from '../types/type.ts';
import { inferIndex, inferMember } from './access.ts';
import { inferCall, inferFunctionValue } from './call.ts';
import { inferComprehension } from './clauses.ts';
import { type Context, type Typed, within } from './context.ts';
import { inferBinary, inferUnary } from './operators.ts';
import { inferMessage } from './prompt.ts';
import { type Binding, Scope } from './scope.ts';

/** Checks an expression. `expected` steers lambdas and literals; the caller still checks that the result fits. */
export function infer(expr: Expr, cx: Context, expected: Type | null = null): Typed {
	const typed = inferKind(expr, cx, expected);
	cx.session.info.types.set(expr, typed.type);
	return typed;
}

function inferKind(expr: Expr, cx: Context, expected: Type | null): Typed {
	switch (expr.kind) {
		case 'number':
			return inferNumber(expr, cx, expected);
		case 'bool':
			return { type: BOOL, core: { op: 'lit', value: expr.value } };
		case 'none':
			return { type: NONE, core: { op: 'lit', value: null } };
		case 'text':
			return inferText(expr, cx);
		case 'name':
			return inferName(expr, cx, expected);
		case 'list':
			return inferList(expr, cx, expected);
		case 'record':
			return inferRecord(expr, cx);
		case 'group':
			return infer(expr.inner, cx, expected);
		case 'member':
			return inferMember(expr, cx);
		case 'index':
			return inferIndex(expr, cx);
		case 'call':
			return inferCall(expr, cx);
		case 'lambda':
			return inferLambda(expr, cx, expected);
		case 'if':
			return inferIf(expr, cx, expected);
		case 'comprehension':
			return inferComprehension(expr, cx);
		case 'unary':
			return inferUnary(expr, cx);
		case 'binary':
			return inferBinary(expr, cx);
		case 'message':
			return inferMessage(expr, cx);
		case 'type':
			cx.session.report('A0232', {}, expr.span);
			return { type: ERROR, core: { op: 'lit', value: null } };
		case 'error':
			return { type: ERROR, core: { op: 'lit', value: null } };
	}
}

/** A literal is a probability where one is asked for and it can be one. */
function inferNumber(expr: Extract<Expr, { kind: 'number' }>, cx: Context, expected: Type | null): Typed {
	const core: Core = { op: 'lit', value: expr.value };
	const type = numberType(expr.unit);
	if (!isApp(type, 'Number') || !expected || !isApp(unoption(expected), 'Prob')) return { type, core };
	if (expr.value > 1) cx.session.report('A0224', { value: expr.raw }, expr.span);
	return { type: PROB, core };
}

function numberType(unit: 'number' | 'percent' | 'duration' | 'money'): Type {
	if (unit === 'duration') return DURATION;
	return unit === 'money' ? MONEY : NUMBER;
}

const PRINTABLE = new Set(['Text', 'Number', 'Bool', 'Prob', 'Duration', 'Money', 'Estimate']);

export function inferText(expr: Extract<Expr, { kind: 'text' }>, cx: Context): Typed {
	const parts: (string | Core)[] = [];
	for (const part of expr.parts) {
		if (part.kind === 'chars') {
			if (part.value !== '') parts.push(part.value);
			continue;
		}
		const hole = infer(part.expr, cx);
		const type = unlabel(hole.type);
		const inner = isApp(type, 'Option') ? argOf(type) : type;
		const printable =
			inner.k === 'any' || inner.k === 'error' || (inner.k === 'app' && PRINTABLE.has(inner.name));
		if (!printable) {
			cx.session.report(
				'A0211',
				{ actual: showType(type), help: textHelp(type, part.expr, cx) },
				part.expr.span,
			);
		}
		parts.push(unlabelled(hole));
	}
	if (parts.every((part) => typeof part === 'string'))
		return { type: TEXT, core: { op: 'lit', value: parts.join('') } };
	return { type: TEXT, core: { op: 'text', parts } };
}

function textHelp(type: Type, expr: Expr, cx: Context): string | null {
	const shown = sourceOf(expr, cx);
	if (isApp(type, 'List')) return `join its items first: \`{join(${shown}, ", ")}\``;
	if (isApp(type, 'Choice')) return `write \`{${shown}.best}\``;
	if (type.k === 'model') return `write \`{${shown}.name}\``;
	if (isApp(type, 'Prompt')) return `continue a prompt with \`${shown} + user "…"\``;
	return null;
}

/** An expression as a message quotes it: on one line, and not all of a long one. */
export function sourceOf(expr: Expr, cx: Context): string {
	const source = cx.session.text.slice(expr.span.start, expr.span.end).replace(/\s+/g, ' ');
	return source.length > LONGEST_QUOTE ? `${source.slice(0, LONGEST_QUOTE)}…` : source;
}

const LONGEST_QUOTE = 60;

/** The core of a value where its label plays no part. */
export const unlabelled = (typed: Typed): Core =>
	isApp(typed.type, 'Labelled') ? { op: 'unlabel', of: typed.core } : typed.core;

function inferName(expr: Extract<Expr, { kind: 'name' }>, cx: Context, expected: Type | null): Typed {
	const binding = cx.scope.lookup(expr.name);
	if ((!binding || binding.kind === 'declaration') && isRowColumn(expr.name, cx))
		return misplacedColumn(expr, cx);
	if (binding) return useBinding(binding, expr, cx);
	const fn = cx.session.library.functions.get(expr.name);
	if (fn) return inferFunctionValue(fn, expr, cx, expected);
	const candidates = [...[...cx.scope.all()].map((b) => b.name), ...cx.session.library.functions.keys()];
	const near = fieldOfVariable(expr.name, cx) ?? nearest(expr.name, candidates);
	const fix = near ? { title: `Change to ${near}`, edits: [{ span: expr.span, text: near }] } : null;
	const columns = cx.scope.columns ? [...cx.scope.own()].map((column) => column.name) : [];
	cx.session.report('A0101', { name: expr.name, near, columns }, expr.span, { fix });
	return { type: ERROR, core: { op: 'lit', value: null } };
}

/** `x.category` for a `category` that is a field of a row in reach. */
function fieldOfVariable(name: string, cx: Context): string | null {
	for (const { name: row, kind, type } of cx.scope.all()) {
		const plain = unlabel(type);
		if (kind !== 'declaration' && plain.k === 'record' && plain.fields.has(name)) return `${row}.${name}`;
	}
	return null;
}

const isRowColumn = (name: string, cx: Context): boolean =>
	cx.rows !== null && [...cx.rows.own()].some((column) => column.name === name);

/** A column of the rows where a table needs one value a group. */
function misplacedColumn(expr: Extract<Expr, { kind: 'name' }>, cx: Context): Typed {
	const groups = [...cx.scope.own()].map((group) => group.name);
	cx.session.report('A0215', { name: expr.name, groups }, expr.span);
	return { type: ERROR, core: { op: 'lit', value: null } };
}

export function useBinding(binding: Binding, expr: Expr, cx: Context): Typed {
	cx.session.info.references.push({ span: expr.span, target: { kind: 'binding', binding } });
	binding.use?.(cx.node);
	if (binding.belowUse && binding.span)
		cx.session.report('A0113', { name: binding.name, by: binding.belowUse }, expr.span, {
			also: [binding.span],
		});
	if (binding.kind === 'column') warnWhenHiding(binding, expr, cx);
	return {
		type: isApp(binding.type, 'Network') ? freshNetwork(binding.type, cx.session.freshUse()) : binding.type,
		core: { ...binding.core, loc: cx.session.loc(expr.span) },
		...(binding.origin ? { origin: binding.origin } : {}),
		...(binding.span ? { originSpan: binding.span } : {}),
	};
}

function warnWhenHiding(binding: Binding, expr: Expr, cx: Context): void {
	const hidden = cx.scope.declaration(binding.name);
	if (hidden) cx.session.report('A0108', { name: binding.name }, expr.span, { also: [hidden] });
}

function inferList(expr: Extract<Expr, { kind: 'list' }>, cx: Context, expected: Type | null): Typed {
	const wanted = expected && isApp(expected, 'List') ? argOf(expected) : null;
	const items = expr.items.map((item) => infer(item, cx, wanted));
	let type: Type | null = null;
	for (const [i, item] of items.entries()) {
		const joined: Type | null = type === null ? unlabel(item.type) : join(type, item.type);
		if (joined === null && type !== null) {
			const [first, other] = [expr.items[0] as Expr, expr.items[i] as Expr];
			cx.session.report('A0206', { first: showType(type), other: showType(item.type) }, other.span, {
				also: [first.span],
			});
			return { type: ERROR, core: { op: 'lit', value: null } };
		}
		type = joined;
	}
	return { type: listOf(type ?? close(wanted ?? ANY)), core: { op: 'list', items: items.map(unlabelled) } };
}

function inferRecord(expr: Extract<Expr, { kind: 'record' }>, cx: Context): Typed {
	const fields = expr.fields.map((field) => [field.name.text, infer(field.value, cx)] as const);
	const type = recordOf(
		fields.map(([name, typed]) => [name, unlabel(typed.type)] as const),
		expr.fields.map((field) => [field.name.text, field.name.span] as const),
	);
	reportTwice(expr.fields, cx);
	for (const [i, { name }] of expr.fields.entries()) {
		const target = {
			kind: 'member',
			owner: type,
			name: name.text,
			type: (fields[i] as readonly [string, Typed])[1].type,
			span: name.span,
		} as const;
		cx.session.info.references.push({ span: name.span, target });
	}
	return {
		type,
		core: { op: 'record', fields: fields.map(([name, typed]) => [name, unlabelled(typed)] as const) },
	};
}

/** A name that a record has twice. */
export function reportTwice(fields: readonly RecordField[], cx: Context): void {
	const first = new Map<string, Span>();
	for (const { name } of fields) {
		const before = first.get(name.text);
		if (before) cx.session.report('A0102', { name: name.text }, name.span, { also: [before] });
		else first.set(name.text, name.span);
	}
}

function inferLambda(expr: Extract<Expr, { kind: 'lambda' }>, cx: Context, expected: Type | null): Typed {
	const wanted = expected?.k === 'function' ? expected : null;
	const failed = wanted !== null && wanted.params.length !== expr.params.length;
	if (failed)
		cx.session.report(
			'A0228',
			{ count: expr.params.length, wanted: String(wanted.params.length) },
			expr.span,
		);
	const names = expr.params.map((_, i) => cx.session.freshLocal(cx.depth, i));
	const params = expr.params.map((param, i) => {
		const found = wanted?.params[i]?.type ?? ANY;
		return { name: param.text, type: found.k === 'var' ? ANY : found, optional: false, span: param.span };
	});
	const scope = new Scope(
		cx.scope,
		params.map((param, i) => ({
			name: param.name,
			kind: 'parameter' as const,
			type: param.type,
			core: { op: 'local', name: names[i] as string } as const,
			span: expr.params[i]?.span ?? null,
			doc: null,
		})),
	);
	cx.session.info.scopes.push({ span: expr.body.span, scope, aggregate: false });
	const body = infer(expr.body, within(cx, { scope, depth: cx.depth + 1 }));
	return {
		type: failed ? ERROR : { k: 'function', params, result: unlabel(body.type) },
		core: { op: 'lambda', params: names, body: unlabelled(body) },
	};
}

function inferIf(expr: Extract<Expr, { kind: 'if' }>, cx: Context, expected: Type | null): Typed {
	const condition = inferCondition(expr.condition, cx, '`if`');
	const [yes, no] = [infer(expr.then, cx, expected), infer(expr.else, cx, expected)];
	const type = join(yes.type, no.type);
	if (!type) {
		const data = { then: showType(yes.type), else: showType(no.type) };
		cx.session.report('A0212', data, expr.else.span, { also: [expr.then.span] });
	}
	return {
		type: type ?? ERROR,
		core: { op: 'if', condition, then: unlabelled(yes), else: unlabelled(no) },
		...(yes.origin ? { origin: yes.origin } : {}),
	};
}

/** A Bool, or a report that says where one is needed. */
export function inferCondition(expr: Expr, cx: Context, where: string): Core {
	const typed = infer(expr, cx, BOOL);
	if (!assign(unlabel(typed.type), BOOL, noBindings())) {
		cx.session.report('A0207', { where, actual: showType(typed.type) }, expr.span);
	}
	return typed.core;
}
