import type { Expr } from '../ast.ts';
import { nearest } from '../nearest.ts';
import type { Span } from '../span.ts';
import { membersOf } from '../types/members.ts';
import { showType } from '../types/show.ts';
import { argOf, ERROR, headOf, isApp, NUMBER, PROB, TEXT, type Type, unlabel } from '../types/type.ts';
import type { Context, Typed } from './context.ts';
import { infer, sourceOf, unlabelled } from './expression.ts';
import { plainNumber } from './operators.ts';

export function inferMember(expr: Extract<Expr, { kind: 'member' }>, cx: Context): Typed {
	if (reportNamedRow(expr, cx)) return { type: ERROR, core: { op: 'lit', value: null } };
	const target = infer(expr.target, cx);
	return memberOf(target, expr, cx);
}

/** `x.category` where columns are names and no `x` is in reach. */
function reportNamedRow({ target, name, span }: Extract<Expr, { kind: 'member' }>, cx: Context): boolean {
	if (target.kind !== 'name' || !cx.scope.columns || cx.session.library.functions.has(target.name))
		return false;
	if (cx.scope.lookup(target.name) || ![...cx.scope.own()].some((column) => column.name === name.text))
		return false;
	const fix = { title: `Change to ${name.text}`, edits: [{ span, text: name.text }] };
	cx.session.report('A0101', { name: target.name, near: name.text }, target.span, { fix });
	return true;
}

/** The field `expr.name` of a value that is already checked. */
export function memberOf(target: Typed, expr: Extract<Expr, { kind: 'member' }>, cx: Context): Typed {
	const name = expr.name.text;
	if (target.type.k === 'error' || target.type.k === 'any')
		return { type: target.type, core: field(target, name) };
	const member = membersOf(target.type).find((candidate) => candidate.name === name);
	if (!member) return unknownMember(target, expr, cx);
	cx.session.info.references.push({
		span: expr.name.span,
		target: {
			kind: 'member',
			owner: target.type,
			name,
			type: member.type,
			span: originOf(target.type, name),
		},
	});
	const core = { ...field(target, name), loc: cx.session.loc(expr.span) };
	return {
		type: member.type,
		core,
		...(target.origin ? { origin: target.origin } : {}),
		...(target.originSpan ? { originSpan: target.originSpan } : {}),
	};
}

const originOf = (type: Type, name: string): Span | null => {
	const plain = unlabel(type);
	return plain.k === 'record' ? (plain.origins?.get(name) ?? null) : null;
};

const field = (target: Typed, name: string): Typed['core'] => ({ op: 'field', of: target.core, name });

function unknownMember(target: Typed, expr: Extract<Expr, { kind: 'member' }>, cx: Context): Typed {
	const type = unlabel(target.type);
	const shown = `\`${sourceOf(expr.target, cx)}\``;
	if (isApp(type, 'Option') && membersOf(argOf(type)).some((m) => m.name === expr.name.text)) {
		cx.session.report(
			'A0227',
			{ field: expr.name.text, inner: showType(argOf(type)), shown },
			expr.name.span,
		);
		return { type: ERROR, core: target.core };
	}
	const fields = membersOf(target.type).map((m) => m.name);
	const columns = isApp(type, 'Data') || isApp(type, 'Table') ? membersOf(argOf(type)) : [];
	const column = columns.some((c) => c.name === expr.name.text);
	const near = nearest(expr.name.text, fields);
	const fix = near ? { title: `Change to ${near}`, edits: [{ span: expr.name.span, text: near }] } : null;
	cx.session.report(
		'A0103',
		{ field: expr.name.text, type: showType(type), near, fields, column },
		expr.name.span,
		{ fix },
	);
	return { type: ERROR, core: target.core };
}

export function inferIndex(expr: Extract<Expr, { kind: 'index' }>, cx: Context): Typed {
	const target = infer(expr.target, cx);
	const type = unlabel(target.type);
	const range = expr.index.kind === 'binary' && expr.index.operator === '..' ? expr.index : null;
	if (isApp(type, 'List') && range) {
		const [from, to] = [infer(range.left, cx, NUMBER), infer(range.right, cx, NUMBER)];
		return {
			type,
			core: { op: 'slice', of: unlabelled(target), from: plainNumber(from), to: plainNumber(to) },
		};
	}
	const index = infer(expr.index, cx);
	reportUnknownOption(type, index, expr, cx);
	const result = indexedType(type, unlabel(index.type), expr.index);
	if (!result) {
		const data = { target: showType(type), index: showType(index.type), help: indexHelp(type, expr, cx) };
		cx.session.report('A0218', data, expr.index.span);
	}
	return {
		type: result ?? ERROR,
		core: { op: 'index', of: unlabelled(target), index: unlabelled(index), loc: cx.session.loc(expr.span) },
		...(target.origin ? { origin: target.origin } : {}),
		...(target.originSpan ? { originSpan: target.originSpan } : {}),
	};
}

/** `p["yes"]` of a Choice whose options were written out and have no "yes". */
function reportUnknownOption(
	type: Type,
	index: Typed,
	expr: Extract<Expr, { kind: 'index' }>,
	cx: Context,
): void {
	const option = index.core.op === 'lit' ? index.core.value : null;
	if (type.k !== 'app' || !type.options || typeof option !== 'string' || type.options.includes(option))
		return;
	const near = nearest(option, type.options);
	const span = expr.index.span;
	const fix = near ? { title: `Change to "${near}"`, edits: [{ span, text: quoted(near) }] } : null;
	const data = { shown: sourceOf(expr.target, cx), option, near, options: type.options };
	cx.session.report('A0234', data, span, { fix });
}

const quoted = (text: string): string => `"${text.replace(/["\\{}]/g, '\\$&')}"`;

function indexedType(target: Type, index: Type, expr: Expr): Type | null {
	if (target.k === 'error' || target.k === 'any') return target;
	const byText = index.k === 'any' || index.k === 'error' || isApp(index, 'Text');
	const byNumber = index.k === 'any' || index.k === 'error' || isApp(index, 'Number');
	if (isApp(target, 'List')) return byNumber ? argOf(target) : null;
	if (isApp(target, 'Data')) return byNumber ? argOf(target) : null;
	if (isApp(target, 'Choice')) return byText ? PROB : null;
	if (isApp(target, 'Text')) return byNumber ? TEXT : null;
	if (target.k !== 'record' || !byText) return null;
	const [part] = expr.kind === 'text' ? expr.parts : [];
	return part?.kind === 'chars' ? (target.fields.get(part.value) ?? null) : null;
}

function indexHelp(type: Type, expr: Extract<Expr, { kind: 'index' }>, cx: Context): string | null {
	if (isApp(type, 'Option'))
		return `say what to use where it is absent: \`or_else(${sourceOf(expr.target, cx)}, …)\``;
	if (headOf(type) === 'Choice') return 'a Choice is indexed with the text of an option, as in `p["Yes"]`';
	return null;
}
