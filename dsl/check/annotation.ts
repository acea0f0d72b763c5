import type { TypeExpr } from '../ast.ts';
import { nearest } from '../nearest.ts';
import { CAPABILITIES, CONSTRUCTORS, typeFromSyntax } from '../types/from-syntax.ts';
import type { Type } from '../types/type.ts';
import type { Context } from './context.ts';

/** An annotation of the program as a type. */
export function annotation(syntax: TypeExpr, cx: Context): Type {
	const { session } = cx;
	return typeFromSyntax(syntax, {
		named: (name) => session.library.namedType(name),
		variable: () => null,
		inProgram: true,
		dimension: (name) => name,
		unknown: (name, span) => {
			const known = [
				...CONSTRUCTORS.keys(),
				'Any',
				'Model',
				'Image',
				'Tensor',
				...session.library.typeNames(),
				...CAPABILITIES,
			];
			const near = nearest(name, known);
			const fix = near ? { title: `Change to ${near}`, edits: [{ span, text: near }] } : null;
			session.report('A0105', { name, near }, span, { fix });
		},
		badDimension: (span) =>
			session.report('A0230', { shown: session.text.slice(span.start, span.end) }, span),
	});
}
