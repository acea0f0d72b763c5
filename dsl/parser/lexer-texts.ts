import { problem } from '../diagnostics/catalogue.ts';
import { spanOf } from '../span.ts';
import { columnOf } from './layout.ts';
import { LexerState } from './lexer-state.ts';
import { dedent, isEscape, unescaped } from './texts.ts';
import * as t from './tokens.ts';
import { makeToken, type Token } from './tokens.ts';

export interface TextMode {
	readonly kind: 'text';
	readonly block: boolean;
	readonly start: number;
	/** Index of its TextStart among the tokens. */
	readonly first: number;
	/** How many problems there were before it. */
	readonly problems: number;
}

export interface HoleMode {
	readonly kind: 'hole';
	readonly start: number;
	/** Braces opened and not yet closed inside the hole. */
	braces: number;
}

const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Texts, their holes, and what happens where one of them does not close. */
export class TextLexer extends LexerState {
	protected readonly modes: (TextMode | HoleMode)[] = [];
	/** Texts that begin before this offset have no holes, because one of them did not close. */
	private plainUntil = -1;
	private oddFences: boolean | null = null;

	protected openText(hole: HoleMode | null): void {
		const start = this.position;
		const block = this.source.startsWith('"""', start);
		if (block && hole !== null) {
			this.abandonHoles();
			return;
		}
		const width = block ? 3 : 1;
		this.modes.push({
			kind: 'text',
			block,
			start,
			first: this.tokens.length,
			problems: this.problems.length,
		});
		this.emit(t.TextStart, this.source.slice(start, start + width), start);
		this.position = start + width;
	}

	/** Characters up to the next hole or the end of the text. */
	protected readTextPart(mode: TextMode): void {
		const { source: text } = this;
		const start = this.position;
		const holes = mode.start >= this.plainUntil;
		let i = start;
		for (; ; i++) {
			const code = text.charCodeAt(i);
			if (Number.isNaN(code) || this.breaksText(mode, i, code)) {
				this.endUnterminated(mode, start, i);
				return;
			}
			if (code === QUOTE && (!mode.block || text.startsWith('"""', i))) break;
			if (code === OPEN_BRACE && holes) break;
			if (code === CLOSE_BRACE && holes) this.reportBrace(i);
			if (code === BACKSLASH) i = this.checkEscape(i);
		}
		this.emitChars(start, i);
		this.position = i;
		if (text.charCodeAt(i) === OPEN_BRACE) this.openHole();
		else this.closeText(mode);
	}

	private reportBrace(offset: number): void {
		const span = spanOf(offset, offset + 1);
		const fix = { title: 'Write `\\}`', edits: [{ span, text: '\\}' }] };
		this.problems.push(problem('A0044', {}, span, { fix }));
	}

	/** A line break in a text that may have none, or in a block before what is plainly not its text. */
	private breaksText(mode: TextMode, offset: number, code: number): boolean {
		if (code !== NEWLINE && code !== RETURN) return false;
		return !mode.block || this.looksLikeCode(offset + 1);
	}

	/** Returns the offset of the escaped character, or of the backslash where nothing can follow. */
	private checkEscape(offset: number): number {
		const character = this.source[offset + 1];
		if (character === undefined || character === '\n' || character === '\r') return offset;
		if (!isEscape(character)) {
			const span = spanOf(offset, offset + 2);
			const fix = { title: 'Write the backslash twice', edits: [{ span, text: `\\\\${character}` }] };
			this.problems.push(problem('A0007', { character }, span, { fix }));
		}
		return offset + 1;
	}

	private openHole(): void {
		this.emit(t.HoleOpen, '{', this.position);
		this.modes.push({ kind: 'hole', start: this.position, braces: 0 });
		this.position++;
		this.newline = false;
	}

	protected closeHole(): void {
		this.emit(t.HoleClose, '}', this.position);
		this.modes.pop();
		this.position++;
	}

	private closeText(mode: TextMode): void {
		const width = mode.block ? 3 : 1;
		this.emit(t.TextEnd, this.source.slice(this.position, this.position + width), this.position);
		this.position += width;
		this.finishText(mode);
	}

