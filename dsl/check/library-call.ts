import type { Expr, Name } from '../ast.ts';
import type { Problem } from '../diagnostics/catalogue.ts';
import { formatExpression } from '../format/format.ts';
import type { LibraryFunction } from '../library.ts';
import { nearest } from '../nearest.ts';
import type { Core } from '../plan/core.ts';
import type { Span } from '../span.ts';
import { assign, type Bindings, close, noBindings, substitute } from '../types/assign.ts';
import { constant } from '../types/dims.ts';
import { showType, spellType } from '../types/show.ts';
import { argOf, ERROR, isApp, type Type, unlabel } from '../types/type.ts';
import { attempt, type Context, type Noted, type Typed, within } from './context.ts';
import { infer, sourceOf, unlabelled } from './expression.ts';
import type { Overload, Parameter } from './library-index.ts';
import { reportQuotedColumn } from './quoted-column.ts';
import { columnScope, schemaRow, typeLiteral } from './rows.ts';
import type { Scope } from './scope.ts';

/** An argument as given: `typed` when it was checked already (the left side of a pipe, a method's receiver). */
export interface Given {
	readonly name: Name | null;
	readonly expr: Expr;
	readonly typed: Typed | null;
	readonly span: Span;
}

/** Checks a call against the overloads of a library function; the first that fits, else the one that fits best, speaks. */
export function callLibrary(
	fn: LibraryFunction,
	given: readonly Given[],
	nameSpan: Span,
	span: Span,
	cx: Context,
): Typed {
	cx.node.versions.set(fn.name, String(fn.version));
	if (fn.calls) cx.node.calls = true;
	const overloads = cx.session.library.overloads(fn);
	const { info } = cx.session;
	let best: { result: Typed; problems: ReturnType<typeof attempt>['problems']; noted: Noted } | null = null;
	for (const overload of overloads) {
		const mark = info.mark();
		const tried = attempt(cx, () => callOverload(fn, overload, given, nameSpan, span, cx));
		const errors = tried.problems.filter((p) => !isWarning(p.code));
		if (errors.length === 0) {
			cx.session.problems.push(...tried.problems);
			return tried.result;
		}
		// Editors hear of the overload that was probably meant, and not of the others.
		const noted = info.takeBack(mark);
		if (!best || badness(tried.problems) < badness(best.problems)) best = { ...tried, noted };
	}
	if (best) info.add(best.noted);
	if (!best) return { type: ERROR, core: { op: 'lit', value: null } };
	for (const found of best.problems.map((found) => withSamplingFix(found, given))) {
		if (!cx.session.problems.some((p) => p.code === found.code && p.span.start === found.span.start))
			cx.session.problems.push(found);
	}
	return best.result;
}

/** A model without log-probabilities can still be asked several times: the fix rewrites `by:`. */
function withSamplingFix(found: Problem, given: readonly Given[]): Problem {
	const by = given.find((arg) => arg.name?.text === 'by');
	if (found.code !== 'A0210' || !by) return found;
	return {
		...found,
		fix: { title: 'Ask it 20 times instead', edits: [{ span: by.expr.span, text: 'sampling(n: 20)' }] },
	};
}

const isWarning = (code: string): boolean => code === 'A0108' || code === 'A0220';

/** Wrong names or counts mean the overload was not meant; a type that does not fit is nearer. */
function badness(problems: readonly { readonly code: string }[]): number {
	const weights: Readonly<Record<string, number>> = { A0104: 100, A0203: 100, A0202: 50, A0210: 1, A0233: 1 };
	return problems.reduce((sum, p) => sum + (weights[p.code] ?? 10), 0);
}

interface Use {
	readonly fn: LibraryFunction;
	readonly overload: Overload;
	readonly bindings: Bindings;
	readonly args: Record<string, Core>;
	readonly columns: { span: Span; scope: Scope }[];
	readonly cx: Context;
	readonly nameSpan: Span;
	/** An argument has a name that no parameter has: it is probably the one that is missing. */
	readonly misnamed: boolean;
}

