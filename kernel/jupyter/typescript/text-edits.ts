/** Counted from 0, columns in UTF-16 units. */
export interface Point {
	readonly line: number;
	readonly column: number;
}

interface Edit {
	readonly at: number;
	readonly removed: number;
	readonly inserted: string;
}

/** Replacements in a text, which can afterwards tell where a place in the result comes from. */
export class TextEdits {
	private readonly edits: Edit[] = [];

	replace(start: number, end: number, inserted: string): void {
		this.edits.push({ at: start, removed: end - start, inserted });
	}

	insert(at: number, inserted: string): void {
		this.replace(at, at, inserted);
	}

	/** Keeps the lines below where they are. */
	blank(text: string, start: number, end: number): void {
		this.replace(start, end, text.slice(start, end).replace(/[^\n\r]/g, ' '));
	}

	apply(text: string): { readonly text: string; readonly toOriginal: (point: Point) => Point } {
		// Stable: insertions at one place stay in the order in which they were made.
		const edits = this.edits.toSorted((a, b) => a.at - b.at);
		let result = '';
		let from = 0;
		for (const { at, removed, inserted } of edits) {
			result += text.slice(from, at) + inserted;
			from = at + removed;
		}
		result += text.slice(from);
		return { text: result, toOriginal: (point) => pointAt(text, original(offsetOf(result, point), edits)) };
	}
}

function original(offset: number, edits: readonly Edit[]): number {
	let shift = 0;
	for (const { at, removed, inserted } of edits) {
		const start = at + shift;
		if (offset < start) break;
		if (offset < start + inserted.length) return at + Math.min(offset - start, removed);
		shift += inserted.length - removed;
	}
	return offset - shift;
}

export function pointAt(text: string, offset: number): Point {
	const before = text.slice(0, offset);
	const line = before.split('\n').length - 1;
	return { line, column: offset - (before.lastIndexOf('\n') + 1) };
}

export function offsetOf(text: string, { line, column }: Point): number {
	let start = 0;
	for (let index = 0; index < line; index++) {
		const end = text.indexOf('\n', start);
		if (end < 0) return text.length;
		start = end + 1;
	}
	return Math.min(start + column, text.length);
}
