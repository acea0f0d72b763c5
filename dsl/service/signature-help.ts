import type { Argument } from '../ast.ts';
import type { Compiled } from '../compile.ts';
import type { CompilerLibrary } from '../library.ts';
import { place } from './attempts.ts';
import { type Called, callAt } from './calls.ts';
import { cursorAt } from './cursor.ts';
import type { SignatureInfo } from './signatures.ts';

export interface SignatureHelp {
	readonly signatures: readonly SignatureInfo[];
	readonly documentation: string;
	/** Index of the signature that fits what is written so far. */
	readonly activeSignature: number;
	/** Index of the parameter at the cursor; null where there is none left. */
	readonly activeParameter: number | null;
}

/** The signatures of the call around an offset, however unfinished it is. */
export function signatureHelpAt(
	text: string,
	offset: number,
	library: CompilerLibrary,
	compile: (text: string) => Compiled,
): SignatureHelp | null {
	const cursor = cursorAt(text, offset);
	if (cursor.mode === 'comment' || !cursor.open.some((opener) => opener.sign === '(')) return null;
	const placed = place(text, cursor, compile);
	const called = placed && callAt(placed.path, placed.compiled, library);
	if (!placed || !called || called.signatures.length === 0) return null;
	const arg = called.call.args.find((candidate) => placed.path.includes(candidate)) ?? null;
	const activeSignature = Math.max(
		0,
		called.signatures.findIndex((signature) => fits(signature, called)),
	);
	const signature = called.signatures[activeSignature] as SignatureInfo;
	return {
		signatures: called.signatures,
		documentation: called.fn?.doc ?? '',
		activeSignature,
		activeParameter: parameterOf(arg, called, signature),
	};
}

/** Whether every named argument is a parameter and there are not too many by position. */
function fits(signature: SignatureInfo, { call, piped }: Called): boolean {
	const named = call.args.every(
		(arg) => !arg.name || signature.params.some((param) => param.name === arg.name?.text),
	);
	return named && piped + call.args.filter((arg) => !arg.name).length <= signature.params.length;
}

function parameterOf(arg: Argument | null, { call, piped }: Called, signature: SignatureInfo): number | null {
	if (!arg) return null;
	const index = arg.name
		? signature.params.findIndex((param) => param.name === arg.name?.text)
		: piped + call.args.filter((other) => !other.name).indexOf(arg);
	return index >= 0 && index < signature.params.length ? index : null;
}