function callOverload(
	fn: LibraryFunction,
	overload: Overload,
	given: readonly Given[],
	nameSpan: Span,
	span: Span,
	cx: Context,
): Typed {
	const misnamed = given.some(
		(arg) => arg.name && !overload.params.some((param) => param.name === arg.name?.text),
	);
	const use: Use = { fn, overload, bindings: noBindings(), args: {}, columns: [], cx, nameSpan, misnamed };
	const matched = matchArguments(use, given);
	bindLiterals(use, matched);
	// Values first, so that the row types are known when the arguments that are read row by row are checked.
	for (const pass of ['type', 'value', 'row', 'column'] as const) {
		for (const param of overload.params) {
			const arg = matched.get(param.name);
			if (param.mode === pass && arg) checkArgument(use, param, arg);
		}
	}
	for (const param of overload.params) if (!matched.has(param.name)) fillDefault(use, param);
	schemaRow(use, given, span);
	cx.session.info.calls.push({ span, fn: fn.name, columns: use.columns });
	if (fn.fingerprint) cx.node.fingerprints.push({ fn: fn.name, args: use.args, span });
	bindDimensions(use);
	const receiver = fn.name.includes('.') && given[0] ? `${sourceOf(given[0].expr, cx)}.` : '';
	return {
		type: withOptions(close(substitute(overload.result, use.bindings)), use.args.options),
		core: { op: 'call', fn: fn.name, args: use.args, loc: cx.session.loc(span) },
		origin: `${receiver}${shortName(fn.name)}`,
		originSpan: span,
	};
}

function withOptions(type: Type, options: Core | undefined): Type {
	if (type.k !== 'app' || type.name !== 'Choice' || options?.op !== 'list') return type;
	const texts = options.items.map((item) => (item.op === 'lit' ? item.value : null));
	return texts.every((text) => typeof text === 'string') ? { ...type, options: texts } : type;
}

export const shortName = (name: string): string => name.slice(name.indexOf('.') + 1);

function matchArguments(use: Use, given: readonly Given[]): Map<string, Given> {
	const { overload, cx, fn } = use;
	const matched = new Map<string, Given>();
	let next = 0;
	for (const arg of given) {
		const param = arg.name ? overload.params.find((p) => p.name === arg.name?.text) : overload.params[next++];
		if (!param) reportUnknown(use, arg, given.length);
		else if (!matched.has(param.name)) matched.set(param.name, arg);
		else if (!isOutOfOrder(arg, given)) cx.session.report('A0225', { name: param.name }, arg.span);
		if (param && arg.name) {
			cx.session.info.references.push({
				span: arg.name.span,
				target: { kind: 'argument', fn: fn.name, name: param.name, span: null },
			});
		}
	}
	return matched;
}

/** By position after a named one: the parser has said so. */
export const isOutOfOrder = (arg: Given, given: readonly Given[]): boolean =>
	!arg.name && given.slice(0, given.indexOf(arg)).some((before) => before.name);

function reportUnknown(use: Use, arg: Given, count: number): void {
	const { overload, cx, fn } = use;
	if (!arg.typed) attempt(cx, () => infer(arg.expr, cx));
	const receiver = fn.name.includes('.') ? 1 : 0;
	const params = overload.params.slice(receiver).map((p) => p.name);
	if (!arg.name) {
		cx.session.report('A0203', { fn: shortName(fn.name), given: count - receiver, params }, arg.span);
		return;
	}
	const near = nearest(arg.name.text, params);
	const fix = near ? { title: `Change to ${near}`, edits: [{ span: arg.name.span, text: near }] } : null;
	cx.session.report('A0104', { fn: shortName(fn.name), name: arg.name.text, near, params }, arg.name.span, {
		fix,
	});
}

function checkArgument(use: Use, param: Parameter, arg: Given): void {
	if (param.mode === 'row' || param.mode === 'column') checkColumns(use, param, arg);
	else if (param.mode === 'type') {
		const type = typeLiteral(arg.expr, use.cx);
		assign(type, argOf(unoptional(param.type)), use.bindings);
		use.args[param.name] = { op: 'lit', value: spellType(type) };
	} else {
		const expected = substitute(param.type, use.bindings);
		const typed = typedArgument(arg, expected, use.cx);
		if (!assign(typed.type, param.type, use.bindings)) {
			// In a network it is the layer that does not fit, not the layers before it.
			const at = arg.typed && typed.type.k === 'tensor' ? use.nameSpan : arg.span;
			const wanted = substitute(param.type, use.bindings);
			mismatch(shortName(use.fn.name), param.name, wanted, typed, arg, use.cx, at);
		}
		use.args[param.name] = isApp(unoptional(param.type), 'Labelled') ? typed.core : unlabelled(typed);
	}
}

