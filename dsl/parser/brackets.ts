import type { TokenType } from 'chevrotain';
import { type Problem, problem } from '../diagnostics/catalogue.ts';
import { type Span, spanOf } from '../span.ts';
import { beginsDeclaration } from './declaration-starts.ts';
import { columnOf } from './layout.ts';
import * as t from './tokens.ts';
import { depthChange, makeToken, spanOfToken, type Token } from './tokens.ts';

export interface Balanced {
	readonly tokens: readonly Token[];
	readonly problems: readonly Problem[];
	/** From an opener to the closer that was put in for it: what else goes wrong in there is a follower. */
	readonly suspect: readonly Span[];
	/** Closers that nothing opened; reported only where nothing else is wrong. */
	readonly stray: readonly Problem[];
}

const closerOf = new Map([
	[t.OpenParen, t.CloseParen],
	[t.OpenBracket, t.CloseBracket],
	[t.OpenBrace, t.CloseBrace],
]);
const closers = new Set(closerOf.values());
const images = new Map([
	[t.CloseParen, ')'],
	[t.CloseBracket, ']'],
	[t.CloseBrace, '}'],
]);

/** Makes brackets match. Where they do already, which is nearly always, the same tokens come back. */
export function balance(tokens: readonly Token[], text: string): Balanced {
	if (matches(tokens)) return { tokens, problems: [], suspect: [], stray: [] };
	return new Repair(tokens, text).run();
}

function matches(tokens: readonly Token[]): boolean {
	const open: Token[] = [];
	for (const token of tokens) {
		if (closerOf.has(token.tokenType)) open.push(token);
		else if (closers.has(token.tokenType)) {
			const opener = open.pop();
			if (opener === undefined || closerOf.get(opener.tokenType) !== token.tokenType) return false;
		}
	}
	return open.length === 0;
}

/** Nothing sensible is nested deeper, so the layout is not looked at any more. */
const DEEP = 200;
/** How many tokens are looked ahead for the closer of a body. */
const FAR = 2000;

interface Opener {
	readonly token: Token;
	/** Column of the first character on the opener's line. */
	readonly indentation: number;
}

/** Repairs by layout: a declaration, or an item no deeper than the line of an opener, means that it should be closed. */
class Repair {
	private readonly tokens: readonly Token[];
	private readonly text: string;
	private readonly out: Token[] = [];
	private readonly open: Opener[] = [];
	private readonly problems: Problem[] = [];
	private readonly suspect: Span[] = [];
	private readonly stray: Problem[] = [];
	private indentation = 0;
	private readonly waiting = new Map<TokenType | undefined, number>();

	constructor(tokens: readonly Token[], text: string) {
		this.tokens = tokens;
		this.text = text;
	}

	run(): Balanced {
		this.tokens.forEach((token, i) => {
			if (token.newline) this.startLine(token, i);
			if (closerOf.has(token.tokenType)) {
				this.open.push({ token, indentation: this.indentation });
				this.count(closerOf.get(token.tokenType), 1);
				this.out.push(token);
			} else if (closers.has(token.tokenType)) this.close(token, i);
			else this.out.push(token);
		});
		this.closeDownTo(0);
		return { tokens: this.out, problems: this.problems, suspect: this.suspect, stray: this.stray };
	}

	private startLine(token: Token, i: number): void {
		this.indentation = columnOf(this.text, token.startOffset);
		if (this.open.length === 0) return;
		if (beginsDeclaration(this.tokens, i)) this.closeDownTo(0);
		else if (beginsItem(this.tokens, i)) this.closeDownTo(this.depthOfItems());
	}

	/** How many openers stay open before an item at the present indentation: those of bodies further out. */
	private depthOfItems(): number {
		let depth = this.open.length;
		while (depth > 1 && (this.open[depth - 1] as Opener).indentation >= this.indentation) depth--;
		return depth;
	}

	private close(closer: Token, i: number): void {
		let depth = this.count(closer.tokenType) === 0 ? 0 : this.open.length;
		while (depth > 0 && !this.accepts(this.open[depth - 1] as Opener, closer)) depth--;
		if (depth === 0 || (depth === 1 && this.closesTooEarly(i))) {
			this.stray.push(problem('A0003', { closer: closer.image }, spanOfToken(closer)));
			return;
		}
		this.closeDownTo(depth);
		this.count(closer.tokenType, -1);
		this.open.pop();
		this.out.push(closer);
	}

	/**
	 * A `}` behind something on its line, where the body that it would close began on an earlier line and has a `}` of
	 * its own further down: the opener on this line is what is missing.
	 */
	private closesTooEarly(i: number): boolean {
		const opener = (this.open[0] as Opener).token;
		const closer = this.tokens[i] as Token;
		if (
			closer.newline ||
			closer.tokenType !== t.CloseBrace ||
			!/[\r\n]/.test(this.text.slice(opener.end, closer.startOffset))
		)
			return false;
		let depth = 0;
		for (let j = i + 1; j < Math.min(this.tokens.length, i + FAR); j++) {
			const token = this.tokens[j] as Token;
			if (token.newline && beginsDeclaration(this.tokens, j)) return false;
			depth += depthChange(token);
			if (depth < 0) return token.newline && token.tokenType === t.CloseBrace;
		}
		return false;
	}

	/** How many openers wait for a kind of closer, after a change. */
	private count(closer: TokenType | undefined, change = 0): number {
		const count = (this.waiting.get(closer) ?? 0) + change;
		if (change !== 0) this.waiting.set(closer, count);
		return count;
	}

	/** A closer alone at the start of a line further left than an opener's line closes one further out. */
	private accepts(opener: Opener, closer: Token): boolean {
		if (closerOf.get(opener.token.tokenType) !== closer.tokenType) return false;
		if (!closer.newline || this.indentation >= opener.indentation || this.open.length > DEEP) return true;
		return !this.open.some((outer) => outer.indentation < opener.indentation && sameKind(outer, opener));
	}

	private closeDownTo(depth: number): void {
		const closed = this.open.splice(depth).reverse();
		const outermost = closed.at(-1);
		if (outermost === undefined) return;
		for (const { token } of closed) this.count(closerOf.get(token.tokenType), -1);
		const at = (this.out.at(-1) as Token).end;
		const missing = closed.map(({ token }) => images.get(closerOf.get(token.tokenType) as never) as string);
		for (const { token } of closed) {
			const type = closerOf.get(token.tokenType) as never;
			this.out.push(makeToken(type, '', at, false, null, null, at));
		}
		this.suspect.push(spanOf(outermost.token.startOffset, at));
		const data = { closers: missing.join(''), openers: closed.map(({ token }) => token.image) };
		const fix = {
			title: `Insert \`${data.closers}\``,
			edits: [{ span: spanOf(at, at), text: data.closers }],
		};
		const also = closed.map(({ token }) => spanOfToken(token));
		this.problems.push(problem('A0002', data, spanOf(at, at), { also, fix }));
	}
}

const sameKind = (a: Opener, b: Opener): boolean => a.token.tokenType === b.token.tokenType;

/** `name =`, `for`, `where`, `repeat`: what an item of a body begins with. */
function beginsItem(tokens: readonly Token[], i: number): boolean {
	const token = tokens[i] as Token;
	if (token.tokenType === t.Name && tokens[i + 1]?.tokenType === t.Equals) return true;
	return token.tokenType === t.Name && (token.image === 'where' || token.image === 'repeat');
}
