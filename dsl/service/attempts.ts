import type { Name } from '../ast.ts';
import type { Compiled } from '../compile.ts';
import { type Cursor, nextDeclaration } from './cursor.ts';
import { pathTo, type TreeNode } from './tree.ts';

/** Stands for the name that is being typed. */
export const PLACEHOLDER = 'zz_cursor_zz';

export interface Placed {
	readonly compiled: Compiled;
	/** From the program to the node that holds the placeholder. */
	readonly path: readonly TreeNode[];
}

/**
 * Compiles the program with a name at the cursor, so that `x.` becomes a field access. Where the rest of the
 * declaration keeps the parser from seeing that, it is left out and what is open is closed.
 */
export function place(text: string, cursor: Cursor, compile: (text: string) => Compiled): Placed | null {
	const before = text.slice(0, cursor.offset) + PLACEHOLDER;
	const after = text.slice(cursor.offset);
	const next = nextDeclaration(text, cursor.offset);
	const candidates = [
		() => before + after,
		() => `${before}${branches(cursor.head)}${cursor.closers}\n${text.slice(next)}`,
		() => `${before}: 0${cursor.closers}\n${text.slice(next)}`,
		// A type of a parameter, before there is a body or a value.
		() => `${before}${cursor.closers} { user "" }\n${text.slice(next)}`,
		() => `${before} = 0\n${text.slice(next)}`,
	];
	for (const candidate of candidates) {
		const compiled = compile(candidate());
		const path = pathTo(compiled.program, holdsPlaceholder);
		// A text that is not closed may have swallowed the cursor, or the other way round.
		if (path && (path.at(-1)?.kind === 'chars') === (cursor.mode === 'text')) return { compiled, path };
	}
	return null;
}

/** What an `if` still needs. */
function branches(head: string): string {
	const count = (word: string): number => head.match(new RegExp(`\\b${word}\\b`, 'g'))?.length ?? 0;
	if (count('if') > count('then')) return ' then 0 else 0';
	return count('then') > count('else') ? ' else 0' : '';
}

function holdsPlaceholder(node: TreeNode): boolean {
	if (node.kind === 'name') return (node as unknown as { name: string }).name.includes(PLACEHOLDER);
	if (node.kind === 'chars') return (node as unknown as { value: string }).value.includes(PLACEHOLDER);
	return isName(node) && node.text.includes(PLACEHOLDER);
}

/** Names and documentation have no kind and hold characters; only the former are completed. */
const isName = (node: TreeNode): node is Name & TreeNode =>
	node.kind === undefined && 'text' in node && typeof node.text === 'string' && !('documentation' in node);
