import { createContext, Script } from 'node:vm';
import { define, UserError } from '../define.ts';
import { Missing } from '../values/missing.ts';

/** A pattern may look at one answer for this long. */
const TIMEOUT_MS = 100;
/** Characters of an answer that are looked at. */
const MAX_LENGTH = 100_000;

/**
 * What a pattern finds in a text: its first group (or the one asked for by number or name), or the whole match when it
 * has no group. Missing, as unparsed, when it finds nothing, and as failed when it would search for longer than 100 ms.
 */
export function extract(
	text: string,
	pattern: string,
	group: number | string | null = null,
): string | Missing {
	const compiled = compile(pattern);
	const looked = text.slice(0, MAX_LENGTH);
	const match = isQuick(compiled, looked.length)
		? compiled.regex.exec(looked)
		: searchWithin(compiled.regex, looked);
	if (match instanceof Missing) return match;
	if (!match) return new Missing('unparsed', `the pattern ${pattern} finds nothing in the answer`);
	const found = groupOf(match, group, pattern);
	return (
		found ?? new Missing('unparsed', `the group ${group ?? 1} of ${pattern} finds nothing in the answer`)
	);
}

interface Compiled {
	readonly regex: RegExp;
	/** Repetitions without a bound that matters, or null when the pattern could take exponential time. */
	readonly repetitions: number | null;
}

const compiledPatterns = new Map<string, Compiled>();

function compile(pattern: string): Compiled {
	const known = compiledPatterns.get(pattern);
	if (known) return known;
	let regex: RegExp;
	try {
		regex = new RegExp(pattern, 'u');
	} catch (error) {
		throw new UserError(
			`${pattern} is not a regular expression: ${(error as Error).message.replace(/^.*: /, '')}`,
			null,
			error,
		);
	}
	const compiled = { regex, repetitions: repetitionsOf(pattern) };
	if (compiledPatterns.size > 1000) compiledPatterns.clear();
	compiledPatterns.set(pattern, compiled);
	return compiled;
}

function repetitionsOf(pattern: string): number | null {
	const plain = pattern.replace(/\\[^\d]/g, 'x').replace(/\[[^\]]*\]/g, 'x');
	const nested = /\)[*+{]/.test(plain) || /\\\d/.test(plain) || /\\k/.test(pattern);
	const optional = plain.match(/[^(*+}]\?/g)?.length ?? 0;
	return nested || optional > 8 ? null : (plain.match(/[*+{]/g)?.length ?? 0);
}

/** Backtracking over k repetitions takes at most about n^(k+1) steps. */
const isQuick = ({ repetitions }: Compiled, length: number): boolean =>
	repetitions !== null && length ** (repetitions + 1) <= 1e9;

const search = new Script('regex.exec(text)');
const sandbox = createContext({ regex: /x/, text: '' });

/** A script of its own can be stopped; it takes a millisecond, so quick patterns go without. */
function searchWithin(regex: RegExp, text: string): RegExpExecArray | null | Missing {
	Object.assign(sandbox, { regex, text });
	try {
		return search.runInContext(sandbox, { timeout: TIMEOUT_MS }) as RegExpExecArray | null;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
		return new Missing(
			'failed',
			`the pattern ${regex.source} took longer than ${TIMEOUT_MS} ms on this answer`,
			'row-error',
		);
	}
}

function groupOf(match: RegExpExecArray, group: number | string | null, pattern: string): string | undefined {
	if (group === null) return match.length > 1 ? match[1] : match[0];
	if (typeof group === 'number' ? group < match.length : match.groups && group in match.groups) {
		return typeof group === 'number' ? match[group] : match.groups?.[group];
	}
	throw new UserError(
		`${pattern} has no group ${group}`,
		typeof group === 'number' ? `there are ${match.length - 1}` : null,
	);
}

interface RegexArgs {
	readonly answer: string;
	readonly pattern: string;
	readonly group?: number | string | null;
}

export const regexDefinition = define({
	name: 'regex',
	signature: [
		'regex(answer: Text, pattern: Text, group: Number?) -> Text',
		'regex(answer: Text, pattern: Text, group: Text) -> Text',
	],
	doc:
		"What a regular expression (JavaScript's, with the u flag) finds in an answer: its first group, the group of that number or name, or the whole " +
		'match where it has none. Missing when it finds nothing, or searches for longer than 100 ms.',
	example: 'letter = regex(answer, "answer is \\\\(([a-c])\\\\)")',
	version: 1,
	run: ({ answer, pattern, group }: RegexArgs) => extract(answer, pattern, group ?? null),
});
