import type { Expr } from '../ast.ts';
import type { Comments } from './comments.ts';
import {
	breakHere,
	concat,
	type Document,
	group,
	hardline,
	indent,
	line,
	softline,
	wideline,
} from './document.ts';

/** What rules work with. */
export interface Printer {
	readonly source: string;
	readonly comments: Comments;
}

/** `name = value`, or another head with a value; a comment before the value puts it on a line of its own. */
export function assigned(printer: Printer, head: Document, value: Expr, print: PrintExpr): Document {
	if (!printer.comments.any(value.span.start)) return concat(head, ' ', print(printer, value));
	return concat(head, indent(printer.comments.before(value.span.start), hardline, print(printer, value)));
}

export type PrintExpr = (printer: Printer, expr: Expr) => Document;

/** Comma-separated items between brackets: on one line, or one a line. `close` is the offset of the closing bracket. */
export function bracketed<T>(
	printer: Printer,
	brackets: readonly [open: string, close: string],
	items: readonly T[],
	close: number,
	print: (item: T) => Document,
	edge: Document = softline,
): Document {
	if (items.length === 0 && !printer.comments.any(close)) return brackets.join('');
	const printed = items.map((item, i) => {
		const document = print(item);
		return i < items.length - 1 ? concat(document, ',', line) : document;
	});
	const last = printer.comments.before(close);
	return group(brackets[0], indent(edge, ...printed, last), edge, brackets[1]);
}

/** The offset of the next `sign` from `from` on that does not stand in a comment. There is one: the program parsed. */
export function findSign({ source }: Printer, sign: string, from: number): number {
	let i = from;
	while (source[i] !== sign) {
		if (source[i] === '#') while (i < source.length && !/[\r\n]/.test(source[i] as string)) i++;
		else i++;
	}
	return i;
}

/**
 * Items between braces, separated by white space: on one line where they fit and the program has the first on the line
 * of the brace, and otherwise one a line, with the empty lines between them that the program has.
 */
export function braced<T>(
	printer: Printer,
	open: number,
	close: number,
	items: readonly T[],
	start: (item: T) => number,
	print: (item: T) => Document,
): Document {
	if (items.length === 0 && !printer.comments.any(close)) return '{}';
	const expanded = /^[ \t]*(?:[\r\n]|#)/.test(printer.source.slice(open + 1, close));
	const printed = items.map((item, i) => {
		const comments = printer.comments.beforeItem(start(item), i === 0);
		return concat(i === 0 ? line : wideline, comments, print(item));
	});
	const last = printer.comments.beforeClose(close, items.length === 0);
	return group(expanded ? breakHere : '', '{', indent(...printed, last), line, '}');
}
