import type { DisplayData } from '../contracts.ts';
import type { Checker } from './checker.ts';
import type { CellContext } from './known-names.ts';
import type { Hover } from './server-answers.ts';

const WORD = /[\p{ID_Continue}$]/u;

/**
 * What TypeScript says about the name at an offset: its type and documentation. Between the brackets of a call that is
 * the function. `sourceOf` gives the text of a function or class where it is known.
 */
export async function inspectCell(
	checker: Checker,
	context: CellContext,
	offset: number,
	sourceOf: ((name: string) => string | null) | null,
): Promise<DisplayData | null> {
	for (const at of placesToLook(context.code, offset)) {
		const hover = await checker.hover(context, at);
		if (hover) return shown(hover, sourceOf?.(wordAt(context.code, at)) ?? null);
	}
	return null;
}

function placesToLook(code: string, offset: number): number[] {
	const places: number[] = [];
	if (WORD.test(code[offset] ?? '')) places.push(offset);
	if (offset > 0 && WORD.test(code[offset - 1] ?? '')) places.push(offset - 1);
	const called = calleeBefore(code, offset);
	return called === null ? places : [...places, called];
}

/** The last letter of the name before the bracket that is open at `offset`. */
function calleeBefore(code: string, offset: number): number | null {
	let depth = 0;
	for (let at = offset - 1; at >= 0; at--) {
		if (code[at] === ')') depth++;
		if (code[at] !== '(') continue;
		if (depth-- > 0) continue;
		const before = code
			.slice(0, at)
			.replace(/<[^()]*>$/, '')
			.trimEnd();
		return before !== '' && WORD.test(before.at(-1) ?? '') ? before.length - 1 : null;
	}
	return null;
}

function wordAt(code: string, at: number): string {
	const start = /[\p{ID_Continue}$]*$/u.exec(code.slice(0, at))?.[0] ?? '';
	return start + (/^[\p{ID_Continue}$]*/u.exec(code.slice(at))?.[0] ?? '');
}

function shown({ signature, documentation }: Hover, source: string | null): DisplayData {
	const markdown = [fenced(signature), documentation, source === null ? '' : `Source:\n\n${fenced(source)}`];
	const plain = [signature, withoutMarkdown(documentation), source === null ? '' : `Source:\n${source}`];
	const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');
	return { data: { 'text/markdown': joined(markdown), 'text/plain': joined(plain) }, metadata: {} };
}

function fenced(code: string): string {
	const longest = Math.max(0, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
	const fence = '`'.repeat(Math.max(3, longest + 1));
	return `${fence}typescript\n${code}\n${fence}`;
}

const withoutMarkdown = (text: string): string =>
	text
		.replace(/\*(@\w+)\*/g, '$1')
		.replace(/`([^`\n]+)`/g, '$1')
		.replace(/^```\w*$/gm, '')
		.trim();
