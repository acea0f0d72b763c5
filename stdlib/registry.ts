import type { Definition, TypeDefinition } from './define.ts';

/** Everything that a study can name. Files of `stdlib` export arrays of definitions; this is their union. */
export interface Library {
	readonly functions: ReadonlyMap<string, AnyDefinition>;
	readonly types: ReadonlyMap<string, TypeDefinition>;
}

// biome-ignore lint/suspicious/noExplicitAny: a registry holds definitions of every argument type; calls are checked against the signature
export type AnyDefinition = Definition<any, unknown>;

export function library(functions: readonly AnyDefinition[], types: readonly TypeDefinition[] = []): Library {
	return {
		functions: new Map(functions.map((definition) => [definition.name, definition])),
		types: new Map(types.map((definition) => [definition.name, definition])),
	};
}
