import { beginsDeclaration, declarationWords, resemblesDeclaration } from './declaration-starts.ts';
import { columnOf } from './layout.ts';
import * as t from './tokens.ts';
import { depthChange, endsOperand, retype, type Token } from './tokens.ts';

/** The tokens of one declaration, or of something in the place of one. Brackets match in it. */
export interface Segment {
	readonly tokens: Token[];
	/** False when the first word is not one that begins a declaration. */
	readonly known: boolean;
}

/** Cuts a program into declarations by their first words, so that what is wrong in one stays in it. */
export function splitDeclarations(tokens: readonly Token[], text: string): Segment[] {
	const segments: Segment[] = [];
	let start = 0;
	let known = false;
	let depth = 0;
	for (let i = 0; i <= tokens.length; i++) {
		const token = tokens[i];
		if (token !== undefined) {
			depth += depthChange(token);
			if (depth > 0 || token.tokenType === t.CloseBrace) continue;
			if (!startsSegment(tokens, i, start, text)) continue;
		}
		if (i > start) segments.push({ tokens: tokens.slice(start, i), known });
		start = i;
		known = token !== undefined && declarationWords.includes(token.image);
		if (token !== undefined && known) retype(token, t.DeclarationWord);
	}
	return segments;
}

function startsSegment(tokens: readonly Token[], i: number, start: number, text: string): boolean {
	if (beginsDeclaration(tokens, i)) return true;
	const token = tokens[i] as Token;
	if (!token.newline || !resemblesDeclaration(tokens, i)) return false;
	return columnOf(text, token.startOffset) <= columnOf(text, (tokens[start] as Token).startOffset);
}

export interface Body {
	/** Up to the body's `{`, without it. */
	readonly header: Token[];
	/** Null when the brace is missing. */
	readonly open: Token | null;
	readonly items: readonly Token[][];
	/** What stands after the closing brace. */
	readonly rest: Token[];
}

/** Cuts an eval, a table or a train into its header and its items: clauses and fields. */
export function splitBody(tokens: readonly Token[]): Body {
	const brace = topLevel(tokens, 0, (i) => opensBody(tokens, i));
	if (brace < 0) {
		const first = topLevel(tokens, 2, (i) => (tokens[i] as Token).newline && startsItem(tokens, i));
		const end = first < 0 ? tokens.length : first;
		return { header: tokens.slice(0, end), open: null, items: splitItems(tokens.slice(end)), rest: [] };
	}
	let depth = 0;
	let close = brace;
	for (; close < tokens.length; close++) {
		depth += depthChange(tokens[close] as Token);
		if (depth === 0) break;
	}
	return {
		header: tokens.slice(0, brace),
		open: tokens[brace] as Token,
		items: splitItems(tokens.slice(brace + 1, close)),
		rest: tokens.slice(close + 1),
	};
}

/** A `{` after something complete; after `=` it is a record. */
const opensBody = (tokens: readonly Token[], i: number): boolean =>
	(tokens[i] as Token).tokenType === t.OpenBrace && i > 0 && endsOperand(tokens[i - 1] as Token);

/** The first place outside brackets, from `from` on, that is accepted; -1 where there is none. */
export function topLevel(tokens: readonly Token[], from: number, accepts: (i: number) => boolean): number {
	let depth = 0;
	for (let i = from; i < tokens.length; i++) {
		if (depth === 0 && accepts(i)) return i;
		depth += depthChange(tokens[i] as Token);
	}
	return -1;
}

function splitItems(tokens: readonly Token[]): Token[][] {
	const items: Token[][] = [];
	let start = 0;
	let depth = 0;
	for (let i = 0; i < tokens.length; i++) {
		if (depth === 0 && i > start && startsItem(tokens, i)) {
			items.push(tokens.slice(start, i));
			start = i;
		}
		depth += depthChange(tokens[i] as Token);
	}
	if (start < tokens.length) items.push(tokens.slice(start));
	return items;
}

function startsItem(tokens: readonly Token[], i: number): boolean {
	const token = tokens[i] as Token;
	const previous = tokens[i - 1] as Token;
	const free = previous.tokenType === t.Comma || endsOperand(previous);
	switch (token.tokenType) {
		case t.For:
		case t.Where:
		case t.Repeat:
			return true;
		case t.FieldName:
			return token.newline || free;
		// After a comma on the same line it more likely belongs to a call or a record whose opener is missing.
		case t.Label:
			return token.newline || (free && previous.tokenType !== t.Comma);
		default:
			return token.newline && free && resemblesField(tokens, i);
	}
}

/** A field without its `=`, or with a reserved word for a name. */
function resemblesField(tokens: readonly Token[], i: number): boolean {
	const token = tokens[i] as Token;
	const next = tokens[i + 1];
	if (next === undefined || next.newline) return false;
	if (t.reserved.has(token.image)) return next.tokenType === t.Equals;
	return token.tokenType === t.Name && next.tokenType === t.Name;
}
