import type { Compiled } from '../compile.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { reserved } from '../parser/tokens.ts';
import type { Span } from '../span.ts';
import { reachAt } from './reach.ts';
import { type NamedThing, Symbols } from './symbols.ts';

export interface Edit {
	readonly span: Span;
	readonly text: string;
}

export type Renaming =
	| { readonly kind: 'edits'; readonly edits: readonly Edit[] }
	/** Why not, as a sentence without its final stop. */
	| { readonly kind: 'refused'; readonly message: string };

const refused = (message: string): Renaming => ({ kind: 'refused', message });

/** Renames what is written at an offset, wherever the program writes it. What would change a meaning is refused. */
export function renameAt(
	text: string,
	offset: number,
	newName: string,
	compiled: Compiled,
	compile: (text: string) => Compiled,
): Renaming {
	const symbol = new Symbols(compiled, text).at(offset);
	if (!symbol) return refused('there is nothing here that can be renamed');
	const problem = invalid(newName) ?? symbol.fixed ?? clash(symbol, newName, compiled);
	if (problem) return refused(problem);
	const edits = symbol.occurrences.map((span) => ({ span, text: newName }));
	if (newName === symbol.name) return { kind: 'edits', edits: [] };
	const failure = whatBreaks(text, symbol, newName, edits, compiled, compile);
	return failure ? refused(failure) : { kind: 'edits', edits };
}

function invalid(name: string): string | null {
	if (!/^[A-Za-z_]\w*$/.test(name))
		return `\`${name}\` cannot be a name: names are letters, digits and \`_\`, and do not begin with a digit`;
	return reserved.has(name) ? `\`${name}\` is a word of the language` : null;
}

function clash(symbol: NamedThing, newName: string, compiled: Compiled): string | null {
	if (newName === symbol.name) return null;
	for (const { start } of symbol.occurrences) {
		const taken = reachAt(compiled, start).scope.lookup(newName);
		if (taken) return `there is already something called \`${newName}\` here`;
	}
	return null;
}

/** Compiles the renamed program: it must have the same problems, and the name must be written in the same places. */
function whatBreaks(
	text: string,
	symbol: NamedThing,
	newName: string,
	edits: readonly Edit[],
	compiled: Compiled,
	compile: (text: string) => Compiled,
): string | null {
	const renamed = applyEdits(text, edits);
	const after = compile(renamed);
	const news = firstNew(compiled.diagnostics, after.diagnostics);
	if (news) return `renaming \`${symbol.name}\` to \`${newName}\` would break the program: ${news.message}`;
	const growth = newName.length - symbol.name.length;
	const expected = symbol.occurrences.map((span, i) => span.start + i * growth);
	const found =
		new Symbols(after, renamed).at(expected[0] as number)?.occurrences.map((span) => span.start) ?? [];
	const same = found.length === expected.length && found.every((start, i) => start === expected[i]);
	return same
		? null
		: `renaming \`${symbol.name}\` to \`${newName}\` would mix it up with another \`${newName}\``;
}

function firstNew(before: readonly Diagnostic[], after: readonly Diagnostic[]): Diagnostic | null {
	const left = before.map((diagnostic) => diagnostic.code);
	for (const diagnostic of after) {
		const i = left.indexOf(diagnostic.code);
		if (i < 0) return diagnostic;
		left.splice(i, 1);
	}
	return null;
}

/** A text with edits that do not overlap, in any order. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
	return [...edits]
		.sort((a, b) => b.span.start - a.span.start)
		.reduce(
			(result, { span, text: insert }) => result.slice(0, span.start) + insert + result.slice(span.end),
			text,
		);
}
