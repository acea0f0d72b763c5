import type { Comment } from '../ast.ts';
import { blank, comment, concat, type Document } from './document.ts';

/**
 * The comments of a program in their order. Rules walk the tree in the order of the text and take, before they print
 * what stands at an offset, the comments in front of it: so none is lost, and none moves past a token.
 */
export class Comments {
	private readonly text: string;
	private readonly all: readonly Comment[];
	private next = 0;

	constructor(text: string, all: readonly Comment[]) {
		this.text = text;
		this.all = all;
	}

	/** Whether a comment is left in front of `offset`. */
	any(offset: number): boolean {
		const next = this.all[this.next];
		return next !== undefined && next.span.start < offset;
	}

	/** The comments in front of `offset` that were not taken yet. */
	before(offset: number): Document {
		return this.any(offset) ? concat(...this.take(offset, () => false)) : '';
	}

	/** The same before an item that stands on its own line, with the empty lines (one at most) between them. */
	beforeItem(offset: number, first: boolean): Document {
		const start = this.next;
		const parts = this.take(offset, (i) => !(first && i === start));
		const parted = this.blankBefore(offset) && !(first && parts.length === 0);
		return concat(...parts, ...(parted ? [blank] : []));
	}

	/** The same before the closer of such items, without an empty line before it. */
	beforeClose(offset: number, first: boolean): Document {
		const start = this.next;
		return concat(...this.take(offset, (i) => !(first && i === start)));
	}

	private take(offset: number, mayPart: (i: number) => boolean): Document[] {
		const parts: Document[] = [];
		for (; this.any(offset); this.next++) {
			const { span } = this.all[this.next] as Comment;
			if (mayPart(this.next) && this.blankBefore(span.start)) parts.push(blank);
			parts.push(comment(this.text.slice(span.start, span.end).trimEnd(), this.isTrailing(span.start)));
		}
		return parts;
	}

	/** Something other than a comment stands before it on its line. */
	private isTrailing(offset: number): boolean {
		const before = skipBlanksBack(this.text, offset);
		return before >= 0 && !isNewline(this.text[before]);
	}

	/** An empty line stands before what begins at `offset`. */
	private blankBefore(offset: number): boolean {
		const end = skipBlanksBack(this.text, offset);
		if (!isNewline(this.text[end])) return false;
		const pair = this.text[end] === '\n' && this.text[end - 1] === '\r' ? 2 : 1;
		return isNewline(this.text[skipBlanksBack(this.text, end - pair + 1)]);
	}
}

const isNewline = (character: string | undefined): boolean => character === '\n' || character === '\r';

/** The offset of the last character before `offset` that is neither space nor tab; -1 where there is none. */
function skipBlanksBack(text: string, offset: number): number {
	let i = offset - 1;
	while (i >= 0 && (text[i] === ' ' || text[i] === '\t')) i--;
	return i;
}
