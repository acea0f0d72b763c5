import type { TokenType } from 'chevrotain';
import { problem } from '../diagnostics/catalogue.ts';
import { spanOf } from '../span.ts';
import { foreignOperators } from './foreign.ts';
import type { Lexed } from './lexer-state.ts';
import { type HoleMode, TextLexer } from './lexer-texts.ts';
import { readNumber } from './numbers.ts';
import * as t from './tokens.ts';

/** Total: every text gives tokens. Takes time linear in the text's length. */
export function lex(text: string): Lexed {
	return new Lexer(text).run();
}

const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;

class Lexer extends TextLexer {
	private readonly absentUntil = new Map<string, number>();

	run(): Lexed {
		for (;;) {
			const mode = this.modes.at(-1);
			if (this.position >= this.source.length) {
				if (mode === undefined) break;
				if (mode.kind === 'hole') this.abandonHoles();
				else this.readTextPart(mode);
			} else if (mode?.kind === 'text') this.readTextPart(mode);
			else this.readCode(mode ?? null);
		}
		return { tokens: this.tokens, comments: this.comments, problems: this.problems, broken: this.broken };
	}

	private readCode(hole: HoleMode | null): void {
		const code = this.source.charCodeAt(this.position);
		if (code === 32 || code === 9) this.position++;
		else if (code === NEWLINE || code === RETURN) this.readNewline(hole);
		else if (isWordStart(code)) this.readWord();
		else if (isDigit(code)) this.readNumber();
		else if (code === QUOTE) this.openText(hole);
		else if (code === 35) this.readComment(hole);
		else this.readSign(hole, code);
	}

	private readNewline(hole: HoleMode | null): void {
		if (hole !== null && this.insideLine()) {
			this.abandonHoles();
			return;
		}
		const wasNewline = this.newline;
		if (
			this.source.charCodeAt(this.position) === RETURN &&
			this.source.charCodeAt(this.position + 1) === NEWLINE
		)
			this.position++;
		this.position++;
		// A blank line parts documentation from what follows.
		if (wasNewline && this.docLines.length > 0 && this.isBlankLine()) this.docLines = [];
		this.newline = true;
	}

	private isBlankLine(): boolean {
		let i = this.position;
		while (this.source.charCodeAt(i) === 32 || this.source.charCodeAt(i) === 9) i++;
		const code = this.source.charCodeAt(i);
		return code === NEWLINE || code === RETURN || i >= this.source.length;
	}

	private readWord(): void {
		const start = this.position;
		let end = start + 1;
		while (isWordPart(this.source.charCodeAt(end))) end++;
		const image = this.source.slice(start, end);
		this.emit(t.reserved.get(image) ?? t.Name, image, start);
		this.position = end;
	}

	private readNumber(): void {
		const start = this.position;
		const { raw, reading } = readNumber(this.source, start);
		const span = spanOf(start, start + raw.length);
		let value: t.NumberValue = { value: 0, unit: 'number' };
		if (reading.kind === 'number') value = { value: reading.value, unit: reading.unit };
		else if (reading.kind === 'too-large') this.problems.push(problem('A0011', { raw }, span));
		else if (reading.kind === 'misplaced-underscore') this.problems.push(problem('A0010', { raw }, span));
		else this.reportSuffix(raw, reading.suffix, reading.suggestion, span.end);
		this.emit(t.NumberLiteral, raw, start, value);
		this.position = span.end;
	}

	private reportSuffix(raw: string, suffix: string, suggestion: string | null, end: number): void {
		const span = spanOf(end - suffix.length, end);
		const fix =
			suggestion === null ? null : { title: `Write \`${suggestion}\``, edits: [{ span, text: suggestion }] };
		this.problems.push(problem('A0009', { raw, suffix, suggestion }, span, { fix }));
	}

	private readComment(hole: HoleMode | null): void {
		if (hole !== null) {
			this.report('A0030', {}, this.position, this.position + 1);
			this.position++;
			return;
		}
		const start = this.position;
		const end = this.endOfLine(start);
		const documentation = this.source.charCodeAt(start + 1) === 35;
		const text = this.source.slice(start + (documentation ? 2 : 1), end).trimEnd();
		const comment = {
			text: text.startsWith(' ') ? text.slice(1) : text,
			documentation,
			span: spanOf(start, end),
		};
		this.comments.push(comment);
		if (this.newline && documentation) this.docLines.push(comment.text);
		else this.docLines = [];
		this.position = end;
	}

	private readSign(hole: HoleMode | null, code: number): void {
		const start = this.position;
		if (code === 36 && isDigit(this.source.charCodeAt(start + 1))) {
			this.readNumber();
			return;
		}
		if (beginsForeign.has(code) && this.skipForeign(start, code)) return;
		const sign = singleSigns.get(code) ?? signAt(this.source, start);
		if (sign === null) {
			this.skipStray(start);
			return;
		}
		if (sign.type === t.OpenBrace && hole !== null) hole.braces++;
		if (sign.type === t.CloseBrace && hole !== null && --hole.braces < 0) {
			this.closeHole();
			return;
		}
		this.emit(sign.type, sign.image, start);
		this.position = start + sign.image.length;
	}

