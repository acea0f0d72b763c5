import type { Expr } from '../ast.ts';
import { nearest } from '../nearest.ts';
import type { Core } from '../plan/core.ts';
import type { Span } from '../span.ts';
import { assign, forgetOptions, noBindings, substitute } from '../types/assign.ts';
import { showType } from '../types/show.ts';
import { ANY, argOf, ERROR, isApp, type Type, unlabel } from '../types/type.ts';
import type { Context, Typed } from './context.ts';
import { infer, sourceOf, unlabelled } from './expression.ts';
import { type Given, isOutOfOrder, mismatch, typedArgument } from './library-call.ts';
import type { Binding } from './scope.ts';

type FunctionType = Extract<Type, { k: 'function' }>;

/** A call of a prompt, a network, a lambda or a used TypeScript function. */
export function callFunctionValue(
	fn: Typed,
	given: readonly Given[],
	callee: Expr,
	span: Span,
	cx: Context,
): Typed {
	const plain = unlabel(fn.type);
	const type = isApp(plain, 'Network') ? argOf(plain) : plain;
	if (type.k === 'error' || type.k === 'any') {
		const args = given.map((arg) => unlabelled(arg.typed ?? infer(arg.expr, cx)));
		return { type, core: { op: 'apply', fn: fn.core, args } };
	}
	const name = sourceOf(callee, cx);
	if (type.k !== 'function') {
		cx.session.report('A0201', { shown: name, actual: showType(fn.type) }, callee.span);
		for (const arg of given) if (!arg.typed) infer(arg.expr, cx);
		return { type: ERROR, core: fn.core };
	}
	return applyFunction(fn, type, name, given, callee, span, cx);
}

function applyFunction(
	fn: Typed,
	type: FunctionType,
	name: string,
	given: readonly Given[],
	callee: Expr,
	span: Span,
	cx: Context,
): Typed {
	const bindings = noBindings();
	const args: (Core | null)[] = type.params.map(() => null);
	let next = 0;
	for (const arg of given) {
		const index = arg.name ? type.params.findIndex((param) => param.name === arg.name?.text) : next++;
		const param = type.params[index];
		if (!param) {
			reportExtra(name, type, arg, given.length, cx);
			continue;
		}
		if (arg.name) {
			const target = { kind: 'argument', fn: name, name: param.name, span: param.span ?? null } as const;
			cx.session.info.references.push({ span: arg.name.span, target });
		}
		if (args[index] !== null && !isOutOfOrder(arg, given))
			cx.session.report('A0225', { name: param.name }, arg.span);
		const typed = typedArgument(arg, substitute(param.type, bindings), cx);
		if (!assign(typed.type, param.type, bindings))
			mismatch(name, param.name, substitute(param.type, bindings), typed, arg, cx);
		args[index] = unlabelled(typed);
	}
	const misnamed = given.some(
		(arg) => arg.name && !type.params.some((param) => param.name === arg.name?.text),
	);
	for (const [i, param] of type.params.entries()) {
		if (args[i] !== null) continue;
		if (!param.optional && !misnamed)
			cx.session.report('A0202', { fn: name, param: param.name, type: showType(param.type) }, callee.span);
		args[i] = { op: 'lit', value: null };
	}
	const used = fn.core.op === 'used' ? { ...fn.core, args: args as Core[] } : null;
	const core: Core = used ?? { op: 'apply', fn: unlabelled(fn), args: args as Core[] };
	return {
		type: substitute(type.result, bindings),
		core: { ...core, loc: cx.session.loc(span) },
		origin: name,
	};
}

function reportExtra(name: string, type: FunctionType, arg: Given, count: number, cx: Context): void {
	if (!arg.typed) infer(arg.expr, cx);
	const params = type.params.map((param) => param.name);
	if (!arg.name) {
		cx.session.report('A0203', { fn: name, given: count, params }, arg.span);
		return;
	}
	cx.session.report(
		'A0104',
		{ fn: name, name: arg.name.text, near: nearest(arg.name.text, params), params },
		arg.name.span,
	);
}

/** What a call gives where the function's parameters have no types: its body is checked with those of the arguments. */
export function recheckCall(called: Typed, binding: Binding, given: readonly Given[], cx: Context): Typed {
	const fn = unlabel(binding.type);
	if (!binding.recheck || fn.k !== 'function') return called;
	const typeOf = (arg: Given | undefined): Type =>
		arg?.typed?.type ?? (arg && cx.session.info.types.get(arg.expr)) ?? ANY;
	const result = binding.recheck(
		fn.params.map(({ name }, i) =>
			typeOf(given.find((arg) => arg.name?.text === name) ?? (given[i]?.name ? undefined : given[i])),
		),
	);
	return result ? { ...called, type: forgetOptions(result) } : called;
}
