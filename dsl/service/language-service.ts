import { LibraryIndex } from '../check/library-index.ts';
import { type Compiled, compile } from '../compile.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { CompilerLibrary } from '../library.ts';
import type { Answer, Need } from '../needs.ts';
import { needKey } from '../needs.ts';
import type { Span } from '../span.ts';
import { type Completions, completionsAt } from './completion.ts';
import { type Hover, hoverAt } from './hover.ts';
import { type Renaming, renameAt } from './rename.ts';
import { type SignatureHelp, signatureHelpAt } from './signature-help.ts';
import { Symbols } from './symbols.ts';

export interface ServiceOptions {
	readonly library: CompilerLibrary;
	/** Signatures and schemas that are known already. */
	readonly answers?: ReadonlyMap<string, Answer>;
	readonly params?: Readonly<Record<string, string>>;
	/** `plan` also reports data and models that are missing; `check`, the default, needs neither. */
	readonly stage?: 'check' | 'plan';
}

/**
 * What an editor or a notebook asks about one program, by UTF-16 offset. Each version of the text is compiled once, when
 * something is first asked about it: a program of a thousand lines takes some tens of milliseconds.
 */
export class LanguageService {
	private readonly options: ServiceOptions;
	private readonly index: LibraryIndex;
	private readonly answers: Map<string, Answer>;
	private current: { readonly text: string; compiled: Compiled | null; symbols: Symbols | null };

	constructor(text: string, options: ServiceOptions) {
		this.options = options;
		this.index = new LibraryIndex(options.library);
		this.answers = new Map(options.answers);
		this.current = { text, compiled: null, symbols: null };
	}

	get text(): string {
		return this.current.text;
	}

	/** The text after a change. */
	update(text: string): void {
		if (text !== this.current.text) this.current = { text, compiled: null, symbols: null };
	}

	/** What has to be fetched before everything about this text is known; types that depend on it are left open until then. */
	needs(): readonly Need[] {
		return this.compiled.needs.filter((need) => !this.answers.has(needKey(need)));
	}

	answer(need: Need, answer: Answer): void {
		this.answers.set(needKey(need), answer);
		this.current = { text: this.current.text, compiled: null, symbols: null };
	}

	/** Forgets answers, as when a file has changed. */
	forget(kind: Need['kind']): void {
		for (const key of [...this.answers.keys()])
			if ((JSON.parse(key) as Need).kind === kind) this.answers.delete(key);
		this.current = { text: this.current.text, compiled: null, symbols: null };
	}

	get compiled(): Compiled {
		this.current.compiled ??= this.compile(this.current.text);
		return this.current.compiled;
	}

	diagnostics(): readonly Diagnostic[] {
		return this.compiled.diagnostics;
	}

	complete(offset: number): Completions {
		const { index, answers } = this;
		return completionsAt(this.text, offset, {
			library: this.options.library,
			index,
			answers,
			compile: (text) => this.compile(text),
		});
	}

	hover(offset: number): Hover | null {
		return hoverAt(this.compiled, offset, this.options.library);
	}

	signatureHelp(offset: number): SignatureHelp | null {
		return signatureHelpAt(this.text, offset, this.options.library, (text) => this.compile(text));
	}

	/** Where what is written at an offset is defined; null for what the library defines. */
	definition(offset: number): Span | null {
		const symbol = this.symbols.at(offset);
		return symbol?.definition ?? null;
	}

	/** Every place where the name at an offset is written, the definition among them. */
	references(offset: number): readonly Span[] {
		return this.symbols.at(offset)?.occurrences ?? [];
	}

	rename(offset: number, newName: string): Renaming {
		return renameAt(this.text, offset, newName, this.compiled, (text) => this.compile(text));
	}

	private get symbols(): Symbols {
		this.current.symbols ??= new Symbols(this.compiled, this.text);
		return this.current.symbols;
	}

	private compile(text: string): Compiled {
		if (text === this.current.text && this.current.compiled) return this.current.compiled;
		const { params = {}, stage = 'check' } = this.options;
		return compile(text, { library: this.index, answers: this.answers, params, stage });
	}
}
