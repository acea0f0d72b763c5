import type { BinaryOperator, Expr } from '../ast.ts';
import { concat, type Document, group, indent, line } from './document.ts';
import type { PrintExpr, Printer } from './printer.ts';

type Binary = Extract<Expr, { kind: 'binary' }>;

/**
 * A chain of operators that bind alike is one group: on one line, or broken before each operator. So a pipeline that
 * does not fit shows one step a line.
 */
export function formatBinary(printer: Printer, binary: Binary, print: PrintExpr): Document {
	const { first, rest } = flatten(binary);
	const head = print(printer, first);
	if (binary.operator === '..') return concat(head, ...rest.map((step) => range(printer, step, print)));
	const steps = rest.map(({ operator, operatorSpan, right }) => {
		const comments = printer.comments.before(operatorSpan.start);
		return concat(line, comments, `${operator} `, print(printer, right));
	});
	return group(head, indent(...steps));
}

type Step = Pick<Binary, 'operator' | 'operatorSpan' | 'right'>;

/** `1..4` has no spaces. */
function range(printer: Printer, { operatorSpan, right }: Step, print: PrintExpr): Document {
	return concat(printer.comments.before(operatorSpan.start), '..', print(printer, right));
}

function flatten(binary: Binary): { readonly first: Expr; readonly rest: readonly Step[] } {
	const rest: Step[] = [];
	let left: Expr = binary;
	while (left.kind === 'binary' && family(left.operator) === family(binary.operator)) {
		rest.unshift(left);
		left = left.left;
	}
	return { first: left, rest };
}

/** Operators of one level of precedence, which associate to the left and may share a chain. */
function family(operator: BinaryOperator): string {
	if (operator === '+' || operator === '-') return '+';
	if (operator === '*' || operator === '/') return '*';
	return operator;
}
