import { lex } from '../../../dsl/parser/lexer.ts';
import type { Token } from '../../../dsl/parser/tokens.ts';
import { type Html, html } from '../html.ts';

interface Piece {
	readonly start: number;
	readonly end: number;
	readonly kind: string;
}

/** A program's lines as HTML, coloured by what its words are. Any text at all gives lines. */
export function highlightLines(text: string): Html[] {
	const pieces = piecesOf(text);
	const lines: Html[] = [];
	let parts: Html[] = [];
	let at = 0;
	const add = (wanted: number, kind: string | null): void => {
		// A piece may end within a line break of two characters.
		const until = text.startsWith('\r\n', wanted - 1) ? wanted + 1 : wanted;
		const chunks = text.slice(at, until).split(/\r\n|\r|\n/);
		chunks.forEach((chunk, i) => {
			if (i > 0) {
				lines.push(html`${parts}`);
				parts = [];
			}
			if (chunk !== '')
				parts.push(kind === null ? html`${chunk}` : html`<span class="${kind}">${chunk}</span>`);
		});
		at = until;
	};
	for (const { start, end, kind } of pieces) {
		if (end <= at) continue;
		if (start > at) add(start, null);
		add(end, kind);
	}
	add(text.length, null);
	return [...lines, html`${parts}`];
}

function piecesOf(text: string): Piece[] {
	const { tokens, comments } = lex(text);
	const pieces = tokens.flatMap((token, i) => {
		const kind = kindOf(token, tokens[i - 1], tokens[i + 1]);
		return kind === null ? [] : [{ start: token.startOffset, end: token.end, kind }];
	});
	for (const { span, documentation } of comments)
		pieces.push({ ...span, kind: documentation ? 'doc' : 'com' });
	return pieces.sort((a, b) => a.start - b.start);
}

const TEXTS = new Set(['WholeText', 'TextStart', 'TextChars', 'TextEnd']);
const RESERVED = new Set(['And', 'Or', 'In', 'Not', 'If', 'Then', 'Else', 'For']);
const LITERALS = new Set(['NumberLiteral', 'True', 'False', 'None']);
/** Keywords only where the word before a name, a text or the like: elsewhere they are names. */
const CONTEXTUAL = new Set(
	'study use param let data model prompt constitution network train eval table figure system user assistant critique revise prefer from by where repeat as to'.split(
		' ',
	),
);

function kindOf(token: Token, before: Token | undefined, after: Token | undefined): string | null {
	const name = token.tokenType.name;
	if (TEXTS.has(name)) return 'str';
	if (RESERVED.has(name)) return 'kw';
	if (LITERALS.has(name)) return 'num';
	if (name === 'HoleOpen' || name === 'HoleClose') return 'hole';
	if (before?.tokenType.name === 'Dot' || after === undefined) return null;
	if (CONTEXTUAL.has(token.image) && standsBeforeOperand(after)) return 'kw';
	return after.tokenType.name === 'OpenParen' ? 'fn' : null;
}

const standsBeforeOperand = (after: Token): boolean =>
	/^(Name|Word|WholeText|TextStart|NumberLiteral)$/.test(after.tokenType.name) || after.image === '[';
