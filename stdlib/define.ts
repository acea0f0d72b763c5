import type { RunContext } from './context.ts';
import type { Awaitable } from './models/provider.ts';

/** What a function reads besides its arguments, known before it runs: part of the step's key. */
export interface Fingerprint {
	/** Readable: `bbq("Age")`, `smollm2-135m-instruct.gguf`. */
	readonly name: string;
	readonly sha256: string;
}

export interface Definition<Args = never, Result = unknown> {
	/** `bbq`, or `Model.sample` for a method: the part before the dot is the receiver's type. */
	readonly name: string;
	/**
	 * In Assay's own type syntax: `name(param: Type = default, …) -> Type`; several are overloads, tried in order.
	 * Capital single letters are type variables. `Row -> T` style parameters (`by: R -> Any`) and `Column<T>` parameters
	 * take expressions over columns. A parameter of type `T?` or with a default may be left out. `seed: Number = study`
	 * means the study's seed.
	 */
	readonly signature: string | readonly string[];
	/** One or more sentences; the first stands alone in lists. Says shapes, units, ranges, errors. */
	readonly doc: string;
	/** Paper, section or equation. */
	readonly cite?: string;
	/** A line or a few of Assay. */
	readonly example?: string;
	/** Parameter → texts that it is known to take (models, categories, methods): offered while typing inside of quotes. */
	readonly completions?: Readonly<Record<string, readonly string[]>>;
	/** Raised by hand when results change for the same arguments. */
	readonly version: number;
	/** Missing arguments are given to `run` instead of making the result missing. */
	readonly acceptsMissing?: boolean;
	/** True when `run` calls a model: such a step has a cost. */
	readonly calls?: boolean;
	/** Files and weights it reads for constant arguments; throws a `UserError` when they are not there. */
	fingerprint?(args: Args, context: FingerprintContext): readonly Fingerprint[];
	/** Arguments by parameter name; defaults of literals are filled in. */
	run(args: Args, context: RunContext): Awaitable<Result>;
	/** Aggregates only: the bare value, for resampling, when that is much faster than `run`. */
	point?(args: Args): number | null;
}

export interface FingerprintContext {
	resolvePath(path: string): string;
}

/** A type named in signatures and annotations: `BBQ = {context: Text, …}`. */
export interface TypeDefinition {
	readonly name: string;
	readonly type: string;
	readonly doc: string;
}

export const define = <Args, Result>(definition: Definition<Args, Result>): Definition<Args, Result> =>
	definition;

export const defineType = (definition: TypeDefinition): TypeDefinition => definition;

/** An error that the user can mend: what is wrong and what to do, in sentences. */
export class UserError extends Error {
	readonly help: string | null;

	constructor(message: string, help: string | null = null, cause?: unknown) {
		super(message, { cause });
		this.name = 'UserError';
		this.help = help;
	}
}
