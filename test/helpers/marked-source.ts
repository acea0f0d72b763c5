import type { Span } from '../../dsl/span.ts';

export interface MarkedSource {
	readonly text: string;
	/** What stood between `«` and `»`, in the order of the openers. */
	readonly marks: readonly Span[];
}

/** A program with places marked in it: `let n = «x»`. The marks are not part of the text; `«»` marks a point. */
export function markedSource(source: string): MarkedSource {
	const marks: { start: number; end: number }[] = [];
	const open: { start: number; end: number }[] = [];
	let text = '';
	for (const character of source) {
		if (character === '«') {
			const mark = { start: text.length, end: -1 };
			marks.push(mark);
			open.push(mark);
		} else if (character === '»') {
			const mark = open.pop();
			if (mark === undefined) throw new Error(`a \`»\` without its \`«\` in ${source}`);
			mark.end = text.length;
		} else text += character;
	}
	if (open.length > 0) throw new Error(`a \`«\` without its \`»\` in ${source}`);
	return { text, marks };
}

/** A program with its cursor written into it as `‸`. */
export function marked(source: string): { readonly text: string; readonly offset: number } {
	const offset = source.indexOf('‸');
	if (offset < 0) throw new Error('the program has no ‸');
	return { text: source.slice(0, offset) + source.slice(offset + 1), offset };
}

/** The program with `«…»` around spans, to compare by eye. */
export function showSpans(
	text: string,
	spans: readonly { readonly start: number; readonly end: number }[],
): string {
	const marks = spans.flatMap(({ start, end }) => [[start, '«'] as const, [end, '»'] as const]);
	return marks
		.sort((a, b) => b[0] - a[0] || (a[1] === '«' ? -1 : 1))
		.reduce((result, [at, mark]) => result.slice(0, at) + mark + result.slice(at), text);
}
