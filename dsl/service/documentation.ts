import type { LibraryFunction, LibraryType } from '../library.ts';
import { signaturesOf } from './signatures.ts';

/** A library function's documentation in Markdown: the same words in hovers, completion and the reference page. */
export function functionBody(fn: LibraryFunction): string {
	const signatures = signaturesOf(fn).map((signature) => signature.label);
	return sections(
		code(signatures.join('\n')),
		paragraphs(fn.doc),
		fn.example ? code(fn.example) : null,
		fn.cite ? `Source: ${fn.cite}.` : null,
	);
}

/** A line of a definition's documentation is a paragraph. */
export const paragraphs = (doc: string): string =>
	doc
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '')
		.join('\n\n');

export const typeMarkdown = (type: LibraryType): string =>
	sections(code(type.type === 'opaque' ? type.name : `${type.name} = ${type.type}`), type.doc);

export const code = (text: string): string => `\`\`\`assay\n${text}\n\`\`\``;

export const sections = (...parts: readonly (string | null)[]): string =>
	parts.filter((part) => part !== null && part !== '').join('\n\n');

/** The first sentence, which stands alone in lists. */
export function summaryOf(doc: string): string {
	const line = doc.split('\n', 1)[0] as string;
	return /^.*?[.!?](?=\s+[A-Z`"(]|$)/.exec(line)?.[0] ?? line;
}

/** What each keyword declares: one line a declaration, with its form. */
export const KEYWORDS: Readonly<Record<string, readonly [form: string, doc: string]>> = {
	study: [
		'study "Title" { cites: ["arXiv:…"], budget: {usd: $5}, seed: 0 }',
		'Title, citations, hard limits and the root seed of the file.',
	],
	use: ['use f, g from "./functions.ts"', 'TypeScript functions; their types are checked against their use.'],
	param: ['param n: Number = 400', 'A knob: `--set n=50` on the command line.'],
	let: ['let x = …', 'A named value.'],
	data: ['data d = …', 'A data set: `bbq(…)`, `jsonl("path")`, the rows of an eval, changed with `|>`.'],
	model: ['model m = …', 'A language model or a trained network; what it can do is part of its type.'],
	prompt: [
		'prompt q(x: BBQ) { user "…" }',
		'A function to chat messages; `prompt r(x) = q(x) + user "…"` extends one.',
	],
	constitution: [
		'constitution c { critique "…" revise "…" prefer "…" }',
		'Principles for critique, revision and feedback.',
	],
	network: [
		'network n(x: Image[h, w, c]) { x |> conv(32) |> relu }',
		'A tensor function; shapes are checked before anything runs.',
	],
	train: ['train t { model = …  on = …  optimizer = …  steps = … }', 'A training run: a trained model.'],
	eval: [
		'eval e { for x in items  answer = m.sample(q(x)) }',
		'`for` clauses say what a row is, fields what its columns are.',
	],
	table: [
		'table t = from e by m { accuracy = mean(correct) }',
		'Groups of rows, summarised; every aggregate carries its uncertainty.',
	],
	figure: ['figure f = line(t, x: a, y: b)', 'A Plotly figure.'],
};
