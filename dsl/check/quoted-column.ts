import type { Expr } from '../ast.ts';
import type { Context } from './context.ts';
import type { Scope } from './scope.ts';

/** Reports a column that is written as a text, as in `x: "accuracy"` or `where("category" == "Age")`. */
export function reportQuotedColumn(expr: Expr, columns: Scope, cx: Context): boolean {
	const quoted = quotedColumn(expr, new Set([...columns.own()].map((column) => column.name)));
	if (!quoted) return false;
	const { name, span } = quoted;
	const fix = { title: `Write ${name}`, edits: [{ span, text: name }] };
	cx.session.report('A0233', { name }, span, { fix });
	return true;
}

type Quoted = { readonly name: string; readonly span: Expr['span'] };

/** A text alone, or compared with another literal, can only be meant as the column of that name. */
function quotedColumn(expr: Expr, columns: ReadonlySet<string>): Quoted | null {
	if (expr.kind === 'group') return quotedColumn(expr.inner, columns);
	if (expr.kind === 'unary') return expr.operator === 'not' ? quotedColumn(expr.operand, columns) : null;
	if (expr.kind === 'text') {
		const [part, ...others] = expr.parts;
		const name = part?.kind === 'chars' && others.length === 0 ? part.value : '';
		return columns.has(name) ? { name, span: expr.span } : null;
	}
	if (expr.kind !== 'binary') return null;
	const joins = expr.operator === 'and' || expr.operator === 'or';
	if (!joins && !(isLiteral(expr.left) && (isLiteral(expr.right) || expr.operator === 'in'))) return null;
	return quotedColumn(expr.left, columns) ?? (joins ? quotedColumn(expr.right, columns) : null);
}

const isLiteral = (expr: Expr): boolean => ['text', 'number', 'bool', 'none'].includes(expr.kind);
