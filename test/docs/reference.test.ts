import { readFileSync } from 'node:fs';
import test from 'ava';
import { LibraryIndex } from '../../dsl/check/library-index.ts';
import { toDiagnostic } from '../../dsl/diagnostics/catalogue.ts';
import { parse } from '../../dsl/parser/parser.ts';
import { signaturesOf } from '../../dsl/service/signatures.ts';
import { referencePath, referenceText } from '../../kernel/reference-page.ts';
import { standardLibrary } from '../../stdlib/index.ts';

const functions = [...standardLibrary.functions.values()];
const page = referenceText();

test('docs/reference.md is current (`npm run reference` writes it)', (t) => {
	t.is(readFileSync(referencePath, 'utf8'), page);
});

test('every function and every type of the library has its section and its link', (t) => {
	const headings = [...page.matchAll(/^#+ (.*)$/gm)].map((match) =>
		(match[1] as string)
			.toLowerCase()
			.replace(/[^\w\s-]/g, '')
			.replaceAll(' ', '-'),
	);
	for (const { name } of functions) t.true(page.includes(`\n### ${name}\n`), name);
	for (const name of standardLibrary.types.keys()) t.true(page.includes(`\n### type ${name}\n`), name);
	t.is(new Set(headings).size, headings.length, 'no two headings share an anchor');
	for (const [, anchor] of page.matchAll(/\]\(#([\w-]+)\)/g))
		t.true(headings.includes(anchor as string), anchor);
});

test('every signature of the library can be read and names types that exist', (t) => {
	const index = new LibraryIndex(standardLibrary);
	for (const name of standardLibrary.types.keys()) t.notThrows(() => index.namedType(name), name);
	for (const fn of functions) {
		t.notThrows(() => index.overloads(fn), fn.name);
		for (const { params } of index.overloads(fn))
			t.is(new Set(params.map((param) => param.name)).size, params.length, fn.name);
		for (const { label, params } of signaturesOf(fn))
			for (const { start, end, label: param } of params) t.is(label.slice(start, end), param);
	}
});

test('documentation is made of sentences, and texts that are completed belong to parameters', (t) => {
	for (const fn of functions) {
		t.regex(fn.doc, /[.:)]$/, fn.name);
		const params = signaturesOf(fn).flatMap((signature) => signature.params.map((param) => param.name));
		for (const param of Object.keys(fn.completions ?? {}))
			t.true(params.includes(param), `${fn.name} ${param}`);
	}
});

/** Examples are declarations, fields of an eval or a table, or expressions. */
const asProgram = (example: string): string => {
	if (parse(example).problems.length === 0) return example;
	return /^\w+\s*=[^=]/.test(example) ? `eval e { for i in 1..2\n${example}\n}` : `let example = ${example}`;
};

test('every example of the library can be read', (t) => {
	for (const fn of functions) {
		if (!fn.example) continue;
		const { problems } = parse(asProgram(fn.example));
		t.deepEqual(
			problems.map((problem) => toDiagnostic(problem).message),
			[],
			`${fn.name}: ${fn.example}`,
		);
	}
});