const unoptional = (type: Type): Type => (isApp(type, 'Option') ? argOf(type) : type);

export function typedArgument(arg: Given, expected: Type, cx: Context): Typed {
	if (arg.typed) return arg.typed;
	const typed = infer(arg.expr, cx, unoptional(expected));
	// A literal number where a probability is asked for is one, when it can be.
	if (isApp(unoptional(expected), 'Prob') && isApp(typed.type, 'Number') && typed.core.op === 'lit') {
		const value = Number(typed.core.value);
		if (value < 0 || value > 1) cx.session.report('A0224', { value: sourceOf(arg.expr, cx) }, arg.span);
		return { ...typed, type: unoptional(expected) };
	}
	return typed;
}

/** An argument that is read over rows: an expression in which the columns are names. */
function checkColumns(use: Use, param: Parameter, arg: Given): void {
	const { cx } = use;
	const function_ = unoptional(param.type);
	const isRow = param.mode === 'row';
	const row =
		isRow && function_.k === 'function'
			? substitute((function_.params[0] as { type: Type }).type, use.bindings)
			: null;
	const scope = row && !isApp(row, 'Row') ? columnScope(row, cx) : cx.rows;
	if (!scope) {
		if (!isRow) cx.session.report('A0214', { fn: use.fn.name }, use.nameSpan);
		attempt(cx, () => infer(arg.expr, cx));
		return;
	}
	if (arg.expr.kind === 'lambda') {
		cx.session.report('A0226', { fn: shortName(use.fn.name), param: param.name }, arg.expr.span);
		return;
	}
	use.columns.push({ span: arg.span, scope });
	if (reportQuotedColumn(arg.expr, scope, cx)) return;
	const inner = within(cx, { scope, rows: isRow ? cx.rows : null });
	const wanted = function_.k === 'function' ? function_.result : argOf(function_);
	const typed = arg.typed ?? typedArgument(arg, substitute(wanted, use.bindings), inner);
	if (!assign(typed.type, wanted, use.bindings)) {
		mismatch(shortName(use.fn.name), param.name, substitute(wanted, use.bindings), typed, arg, cx);
	}
	// Labels are kept: grouping, axes and legends show them.
	use.args[param.name] = isRow
		? { op: 'rowfn', body: typed.core, label: formatExpression(arg.expr, cx.session.text) }
		: { op: 'columns', body: typed.core };
}

function fillDefault(use: Use, param: Parameter): void {
	const { cx } = use;
	if (param.default) {
		const isStudySeed = param.default.kind === 'name' && param.default.name === 'study';
		use.args[param.name] = isStudySeed
			? { op: 'lit', value: cx.session.seed }
			: infer(param.default, cx).core;
		return;
	}
	if (param.optional || use.misnamed) return;
	cx.session.report(
		'A0202',
		{ fn: shortName(use.fn.name), param: param.name, type: showType(wantedType(param)) },
		use.nameSpan,
	);
}

function wantedType(param: Parameter): Type {
	const type = unoptional(param.type);
	if (param.mode === 'row' && type.k === 'function') return type.result;
	return param.mode === 'column' ? argOf(type) : type;
}

/** Sizes that are written as numbers are known before the tensors are looked at: `reshape(x, 7, 7, 16)` needs 784 values. */
function bindLiterals(use: Use, matched: ReadonlyMap<string, Given>): void {
	for (const { name, default: standard } of use.overload.params) {
		const expr = matched.has(name) ? matched.get(name)?.expr : standard;
		if (expr?.kind === 'number') bindDimension(use, name, expr.value);
	}
}