	/** Cooks the characters, and makes one token of a text without holes. */
	private finishText(mode: TextMode): void {
		this.modes.pop();
		const opener = this.tokens[mode.first] as Token;
		const last = this.tokens.at(-1) as Token;
		const pieces = this.tokens.slice(mode.first + 1, -1);
		if (!pieces.some((piece) => piece.tokenType === t.HoleOpen)) {
			const raw = this.source.slice(opener.end, last.startOffset);
			const value = unescaped(mode.block ? (dedent([raw])[0] as string) : raw);
			const image = this.source.slice(opener.startOffset, last.end);
			this.tokens.length = mode.first;
			const payload = { value, block: mode.block };
			this.tokens.push(
				makeToken(t.WholeText, image, opener.startOffset, opener.newline, opener.doc, payload, last.end),
			);
			return;
		}
		this.cookPieces(mode, pieces);
	}

	private cookPieces(mode: TextMode, pieces: readonly Token[]): void {
		let depth = 0;
		const chars: Token[] = [];
		for (const piece of pieces) {
			if (piece.tokenType === t.HoleOpen) depth++;
			else if (piece.tokenType === t.HoleClose) depth--;
			else if (piece.tokenType === t.TextChars && depth === 0) chars.push(piece);
		}
		const raws = chars.map((piece) => piece.image);
		const values = mode.block ? dedent(raws) : raws;
		chars.forEach((piece, i) => {
			piece.payload = unescaped(values[i] as string);
		});
	}

	/** Every piece between holes has its token, also an empty one, so that a block's lines can be told. */
	private emitChars(start: number, end: number): void {
		this.emit(t.TextChars, this.source.slice(start, end), start, null, end);
	}

	private endUnterminated(mode: TextMode, start: number, end: number): void {
		const stop = mode.block ? end : this.withoutClosers(mode.start + 1, start, end);
		this.emitChars(start, stop);
		const span = spanOf(mode.start, mode.start + (mode.block ? 3 : 1));
		if (!mode.block) this.forgetLine(mode.start);
		const fix = {
			title: 'Close the text',
			edits: [{ span: spanOf(stop, stop), text: mode.block ? '\n"""' : '"' }],
		};
		this.problems.push(problem(mode.block ? 'A0006' : 'A0004', {}, span, { fix }));
		this.broken.push(mode.start);
		this.emit(t.TextEnd, '', stop, null, stop);
		this.position = stop;
		this.finishText(mode);
	}

	/** Which parts of a line are text is in doubt when a quote is missing, and so is what was found wrong with them. */
	private forgetLine(offset: number): void {
		const start = offset - columnOf(this.source, offset);
		while ((this.problems.at(-1)?.span.start ?? -1) >= start) this.problems.pop();
	}

	/** `f("a)` most likely lacks its quote before the parenthesis: closers that nothing in the text opens are code. */
	private withoutClosers(textStart: number, from: number, end: number): number {
		let stop = end;
		const inside = this.source.slice(textStart, end);
		let spare = 0;
		for (const character of inside) {
			if ('([{'.includes(character)) spare--;
			else if (')]}'.includes(character)) spare++;
		}
		while (stop > from && /[)\]},\s]/.test(this.source[stop - 1] as string)) {
			if (/[)\]}]/.test(this.source[stop - 1] as string) && spare-- <= 0) break;
			stop--;
		}
		return /[)\]}]/.test(this.source.slice(stop, end)) ? stop : end;
	}

	/** Reads the outermost text of the failed hole's line (or its block) again, with its braces as characters. */
	protected abandonHoles(): void {
		const index = Math.max(
			0,
			this.modes.findIndex((mode) => mode.kind === 'text' && !mode.block),
		);
		const mode = this.modes[index] as TextMode;
		const hole = this.modes[index + 1] as HoleMode;
		this.problems.length = Math.min(this.problems.length, mode.problems);
		this.report('A0005', {}, hole.start, hole.start + 1);
		this.plainUntil = this.position + 1;
		this.modes.length = index + 1;
		this.tokens.length = mode.first + 1;
		this.position = (this.tokens[mode.first] as Token).end;
	}

	/** Whether some text that is open may not go beyond its line. Blocks do not nest, so only the outermost is one. */
	protected insideLine(): boolean {
		const [outermost] = this.modes;
		return this.modes.length > 2 || (outermost?.kind === 'text' && !outermost.block);
	}

	/** Where a `"""` is missing somewhere in the file, a block ends before what is plainly not its text. */
	private looksLikeCode(offset: number): boolean {
		this.oddFences ??= this.source.split('"""').length % 2 === 0;
		if (!this.oddFences) return false;
		declarationLine.lastIndex = offset;
		return declarationLine.test(this.source);
	}
}

const declarationLine =
	/(?:(?:study[ \t]+"|use[ \t]+\w)|(?:param|let|data|model|prompt|constitution|network|train|eval|table|figure)[ \t]+\w+[ \t]*[={(:]|\})/y;
