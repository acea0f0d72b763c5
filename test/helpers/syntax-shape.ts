import type { Program } from '../../dsl/ast.ts';

/** A program's tree without what only says where and how it was written. */
export function shapeOf(program: Program): unknown {
	return JSON.parse(
		JSON.stringify(program.declarations, (key, value: unknown) =>
			key === 'span' || key === 'operatorSpan' || key === 'doc' ? undefined : value,
		),
	);
}

/** The comments of a program, in order. */
export const commentsOf = (program: Program): readonly string[] =>
	program.comments.map((comment) => comment.text);
