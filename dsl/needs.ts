/**
 * What the compiler cannot know by itself. It is synchronous and pure: it answers with needs, the caller fetches them
 * and asks again with the answers.
 */
export type Need =
	/** The row type of a data file that has no `as:`. */
	| { readonly kind: 'schema'; readonly fn: string; readonly path: string }
	/** The signatures of functions of a TypeScript module; `path` null is the notebook's earlier cells. */
	| { readonly kind: 'signature'; readonly path: string | null; readonly names: readonly string[] }
	/** The content that a library call reads: part of its step's key. */
	| { readonly kind: 'fingerprint'; readonly fn: string; readonly args: Readonly<Record<string, unknown>> };

export type Answer =
	| { readonly kind: 'schema'; readonly type: string }
	| { readonly kind: 'signature'; readonly module: UsedModule }
	| {
			readonly kind: 'fingerprint';
			readonly prints: readonly { readonly name: string; readonly sha256: string }[];
	  }
	/** The need cannot be met: a sentence, and what to do. */
	| { readonly kind: 'failure'; readonly message: string; readonly help: string | null };

export interface UsedModule {
	/** Absolute path, or a name for the notebook's cells. */
	readonly path: string;
	/** Hash of the module and of what it imports: the version of its functions. */
	readonly sha256: string;
	/** Types in Assay's syntax. A function that is not exported is absent. */
	readonly functions: Readonly<Record<string, UsedSignature>>;
}

export interface UsedSignature {
	readonly params: readonly { readonly name: string; readonly type: string; readonly optional: boolean }[];
	readonly result: string;
	readonly doc: string | null;
}

export type Answers = ReadonlyMap<string, Answer>;

/** One string a need, to look its answer up. */
export const needKey = (need: Need): string => JSON.stringify(need);
