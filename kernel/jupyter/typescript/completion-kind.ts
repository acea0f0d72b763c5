import type { FoundCompletion } from './server-answers.ts';

/** What is known of a name without asking the checker; null for names that nobody knows. */
export type KindOf = (name: string) => string | null;

/** What TypeScript writes before a name where it explains it. */
const BY_SIGNATURE: readonly [RegExp, string][] = [
	[/^(?:\(method\)|function|\(local function\)) /, 'function'],
	[/^(?:const|let|var) [^:]+: (?:<[^>]*>)?\([^)]*\) => /, 'function'],
	[/^(?:\(local )?class\b/, 'class'],
	[/^enum /, 'enum'],
	[/^type /, 'type'],
	[/^(?:namespace|module) /, 'module'],
	[/^\((?:property|accessor|enum member)\) /, 'property'],
	[/^\(parameter\) /, 'parameter'],
	[/^\(type parameter\) /, 'type'],
	[/^(?:const|let|var|\(local (?:const|let|var)\)) /, 'variable'],
];

/** The words for a language server's kinds, which are numbers. Names of values have all the same. */
const BY_NUMBER: Readonly<Record<number, string>> = {
	2: 'function',
	3: 'function',
	4: 'class',
	5: 'property',
	6: 'variable',
	7: 'class',
	8: 'interface',
	9: 'module',
	10: 'property',
	13: 'enum',
	14: 'keyword',
	17: 'path',
	19: 'path',
	20: 'property',
	21: 'constant',
	25: 'type',
};

const LITERAL = 21;

/** Whether a completion is a `column`, `property`, `function`, `class`, …; `before` is the cell up to the word. */
export function completionKind({ item, signature }: FoundCompletion, before: string, kindOf: KindOf): string {
	if (item.kind === LITERAL && /["'`]$/.test(before))
		return /\.column\s*\(\s*["'`]$/.test(before) ? 'column' : 'value';
	const said = BY_SIGNATURE.find(([pattern]) => pattern.test(signature ?? ''))?.[1];
	const isName = item.kind === 6 && !/\.\s*$/.test(before);
	return said ?? (isName ? kindOf(item.label) : null) ?? BY_NUMBER[item.kind] ?? 'value';
}

/** The kind of a name that Node or the language has. Nothing is run for it: a getter stays what it is. */
export function kindOfGlobal(name: string): string | null {
	const value: unknown = Object.getOwnPropertyDescriptor(globalThis, name)?.value;
	if (typeof value === 'function') return /^[A-Z]/.test(name) ? 'class' : 'function';
	return value === undefined ? null : 'variable';
}
