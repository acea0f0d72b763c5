/**
 * What the compiler knows of the standard library: names, signatures and documentation, never an implementation.
 * The library's own registry has this shape, so the language stays free of everything that runs.
 */
export interface CompilerLibrary {
	readonly functions: ReadonlyMap<string, LibraryFunction>;
	readonly types: ReadonlyMap<string, LibraryType>;
}

export interface LibraryFunction {
	/** `bbq`, or `Model.sample` for a method of a model. */
	readonly name: string;
	readonly signature: string | readonly string[];
	readonly doc: string;
	readonly cite?: string;
	readonly example?: string;
	readonly version: number;
	readonly calls?: boolean;
	/** Present when the result depends on files or weights, which then are part of the step's key. */
	readonly fingerprint?: unknown;
	/** Parameter → texts that it is known to take, for completion inside of quotes. */
	readonly completions?: Readonly<Record<string, readonly string[]>>;
}

export interface LibraryType {
	readonly name: string;
	/** A type in Assay's syntax, or `opaque` for one that is only passed on. */
	readonly type: string;
	readonly doc: string;
}
