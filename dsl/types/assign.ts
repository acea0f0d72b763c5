import { type Dim, freshDim, isFlexible, sameDim, substituteDim, variableOf } from './dims.ts';
import {
	ANY,
	type App,
	app,
	argOf,
	isApp,
	type RecordType,
	type Type,
	type TypeVar,
	unlabel,
} from './type.ts';

/** What a call has found out about its signature's variables. */
export interface Bindings {
	readonly types: Map<number, Type>;
	readonly dims: Map<string, Dim>;
}

export const noBindings = (): Bindings => ({ types: new Map(), dims: new Map() });

/**
 * Whether a value of type `actual` can stand where `expected` is asked for, binding the variables of `expected` on the
 * way. Width subtyping for records, `Prob` is a `Number`, a model may have more capabilities, `T` is a `T?`.
 */
export function assign(actual: Type, expected: Type, bindings: Bindings): boolean {
	if (actual.k === 'error' || expected.k === 'error' || expected.k === 'any' || actual.k === 'any')
		return true;
	if (expected.k === 'var') return assignToVariable(actual, expected, bindings);
	if (actual.k === 'var') return assignFromVariable(actual, expected, bindings);
	if (isApp(actual, 'Labelled') && !isApp(expected, 'Labelled'))
		return assign(argOf(actual), expected, bindings);
	if (actual.k === 'union') return actual.members.every((member) => assign(member, expected, bindings));
	if (expected.k === 'union') return expected.members.some((member) => assign(actual, member, bindings));
	if (isApp(expected, 'Option')) return assignToOption(actual, expected, bindings);
	if (expected.k === 'app') return assignToApp(actual, expected, bindings);
	if (expected.k === 'record') return assignToRecord(actual, expected, bindings);
	if (expected.k === 'model') return assignToModel(actual, expected.capabilities);
	if (expected.k === 'tensor') return assignToTensor(actual, expected, bindings);
	return assignToFunction(actual, expected, bindings);
}

function assignToVariable(actual: Type, expected: TypeVar, bindings: Bindings): boolean {
	if (actual.k === 'var' && actual.id === expected.id) return true;
	const bound = bindings.types.get(expected.id);
	if (!bound) {
		bindings.types.set(expected.id, actual);
		return true;
	}
	if (assign(actual, bound, bindings)) return true;
	const joined = join(actual, bound);
	if (!joined) return false;
	bindings.types.set(expected.id, joined);
	return true;
}

/** A variable on the left: a parameter of a function that is given where a function is asked for. */
function assignFromVariable(actual: TypeVar, expected: Type, bindings: Bindings): boolean {
	const bound = bindings.types.get(actual.id);
	if (!bound) bindings.types.set(actual.id, expected);
	return !bound || assign(substitute(bound, bindings), expected, bindings);
}

function assignToOption(actual: Type, expected: Type, bindings: Bindings): boolean {
	if (isApp(actual, 'None')) return true;
	return assign(isApp(actual, 'Option') ? argOf(actual) : actual, argOf(expected), bindings);
}

function assignToApp(actual: Type, expected: App, bindings: Bindings): boolean {
	if (actual.k !== 'app') return false;
	if (actual.name !== expected.name) return isNumeric(actual) && expected.name === 'Number';
	return expected.args.every((arg, i) => assign(argOf(actual, i), arg, bindings));
}

const isNumeric = (type: App): boolean => type.name === 'Prob' || type.name === 'Estimate';

function assignToRecord(actual: Type, expected: RecordType, bindings: Bindings): boolean {
	if (actual.k !== 'record') return false;
	for (const [name, type] of expected.fields) {
		const found = actual.fields.get(name);
		if (!found) {
			if (isApp(type, 'Option')) continue;
			return false;
		}
		if (!assign(found, type, bindings)) return false;
	}
	return true;
}

function assignToModel(actual: Type, capabilities: ReadonlySet<string> | null): boolean {
	if (isApp(actual, 'Trained')) return assignToModel(argOf(actual), capabilities);
	if (actual.k !== 'model') return false;
	return (
		capabilities === null ||
		actual.capabilities === null ||
		[...capabilities].every((c) => actual.capabilities?.has(c))
	);
}

function assignToTensor(actual: Type, expected: Extract<Type, { k: 'tensor' }>, bindings: Bindings): boolean {
	if (actual.k !== 'tensor') return false;
	if (expected.name !== 'Tensor' && actual.name !== expected.name) return false;
	if (expected.dims === null || actual.dims === null) return true;
	if (actual.dims.length !== expected.dims.length) return false;
	return expected.dims.every((dim, i) => assignDim((actual.dims as readonly Dim[])[i] as Dim, dim, bindings));
}

function assignDim(actual: Dim, expected: Dim, bindings: Bindings): boolean {
	const name = variableOf(expected);
	if (name?.startsWith('?')) {
		const bound = bindings.dims.get(name);
		if (bound) return sameDim(actual, bound);
		bindings.dims.set(name, actual);
		return true;
	}
	const wanted = substituteDim(expected, bindings.dims);
	return sameDim(actual, wanted) || isFlexible(wanted) || isFlexible(actual);
}

function assignToFunction(
	actual: Type,
	expected: Extract<Type, { k: 'function' }>,
	bindings: Bindings,
): boolean {
	if (actual.k !== 'function') return false;
	const required = actual.params.filter((param) => !param.optional).length;
	if (required > expected.params.length || actual.params.length < expected.params.length) return false;
	const paramsFit = expected.params.every((param, i) =>
		assign(substitute(param.type, bindings), (actual.params[i] as { type: Type }).type, bindings),
	);
	return paramsFit && assign(actual.result, expected.result, bindings);
}

