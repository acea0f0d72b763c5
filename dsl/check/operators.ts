import type { BinaryOperator, Expr } from '../ast.ts';
import type { Core, CoreBinary } from '../plan/core.ts';
import { assign, join, noBindings } from '../types/assign.ts';
import { showType } from '../types/show.ts';
import {
	app,
	argOf,
	BOOL,
	ERROR,
	ESTIMATE,
	isApp,
	listOf,
	NUMBER,
	PROB,
	TEXT,
	type Type,
	unlabel,
} from '../types/type.ts';
import { inferPipe } from './call.ts';
import type { Context, Typed } from './context.ts';
import { infer, sourceOf, unlabelled } from './expression.ts';
import { inferExtension } from './prompt.ts';

type Binary = Extract<Expr, { kind: 'binary' }>;

export function inferBinary(expr: Binary, cx: Context): Typed {
	switch (expr.operator) {
		case '|>':
			return inferPipe(expr, cx);
		case '±':
			return inferUncertain(expr, cx);
		case 'and':
		case 'or':
			return inferLogic(expr, expr.operator, cx);
		case '==':
		case '!=':
			return inferEquality(expr, cx);
		case '<':
		case '<=':
		case '>':
		case '>=':
			return inferOrder(expr, cx);
		case 'in':
			return inferMembership(expr, cx);
		case '..':
			return inferRange(expr, cx);
		case 'to':
			return inferSchedule(expr, cx);
		default:
			return inferArithmetic(expr, cx);
	}
}

const FUNCTIONS: Readonly<Partial<Record<BinaryOperator, CoreBinary>>> = {
	'+': 'add',
	'-': 'sub',
	'*': 'mul',
	'/': 'div',
	'==': 'eq',
	'!=': 'ne',
	'<': 'lt',
	'<=': 'le',
	'>': 'gt',
	'>=': 'ge',
};

const binary = (expr: Binary, cx: Context, fn: CoreBinary, left: Core, right: Core): Core => ({
	op: 'binary',
	fn,
	left,
	right,
	loc: cx.session.loc(expr.span),
});

/** Arithmetic reads the value of an estimate; what that does to its interval is the table's to say. */
export function plainNumber(typed: Typed): Core {
	const core = unlabelled(typed);
	return isApp(unlabel(typed.type), 'Estimate') ? { op: 'field', of: core, name: 'value' } : core;
}

function inferArithmetic(expr: Binary, cx: Context): Typed {
	const left = infer(expr.left, cx);
	if (expr.operator === '+' && isPrompt(left.type) && isMessage(expr.right))
		return inferExtension(left, expr.right, cx);
	const right = infer(expr.right, cx);
	const [a, b] = [unlabel(left.type), unlabel(right.type)];
	if (a.k === 'error' || b.k === 'error') return failed();
	if (expr.operator === '+' && isText(a) && isText(b)) {
		return { type: TEXT, core: binary(expr, cx, 'concat', unlabelled(left), unlabelled(right)) };
	}
	if (expr.operator === '+' && isApp(a, 'List') && isApp(b, 'List')) {
		const item = join(argOf(a), argOf(b));
		if (item)
			return { type: listOf(item), core: binary(expr, cx, 'concat', unlabelled(left), unlabelled(right)) };
	}
	const type = arithmeticType(expr.operator, a, b);
	if (!type) {
		cx.session.report('A0205', operatorData(expr, a, b, cx), expr.span);
		return failed();
	}
	return {
		type,
		core: binary(expr, cx, FUNCTIONS[expr.operator] as CoreBinary, plainNumber(left), plainNumber(right)),
	};
}

const failed = (): Typed => ({ type: ERROR, core: { op: 'lit', value: null } });
const isPrompt = (type: Type): boolean => isApp(unlabel(type), 'Prompt');
const isText = (type: Type): boolean => isApp(type, 'Text');
const isMessage = (expr: Expr): boolean =>
	expr.kind === 'message' || (expr.kind === 'group' && isMessage(expr.inner));
const isNumber = (type: Type): boolean =>
	type.k === 'any' || ['Number', 'Prob', 'Estimate'].some((name) => isApp(type, name));
const isMeasure = (type: Type): boolean => isApp(type, 'Duration') || isApp(type, 'Money');

