import type { Span } from '../span.ts';
import type { Dim } from './dims.ts';

/** Field → the span of the name that defines it. */
export type Origins = ReadonlyMap<string, Span>;

/**
 * Assay's types. `app` covers every named constructor (`List<T>`, `Data<R>`, `Choice`, `Prompt` …); the others have
 * rules of their own. `error` is the type of what is already reported: everything accepts it quietly.
 */
export type Type =
	| {
			readonly k: 'app';
			readonly name: string;
			readonly args: readonly Type[];
			/** Of a Choice whose options the program writes out. A call and a join of types forget them. */
			readonly options?: readonly string[];
	  }
	/** `name` is the library's word for it (`BBQ`), for showing only: records are structural. */
	| {
			readonly k: 'record';
			readonly fields: ReadonlyMap<string, Type>;
			readonly name?: string;
			readonly spread?: readonly TypeVar[];
			/** Where the program defines its fields; those of library rows have no place. For editors only. */
			readonly origins?: Origins;
	  }
	| { readonly k: 'model'; readonly capabilities: ReadonlySet<string> | null }
	| { readonly k: 'function'; readonly params: readonly FunctionParam[]; readonly result: Type }
	| { readonly k: 'tensor'; readonly name: string; readonly dims: readonly Dim[] | null }
	| { readonly k: 'union'; readonly members: readonly Type[] }
	| TypeVar
	| { readonly k: 'any' }
	| { readonly k: 'error' };

export interface TypeVar {
	readonly k: 'var';
	readonly name: string;
	/** Distinguishes the `R` of one call from the `R` of another. */
	readonly id: number;
}

export interface FunctionParam {
	readonly name: string;
	readonly type: Type;
	readonly optional: boolean;
	/** Where the program names it. */
	readonly span?: Span;
}

export const app = (name: string, ...args: Type[]): Type => ({ k: 'app', name, args });

export const TEXT = app('Text');
export const NUMBER = app('Number');
export const BOOL = app('Bool');
export const PROB = app('Prob');
export const DURATION = app('Duration');
export const MONEY = app('Money');
export const NONE = app('None');
export const PROMPT = app('Prompt');
export const CHOICE = app('Choice');
export const ESTIMATE = app('Estimate');
export const FIGURE = app('Figure');
export const ANY: Type = { k: 'any' };
export const ERROR: Type = { k: 'error' };

export const listOf = (item: Type): Type => app('List', item);
export const optionOf = (inner: Type): Type => (isApp(inner, 'Option') ? inner : app('Option', inner));
export const dataOf = (row: Type): Type => app('Data', row);
export const recordOf = (
	fields: Iterable<readonly [string, Type]>,
	origins?: Iterable<readonly [string, Span]>,
): Type => ({
	k: 'record',
	fields: new Map(fields),
	...(origins ? { origins: new Map(origins) } : {}),
});

export type App = Extract<Type, { k: 'app' }>;
export type RecordType = Extract<Type, { k: 'record' }>;

export const isApp = (type: Type, name: string): boolean => type.k === 'app' && type.name === name;
export const argOf = (type: Type, index = 0): Type => (type.k === 'app' ? (type.args[index] ?? ANY) : ANY);

/** `Labelled<T>` is a `T` that also has a name. */
export const unlabel = (type: Type): Type => (isApp(type, 'Labelled') ? argOf(type) : type);
export const unoption = (type: Type): Type => (isApp(type, 'Option') ? argOf(type) : type);

/** What a type is called in a method's name: `Model.sample`. */
export function headOf(type: Type): string | null {
	const plain = unlabel(type);
	if (plain.k === 'app') return plain.name;
	if (plain.k === 'model') return 'Model';
	if (plain.k === 'tensor') return plain.name;
	if (plain.k === 'record') return plain.name ?? 'record';
	return null;
}