/** The type with every bound variable replaced; records take in the fields of their spread variables. */
export function substitute(type: Type, bindings: Bindings): Type {
	switch (type.k) {
		case 'var': {
			const bound = bindings.types.get(type.id);
			return bound ? substitute(bound, bindings) : type;
		}
		case 'app':
			return type.args.length === 0
				? type
				: app(type.name, ...type.args.map((arg) => substitute(arg, bindings)));
		case 'record':
			return substituteRecord(type, bindings);
		case 'function':
			return {
				k: 'function',
				params: type.params.map((param) => ({ ...param, type: substitute(param.type, bindings) })),
				result: substitute(type.result, bindings),
			};
		case 'tensor':
			return type.dims === null
				? type
				: { ...type, dims: type.dims.map((dim) => substituteDim(dim, bindings.dims)) };
		case 'union':
			return { k: 'union', members: type.members.map((member) => substitute(member, bindings)) };
		default:
			return type;
	}
}

function substituteRecord(type: RecordType, bindings: Bindings): Type {
	if (type.name && !type.spread) return type;
	const fields = new Map<string, Type>();
	const origins = new Map(type.origins);
	for (const variable of type.spread ?? []) {
		const bound = substitute(variable, bindings);
		if (bound.k === 'any' || bound.k === 'error') return bound;
		if (bound.k !== 'record') continue;
		for (const [name, field] of bound.fields) fields.set(name, field);
		for (const [name, span] of bound.origins ?? []) if (!type.fields.has(name)) origins.set(name, span);
	}
	for (const [name, field] of type.fields) fields.set(name, substitute(field, bindings));
	return { k: 'record', fields, origins };
}

/** The least type that both fit, or null: what a list of both holds. */
export function join(a: Type, b: Type): Type | null {
	if (a.k === 'error' || b.k === 'any') return b;
	if (b.k === 'error' || a.k === 'any') return a;
	const [left, right] = [unlabel(a), unlabel(b)];
	if (isApp(left, 'None')) return isApp(right, 'None') ? right : app('Option', argIfOption(right));
	if (isApp(right, 'None')) return app('Option', argIfOption(left));
	if (left.k === 'model' && right.k === 'model') return joinModels(left.capabilities, right.capabilities);
	if (isApp(left, 'Choice') && isApp(right, 'Choice'))
		return sameOptions(left, right) ? right : forgetOptions(right);
	if (assign(left, right, noBindings())) return forgetOptions(right);
	if (assign(right, left, noBindings())) return forgetOptions(left);
	if (left.k === 'record' && right.k === 'record') return joinRecords(left, right);
	if (left.k === 'app' && right.k === 'app' && left.name === right.name) return joinApps(left, right);
	return null;
}

const sameOptions = (a: Type, b: Type): boolean =>
	a.k === 'app' && b.k === 'app' && JSON.stringify(a.options) === JSON.stringify(b.options);

/** What may also hold values of another origin says nothing about the options of its Choices. */
export function forgetOptions(type: Type): Type {
	if (type.k === 'app') return app(type.name, ...type.args.map(forgetOptions));
	if (type.k !== 'record' || type.name) return type;
	return { ...type, fields: new Map([...type.fields].map(([name, field]) => [name, forgetOptions(field)])) };
}

const argIfOption = (type: Type): Type => (isApp(type, 'Option') ? argOf(type) : type);

function joinModels(a: ReadonlySet<string> | null, b: ReadonlySet<string> | null): Type {
	if (a === null || b === null) return { k: 'model', capabilities: a ?? b };
	return { k: 'model', capabilities: new Set([...a].filter((capability) => b.has(capability))) };
}

function joinRecords(a: RecordType, b: RecordType): Type {
	const fields = new Map<string, Type>();
	for (const [name, type] of a.fields) {
		const other = b.fields.get(name);
		const joined = other && join(type, other);
		if (joined) fields.set(name, joined);
	}
	return { k: 'record', fields, ...(a.origins ? { origins: a.origins } : {}) };
}

function joinApps(a: App, b: App): Type | null {
	const args = a.args.map((arg, i) => join(arg, argOf(b, i)));
	return args.every((arg) => arg !== null) ? app(a.name, ...(args as Type[])) : null;
}

/** A network as one of its uses sees it: the dimension variables of its text stand for anything. */
export function freshNetwork(type: Type, use: number): Type {
	switch (type.k) {
		case 'app':
			return app(type.name, ...type.args.map((arg) => freshNetwork(arg, use)));
		case 'function': {
			const params = type.params.map((param) => ({ ...param, type: freshNetwork(param.type, use) }));
			return { k: 'function', params, result: freshNetwork(type.result, use) };
		}
		case 'tensor':
			return type.dims === null ? type : { ...type, dims: type.dims.map((dim) => freshDim(dim, use)) };
		default:
			return type;
	}
}

/** Variables that were never bound stand for anything. */
export function close(type: Type): Type {
	switch (type.k) {
		case 'var':
			return ANY;
		case 'app':
			return app(type.name, ...type.args.map(close));
		case 'record':
			if (type.name && !type.spread) return type;
			return {
				k: 'record',
				fields: new Map([...type.fields].map(([n, t]) => [n, close(t)])),
				...(type.origins ? { origins: type.origins } : {}),
			};
		case 'function':
			return {
				k: 'function',
				params: type.params.map((p) => ({ ...p, type: close(p.type) })),
				result: close(type.result),
			};
		case 'union':
			return { k: 'union', members: type.members.map(close) };
		default:
			return type;
	}
}
