import { LibraryIndex, type Overload, type Parameter } from '../../../dsl/check/library-index.ts';
import { assign, noBindings, substitute } from '../../../dsl/types/assign.ts';
import type { Type } from '../../../dsl/types/type.ts';
import type { Definition } from '../../../stdlib/define.ts';
import { standardLibrary } from '../../../stdlib/index.ts';

/** A method of trained models as TypeScript cells call it: parameters by position, the result in a promise. */
export interface TrainedMethod {
	readonly name: string;
	readonly doc: string;
	/** Those after the model. */
	readonly params: readonly Pick<Parameter, 'name' | 'type' | 'optional'>[];
	readonly result: Type;
	readonly definition: Definition;
}

const HEAD = 'Trained.';
const index = new LibraryIndex(standardLibrary);

/**
 * The library's methods that a trained model of this type has. Left out are those that call a language model, which only
 * a run pays for, and those that read columns by expression.
 */
export const methodsOf = (type: Type): TrainedMethod[] =>
	[...standardLibrary.functions.values()].flatMap((definition) => {
		if (!definition.name.startsWith(HEAD) || definition.calls) return [];
		const found = index.overloads(definition).flatMap((overload) => fitting(overload, type));
		const [first] = found;
		return first
			? [{ ...first, name: definition.name.slice(HEAD.length), doc: definition.doc, definition }]
			: [];
	});

function fitting({ params, result }: Overload, type: Type): Pick<TrainedMethod, 'params' | 'result'>[] {
	const [model, ...rest] = params;
	const bindings = noBindings();
	if (!model || rest.some(({ mode }) => mode !== 'value') || !assign(type, model.type, bindings)) return [];
	// A default is an expression of the language: who calls from TypeScript gives the value.
	const given = rest.map((param) => ({
		name: param.name,
		type: substitute(param.type, bindings),
		optional: param.optional && param.default === null,
	}));
	return [{ params: given, result: substitute(result, bindings) }];
}
