import type { Core } from '../plan/core.ts';
import type { Span } from '../span.ts';
import type { Type } from '../types/type.ts';

/** A name that an expression can use, and what it becomes. */
export interface Binding {
	readonly name: string;
	readonly kind: BindingKind;
	readonly type: Type;
	readonly core: Core;
	/** Where it is defined, for go-to-definition; null for columns of library rows. */
	readonly span: Span | null;
	readonly doc: string | null;
	/** Called when an expression uses it: records what the step depends on. */
	readonly use?: (node: NodeInputs) => void;
	/** In words, where a value came from (`m.sample`), for labels of type errors. */
	readonly origin?: string;
	/** A field that is defined further down, used by a field or a clause: an error of its own. */
	readonly belowUse?: 'field' | 'clause';
	/** A prompt or function whose parameters have no types is checked again with those of each use; gives the result's. */
	readonly recheck?: Recheck;
}

export type Recheck = (args: readonly Type[]) => Type | null;

export type BindingKind = 'declaration' | 'variable' | 'field' | 'column' | 'parameter';

/** Collects what one plan node depends on while its body is checked. */
export class NodeInputs {
	readonly inputs = new Map<string, string>();
	readonly versions = new Map<string, string>();
	readonly modules = new Set<string>();
	readonly fingerprints: PendingFingerprint[] = [];
	/** Whether something in the body calls a model. */
	calls = false;
}

/** A library call whose content (files, weights) becomes part of the key once its arguments are known. */
export interface PendingFingerprint {
	readonly fn: string;
	readonly args: Readonly<Record<string, Core>>;
	readonly span: Span;
}

/** Names by nesting: columns over parameters over the program's declarations. */
export class Scope {
	readonly parent: Scope | null;
	private readonly bindings = new Map<string, Binding>();
	/** True for the columns of a row, which may hide outer names (with a warning). */
	readonly columns: boolean;

	constructor(parent: Scope | null, bindings: Iterable<Binding> = [], columns = false) {
		this.parent = parent;
		this.columns = columns;
		for (const binding of bindings) this.bindings.set(binding.name, binding);
	}

	add(binding: Binding): void {
		this.bindings.set(binding.name, binding);
	}

	lookup(name: string): Binding | null {
		return this.bindings.get(name) ?? this.parent?.lookup(name) ?? null;
	}

	/** Where the program declares a name at its top level, whatever hides it; null when it does not. */
	declaration(name: string): Span | null {
		return this.parent?.declaration(name) ?? null;
	}

	own(): Iterable<Binding> {
		return this.bindings.values();
	}

	/** Every name in reach, inner ones first. */
	*all(): Generator<Binding> {
		yield* this.bindings.values();
		if (this.parent) yield* this.parent.all();
	}
}
