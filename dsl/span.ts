/** A half-open range of UTF-16 offsets into a program's text. */
export interface Span {
	readonly start: number;
	readonly end: number;
}

export const spanOf = (start: number, end: number): Span => ({ start, end });

/** The smallest span that holds both. */
export const joinSpans = (a: Span, b: Span): Span => ({
	start: Math.min(a.start, b.start),
	end: Math.max(a.end, b.end),
});

export const contains = (span: Span, offset: number): boolean => span.start <= offset && offset <= span.end;