	/** What other languages write and Assay does not: reads it as what was meant and says so. */
	private skipForeign(start: number, code: number): boolean {
		if (code === 47) return this.readForeignComment(start);
		if (code === 39 || code === 96 || code === 0x201c || code === 0x2018) return this.readForeignText(start);
		if (code === 59) {
			const fix = { title: 'Remove the semicolon', edits: [{ span: spanOf(start, start + 1), text: '' }] };
			this.problems.push(problem('A0016', {}, spanOf(start, start + 1), { fix }));
			this.position = start + 1;
			return true;
		}
		for (const foreign of foreignOperators) {
			if (!this.source.startsWith(foreign.written, start)) continue;
			if (foreign.written === '!' && this.source[start + 1] === '=') continue;
			const span = spanOf(start, start + foreign.written.length);
			const edits = [{ span, text: this.spaced(foreign.write, span.end) }];
			const fix = { title: `Write \`${foreign.write}\``, edits };
			this.problems.push(problem('A0017', { written: foreign.written, write: foreign.write }, span, { fix }));
			this.emit(foreign.type, foreign.write, start, null, span.end);
			this.position = span.end;
			return true;
		}
		return false;
	}

	private spaced(word: string, end: number): string {
		return isWordStart(word.charCodeAt(0)) && isWordPart(this.source.charCodeAt(end)) ? `${word} ` : word;
	}

	private readForeignComment(start: number): boolean {
		const second = this.source[start + 1];
		if (second !== '/' && second !== '*') return false;
		const closing = second === '*' ? this.find('*/', start + 2, this.source.length) : -1;
		const end = closing >= 0 ? closing + 2 : this.endOfLine(start);
		const fix =
			second === '/' ? { title: 'Write `#`', edits: [{ span: spanOf(start, start + 2), text: '#' }] } : null;
		this.problems.push(problem('A0015', { written: `/${second}` }, spanOf(start, start + 2), { fix }));
		this.position = end;
		return true;
	}

	/** As `indexOf` up to `limit`, but what was not there once is not looked for again before `limit`. */
	private find(sought: string, from: number, limit: number): number {
		if (from < (this.absentUntil.get(sought) ?? 0)) return -1;
		const index = this.source.slice(from, limit).indexOf(sought);
		if (index < 0) this.absentUntil.set(sought, limit);
		return index < 0 ? -1 : from + index;
	}

	/** `'…'` and its relatives, when they close on their line. */
	private readForeignText(start: number): boolean {
		const opener = this.source[start] as string;
		const closer = { '“': '”', '‘': '’' }[opener] ?? opener;
		const end = this.find(closer, start + 1, this.endOfLine(start));
		if (end < 0) return false;
		const value = this.source.slice(start + 1, end);
		const span = spanOf(start, end + 1);
		const fix = {
			title: 'Use double quotes',
			edits: [{ span, text: `"${value.replace(/(?<!\\)"/g, '\\"')}"` }],
		};
		this.problems.push(problem('A0014', { opener }, span, { fix }));
		this.emit(t.WholeText, this.source.slice(start, end + 1), start, { value, block: false });
		this.position = end + 1;
		return true;
	}

	private skipStray(start: number): void {
		const word = /[\p{L}\p{M}\p{N}_]+/uy;
		word.lastIndex = start;
		const run = word.exec(this.source)?.[0];
		const character = String.fromCodePoint(this.source.codePointAt(start) as number);
		if (run === undefined && /[\p{Zs}\uFEFF\v\f]/u.test(character)) {
			this.position = start + character.length;
			return;
		}
		const image = run ?? character;
		this.report('A0008', { character: image, word: run !== undefined }, start, start + image.length);
		// A word in other letters is a name all the same, so that the rest reads as it was meant.
		if (run !== undefined) this.emit(t.Name, image, start);
		this.position = start + image.length;
	}
}

function signAt(text: string, start: number): { readonly type: TokenType; readonly image: string } | null {
	for (let length = 3; length > 0; length--) {
		const image = text.slice(start, start + length);
		const type = signs.get(image);
		if (type !== undefined && image.length === length) return { type, image };
	}
	return null;
}

const signs: ReadonlyMap<string, TokenType> = new Map([
	['+/-', t.PlusMinus],
	['...', t.Ellipsis],
	['==', t.Comparison],
	['!=', t.Comparison],
	['<=', t.Comparison],
	['>=', t.Comparison],
	['..', t.Range],
	['|>', t.Pipe],
	['=>', t.FatArrow],
	['->', t.Arrow],
	['(', t.OpenParen],
	[')', t.CloseParen],
	['[', t.OpenBracket],
	[']', t.CloseBracket],
	['{', t.OpenBrace],
	['}', t.CloseBrace],
	[',', t.Comma],
	[':', t.Colon],
	['=', t.Equals],
	['.', t.Dot],
	['?', t.Question],
	['|', t.Bar],
	['+', t.Plus],
	['-', t.Minus],
	['*', t.Star],
	['/', t.Slash],
	['<', t.Less],
	['>', t.Greater],
	['±', t.PlusMinus],
]);

/** Those that begin no longer one. */
const singleSigns: ReadonlyMap<number, { readonly type: TokenType; readonly image: string }> = new Map(
	['(', ')', '[', ']', '{', '}', ',', '?', '*'].map((image) => [
		image.charCodeAt(0),
		{ type: signs.get(image) as TokenType, image },
	]),
);

const beginsForeign = new Set(Array.from("/'`“‘;=!&|:<", (character) => character.charCodeAt(0)));

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isWordStart = (code: number): boolean =>
	(code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
const isWordPart = (code: number): boolean => isWordStart(code) || isDigit(code);
