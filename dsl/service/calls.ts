import type { Argument, Expr } from '../ast.ts';
import type { Compiled } from '../compile.ts';
import type { CompilerLibrary, LibraryFunction } from '../library.ts';
import { argOf, headOf, isApp, unlabel } from '../types/type.ts';
import { type ParamInfo, type SignatureInfo, signatureOfType, signaturesOf } from './signatures.ts';
import type { TreeNode } from './tree.ts';

export type Call = Extract<Expr, { kind: 'call' }>;

/** A call and what is called, as far as that is known. */
export interface Called {
	readonly call: Call;
	readonly fn: LibraryFunction | null;
	readonly signatures: readonly SignatureInfo[];
	/** Parameters that are filled from the left of a pipe. */
	readonly piped: 0 | 1;
	/** Parameters that are filled by position. */
	readonly positional: number;
	/** The innermost expression around the cursor is an argument of the call and not deeper. */
	readonly direct: boolean;
	/** The parameter that an argument is for, in the first signature that has one. */
	paramOf(arg: Argument | null): ParamInfo | null;
}

/** The innermost call whose arguments the end of a path is in. */
export function callAt(
	path: readonly TreeNode[],
	compiled: Compiled,
	library: CompilerLibrary,
): Called | null {
	const at = path.findLastIndex(
		(node, i) => node.kind === 'call' && (path[i + 1] as unknown) !== (node as Call).callee,
	);
	if (at < 0) return null;
	const call = path[at] as Call;
	const pipe = path[at - 1] as Expr | undefined;
	const piped = pipe?.kind === 'binary' && pipe.operator === '|>' && pipe.right === call ? 1 : 0;
	return describeCall(call, piped, path.length - at <= 3, compiled, library);
}

export function describeCall(
	call: Call,
	piped: 0 | 1,
	direct: boolean,
	compiled: Compiled,
	library: CompilerLibrary,
): Called {
	const fn = calledFunction(call, compiled, library);
	const signatures = fn ? signaturesOf(fn) : valueSignatures(call, compiled);
	const byPosition = call.args.filter((arg) => !arg.name);
	const last = byPosition.at(-1);
	// The argument that is being typed may yet become a named one.
	const typing = direct && last !== undefined && last === call.args.at(-1) ? 1 : 0;
	return {
		call,
		fn,
		signatures,
		piped,
		positional: piped + byPosition.length - typing,
		direct,
		paramOf: (arg) => {
			if (!arg) return null;
			for (const { params } of signatures) {
				const param = arg.name
					? params.find((p) => p.name === arg.name?.text)
					: params[piped + byPosition.indexOf(arg)];
				if (param) return param;
			}
			return null;
		},
	};
}

/** The library function that a call means: by the checker's references, or by name where it did not get that far. */
export function calledFunction(
	call: Call,
	compiled: Compiled,
	library: CompilerLibrary,
): LibraryFunction | null {
	const { callee } = call;
	if (callee.kind === 'name') {
		const binding = compiled.info.types.get(callee);
		return binding ? null : (library.functions.get(callee.name) ?? null);
	}
	if (callee.kind !== 'member') return null;
	const target = compiled.info.types.get(callee.target);
	const heads = target ? [headOf(target), isApp(unlabel(target), 'Trained') ? 'Model' : null] : [];
	for (const head of heads) {
		const fn = library.functions.get(`${head}.${callee.name.text}`);
		if (fn) return fn;
	}
	return null;
}

function valueSignatures(call: Call, compiled: Compiled): SignatureInfo[] {
	const type = compiled.info.types.get(call.callee);
	if (!type) return [];
	const plain = isApp(unlabel(type), 'Network') ? argOf(unlabel(type)) : unlabel(type);
	const name = call.callee.kind === 'name' ? call.callee.name : '';
	return plain.k === 'function' ? [signatureOfType(name, plain)] : [];
}
