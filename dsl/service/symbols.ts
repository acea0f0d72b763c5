import type { Declaration, Program } from '../ast.ts';
import type { Reference } from '../check/context.ts';
import type { Binding } from '../check/scope.ts';
import type { Compiled } from '../compile.ts';
import type { Span } from '../span.ts';
import { showType } from '../types/show.ts';
import { isApp, type Type, unlabel } from '../types/type.ts';

/** One thing with a name, and every place where the program writes that name. */
export interface NamedThing {
	readonly name: string;
	/** In the order of the text; the definition is among them. */
	readonly occurrences: readonly Span[];
	/** Null when the program does not define it: a column of a library's rows, a TypeScript function. */
	readonly definition: Span | null;
	/** Why it cannot be renamed, in words; null when it can. */
	readonly fixed: string | null;
}

/**
 * The symbols of a program. A table that is grouped `by m` has a column `m`, defined where the eval's `m` is used: such
 * chains of definitions are one symbol.
 */
export class Symbols {
	/** Start of an occurrence → start of the occurrence that stands for its symbol. */
	private readonly parents = new Map<number, number>();
	private readonly spans = new Map<number, Span>();
	private readonly definitions = new Map<number, Span>();
	private readonly fixed = new Map<number, string>();
	private readonly text: string;

	constructor(compiled: Compiled, text: string) {
		this.text = text;
		for (const binding of definedNames(compiled)) if (binding.span) this.define(binding.span);
		for (const reference of compiled.info.references) this.refer(reference);
		for (const declaration of compiled.program.declarations)
			if (declaration.kind === 'use') this.fixUsed(declaration);
	}

	/** The symbol whose name is written at an offset, or null. */
	at(offset: number): NamedThing | null {
		const span = [...this.spans.values()].find(
			(candidate) => candidate.start <= offset && offset <= candidate.end,
		);
		if (!span) return null;
		const root = this.rootOf(span.start);
		const occurrences = [...this.spans.values()]
			.filter((other) => this.rootOf(other.start) === root)
			.sort((a, b) => a.start - b.start);
		const definitions = occurrences.filter((occurrence) => this.definitions.has(occurrence.start));
		const fixed = occurrences
			.map((occurrence) => this.fixed.get(occurrence.start))
			.find((reason) => reason !== undefined);
		return {
			name: this.text.slice(span.start, span.end),
			occurrences,
			definition: definitions.find((d) => !this.refersToAnother(d)) ?? definitions[0] ?? null,
			fixed: fixed ?? null,
		};
	}

	private readonly references = new Map<number, number>();
	private refersToAnother = (span: Span): boolean => this.references.has(span.start);

	private define(span: Span): void {
		this.spans.set(span.start, span);
		this.definitions.set(span.start, span);
	}

	private refer({ span, target }: Reference): void {
		const definition =
			target.kind === 'binding' ? target.binding.span : target.kind === 'library' ? null : target.span;
		const name = this.text.slice(span.start, span.end);
		if (definition && this.text.slice(definition.start, definition.end) === name) {
			this.spans.set(span.start, span);
			this.define(definition);
			if (definition.start !== span.start) this.references.set(span.start, definition.start);
			this.parents.set(this.rootOf(span.start), this.rootOf(definition.start));
		} else if (target.kind === 'member') {
			this.spans.set(span.start, span);
			this.fixed.set(
				span.start,
				`\`${name}\` is a field of ${showType(target.owner)}, which the library defines`,
			);
		} else if (target.kind === 'binding' && target.binding.kind === 'column') {
			this.spans.set(span.start, span);
			this.fixed.set(span.start, `\`${name}\` is a column that the library defines`);
		}
	}

	private fixUsed(declaration: Extract<Declaration, { kind: 'use' }>): void {
		const where = declaration.from?.path ?? 'an earlier cell';
		for (const name of declaration.names) {
			this.define(name.span);
			this.fixed.set(
				name.span.start,
				`\`${name.text}\` is a TypeScript function of ${where}: rename it there`,
			);
		}
	}

	private rootOf(start: number): number {
		let root = start;
		for (
			let parent = this.parents.get(root);
			parent !== undefined && parent !== root;
			parent = this.parents.get(root)
		)
			root = parent;
		return root;
	}
}

/** Every name that the program defines: declarations, variables, fields, columns, parameters. */
export function* definedNames(compiled: Compiled): Generator<Binding> {
	for (const declaration of compiled.program.declarations) {
		for (const name of declaredNames(declaration)) {
			const binding = compiled.scope.lookup(name.text);
			if (binding) yield { ...binding, span: name.span };
		}
		if (declaration.kind === 'table') yield* tableColumns(compiled, declaration.name.text);
	}
	for (const { scope } of compiled.info.scopes)
		for (const binding of scope.own()) if (scope !== compiled.scope) yield binding;
}

function* tableColumns(compiled: Compiled, table: string): Generator<Binding> {
	const type = compiled.scope.lookup(table)?.type;
	const row: Type | undefined = type && isApp(type, 'Table') && type.k === 'app' ? type.args[0] : undefined;
	if (row?.k !== 'record') return;
	for (const [name, span] of row.origins ?? []) {
		const column = row.fields.get(name);
		if (column)
			yield { name, kind: 'column', type: unlabel(column), core: { op: 'column', name }, span, doc: null };
	}
}

function declaredNames(
	declaration: Program['declarations'][number],
): readonly { readonly text: string; readonly span: Span }[] {
	if (declaration.kind === 'study' || declaration.kind === 'error') return [];
	return declaration.kind === 'use' ? declaration.names : [declaration.name];
}
