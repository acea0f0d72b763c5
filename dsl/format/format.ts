import type { Expr } from '../ast.ts';
import type { Problem } from '../diagnostics/catalogue.ts';
import { parse } from '../parser/parser.ts';
import { Comments } from './comments.ts';
import { formatDeclaration } from './declarations.ts';
import { concat, hardline } from './document.ts';
import { formatExpr } from './expressions.ts';
import { write } from './writer.ts';

export type Formatted = { readonly text: string } | { readonly problems: readonly Problem[] };

/**
 * The canonical form of a program: width 100, indentation 2, no options. Keeps every comment, and in its bodies the
 * choice between one line and several, and single empty lines. Formatting what it gives changes nothing.
 * Refuses a program with syntax errors.
 */
export function format(source: string): Formatted {
	const { program, problems } = parse(source);
	if (problems.length > 0) return { problems };
	const printer = { source, comments: new Comments(source, program.comments) };
	const declarations = program.declarations.map((declaration, i) => {
		const comments = printer.comments.beforeItem(declaration.span.start, i === 0);
		return concat(i === 0 ? '' : hardline, comments, formatDeclaration(printer, declaration));
	});
	const rest = printer.comments.beforeClose(source.length + 1, declarations.length === 0);
	return { text: write(concat(...declarations, rest)) };
}

/** One expression of a program on one line, without its comments. */
export function formatExpression(expr: Expr, source: string): string {
	const printer = { source, comments: new Comments(source, []) };
	return write(formatExpr(printer, expr), Number.POSITIVE_INFINITY).replace(/\s+/g, ' ').trim();
}
