import type { Argument, Expr } from '../ast.ts';
import type { LibraryFunction } from '../library.ts';
import { nearest } from '../nearest.ts';
import type { Core } from '../plan/core.ts';
import type { Span } from '../span.ts';
import { close } from '../types/assign.ts';
import { membersOf } from '../types/members.ts';
import { showType } from '../types/show.ts';
import { ERROR, headOf, isApp, type Type, unlabel } from '../types/type.ts';
import { memberOf } from './access.ts';
import { attempt, type Context, type Typed, within } from './context.ts';
import { infer, sourceOf, useBinding } from './expression.ts';
import { callFunctionValue, recheckCall } from './function-call.ts';
import { callLibrary, type Given } from './library-call.ts';

type Call = Extract<Expr, { kind: 'call' }>;

/** `f(…)`, `value.method(…)` or `(expression)(…)`. */
export function inferCall(expr: Call, cx: Context, piped: Given | null = null): Typed {
	const given = [...(piped ? [piped] : []), ...expr.args.map((arg) => asGiven(arg))];
	const { callee } = expr;
	if (callee.kind === 'name') return callName(callee, given, expr.span, cx);
	if (callee.kind === 'member') return callMember(callee, given, expr.span, cx);
	return callFunctionValue(infer(callee, cx), given, callee, expr.span, cx);
}

const asGiven = (arg: Argument): Given => ({ name: arg.name, expr: arg.value, typed: null, span: arg.span });

/** A name that is called: a function in reach, else the library's function of that name. */
function callName(
	callee: Extract<Expr, { kind: 'name' }>,
	given: readonly Given[],
	span: Span,
	cx: Context,
): Typed {
	const binding = cx.scope.lookup(callee.name);
	const fn = cx.session.library.functions.get(callee.name);
	const callable = binding !== null && (isCallable(binding.type) || fn === undefined);
	if (binding && callable) {
		const typed = useBinding(binding, callee, cx);
		cx.session.info.types.set(callee, typed.type);
		return recheckCall(callFunctionValue(typed, given, callee, span, cx), binding, given, cx);
	}
	if (fn) {
		cx.session.info.references.push({ span: callee.span, target: { kind: 'library', name: fn.name } });
		return callLibrary(fn, given, callee.span, span, cx);
	}
	unknownFunction(callee, cx);
	// Its arguments may read columns, so nothing can be said about the names in them.
	for (const arg of given) if (!arg.typed) attempt(cx, () => infer(arg.expr, cx));
	return { type: ERROR, core: { op: 'lit', value: null } };
}

const isCallable = (type: Type): boolean => {
	const plain = unlabel(type);
	return plain.k === 'function' || plain.k === 'error' || plain.k === 'any' || isApp(plain, 'Network');
};

function unknownFunction(callee: Extract<Expr, { kind: 'name' }>, cx: Context): void {
	const callables = [...cx.scope.all()].filter((b) => isCallable(b.type)).map((b) => b.name);
	const near = nearest(callee.name, [...callables, ...cx.session.library.functions.keys()]);
	const fix = near ? { title: `Change to ${near}`, edits: [{ span: callee.span, text: near }] } : null;
	cx.session.report('A0101', { name: callee.name, near, called: true }, callee.span, { fix });
}

/** `target.method(…)`: the library's method of the target's type, else a field that holds a function. */
function callMember(
	callee: Extract<Expr, { kind: 'member' }>,
	given: readonly Given[],
	span: Span,
	cx: Context,
): Typed {
	const target = infer(callee.target, cx);
	if (target.type.k === 'error') {
		for (const arg of given) if (!arg.typed) infer(arg.expr, within(cx, {}));
		return target;
	}
	const method = methodOf(target.type, callee.name.text, cx);
	if (method) {
		cx.session.info.references.push({
			span: callee.name.span,
			target: { kind: 'library', name: method.name },
		});
		const receiver: Given = { name: null, expr: callee.target, typed: target, span: callee.target.span };
		return callLibrary(method, [receiver, ...given], callee.name.span, span, cx);
	}
	if (membersOf(target.type).some((member) => member.name === callee.name.text)) {
		return callFunctionValue(memberOf(target, callee, cx), given, callee, span, cx);
	}
	unknownMethod(target.type, callee, cx);
	for (const arg of given) if (!arg.typed) infer(arg.expr, cx);
	return { type: ERROR, core: { op: 'lit', value: null } };
}

function methodOf(type: Type, name: string, cx: Context): LibraryFunction | null {
	const heads = [headOf(type), isApp(unlabel(type), 'Trained') ? 'Model' : null];
	for (const head of heads) {
		const found = head && cx.session.library.functions.get(`${head}.${name}`);
		if (found) return found;
	}
	return null;
}

function unknownMethod(type: Type, callee: Extract<Expr, { kind: 'member' }>, cx: Context): void {
	const head = `${headOf(type)}.`;
	const methods = [...cx.session.library.functions.keys()]
		.filter((n) => n.startsWith(head))
		.map((n) => n.slice(head.length));
	const name = callee.name.text;
	const near = nearest(name, methods);
	const fn = cx.session.library.functions.has(name) ? `${sourceOf(callee.target, cx)} |> ${name}(…)` : null;
	const fix = near ? { title: `Change to ${near}`, edits: [{ span: callee.name.span, text: near }] } : null;
	cx.session.report('A0107', { method: name, type: showType(type), near, methods, fn }, callee.name.span, {
		fix,
	});
}

/** `left |> f(a)` is `f(left, a)`, and `left |> f` is `f(left)`. */
export function inferPipe(expr: Extract<Expr, { kind: 'binary' }>, cx: Context): Typed {
	const left = infer(expr.left, cx);
	const piped: Given = { name: null, expr: expr.left, typed: left, span: expr.left.span };
	let right = expr.right;
	while (right.kind === 'group') right = right.inner;
	if (right.kind === 'call') {
		const typed = inferCall(right, cx, piped);
		cx.session.info.types.set(right, typed.type);
		return typed;
	}
	if (right.kind === 'name') return callName(right, [piped], expr.span, cx);
	return callFunctionValue(infer(right, cx), [piped], right, expr.span, cx);
}

/** A library function's name without a call: the value of a function without required parameters, else the function itself. */
export function inferFunctionValue(
	fn: LibraryFunction,
	expr: Extract<Expr, { kind: 'name' }>,
	cx: Context,
	expected: Type | null,
): Typed {
	cx.session.info.references.push({ span: expr.span, target: { kind: 'library', name: fn.name } });
	const [overload] = cx.session.library.overloads(fn);
	if (!overload) return { type: ERROR, core: { op: 'lit', value: null } };
	if (expected?.k !== 'function' && overload.params.every((param) => param.optional)) {
		return callLibrary(fn, [], expr.span, expr.span, cx);
	}
	cx.node.versions.set(fn.name, String(fn.version));
	const required = overload.params.filter((param) => !param.optional);
	const locals = required.map((_, i) => cx.session.freshLocal(cx.depth, i));
	const args: Record<string, Core> = {};
	for (const [i, param] of required.entries()) args[param.name] = { op: 'local', name: locals[i] as string };
	return {
		type: {
			k: 'function',
			params: required.map((p) => ({ name: p.name, type: close(p.type), optional: false })),
			result: close(overload.result),
		},
		core: {
			op: 'lambda',
			params: locals,
			body: { op: 'call', fn: fn.name, args, loc: cx.session.loc(expr.span) },
		},
	};
}
