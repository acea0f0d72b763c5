import { nearest } from '../nearest.ts';
import { catalogue } from './catalogue.ts';
import type { Entry } from './entry.ts';

const WIDTH = 80;
const entries = catalogue as unknown as Readonly<Record<string, Entry<never>>>;

/** What a code means, with a wrong and a right program: the text of `assay explain`. Null for a code that does not exist. */
export function explainText(code: string): string | null {
	const wanted = code.toUpperCase();
	const entry = Object.hasOwn(entries, wanted) ? entries[wanted] : undefined;
	if (!entry) return null;
	const { text, wrong, right } = entry.explain;
	const heading = `${wanted} (${entry.severity}): ${entry.title}`;
	return [heading, wrap(text), 'Wrong:', indent(wrong), 'Right:', indent(right)].join('\n\n');
}

/** One line a code, in order: what `assay explain` prints without an argument. */
export const explainList = (): string =>
	Object.entries(entries)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([code, entry]) => `${code}  ${entry.title}`)
		.join('\n');

/** The code that was perhaps meant: `A204` for A0204. */
export const nearestCode = (code: string): string | null => nearest(code.toUpperCase(), Object.keys(entries));

const indent = (program: string): string =>
	program
		.split('\n')
		.map((line) => (line === '' ? '' : `    ${line}`))
		.join('\n');

function wrap(text: string): string {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		if (line !== '' && line.length + 1 + word.length > WIDTH) {
			lines.push(line);
			line = word;
		} else line = line === '' ? word : `${line} ${word}`;
	}
	return [...lines, line].join('\n');
}
