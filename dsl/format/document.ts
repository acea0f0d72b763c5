/**
 * What a rule makes of a piece of program: text with places where a line may break. A group is printed on one line where
 * it fits and otherwise breaks at all of its own places.
 */
export type Document =
	| string
	| { readonly kind: 'concat'; readonly parts: readonly Document[]; readonly breaks: boolean }
	| { readonly kind: 'group'; readonly content: Document; readonly breaks: boolean }
	| { readonly kind: 'indent'; readonly content: Document; readonly breaks: boolean }
	/** A place to break; `flat` stands there otherwise. */
	| { readonly kind: 'line'; readonly flat: string; readonly breaks: false }
	/** Always a new line, so that no group around it is flat. */
	| { readonly kind: 'hardline'; readonly breaks: true }
	/** An empty line, unless the lines are flat. */
	| { readonly kind: 'blank'; readonly breaks: false }
	| { readonly kind: 'comment'; readonly text: string; readonly trailing: boolean; readonly breaks: true }
	/** Lines of a block of text, each at the present indentation, empty ones kept. */
	| { readonly kind: 'lines'; readonly lines: readonly string[]; readonly breaks: true }
	/** Nothing, but no group around it is flat. */
	| { readonly kind: 'break'; readonly breaks: true };

const breaks = (document: Document): boolean => typeof document !== 'string' && document.breaks;

export const concat = (...parts: readonly Document[]): Document => ({
	kind: 'concat',
	parts,
	breaks: parts.some(breaks),
});

export const group = (...parts: readonly Document[]): Document => {
	const content = concat(...parts);
	return { kind: 'group', content, breaks: breaks(content) };
};

export const indent = (...parts: readonly Document[]): Document => {
	const content = concat(...parts);
	return { kind: 'indent', content, breaks: breaks(content) };
};

/** A space, or a new line. */
export const line: Document = { kind: 'line', flat: ' ', breaks: false };
/** Nothing, or a new line. */
export const softline: Document = { kind: 'line', flat: '', breaks: false };
/** Two spaces, or a new line. */
export const wideline: Document = { kind: 'line', flat: '  ', breaks: false };
export const hardline: Document = { kind: 'hardline', breaks: true };
export const blank: Document = { kind: 'blank', breaks: false };
export const breakHere: Document = { kind: 'break', breaks: true };

export const comment = (text: string, trailing: boolean): Document => ({
	kind: 'comment',
	text,
	trailing,
	breaks: true,
});

export const blockLines = (lines: readonly string[]): Document => ({ kind: 'lines', lines, breaks: true });

export function join(separator: Document, parts: readonly Document[]): Document {
	return concat(...parts.flatMap((part, i) => (i === 0 ? [part] : [separator, part])));
}
