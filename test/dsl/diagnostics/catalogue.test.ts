import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { type Code, catalogue } from '../../../dsl/diagnostics/catalogue.ts';
import type { Diagnostic } from '../../../dsl/diagnostics/diagnostic.ts';
import type { Entry } from '../../../dsl/diagnostics/entry.ts';
import { diagnosticText } from '../../../kernel/display/diagnostic-text.ts';
import { compileHere } from '../../helpers/compile.ts';

const fixtures = join(import.meta.dirname, '../../fixtures');
const entries = (Object.entries(catalogue) as [Code, Entry<never>][]).sort(([a], [b]) => (a < b ? -1 : 1));

/** Values of params stand in the first line, as they do on a command line: `# assay run study.assay --set n=5`. */
function paramsOf(program: string): Record<string, string> {
	return Object.fromEntries(
		[...program.matchAll(/--set (\w+)=(\S+)/g)].map((m) => [m[1] as string, m[2] as string]),
	);
}

/** Only A03 speaks about plans; everything else must be found without one. */
const diagnose = (code: string, program: string): readonly Diagnostic[] =>
	compileHere(program, { stage: code.startsWith('A03') ? 'plan' : 'check', params: paramsOf(program) })
		.diagnostics;

const shown = (program: string, found: readonly Diagnostic[]): string =>
	found.map((d) => diagnosticText(d, { path: 'study.assay', text: program, color: false })).join('\n');

const indented = (text: string): string =>
	text
		.split('\n')
		.map((line) => `    ${line}`.trimEnd())
		.join('\n');

/** Compares with a file that people read, or writes it when UPDATE_GOLDEN is set. */
function golden(name: string, actual: string): string {
	const path = join(fixtures, name);
	if (process.env.UPDATE_GOLDEN) writeFileSync(path, actual);
	return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

for (const [code, entry] of entries) {
	test(`${code}: the wrong program of its explanation gets it first, the right one is clean`, (t) => {
		const wrong = diagnose(code, entry.explain.wrong);
		t.is(wrong[0]?.code, code, shown(entry.explain.wrong, wrong));
		t.deepEqual(
			wrong.filter((d) => d.code !== code).map((d) => `${d.code} ${d.message}`),
			[],
			'it gets nothing else',
		);
		t.is(shown(entry.explain.right, diagnose(code, entry.explain.right)), '');
	});

	test(`${code}: its words keep to the style of all diagnostics`, (t) => {
		for (const found of diagnose(code, entry.explain.wrong)) {
			t.notRegex(found.message, /\.$/, 'no final stop');
			t.notRegex(
				found.message,
				/^(A|An|The|This|There|Here|It|You) /,
				'begins small, like a clause after the code',
			);
			t.notRegex([found.message, found.help, found.label].join(' '), /undefined|\[object|NaN|null/);
			t.true(found.message.length < 200);
		}
		t.regex(entry.title, /^[A-Z].*[^.]$/, 'the title is a heading');
		t.regex(entry.explain.text, /\.\)?$/, 'the explanation is made of sentences');
	});
}

test('the catalogue as a person meets it is up to date (UPDATE_GOLDEN=1 writes it)', (t) => {
	const pages = entries.map(([code, entry]) => {
		const { wrong } = entry.explain;
		return `${code}  ${entry.title}\n\n${indented(wrong)}\n\n${shown(wrong, diagnose(code, wrong))}\n`;
	});
	const text = `${'Every diagnostic of the language, as a terminal shows it. Written by test/dsl/diagnostics.'}\n\n${pages.join('\n\n')}`;
	t.is(golden('diagnostics.txt', text), text);
});

test('studies with everyday mistakes get the messages that are on file', (t) => {
	const files = readdirSync(join(fixtures, 'bad'))
		.filter((name) => name.endsWith('.assay'))
		.sort();
	t.true(files.length > 0);
	const pages = files.map((name) => {
		const program = readFileSync(join(fixtures, 'bad', name), 'utf8');
		const found = compileHere(program).diagnostics;
		t.true(found.length > 0, name);
		return `── ${name}\n${found.map((d) => diagnosticText(d, { path: name, text: program, color: false })).join('\n\n')}\n`;
	});
	const text = pages.join('\n');
	t.is(golden('bad/expected.txt', text), text);
});
