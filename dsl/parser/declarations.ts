import type * as ast from '../ast.ts';
import { type Problem, problem } from '../diagnostics/catalogue.ts';
import type { Hint } from '../diagnostics/hints.ts';
import { nearest } from '../nearest.ts';
import { type Span, spanOf } from '../span.ts';
import { declarationWords } from './declaration-starts.ts';
import type { Grammar, Undocumented } from './grammar.ts';
import { nameOf } from './leaves.ts';
import { type Body, type Segment, splitBody, topLevel } from './segments.ts';
import { describe } from './stops.ts';
import * as t from './tokens.ts';
import { spanOfToken, type Token } from './tokens.ts';
import { readUnit } from './units.ts';

export interface Reading {
	readonly declaration: ast.Declaration;
	readonly problems: readonly Problem[];
}

type Item = ast.Clause | ast.Field;

/** Reads one segment of a program. What cannot be read keeps its name where it has one, so that uses of it are not wrong. */
export function readDeclaration(segment: Segment, next: Token | null): Reading {
	return new DeclarationReader(segment.tokens, next).read(segment.known);
}

class DeclarationReader {
	private readonly tokens: Token[];
	private readonly next: Token | null;
	private readonly problems: Problem[] = [];
	private readonly span: Span;
	private readonly doc: string | null;

	constructor(tokens: Token[], next: Token | null) {
		const first = tokens[0] as Token;
		this.tokens = tokens;
		this.next = next;
		this.span = spanOf(first.startOffset, (tokens.at(-1) as Token).end);
		this.doc = first.doc;
	}

	read(known: boolean): Reading {
		return { declaration: known ? this.known() : this.unknown(), problems: this.problems };
	}

	private known(): ast.Declaration {
		const keyword = (this.tokens[0] as Token).image;
		switch (keyword) {
			case 'study':
				return this.whole((grammar) => grammar.study());
			case 'use':
				return this.whole((grammar) => grammar.use());
			case 'param':
				return this.whole((grammar) => grammar.paramDeclaration());
			case 'prompt':
				return this.whole((grammar) => grammar.prompt());
			case 'constitution':
				return this.whole((grammar) => grammar.constitution());
			case 'network':
				return this.whole((grammar) => grammar.network());
			case 'eval':
				return this.eval();
			case 'train':
				return this.train();
			case 'table':
				return this.hasColumns() ? this.table() : this.value();
			default:
				return this.value();
		}
	}

	/** `table T = from E { … }` and `table T = compare(…) { … }`, as opposed to `table T = contrast(…)`. */
	private hasColumns(): boolean {
		return (
			this.tokens.slice(2, 4).some((token) => token.tokenType === t.From) ||
			splitBody(this.tokens).open !== null
		);
	}

	private value(): ast.Declaration {
		this.dropAnnotation();
		return this.whole((grammar) => grammar.value());
	}

	/** `let n: Number = 3`: reports the type and reads on without it. */
	private dropAnnotation(): void {
		const [keyword, name, colon] = this.tokens as [Token, Token?, Token?];
		if (name === undefined || colon?.tokenType !== t.Colon) return;
		const equals = topLevel(this.tokens, 3, (i) => (this.tokens[i] as Token).tokenType === t.Equals);
		if (equals < 0) return;
		const removed = spanOf(name.end, (this.tokens[equals - 1] as Token).end);
		const fix = { title: 'Remove the type', edits: [{ span: removed, text: '' }] };
		const data = { name: name.image, keyword: keyword.image };
		this.problems.push(problem('A0043', data, spanOf(colon.startOffset, removed.end), { fix }));
		this.tokens.splice(2, equals - 2);
	}

	private whole<T extends Undocumented<ast.Declaration>>(rule: (grammar: Grammar) => T): ast.Declaration {
		const unit = readUnit(this.tokens, this.next, rule);
		this.problems.push(...unit.problems);
		if (unit.value === null) return this.error();
		return { ...unit.value, doc: this.doc } as ast.Declaration;
	}

