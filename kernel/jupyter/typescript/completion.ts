import type { CellCompletion, CellCompletions } from '../contracts.ts';
import type { Checker } from './checker.ts';
import { completionKind, type KindOf } from './completion-kind.ts';
import type { CellContext } from './known-names.ts';
import type { Completion } from './server-answers.ts';

/** Types of so many completions are asked for at most; a list longer than that is read by its names. */
const WITH_TYPES = 8;
const LONGEST_LIST = 400;

/** Files of the kernel's own that lie where the checker believes the cell is. */
const OWN_FILES = /^(?:cell(?:_\d+)?(?:\.ts)?|tsconfig\.json)$/;
const FILE_KIND = 17;

export async function completeCell(
	checker: Checker,
	context: CellContext,
	offset: number,
	kindOf: KindOf,
): Promise<CellCompletions> {
	const { code } = context;
	const prefixes = prefixesAt(code, offset);
	let prefix = prefixes[0] ?? '';
	const pick = (items: readonly Completion[]): readonly Completion[] => {
		prefix = prefixes.find((one) => matching(items, one).length > 0) ?? prefix;
		return matching(items, prefix);
	};
	const key = prefixes.length > 1 ? null : wordless(code, offset);
	const found = await checker.complete(context, offset, { key, pick, resolveAtMost: WITH_TYPES });
	const ranged = found.find(({ start }) => start !== null);
	const start = ranged?.start ?? offset - prefix.length;
	const before = code.slice(0, start);
	return {
		start,
		end: ranged?.end ?? endOfWord(code, offset),
		items: found.map(
			(one): CellCompletion => ({
				text: one.item.insertText ?? one.item.label,
				type: completionKind(one, before, kindOf),
				signature: one.signature,
			}),
		),
	};
}

/** What a completion may continue. In a string that is all of it, or what follows the last slash of a path. */
function prefixesAt(code: string, offset: number): string[] {
	const string = stringBefore(code.slice(0, offset));
	return string === null ? [wordBefore(code, offset)] : [string, string.slice(string.lastIndexOf('/') + 1)];
}

/** What stands before the cursor in the string that is open there, or null. */
function stringBefore(before: string): string | null {
	const line = before.slice(before.lastIndexOf('\n') + 1);
	let open: { readonly quote: string; readonly from: number } | null = null;
	for (let at = 0; at < line.length; at++) {
		const char = line[at] as string;
		if (char === '\\') at++;
		else if (open === null && '"\'`'.includes(char)) open = { quote: char, from: at + 1 };
		else if (char === open?.quote) open = null;
	}
	return open === null ? null : line.slice(open.from);
}

const wordless = (code: string, offset: number): string =>
	`${code.slice(0, offset - wordBefore(code, offset).length)}\0${code.slice(endOfWord(code, offset))}`;

export const wordBefore = (code: string, offset: number): string =>
	/[\p{ID_Continue}$#]*$/u.exec(code.slice(0, offset))?.[0] ?? '';

const endOfWord = (code: string, offset: number): number =>
	offset + (/^[\p{ID_Continue}$]*/u.exec(code.slice(offset))?.[0].length ?? 0);

/** What begins with the prefix, in its case first; the checker's own order otherwise. */
function matching(items: readonly Completion[], prefix: string): readonly Completion[] {
	const lower = prefix.toLowerCase();
	return items
		.filter((item) => item.label.toLowerCase().startsWith(lower) && !isOurs(item))
		.sort(
			(a, b) =>
				rank(a, prefix) - rank(b, prefix) || compare(a.sortText, b.sortText) || compare(a.label, b.label),
		)
		.slice(0, LONGEST_LIST);
}

const isOurs = ({ label, kind }: Completion): boolean =>
	label.startsWith('__cell') || (kind === FILE_KIND && OWN_FILES.test(label));

const rank = ({ label }: Completion, prefix: string): number => (label.startsWith(prefix) ? 0 : 1);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
