import type { TypeExpr } from '../ast.ts';
import { concat, type Document, join } from './document.ts';
import { bracketed, type PrintExpr, type Printer } from './printer.ts';

/** Parentheses stand only where the reading would change without them. */
export function formatType(printer: Printer, type: TypeExpr, print: PrintExpr): Document {
	const nested = (inner: TypeExpr): Document => formatType(printer, inner, print);
	const all = (inners: readonly TypeExpr[]): Document => join(', ', inners.map(nested));
	switch (type.kind) {
		case 'name':
			return type.args.length === 0 ? type.name : concat(type.name, '<', all(type.args), '>');
		case 'tensor':
			return concat(
				type.name,
				'[',
				join(
					', ',
					type.dims.map((dim) => print(printer, dim)),
				),
				']',
			);
		case 'record':
			return formatRecordType(printer, type, nested);
		case 'option':
			return concat(wrapped(type.inner, binds(type.inner) < 3, nested), '?');
		case 'union':
			return join(
				' | ',
				type.members.map((member) => wrapped(member, binds(member) < 2, nested)),
			);
		case 'function':
			return concat(parameters(type.params, nested), ' -> ', nested(type.result));
		case 'error':
			return printer.source.slice(type.span.start, type.span.end);
	}
}

function formatRecordType(
	printer: Printer,
	{ spread, fields, span }: Extract<TypeExpr, { kind: 'record' }>,
	nested: (inner: TypeExpr) => Document,
): Document {
	const parts = [
		...spread.map((name) => () => concat(printer.comments.before(name.span.start), `...${name.text}`)),
		...fields.map(({ name, type }) => () => {
			const comments = printer.comments.before(name.span.start);
			return concat(comments, `${name.text}: `, nested(type));
		}),
	];
	return bracketed(printer, ['{', '}'], parts, span.end - 1, (print) => print());
}

function parameters(params: readonly TypeExpr[], nested: (inner: TypeExpr) => Document): Document {
	const [only] = params;
	if (params.length === 1 && only !== undefined && binds(only) >= 1) return nested(only);
	return concat('(', join(', ', params.map(nested)), ')');
}

const wrapped = (type: TypeExpr, wrap: boolean, nested: (inner: TypeExpr) => Document): Document =>
	wrap ? concat('(', nested(type), ')') : nested(type);

/** Function 0, union 1, option 2, others 3. */
function binds(type: TypeExpr): number {
	if (type.kind === 'function') return 0;
	if (type.kind === 'union') return 1;
	return type.kind === 'option' ? 2 : 3;
}
