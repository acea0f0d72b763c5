import type { TokenType } from 'chevrotain';
import type { Comment } from '../ast.ts';
import { type Problem, problem } from '../diagnostics/catalogue.ts';
import { type Span, spanOf } from '../span.ts';
import { makeToken, type Token } from './tokens.ts';

export interface Lexed {
	readonly tokens: Token[];
	readonly comments: Comment[];
	readonly problems: Problem[];
	/** Where something could not be read at all, so that what the parser says about its surroundings is noise. */
	readonly broken: readonly number[];
}

/** What the parts of the lexer share: where it is and what it has found. */
export class LexerState {
	protected readonly source: string;
	protected position = 0;
	/** A line break came since the last token. */
	protected newline = true;
	protected docLines: string[] = [];
	protected readonly tokens: Token[] = [];
	protected readonly comments: Comment[] = [];
	protected readonly problems: Problem[] = [];
	protected readonly broken: number[] = [];

	/** From some place to the end of its line: the last answer of `endOfLine`. */
	private lineSpan: Span = spanOf(0, -1);

	constructor(source: string) {
		this.source = source;
	}

	protected emit(
		type: TokenType,
		image: string,
		start: number,
		payload: Token['payload'] = null,
		end: number = start + image.length,
	): void {
		let doc: string | null = null;
		if (this.docLines.length > 0) {
			doc = this.docLines.join('\n');
			this.docLines = [];
		}
		this.tokens.push(makeToken(type, image, start, this.newline, doc, payload, end));
		this.newline = false;
	}

	protected report(code: 'A0005' | 'A0030', data: Record<never, never>, start: number, end: number): void;
	protected report(
		code: 'A0008',
		data: { character: string; word: boolean },
		start: number,
		end: number,
	): void;
	protected report(code: 'A0005' | 'A0030' | 'A0008', data: never, start: number, end: number): void {
		this.problems.push(problem(code, data, spanOf(start, end)));
		this.broken.push(start);
	}

	protected endOfLine(offset: number): number {
		if (offset < this.lineSpan.start || offset > this.lineSpan.end) {
			endOfLine.lastIndex = offset;
			this.lineSpan = spanOf(offset, endOfLine.exec(this.source)?.index ?? this.source.length);
		}
		return this.lineSpan.end;
	}
}

const endOfLine = /[\r\n]/g;
