import type { Expr, TypeExpr } from '../ast.ts';
import type { Span } from '../span.ts';
import { add, constant, type Dim, divide, multiply, variable } from './dims.ts';
import { ANY, app, ERROR, type Type, type TypeVar } from './type.ts';

/** What a type's names stand for, and where to say that one stands for nothing. */
export interface TypeNames {
	/** A type of the library, or null. */
	named(name: string): Type | null;
	/** The variable `R` of a signature, or null where variables cannot stand (annotations). */
	variable(name: string): TypeVar | null;
	/** How a dimension variable is spelled: fresh for each call of a signature, rigid in a network. */
	dimension(name: string): string;
	/** Whether the syntax is the program's own, so that its spans can be gone to. */
	readonly inProgram?: boolean;
	unknown(name: string, span: Span): void;
	badDimension(span: Span): void;
}

/** Number of arguments that each built-in constructor takes at most. */
export const CONSTRUCTORS: ReadonlyMap<string, number> = new Map([
	['Text', 0],
	['Number', 0],
	['Bool', 0],
	['Prob', 0],
	['Duration', 0],
	['Money', 0],
	['None', 0],
	['List', 1],
	['Option', 1],
	['Data', 1],
	['Table', 2],
	['Column', 1],
	['Estimate', 0],
	['Choice', 0],
	['Prompt', 0],
	['Network', 1],
	['Trained', 1],
	['Figure', 0],
	['Uncertainty', 0],
	['Interval', 0],
	['Schedule', 0],
	['Labelled', 1],
	['ChooseBy', 1],
	['Constitution', 0],
	['Type', 1],
]);

export const CAPABILITIES: readonly string[] = ['sample', 'choose', 'logprob', 'embed', 'train'];

export function typeFromSyntax(syntax: TypeExpr, names: TypeNames): Type {
	switch (syntax.kind) {
		case 'name':
			return namedType(syntax, names);
		case 'tensor':
			return { k: 'tensor', name: syntax.name, dims: syntax.dims.map((dim) => dimFromSyntax(dim, names)) };
		case 'record': {
			const spread = syntax.spread.map((name) => names.variable(name.text)).filter((v) => v !== null);
			const fields = new Map(
				syntax.fields.map((field) => [field.name.text, typeFromSyntax(field.type, names)]),
			);
			const origins = names.inProgram
				? { origins: new Map(syntax.fields.map((field) => [field.name.text, field.name.span])) }
				: {};
			return { k: 'record', fields, ...origins, ...(spread.length > 0 ? { spread } : {}) };
		}
		case 'option':
			return app('Option', typeFromSyntax(syntax.inner, names));
		case 'function':
			return {
				k: 'function',
				params: syntax.params.map((param, i) => ({
					name: `_${i}`,
					type: typeFromSyntax(param, names),
					optional: false,
				})),
				result: typeFromSyntax(syntax.result, names),
			};
		case 'union':
			return { k: 'union', members: syntax.members.map((member) => typeFromSyntax(member, names)) };
		case 'error':
			return ERROR;
	}
}

function namedType(syntax: Extract<TypeExpr, { kind: 'name' }>, names: TypeNames): Type {
	if (syntax.name === 'Any') return ANY;
	if (syntax.name === 'Model') return modelType(syntax.args, names);
	if (syntax.name === 'Image' || syntax.name === 'Tensor')
		return { k: 'tensor', name: syntax.name, dims: null };
	const variableType = names.variable(syntax.name);
	if (variableType) return variableType;
	const found = names.named(syntax.name);
	if (found) return found;
	const arity = isTag(syntax.name) && !names.inProgram ? 0 : CONSTRUCTORS.get(syntax.name);
	if (arity !== undefined && syntax.args.length <= arity) {
		return app(syntax.name, ...syntax.args.map((arg) => typeFromSyntax(arg, names)));
	}
	names.unknown(arity === undefined ? syntax.name : `${syntax.name}<…>`, syntax.span);
	return ERROR;
}

/** `logprob` in `ChooseBy<logprob>`: a mark, not a type of values. */
const isTag = (name: string): boolean => /^[a-z]/.test(name);

function modelType(args: readonly TypeExpr[], names: TypeNames): Type {
	if (args.length === 0) return { k: 'model', capabilities: null };
	for (const arg of args) {
		if (names.inProgram && !(arg.kind === 'name' && CAPABILITIES.includes(arg.name)))
			names.unknown(arg.kind === 'name' ? arg.name : '?', arg.span);
	}
	return { k: 'model', capabilities: new Set(args.map((arg) => (arg.kind === 'name' ? arg.name : '?'))) };
}

/** Arithmetic over names and whole numbers, with `ceil(a / b)` and `floor(a / b)`. */
export function dimFromSyntax(expr: Expr, names: TypeNames): Dim {
	const under = (inner: Expr): Dim => dimFromSyntax(inner, names);
	if (expr.kind === 'number') return constant(expr.value);
	if (expr.kind === 'name') return variable(names.dimension(expr.name));
	if (expr.kind === 'group') return under(expr.inner);
	if (expr.kind === 'binary') {
		if (expr.operator === '+') return add(under(expr.left), under(expr.right));
		if (expr.operator === '-') return add(under(expr.left), under(expr.right), -1);
		if (expr.operator === '*') return multiply(under(expr.left), under(expr.right));
		if (expr.operator === '/') return divide(under(expr.left), under(expr.right), 'floor');
	}
	if (expr.kind === 'call' && expr.callee.kind === 'name') {
		const inner = expr.args[0]?.value;
		const rounding = expr.callee.name;
		if ((rounding === 'ceil' || rounding === 'floor') && inner?.kind === 'binary' && inner.operator === '/') {
			return divide(under(inner.left), under(inner.right), rounding);
		}
	}
	names.badDimension(expr.span);
	return constant(1);
}
