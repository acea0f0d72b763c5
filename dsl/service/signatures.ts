import type { LibraryFunction } from '../library.ts';
import { parseSignature } from '../parser/parser.ts';
import { showType } from '../types/show.ts';
import type { FunctionParam, Type } from '../types/type.ts';

/** A signature as it is shown: one line, and where in it each parameter stands. */
export interface SignatureInfo {
	readonly label: string;
	readonly params: readonly ParamInfo[];
}

export interface ParamInfo {
	readonly name: string;
	/** `n: Number = 20` */
	readonly label: string;
	/** UTF-16 offsets of the parameter in the signature's label. */
	readonly start: number;
	readonly end: number;
	readonly optional: boolean;
}

const known = new WeakMap<LibraryFunction, readonly SignatureInfo[]>();

/** The signatures of a library function; a method's receiver is shown before its dot. */
export function signaturesOf(fn: LibraryFunction): readonly SignatureInfo[] {
	const found = known.get(fn);
	if (found) return found;
	const texts = typeof fn.signature === 'string' ? [fn.signature] : fn.signature;
	const signatures = texts.map((text) => describe(text, fn.name.includes('.')));
	known.set(fn, signatures);
	return signatures;
}

function describe(text: string, method: boolean): SignatureInfo {
	const signature = parseSignature(text);
	const written = signature.params.map((param, i) => {
		const next = signature.params[i + 1];
		const end = next ? text.lastIndexOf(',', next.name.span.start) : closingParen(text, param.name.span.end);
		return {
			name: param.name.text,
			label: text.slice(param.name.span.start, end).trim(),
			optional: param.default !== null || param.type.kind === 'option',
		};
	});
	const [receiver, ...rest] = written;
	const name =
		method && receiver
			? `${receiver.name}.${signature.name.slice(signature.name.indexOf('.') + 1)}`
			: signature.name;
	return assemble(name, method ? rest : written, text.slice(closingParen(text, text.indexOf('(') + 1) + 1));
}

/** The `)` that closes the parameters. */
function closingParen(text: string, from: number): number {
	let depth = 0;
	for (let i = from; i < text.length; i++) {
		if (text[i] === '(' || text[i] === '[' || text[i] === '{') depth++;
		else if (text[i] === ']' || text[i] === '}') depth--;
		else if (text[i] === ')' && depth-- === 0) return i;
	}
	return text.length;
}

function assemble(
	name: string,
	params: readonly Omit<ParamInfo, 'start' | 'end'>[],
	result: string,
): SignatureInfo {
	let label = `${name}(`;
	const placed = params.map((param, i) => {
		if (i > 0) label += ', ';
		const start = label.length;
		label += param.label;
		return { ...param, start, end: label.length };
	});
	return { label: `${label})${result}`, params: placed };
}

/** The signature of a prompt, a network or a used TypeScript function. */
export function signatureOfType(name: string, type: Extract<Type, { k: 'function' }>): SignatureInfo {
	const params = type.params.map((param: FunctionParam) => ({
		name: param.name,
		label: `${param.name}: ${showType(param.type)}${param.optional ? '?' : ''}`,
		optional: param.optional,
	}));
	return assemble(name, params, ` -> ${showType(type.result)}`);
}