/** Numbers that shapes depend on (`conv(…, stride: 2)`) are dimensions when they are literals; of a list, `size_0`, `size_1` … are. */
function bindDimensions(use: Use): void {
	for (const [name, core] of Object.entries(use.args)) {
		if (core.op === 'lit') bindDimension(use, name, core.value);
		if (core.op !== 'list') continue;
		for (const [i, item] of core.items.entries())
			if (item.op === 'lit') bindDimension(use, `${name}_${i}`, item.value);
	}
}

function bindDimension(use: Use, name: string, value: unknown): void {
	if (typeof value === 'number' && Number.isInteger(value))
		use.bindings.dims.set(use.overload.dimension(name), constant(value));
}

/** Says why an argument does not fit, in the most helpful of the ways there are. */
export function mismatch(
	fn: string,
	param: string,
	expected: Type,
	typed: Typed,
	arg: Given,
	cx: Context,
	at: Span = arg.span,
): void {
	const shown = `\`${sourceOf(arg.expr, cx)}\``;
	const [wanted, actual] = [unoptional(expected), unlabel(typed.type)];
	if (wanted.k === 'model' && actual.k === 'model') {
		missingCapability(fn, wanted.capabilities, actual.capabilities, typed, arg, cx);
		return;
	}
	if (isApp(actual, 'Option') && assign(argOf(actual), wanted, noBindings())) {
		cx.session.report('A0209', { fn, param, shown, inner: showType(argOf(actual)) }, arg.span);
		return;
	}
	const origin = typed.origin && typed.origin !== sourceOf(arg.expr, cx) ? typed.origin : null;
	const elsewhere =
		typed.originSpan && !(arg.span.start <= typed.originSpan.start && typed.originSpan.end <= arg.span.end);
	const also = origin && typed.originSpan && elsewhere ? [typed.originSpan] : [];
	const data = {
		fn,
		param,
		expected: showType(close(wanted)),
		shown,
		actual: showType(actual),
		origin,
		help: mismatchHelp(wanted, actual, arg.expr, cx),
	};
	cx.session.report('A0204', data, at, { also });
}

export function mismatchHelp(expected: Type, actual: Type, expr: Expr, cx: Context): string | null {
	const source = sourceOf(expr, cx);
	if (isApp(expected, 'Choice') && isApp(actual, 'Text'))
		return 'use `m.choose(…, options: …)` instead of `m.sample(…)` to get a Choice';
	if (isApp(expected, 'Text') && isApp(actual, 'Choice'))
		return `take its most probable option: \`${source}.best\``;
	if (isApp(expected, 'Prob') && isApp(actual, 'Choice'))
		return `take one probability: \`${source}["…"]\` or \`${source}.best_prob\``;
	if (isApp(expected, 'Text') && (isApp(actual, 'Number') || isApp(actual, 'Bool')))
		return `write it as a text: \`"{${source}}"\``;
	if (isApp(expected, 'List') && assign(actual, argOf(expected), noBindings()))
		return `put it into a list: \`[${source}]\``;
	if (isApp(expected, 'Text') && isApp(actual, 'List')) return `join its items: \`join(${source}, ", ")\``;
	if (isApp(expected, 'Prob') && isApp(actual, 'Number'))
		return 'a probability is computed from probabilities, or is a literal from 0 to 1';
	if (isApp(actual, 'Number') && isApp(expected, 'Duration'))
		return `write its unit: \`${source}s\`, \`${source}min\` or \`${source}h\``;
	if (actual.k === 'function' && actual.result.k === 'app') return `call it: \`${source}(…)\``;
	return null;
}

function missingCapability(
	fn: string,
	wanted: ReadonlySet<string> | null,
	has: ReadonlySet<string> | null,
	typed: Typed,
	arg: Given,
	cx: Context,
): void {
	const capability = [...(wanted ?? [])].find((c) => !has?.has(c)) ?? 'sample';
	const help =
		fn === 'choose' && capability === 'logprob'
			? 'ask it several times instead: `by: sampling(n: 20)`'
			: `use a model that has \`${capability}\`, such as \`gguf(…)\``;
	const also = typed.originSpan ? [typed.originSpan] : [];
	cx.session.report(
		'A0210',
		{ method: fn, capability, model: `\`${sourceOf(arg.expr, cx)}\``, help },
		arg.span,
		{ also },
	);
}