	/** A declaration of a value whose expression is wrong still declares its name. */
	private error(): ast.Declaration {
		const [keyword, name] = this.tokens;
		if (keyword !== undefined && name !== undefined && isName(name) && valueWords.has(keyword.image)) {
			const value: ast.Expr = { kind: 'error', span: spanOf(name.end, this.span.end) };
			const word = keyword.image as ast.ValueDeclaration['keyword'];
			return { kind: 'value', keyword: word, name: nameOf(name), value, span: this.span, doc: this.doc };
		}
		const declared = name !== undefined && isName(name) ? nameOf(name) : null;
		return { kind: 'error', name: declared, span: this.span, doc: this.doc };
	}

	// Declarations with items

	private eval(): ast.Declaration {
		const body = splitBody(this.tokens);
		const header = this.header(body, (grammar) => grammar.header());
		if (header === null) return this.error();
		return { kind: 'eval', name: header, items: this.items(body, null), span: this.span, doc: this.doc };
	}

	private train(): ast.Declaration {
		const body = splitBody(this.tokens);
		const header = this.header(body, (grammar) => grammar.header());
		const settings = this.items(body, 'train').filter((item) => item.kind === 'field');
		if (header === null) return this.error();
		return { kind: 'train', name: header, settings, span: this.span, doc: this.doc };
	}

	private table(): ast.Declaration {
		const body = splitBody(this.tokens);
		const header = this.header(body, (grammar) => grammar.tableHeader());
		const columns = this.items(body, 'table').filter((item) => item.kind === 'field');
		if (header === null) return this.error();
		return { kind: 'table', ...header, columns, span: this.span, doc: this.doc };
	}

	private header<T>(body: Body, rule: (grammar: Grammar) => T): T | null {
		const after = body.open ?? body.items[0]?.[0] ?? this.next;
		const unit = readUnit(body.header, after, rule);
		this.problems.push(...unit.problems);
		const last = body.header.at(-1) as Token;
		if (body.open === null && unit.value !== null) {
			const at = spanOf(last.end, last.end);
			const data = { expected: '`{`', after: describe(last), found: describe(after) };
			const fix = { title: 'Insert `{`', edits: [{ span: at, text: ' {' }] };
			this.problems.push(problem('A0001', data, at, { fix }));
		}
		const [extra] = body.rest;
		if (extra !== undefined)
			this.problems.push(problem('A0023', { found: describe(extra), after: '`}`' }, spanOfToken(extra)));
		return unit.value;
	}

	/** `place` is where clauses have no business; null in an eval. */
	private items(body: Body, place: 'table' | 'train' | null): Item[] {
		return body.items.flatMap((tokens, i) => {
			const next = body.items[i + 1]?.[0] ?? this.closerOf(body);
			const item = this.item(tokens, next);
			if (item === null || item.kind === 'field' || place === null) return item ?? [];
			this.problems.push(problem('A0036', { clause: item.kind, place }, spanOfToken(tokens[0] as Token)));
			return [];
		});
	}

	private closerOf(body: Body): Token | null {
		const last = body.items.at(-1)?.at(-1);
		return this.tokens[this.tokens.indexOf(last as Token) + 1] ?? this.next;
	}

	private item(tokens: Token[], next: Token | null): Item | null {
		const first = tokens[0] as Token;
		if (clauseWords.has(first.tokenType)) {
			const unit = readUnit(tokens, next, (grammar) => grammar.clauseItem());
			this.problems.push(...unit.problems);
			return unit.value ?? brokenClause(tokens);
		}
		const unit = readUnit(tokens, next, (grammar) => grammar.field());
		this.problems.push(...unit.problems);
		const field = unit.value ?? brokenField(tokens);
		return field === null ? null : { ...field, doc: first.doc };
	}

	// What is no declaration