/** `1 - p` and `p * q` of probabilities are probabilities; money and durations scale and add among themselves. */
function arithmeticType(operator: BinaryOperator, a: Type, b: Type): Type | null {
	const probabilities = isApp(a, 'Prob') && isApp(b, 'Prob');
	if (operator === '*' && probabilities) return PROB;
	if (isNumber(a) && isNumber(b)) return NUMBER;
	if (isMeasure(a) && isMeasure(b) && showType(a) === showType(b)) {
		if (operator === '+' || operator === '-') return a;
		return operator === '/' ? NUMBER : null;
	}
	if (isMeasure(a) && isNumber(b) && (operator === '*' || operator === '/')) return a;
	if (isNumber(a) && isMeasure(b) && operator === '*') return b;
	return null;
}

function operatorData(
	expr: Binary,
	a: Type,
	b: Type,
	cx: Context,
): { operator: string; left: string; right: string; help: string | null } {
	const data = { operator: expr.operator, left: showType(a), right: showType(b) };
	const option = [expr.left, expr.right].find((_, i) => isApp(i === 0 ? a : b, 'Option'));
	if (option)
		return { ...data, help: `say what to use where it is absent: \`or_else(${sourceOf(option, cx)}, …)\`` };
	if (isPrompt(a)) return { ...data, help: `say who speaks: \`${sourceOf(expr.left, cx)} + user "…"\`` };
	if (expr.operator === '+' && (isText(a) || isText(b))) {
		const other = isText(a) ? expr.right : expr.left;
		return { ...data, help: `put the value into the text: \`"… {${sourceOf(other, cx)}} …"\`` };
	}
	if (isApp(a, 'Choice') || isApp(b, 'Choice'))
		return { ...data, help: 'take a probability out of the Choice: `p["Yes"]`' };
	return { ...data, help: null };
}

export function inferUnary(expr: Extract<Expr, { kind: 'unary' }>, cx: Context): Typed {
	const operand = infer(expr.operand, cx);
	const type = unlabel(operand.type);
	if (expr.operator === 'not') {
		if (!assign(type, BOOL, noBindings())) {
			cx.session.report('A0207', { where: '`not`', actual: showType(type) }, expr.operand.span);
		}
		return { type: BOOL, core: { op: 'unary', fn: 'not', of: unlabelled(operand) } };
	}
	if (operand.core.op === 'lit' && typeof operand.core.value === 'number') {
		return { type: operand.type, core: { op: 'lit', value: -operand.core.value } };
	}
	if (type.k !== 'error' && !isNumber(type) && !isMeasure(type)) {
		cx.session.report(
			'A0205',
			{ operator: '-', left: null, right: showType(type), help: unaryHelp(type, expr, cx) },
			expr.span,
		);
		return failed();
	}
	return {
		type: isMeasure(type) ? type : NUMBER,
		core: { op: 'unary', fn: 'neg', of: plainNumber(operand) },
	};
}

/** `+-` is a near miss of `+/-`. */
const unaryHelp = (type: Type, expr: Extract<Expr, { kind: 'unary' }>, cx: Context): string | null =>
	isApp(type, 'Uncertainty')
		? `an uncertainty is attached with \`±\` or \`+/-\`: \`… ± ${sourceOf(expr.operand, cx)}\``
		: null;

function inferLogic(expr: Binary, operator: 'and' | 'or', cx: Context): Typed {
	const [left, right] = [expr.left, expr.right].map((side) => {
		const typed = infer(side, cx, BOOL);
		if (!assign(unlabel(typed.type), BOOL, noBindings())) {
			cx.session.report('A0207', { where: `\`${operator}\``, actual: showType(typed.type) }, side.span);
		}
		return unlabelled(typed);
	}) as [Core, Core];
	return { type: BOOL, core: binary(expr, cx, operator, left, right) };
}

const COMPARISONS: ReadonlySet<BinaryOperator> = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** `a < b < c` is a mistake of syntax, which the parser has reported. */
const isChained = (expr: Binary): boolean =>
	expr.left.kind === 'binary' && COMPARISONS.has(expr.left.operator);

function inferEquality(expr: Binary, cx: Context): Typed {
	const [left, right] = [infer(expr.left, cx), infer(expr.right, cx)];
	const [a, b] = [comparable(left.type), comparable(right.type)];
	if (isChained(expr)) return failed();
	if (!join(a, b)) {
		const data = {
			left: showType(left.type),
			right: showType(right.type),
			help: equalityHelp(expr, left.type, right.type, cx),
		};
		cx.session.report('A0208', data, expr.span);
	}
	return {
		type: BOOL,
		core: binary(expr, cx, FUNCTIONS[expr.operator] as CoreBinary, unlabelled(left), unlabelled(right)),
	};
}

