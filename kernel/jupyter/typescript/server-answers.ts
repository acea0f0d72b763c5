/** What goes to the language server and comes from it, in the terms of a cell: its places and its words. */

export interface Position {
	/** Counted from 0, as the language server does. */
	readonly line: number;
	/** In UTF-16 units, from 0. */
	readonly character: number;
}

export interface Range {
	readonly start: Position;
	readonly end: Position;
}

export interface TypeDiagnostic {
	readonly range: Range;
	readonly code: number;
	readonly message: string;
	readonly related: readonly string[];
}

export interface Hover {
	/** The declaration as TypeScript writes it, without fences. */
	readonly signature: string;
	readonly documentation: string;
}

export interface Completion {
	readonly label: string;
	/** A `CompletionItemKind` of the protocol. */
	readonly kind: number;
	readonly sortText: string;
	readonly insertText?: string;
	readonly textEdit?: { readonly range?: Range; readonly newText: string };
	readonly data?: unknown;
}

export interface FoundCompletion {
	readonly item: Completion;
	readonly signature: string | null;
	/** Offsets of what it replaces, where the server says so. */
	readonly start: number | null;
	readonly end: number | null;
}

/** The text to look at: what is known from earlier cells, on lines of its own, then the cell. */
export interface CellText {
	readonly prelude: string;
	readonly code: string;
}

const ERROR = 1;
/** A module without types is one whose values are `any`: reason enough for a remark in an editor, not to run nothing. */
const NO_DECLARATIONS = 7016;

export const linesOf = (prelude: string): number => prelude.split('\n').length;

export function positionIn(text: CellText, offset: number): Position {
	const before = text.code.slice(0, offset);
	const lineStart = before.lastIndexOf('\n') + 1;
	const line = linesOf(text.prelude) + before.split('\n').length - 1;
	return { line, character: offset - lineStart };
}

export function replacedBy(
	{ textEdit }: Completion,
	text: CellText,
): { start: number | null; end: number | null } {
	const range = textEdit?.range;
	if (!range) return { start: null, end: null };
	return { start: offsetIn(text, range.start), end: offsetIn(text, range.end) };
}

function offsetIn(text: CellText, { line, character }: Position): number {
	const lines = text.code.split('\n').slice(0, line - linesOf(text.prelude));
	return lines.reduce((sum, { length }) => sum + length + 1, 0) + character;
}

interface ServerDiagnostic {
	readonly range: Range;
	readonly severity?: number;
	readonly code?: number;
	readonly message: string;
	readonly relatedInformation?: readonly { readonly message: string }[];
}

export function errorsIn(report: unknown, lineShift: number): TypeDiagnostic[] {
	const { items = [] } = (report ?? {}) as { items?: readonly ServerDiagnostic[] };
	const shift = ({ line, character }: Position): Position => ({ line: line - lineShift, character });
	return items
		.filter(({ severity, code }) => severity === ERROR && code !== NO_DECLARATIONS)
		.map(({ range, code = 0, message, relatedInformation = [] }) => ({
			range: { start: shift(range.start), end: shift(range.end) },
			code,
			message,
			related: relatedInformation.map((related) => related.message),
		}));
}

export function hoverOf(answer: unknown): Hover | null {
	const value = (answer as { contents?: { value?: string } } | null)?.contents?.value;
	if (value === undefined) return null;
	const fenced = /^```\w*\n([\s\S]*?)\n```\n?([\s\S]*)$/.exec(value);
	return { signature: withoutAlias(fenced?.[1] ?? value), documentation: fenced?.[2]?.trim() ?? '' };
}

export function completionItems(answer: unknown): readonly Completion[] {
	if (Array.isArray(answer)) return answer as Completion[];
	return (answer as { items?: readonly Completion[] } | null)?.items ?? [];
}

/** That a name was imported says nothing where earlier cells are modules only for the checker. */
export const withoutAlias = (signature: string): string => signature.replace(/^\(alias\) /, '');
