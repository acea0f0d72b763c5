/** A place as people count: lines and columns from 1, columns in code points, `\r\n` one line break. */
export interface Position {
	readonly line: number;
	readonly column: number;
}

/** A place as editors count it (LSP, Monaco): from 1, columns in UTF-16 units. */
export interface Utf16Position {
	readonly line: number;
	readonly utf16Column: number;
}

/** Between UTF-16 offsets into a text and its lines and columns. */
export class LineMap {
	readonly text: string;
	/** The offset of the first character of each line. */
	readonly lineStarts: readonly number[];

	constructor(text: string) {
		this.text = text;
		this.lineStarts = findLineStarts(text);
	}

	get lineCount(): number {
		return this.lineStarts.length;
	}

	/** The line (from 1) that holds an offset; offsets beyond the text belong to its last line. */
	lineAt(offset: number): number {
		let low = 0;
		let high = this.lineStarts.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if ((this.lineStarts[middle] as number) <= offset) low = middle;
			else high = middle - 1;
		}
		return low + 1;
	}

	positionAt(offset: number): Position {
		const { line, utf16Column } = this.utf16PositionAt(offset);
		const start = this.startOf(line);
		return { line, column: countCodePoints(this.text, start, start + utf16Column - 1) + 1 };
	}

	utf16PositionAt(offset: number): Utf16Position {
		const inside = Math.max(0, Math.min(offset, this.text.length));
		const line = this.lineAt(inside);
		return { line, utf16Column: inside - this.startOf(line) + 1 };
	}

	/** The inverse of `positionAt`; a column beyond its line means the end of that line. */
	offsetAt({ line, column }: Position): number {
		const end = this.endOf(line);
		let offset = this.startOf(line);
		for (let left = column - 1; left > 0 && offset < end; left--)
			offset += codePointLength(this.text, offset);
		return Math.min(offset, end);
	}

	offsetAtUtf16({ line, utf16Column }: Utf16Position): number {
		return Math.min(this.startOf(line) + Math.max(0, utf16Column - 1), this.endOf(line));
	}

	/** A line's text without its line break. */
	lineText(line: number): string {
		return this.text.slice(this.startOf(line), this.endOf(line));
	}

	private startOf(line: number): number {
		return this.lineStarts[Math.max(1, Math.min(line, this.lineCount)) - 1] as number;
	}

	private endOf(line: number): number {
		const next = this.lineStarts[Math.max(1, line)];
		if (next === undefined) return this.text.length;
		const beforeBreak = next - 1;
		return this.text[beforeBreak] === '\n' && this.text[beforeBreak - 1] === '\r'
			? beforeBreak - 1
			: beforeBreak;
	}
}

function findLineStarts(text: string): number[] {
	const starts = [0];
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
	}
	return starts;
}

function countCodePoints(text: string, start: number, end: number): number {
	let count = 0;
	for (let i = start; i < end; i += codePointLength(text, i)) count++;
	return count;
}

const codePointLength = (text: string, offset: number): 1 | 2 =>
	(text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
