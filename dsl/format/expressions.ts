import type { Argument, Clause, Expr, MessageExpr, RecordField } from '../ast.ts';
import { concat, type Document, group, indent, line, softline } from './document.ts';
import { formatBinary } from './operators.ts';
import { assigned, bracketed, type Printer } from './printer.ts';
import { formatText } from './texts.ts';
import { formatType } from './types.ts';

/** Comments in front of an expression come before it; those inside come where they stand. */
export function formatExpr(printer: Printer, expr: Expr): Document {
	if (!printer.comments.any(expr.span.start)) return bare(printer, expr);
	return concat(printer.comments.before(expr.span.start), bare(printer, expr));
}

function bare(printer: Printer, expr: Expr): Document {
	switch (expr.kind) {
		case 'number':
			return expr.raw;
		case 'bool':
			return expr.value ? 'true' : 'false';
		case 'none':
			return 'none';
		case 'name':
			return expr.name;
		case 'text':
			return formatText(printer, expr, formatExpr);
		case 'list':
			return bracketed(printer, ['[', ']'], expr.items, expr.span.end - 1, (item) =>
				formatExpr(printer, item),
			);
		case 'record':
			return formatRecord(printer, expr.fields, expr.span.end - 1, softline);
		case 'member':
			return formatMember(printer, expr);
		case 'index':
			return formatIndex(printer, expr);
		case 'call':
			return formatCall(printer, expr);
		case 'lambda':
			return formatLambda(printer, expr);
		case 'if':
			return group(formatIf(printer, expr));
		case 'comprehension':
			return formatComprehension(printer, expr);
		case 'unary':
			return concat(expr.operator === '-' ? '-' : 'not ', formatExpr(printer, expr.operand));
		case 'binary':
			return formatBinary(printer, expr, formatExpr);
		case 'message':
			return formatMessage(printer, expr);
		case 'group':
			return formatGroup(printer, expr);
		case 'type':
			return formatType(printer, expr.type, formatExpr);
		case 'error':
			return printer.source.slice(expr.span.start, expr.span.end);
	}
}

/** `edge` is what stands inside the braces of a record on one line: nothing, or in a study's settings a space. */
export function formatRecord(
	printer: Printer,
	fields: readonly RecordField[],
	close: number,
	edge: Document,
): Document {
	const print = (field: RecordField): Document =>
		concat(
			printer.comments.before(field.span.start),
			assigned(printer, `${field.name.text}:`, field.value, formatExpr),
		);
	return bracketed(printer, ['{', '}'], fields, close, print, edge);
}

function formatMember(printer: Printer, expr: Extract<Expr, { kind: 'member' }>): Document {
	const target = formatExpr(printer, expr.target);
	return concat(target, printer.comments.before(expr.name.span.start), `.${expr.name.text}`);
}

function formatIndex(printer: Printer, expr: Extract<Expr, { kind: 'index' }>): Document {
	const target = formatExpr(printer, expr.target);
	const index = formatExpr(printer, expr.index);
	const last = printer.comments.before(expr.span.end - 1);
	if (typeof index === 'string' && last === '') return concat(target, '[', index, ']');
	return concat(target, group('[', indent(softline, index, last), softline, ']'));
}

function formatCall(printer: Printer, expr: Extract<Expr, { kind: 'call' }>): Document {
	const callee = formatExpr(printer, expr.callee);
	const args = bracketed(printer, ['(', ')'], expr.args, expr.span.end - 1, (argument) =>
		formatArgument(printer, argument),
	);
	return concat(callee, args);
}

function formatArgument(printer: Printer, { name, value, span }: Argument): Document {
	if (name === null) return formatExpr(printer, value);
	return concat(printer.comments.before(span.start), assigned(printer, `${name.text}:`, value, formatExpr));
}

function formatLambda(printer: Printer, expr: Extract<Expr, { kind: 'lambda' }>): Document {
	const names = expr.params.map((param) => param.text);
	const params = names.length === 1 ? (names[0] as string) : `(${names.join(', ')})`;
	return assigned(printer, `${params} =>`, expr.body, formatExpr);
}

/** A further case continues at the indentation of the first. */
function formatIf(printer: Printer, expr: Extract<Expr, { kind: 'if' }>): Document {
	const condition = formatExpr(printer, expr.condition);
	const then = assigned(printer, 'then', expr.then, formatExpr);
	const head = concat('if ', condition, indent(line, then));
	if (expr.else.kind !== 'if')
		return concat(head, indent(line, assigned(printer, 'else', expr.else, formatExpr)));
	const comments = printer.comments.before(expr.else.span.start);
	return concat(head, line, comments, 'else ', formatIf(printer, expr.else));
}

function formatComprehension(printer: Printer, expr: Extract<Expr, { kind: 'comprehension' }>): Document {
	const body = formatExpr(printer, expr.body);
	const clauses = expr.clauses.map((clause) =>
		concat(line, printer.comments.before(clause.span.start), formatClause(printer, clause)),
	);
	const last = printer.comments.before(expr.span.end - 1);
	return group('[', indent(softline, body, ...clauses, last), softline, ']');
}

export function formatClause(printer: Printer, clause: Clause): Document {
	switch (clause.kind) {
		case 'for':
			return assigned(printer, `for ${clause.name.text} in`, clause.source, formatExpr);
		case 'where':
			return assigned(printer, 'where', clause.condition, formatExpr);
		case 'repeat': {
			const count = assigned(printer, 'repeat', clause.count, formatExpr);
			return clause.name === null ? count : concat(count, ` as ${clause.name.text}`);
		}
	}
}

export function formatMessage(printer: Printer, { role, text }: MessageExpr): Document {
	return assigned(printer, role, text, formatExpr);
}

function formatGroup(printer: Printer, expr: Extract<Expr, { kind: 'group' }>): Document {
	const inner = formatExpr(printer, expr.inner);
	const last = printer.comments.before(expr.span.end - 1);
	return group('(', indent(softline, inner, last), softline, ')');
}
