import type { Expr, TextPart } from '../ast.ts';
import { dedent } from '../parser/texts.ts';
import { blockLines, concat, type Document } from './document.ts';
import type { PrintExpr, Printer } from './printer.ts';
import { writeFlat } from './writer.ts';

type Text = Extract<Expr, { kind: 'text' }>;
type Hole = Extract<TextPart, { kind: 'hole' }>;

/**
 * Texts keep their characters and escapes as written; only the expressions in their holes are formatted, and a block's
 * lines move to the indentation of what it belongs to. Nothing in a text is ever broken, however wide.
 */
export function formatText(printer: Printer, text: Text, print: PrintExpr): Document {
	const width = text.block ? 3 : 1;
	const holes = text.parts.filter((part): part is Hole => part.kind === 'hole');
	const pieces: string[] = [];
	let start = text.span.start + width;
	for (const hole of holes) {
		pieces.push(printer.source.slice(start, hole.span.start));
		start = hole.span.end;
	}
	pieces.push(printer.source.slice(start, text.span.end - width));
	const filled = interleave(text.block ? dedent(pieces) : pieces, holes, (hole) => {
		const inside = writeFlat(print(printer, hole.expr));
		return `{${inside}}`;
	});
	if (!text.block) return `"${filled}"`;
	const lines = filled === '' ? [] : filled.split('\n');
	return concat('"""', blockLines(lines), '"""');
}

function interleave(
	pieces: readonly string[],
	holes: readonly Hole[],
	print: (hole: Hole) => string,
): string {
	return pieces.map((piece, i) => (i < holes.length ? piece + print(holes[i] as Hole) : piece)).join('');
}
