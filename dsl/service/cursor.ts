/** What stands around a cursor, read off the characters before it: works in any text, however broken. */
export interface Cursor {
	readonly offset: number;
	/** The part of a name before the cursor. */
	readonly word: string;
	readonly mode: 'code' | 'text' | 'comment';
	/** Brackets that are open at the cursor within its declaration, outermost first. */
	readonly open: readonly Opener[];
	/** What would have to be written after the cursor to close everything that is open, innermost first. */
	readonly closers: string;
	/** The declaration's keyword, null above the first one. */
	readonly keyword: string | null;
	/** The last thing before the word, without white space: a sign, a name, or the empty text at a declaration's beginning. */
	readonly before: string;
	/** Whether only white space stands before the word on its line. */
	readonly startsLine: boolean;
	/** Text of the declaration up to the cursor. */
	readonly head: string;
}

export interface Opener {
	readonly sign: '(' | '[' | '{';
	/** The name right before it, or before its `:`: `take` in `take(`, `budget` in `budget: {`. */
	readonly owner: string;
	readonly offset: number;
}

const DECLARATION =
	/^[ \t]*(study|use|param|let|data|model|prompt|constitution|network|train|eval|table|figure)\b(?!\s*[=:.,)(\]|])/;

/** Characters at the beginning of a line that decide whether a declaration begins there. */
const LONGEST_START = 120;

export function cursorAt(text: string, offset: number): Cursor {
	const scan = new Scan(text.slice(0, offset));
	scan.run();
	const word = /[A-Za-z_]\w*$/.exec(text.slice(0, offset))?.[0] ?? '';
	const head = text.slice(scan.declarationStart, offset);
	const rest = head.slice(0, head.length - word.length);
	return {
		offset,
		word,
		mode: scan.mode(),
		open: scan.open(),
		closers: scan.closers(),
		keyword: scan.keyword,
		before: lastThing(rest),
		startsLine: /(^|\n)[ \t]*$/.test(rest),
		head,
	};
}

const lastThing = (text: string): string => /(?:\w+|\|>|==|[^\s\w])\s*$/.exec(text)?.[0].trim() ?? '';

type Level =
	| { readonly kind: 'bracket'; readonly opener: Opener }
	| { readonly kind: 'text'; readonly block: boolean }
	| { readonly kind: 'hole' };

/** Characters that open and close nothing. */
const PLAIN = /[^\n#"(){}[\]\\]+/y;

/** One pass over the characters, keeping what is open. A line that begins a declaration closes everything. */
class Scan {
	declarationStart = 0;
	keyword: string | null = null;
	private readonly text: string;
	private position = 0;
	private levels: Level[] = [];
	private inComment = false;

	constructor(text: string) {
		this.text = text;
	}

	run(): void {
		this.startLine();
		while (this.position < this.text.length) this.step();
	}

	mode(): Cursor['mode'] {
		if (this.inComment) return 'comment';
		return this.levels.at(-1)?.kind === 'text' ? 'text' : 'code';
	}

	open(): Opener[] {
		return this.levels.flatMap((level) => (level.kind === 'bracket' ? [level.opener] : []));
	}

	closers(): string {
		return this.levels.toReversed().map(closerOf).join('');
	}

	private step(): void {
		PLAIN.lastIndex = this.position;
		if (PLAIN.test(this.text)) {
			this.position = PLAIN.lastIndex;
			return;
		}
		const top = this.levels.at(-1);
		const character = this.text[this.position] as string;
		if (character === '\n') this.newline(top);
		else if (this.inComment) this.position++;
		else if (top?.kind === 'text') this.insideText(top, character);
		else this.insideCode(character);
	}

	private newline(top: Level | undefined): void {
		this.position++;
		this.inComment = false;
		if (top?.kind === 'text' && top.block) return;
		// A text ends with its line, whether it was closed or not.
		const line = this.levels.findIndex((level) => level.kind === 'text' && !level.block);
		if (line >= 0) this.levels = this.levels.slice(0, line);
		this.startLine();
	}

	private startLine(): void {
		if (this.levels.some((level) => level.kind === 'text')) return;
		const found = DECLARATION.exec(this.text.slice(this.position, this.position + LONGEST_START));
		if (!found) return;
		this.levels = [];
		this.declarationStart = this.position;
		this.keyword = found[1] as string;
	}

	private insideText(top: Extract<Level, { kind: 'text' }>, character: string): void {
		const quote = top.block ? '"""' : '"';
		if (this.text.startsWith(quote, this.position)) {
			this.levels.pop();
			this.position += quote.length;
		} else {
			if (character === '{') this.levels.push({ kind: 'hole' });
			this.position += character === '\\' ? 2 : 1;
		}
	}

	private insideCode(character: string): void {
		if (character === '#') this.inComment = true;
		else if (character === '"') {
			const block = this.text.startsWith('"""', this.position);
			this.levels.push({ kind: 'text', block });
			this.position += block ? 2 : 0;
		} else if (character === '(' || character === '[' || character === '{') {
			const opener = {
				sign: character,
				owner: ownerOf(this.text, this.position),
				offset: this.position,
			} as const;
			this.levels.push({ kind: 'bracket', opener });
		} else if (character === ')' || character === ']' || character === '}') this.levels.pop();
		this.position++;
	}
}

const ownerOf = (text: string, offset: number): string =>
	/(\w+)\s*:?\s*$/.exec(text.slice(Math.max(0, offset - 200), offset))?.[1] ?? '';

function closerOf(level: Level): string {
	if (level.kind === 'hole') return '}';
	if (level.kind === 'text') return level.block ? '"""' : '"';
	return { '(': ')', '[': ']', '{': '}' }[level.opener.sign];
}

/** Where the next declaration begins after an offset, or the end of the text. */
export function nextDeclaration(text: string, offset: number): number {
	let line = text.indexOf('\n', offset);
	while (line >= 0) {
		const end = text.indexOf('\n', line + 1);
		if (DECLARATION.test(text.slice(line + 1, end < 0 ? undefined : end))) return line + 1;
		line = end;
	}
	return text.length;
}
