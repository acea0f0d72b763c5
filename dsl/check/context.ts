import type { Expr } from '../ast.ts';
import type { Code, DataOf, Problem } from '../diagnostics/catalogue.ts';
import { problem } from '../diagnostics/catalogue.ts';
import type { Fix } from '../diagnostics/diagnostic.ts';
import type { Answer, Answers, Need } from '../needs.ts';
import { needKey } from '../needs.ts';
import type { Core } from '../plan/core.ts';
import type { Span } from '../span.ts';
import { spellType } from '../types/show.ts';
import type { Type } from '../types/type.ts';
import type { LibraryIndex } from './library-index.ts';
import type { Binding, NodeInputs, Recheck, Scope } from './scope.ts';

/** Functions that call functions, each checked with the types of its call. */
const DEEPEST_RECHECK = 32;

/** An expression that was checked: its type and its desugared form. */
export interface Typed {
	readonly type: Type;
	readonly core: Core;
	/** In words, where the value came from (`m.sample`), for labels. */
	readonly origin?: string;
	readonly originSpan?: Span;
}

/** What checking one file gathers, whichever expression is being looked at. */
export class Session {
	readonly library: LibraryIndex;
	readonly answers: Answers;
	readonly text: string;
	problems: Problem[] = [];
	readonly needs = new Map<string, Need>();
	readonly info = new SemanticInfo();
	readonly spans: (readonly [number, number])[] = [];
	/** The study's root seed; what `seed: Number = study` stands for. */
	seed = 0;
	private uses = 0;
	private rechecking = 0;

	constructor(library: LibraryIndex, answers: Answers, text: string) {
		this.library = library;
		this.answers = answers;
		this.text = text;
	}

	report<C extends Code>(
		code: C,
		data: DataOf<C>,
		span: Span,
		more: { readonly also?: readonly Span[]; readonly fix?: Fix | null } = {},
	): void {
		if (this.problems.some((p) => p.code === code && p.span.start === span.start && p.span.end === span.end))
			return;
		this.problems.push(problem(code, data, span, more));
	}

	/**
	 * Checks again, once for the same types and not through endless chains of functions that call functions: else a
	 * program of n lines could take 2^n checks, or the whole stack.
	 */
	once(recheck: Recheck): Recheck {
		const known = new Map<string, Type | null>();
		return (args) => {
			const key = args.map(spellType).join();
			const before = known.get(key);
			if (before !== undefined || this.rechecking === DEEPEST_RECHECK) return before ?? null;
			this.rechecking++;
			const result = recheck(args);
			this.rechecking--;
			known.set(key, result);
			return result;
		};
	}

	/** The answer to a need, or null after noting that it is needed. */
	ask(need: Need): Answer | null {
		const key = needKey(need);
		const answer = this.answers.get(key);
		if (!answer) this.needs.set(key, need);
		return answer ?? null;
	}

	loc(span: Span): number {
		this.spans.push([span.start, span.end]);
		return this.spans.length - 1;
	}

	/** A name for a lambda's parameter that its spelling does not influence, so that renaming it changes no key. */
	freshLocal(depth: number, index: number): string {
		return `${depth}.${index}`;
	}

	/** A number for one use of a network, to tell its dimension variables from those of other uses. */
	freshUse(): number {
		return --this.uses;
	}
}

/** What editors ask for afterwards: types, definitions, names in reach. */
export class SemanticInfo {
	readonly types = new Map<Expr, Type>();
	readonly references: Reference[] = [];
	/** `aggregate`: a place that needs one value a group. */
	readonly scopes: { readonly span: Span; readonly scope: Scope; readonly aggregate: boolean }[] = [];
	readonly calls: CallSite[] = [];

	/** How much has been noted so far, to take back what is noted from here on. */
	mark(): Mark {
		return { references: this.references.length, scopes: this.scopes.length, calls: this.calls.length };
	}

	takeBack(mark: Mark): Noted {
		return {
			references: this.references.splice(mark.references),
			scopes: this.scopes.splice(mark.scopes),
			calls: this.calls.splice(mark.calls),
		};
	}

	add(noted: Noted): void {
		this.references.push(...noted.references);
		this.scopes.push(...noted.scopes);
		this.calls.push(...noted.calls);
	}
}

interface Mark {
	readonly references: number;
	readonly scopes: number;
	readonly calls: number;
}

export type Noted = Pick<SemanticInfo, 'references' | 'scopes' | 'calls'>;

export interface Reference {
	readonly span: Span;
	readonly target:
		| { readonly kind: 'binding'; readonly binding: Binding }
		| { readonly kind: 'library'; readonly name: string }
		| {
				readonly kind: 'member';
				readonly owner: Type;
				readonly name: string;
				readonly type: Type /** Where the program defines the field. */;
				readonly span: Span | null;
		  }
		/** `span`: where the program names the parameter; null for library functions. */
		| { readonly kind: 'argument'; readonly fn: string; readonly name: string; readonly span: Span | null };
}

/** A call of a library function: for signature help and for completing named arguments and columns. */
export interface CallSite {
	readonly span: Span;
	readonly fn: string;
	/** Columns in reach of each argument that is read row by row. */
	readonly columns: readonly { readonly span: Span; readonly scope: Scope }[];
}

export interface Context {
	readonly session: Session;
	readonly scope: Scope;
	/** Of the plan node whose body is being checked. */
	readonly node: NodeInputs;
	/** The rows that `Column<T>` arguments are read from; null outside tables. */
	readonly rows: Scope | null;
	/** How many lambdas are around: names their parameters. */
	readonly depth: number;
}

export const within = (cx: Context, changes: Partial<Context>): Context => ({ ...cx, ...changes });

/** Runs a check whose problems may have to be taken back (an overload that does not fit). */
export function attempt<T>(
	cx: Context,
	check: () => T,
): { readonly result: T; readonly problems: Problem[] } {
	const kept = cx.session.problems;
	cx.session.problems = [];
	const result = check();
	const problems = cx.session.problems;
	cx.session.problems = kept;
	return { result, problems };
}
