import type { Completeness } from '../contracts.ts';
import type { Checker } from './checker.ts';
import type { CellContext } from './known-names.ts';
import type { Position } from './server-answers.ts';

/** Strings and regular expressions end with their line: one that does not is wrong and not unfinished. */
const UNTERMINATED_LINE = new Set([1002, 1161]);

/** Whether a cell can be run as it is, by where its first syntax error stands: at the end, more is to come. */
export async function completenessOf(checker: Checker, context: CellContext): Promise<Completeness> {
	const { code } = context;
	if (code.trim() === '') return { status: 'complete' };
	const { errors } = await checker.check(context, []);
	const first = errors.find(({ code: number }) => number >= 1000 && number < 2000);
	if (!first) return { status: 'complete' };
	const atEnd = offsetOf(code, first.range.end) >= code.trimEnd().length;
	return atEnd && !UNTERMINATED_LINE.has(first.code)
		? { status: 'incomplete', indent: indentAfter(code) }
		: { status: 'invalid' };
}

function offsetOf(code: string, { line, character }: Position): number {
	const lines = code.split('\n').slice(0, line);
	return lines.reduce((sum, text) => sum + text.length + 1, 0) + character;
}

/** The last line's indent, one step deeper where it opens something. */
function indentAfter(code: string): string {
	const last = code.trimEnd().split('\n').at(-1) ?? '';
	const indent = /^[ \t]*/.exec(last)?.[0] ?? '';
	if (!/[([{]$|=>$/.test(last.replace(/\s*\/\/.*$/, ''))) return indent;
	return indent + (indent.includes('\t') ? '\t' : '  ');
}