function comparable(type: Type): Type {
	const plain = unlabel(type);
	return isApp(plain, 'Option') ? argOf(plain) : plain;
}

function equalityHelp(expr: Binary, a: Type, b: Type, cx: Context): string | null {
	for (const [type, side] of [
		[a, expr.left],
		[b, expr.right],
	] as const) {
		if (isApp(type, 'Labelled')) return `compare its name: \`${sourceOf(side, cx)}.name\``;
		if (isApp(type, 'Choice')) return `compare its most probable option: \`${sourceOf(side, cx)}.best\``;
		if (type.k === 'model') return `compare its name: \`${sourceOf(side, cx)}.name\``;
	}
	return null;
}

function inferOrder(expr: Binary, cx: Context): Typed {
	const [left, right] = [infer(expr.left, cx), infer(expr.right, cx)];
	const [a, b] = [unlabel(left.type), unlabel(right.type)];
	if (isChained(expr)) return failed();
	const fits =
		(isNumber(a) && isNumber(b)) || (isText(a) && isText(b)) || (isMeasure(a) && showType(a) === showType(b));
	if (!fits && a.k !== 'error' && b.k !== 'error') {
		cx.session.report('A0205', operatorData(expr, a, b, cx), expr.span);
	}
	return {
		type: BOOL,
		core: binary(expr, cx, FUNCTIONS[expr.operator] as CoreBinary, plainNumber(left), plainNumber(right)),
	};
}

function inferMembership(expr: Binary, cx: Context): Typed {
	const [left, right] = [infer(expr.left, cx), infer(expr.right, cx)];
	const [item, container] = [comparable(left.type), unlabel(right.type)];
	const fits =
		container.k === 'error' ||
		container.k === 'any' ||
		(isApp(container, 'List') && join(item, argOf(container)) !== null) ||
		(isApp(container, 'Text') && isText(item)) ||
		(isApp(container, 'Interval') && isNumber(item));
	if (!fits) cx.session.report('A0205', operatorData(expr, item, container, cx), expr.span);
	return { type: BOOL, core: binary(expr, cx, 'in', unlabelled(left), unlabelled(right)) };
}

/** `1..4` is the list 1, 2, 3, 4 of whole numbers; with a fractional literal, as in `0.4..0.6`, it is an interval. */
function inferRange(expr: Binary, cx: Context): Typed {
	const sides = [expr.left, expr.right].map((side) => {
		const typed = infer(side, cx, NUMBER);
		if (!assign(unlabel(typed.type), NUMBER, noBindings())) {
			cx.session.report(
				'A0205',
				{ operator: '..', left: showType(typed.type), right: 'Number', help: null },
				expr.span,
			);
		}
		return plainNumber(typed);
	}) as [Core, Core];
	const fractional = sides.some((side) => side.op === 'lit' && !Number.isInteger(side.value));
	return fractional
		? { type: app('Interval'), core: { op: 'interval', from: sides[0], to: sides[1] } }
		: { type: listOf(NUMBER), core: { op: 'range', from: sides[0], to: sides[1] } };
}

function inferSchedule(expr: Binary, cx: Context): Typed {
	const [left, right] = [infer(expr.left, cx, NUMBER), infer(expr.right, cx, NUMBER)];
	for (const side of [left, right]) {
		if (!assign(unlabel(side.type), NUMBER, noBindings())) {
			cx.session.report(
				'A0205',
				{ operator: 'to', left: showType(left.type), right: showType(right.type), help: null },
				expr.span,
			);
		}
	}
	return { type: app('Schedule'), core: { op: 'schedule', from: plainNumber(left), to: plainNumber(right) } };
}

function inferUncertain(expr: Binary, cx: Context): Typed {
	const [left, right] = [infer(expr.left, cx), infer(expr.right, cx)];
	const of = unlabel(left.type);
	if (cx.rows === null || !(isNumber(of) || of.k === 'error')) {
		cx.session.report(
			'A0222',
			{ side: 'left', actual: cx.rows === null ? 'a value outside a table' : showType(of) },
			expr.left.span,
		);
	}
	if (!assign(right.type, app('Uncertainty'), noBindings())) {
		cx.session.report('A0222', { side: 'right', actual: showType(right.type) }, expr.right.span);
	}
	return {
		type: ESTIMATE,
		core: { op: 'uncertain', of: unlabelled(left), method: right.core, loc: cx.session.loc(expr.span) },
	};
}