	private unknown(): ast.Declaration {
		const [first, second] = this.tokens as [Token, Token | undefined];
		const name = second !== undefined && isName(second) ? nameOf(second) : null;
		if (first.tokenType === t.FieldName) {
			const at = spanOf(first.startOffset, first.startOffset);
			const fix = { title: 'Write `let`', edits: [{ span: at, text: 'let ' }] };
			this.problems.push(problem('A0025', { name: first.image }, spanOfToken(first), { fix }));
			return { kind: 'error', name: nameOf(first), span: this.span, doc: this.doc };
		}
		if (isName(first) && name !== null) this.reportKeyword(first);
		else if (declarationWords.includes(first.image)) this.reportIncomplete(first, second ?? this.next);
		else {
			const hint = foreignBeginnings.get(first.image) ?? null;
			this.problems.push(problem('A0034', { found: describe(first), hint }, spanOfToken(first)));
		}
		return { kind: 'error', name, span: this.span, doc: this.doc };
	}

	/** `study {` and `let (`: the keyword is right. */
	private reportIncomplete(keyword: Token, found: Token | null): void {
		const expected = keyword.image === 'study' ? 'a text' : 'a name';
		const data = { expected, after: describe(keyword), found: describe(found) };
		const at =
			this.tokens.length > 1 && found !== null ? spanOfToken(found) : spanOf(keyword.end, keyword.end);
		this.problems.push(problem('A0001', data, at));
	}

	private reportKeyword(word: Token): void {
		const span = spanOfToken(word);
		const suggestion = foreignKeywords.get(word.image) ?? nearest(word.image, declarationWords);
		const fix =
			suggestion === null ? null : { title: `Write \`${suggestion}\``, edits: [{ span, text: suggestion }] };
		this.problems.push(problem('A0035', { word: word.image, suggestion }, span, { fix }));
	}
}

const valueWords = new Set(['let', 'data', 'model', 'figure', 'table']);
const clauseWords = new Set([t.For, t.Where, t.Repeat]);

/** What stands at the top of a program and belongs elsewhere. */
const foreignBeginnings: ReadonlyMap<string, Hint> = new Map([
	['for', 'clause'],
	['where', 'clause'],
	['repeat', 'clause'],
	['from', 'import'],
	['print', 'print'],
]);

/** First words of other languages, and what does their work here. */
const foreignKeywords: ReadonlyMap<string, string> = new Map([
	['const', 'let'],
	['var', 'let'],
	['val', 'let'],
	['import', 'use'],
	['dataset', 'data'],
	['experiment', 'study'],
	['plot', 'figure'],
	['chart', 'figure'],
	['parameter', 'param'],
	['evaluate', 'eval'],
	['def', 'let'],
	['function', 'let'],
	['fn', 'let'],
	['func', 'let'],
	['fun', 'let'],
]);

const isName = (token: Token): boolean => token.tokenType.CATEGORIES?.includes(t.Word) === true;

function brokenClause(tokens: readonly Token[]): ast.Clause | null {
	const first = tokens[0] as Token;
	const variable = tokens.find(isName);
	const span = spanOf(first.startOffset, (tokens.at(-1) as Token).end);
	const error: ast.Expr = { kind: 'error', span };
	if (first.tokenType === t.Where) return { kind: 'where', condition: error, span };
	if (first.tokenType === t.For)
		return variable !== undefined ? { kind: 'for', name: nameOf(variable), source: error, span } : null;
	const as = tokens.findIndex((token) => token.tokenType === t.As);
	const counter = as < 0 ? undefined : tokens[as + 1];
	return { kind: 'repeat', count: error, name: counter === undefined ? null : nameOf(counter), span };
}

function brokenField(tokens: readonly Token[]): Undocumented<ast.Field> | null {
	const first = tokens[0] as Token;
	if (!isName(first)) return null;
	const span = spanOf(first.startOffset, (tokens.at(-1) as Token).end);
	return { kind: 'field', name: nameOf(first), value: { kind: 'error', span }, span };
}
