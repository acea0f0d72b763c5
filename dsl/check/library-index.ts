import type { Expr, TypeExpr } from '../ast.ts';
import type { CompilerLibrary, LibraryFunction } from '../library.ts';
import { parseSignature, parseTypeExpr } from '../parser/parser.ts';
import { type TypeNames, typeFromSyntax } from '../types/from-syntax.ts';
import { app, isApp, type Type, type TypeVar } from '../types/type.ts';

/** How a parameter takes its argument. */
export type Mode = 'value' | 'row' | 'column' | 'type';

export interface Parameter {
	readonly name: string;
	readonly type: Type;
	readonly mode: Mode;
	readonly default: Expr | null;
	readonly optional: boolean;
}

/** One signature of a library function with variables of its own. */
export interface Overload {
	readonly params: readonly Parameter[];
	readonly result: Type;
	/** Dimension variables of this use are spelled `?name#use`. */
	readonly dimension: (name: string) => string;
}

/** The library as the checker reads it: signatures parsed on first use, with fresh variables at each use. */
export class LibraryIndex {
	readonly functions: ReadonlyMap<string, LibraryFunction>;
	private readonly library: CompilerLibrary;
	private readonly parsed = new Map<string, ReturnType<typeof parseSignature>[]>();
	private readonly named = new Map<string, Type>();
	private uses = 0;

	constructor(library: CompilerLibrary) {
		this.library = library;
		this.functions = library.functions;
	}

	typeNames(): Iterable<string> {
		return this.library.types.keys();
	}

	/** A row type of the library, e.g. `BBQ`; null when there is none of that name. */
	namedType(name: string): Type | null {
		const known = this.named.get(name);
		if (known) return known;
		const definition = this.library.types.get(name);
		if (!definition) return null;
		if (definition.type === 'opaque') return app(name);
		const type = this.typeOf(parseTypeExpr(definition.type));
		const shown: Type = type.k === 'record' ? { ...type, name } : type;
		this.named.set(name, shown);
		return shown;
	}

	overloads(fn: LibraryFunction): Overload[] {
		let signatures = this.parsed.get(fn.name);
		if (!signatures) {
			signatures = (typeof fn.signature === 'string' ? [fn.signature] : fn.signature).map(parseSignature);
			this.parsed.set(fn.name, signatures);
		}
		return signatures.map((signature) => {
			const use = ++this.uses;
			const variables = new Map<string, TypeVar>();
			const names = this.signatureNames(use, variables);
			const params = signature.params.map((param) => {
				const type = typeFromSyntax(param.type, names);
				return {
					name: param.name.text,
					type,
					mode: modeOf(
						param.type,
						type,
						signature.params.map((p) => p.type),
					),
					default: param.default,
					optional: param.default !== null || isApp(type, 'Option'),
				};
			});
			return { params, result: typeFromSyntax(signature.result, names), dimension: names.dimension };
		});
	}

	/** The type that a text of the library or of a data file spells; throws on a misspelt one. */
	typeOf(syntax: TypeExpr): Type {
		return typeFromSyntax(syntax, this.signatureNames(0, new Map(), false));
	}

	parseType(text: string): Type {
		return this.typeOf(parseTypeExpr(text));
	}

	private signatureNames(use: number, variables: Map<string, TypeVar>, withVariables = true): TypeNames {
		return {
			named: (name) => (name === 'Row' ? app('Row') : this.namedType(name)),
			variable: (name) => {
				if (!withVariables || !/^[A-Z]$/.test(name)) return null;
				let variable = variables.get(name);
				if (!variable) {
					variable = { k: 'var', name, id: use * 32 + variables.size };
					variables.set(name, variable);
				}
				return variable;
			},
			dimension: (name) => `?${name}#${use}`,
			unknown: (name) => {
				throw new Error(`a signature of the library names the unknown type ${name}`);
			},
			badDimension: () => {
				throw new Error('a signature of the library has a dimension that is no arithmetic');
			},
		};
	}
}

/**
 * `R -> T` where `R` is the row type of a `Data<R>` or `Table<R, S>` parameter of the same signature is read row by
 * row; `Column<T>` is read over the rows of a group; other function types take lambdas.
 */
function modeOf(syntax: TypeExpr, type: Type, all: readonly TypeExpr[]): Mode {
	const inner = syntax.kind === 'option' ? syntax.inner : syntax;
	const plain = isApp(type, 'Option') && type.k === 'app' ? (type.args[0] as Type) : type;
	if (isApp(plain, 'Column')) return 'column';
	if (isApp(plain, 'Type')) return 'type';
	if (inner.kind !== 'function' || inner.params.length !== 1) return 'value';
	const param = inner.params[0] as TypeExpr;
	if (param.kind !== 'name' || param.args.length > 0) return 'value';
	return param.name === 'Row' || all.some((other) => hasRows(other, param.name)) ? 'row' : 'value';
}

function hasRows(syntax: TypeExpr, variable: string): boolean {
	if (syntax.kind === 'union') return syntax.members.some((member) => hasRows(member, variable));
	if (syntax.kind !== 'name' || (syntax.name !== 'Data' && syntax.name !== 'Table')) return false;
	return syntax.args.some((arg) => arg.kind === 'name' && arg.name === variable);
}
