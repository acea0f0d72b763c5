import test from 'ava';
import { type Code, catalogue } from '../../dsl/diagnostics/catalogue.ts';
import type { Entry } from '../../dsl/diagnostics/entry.ts';
import { explainList, explainText, nearestCode } from '../../dsl/diagnostics/explain.ts';
import { standardLibrary } from '../../stdlib/index.ts';
import { compileHere } from '../helpers/compile.ts';

const entries = (Object.entries(catalogue) as [Code, Entry<never>][]).sort(([a], [b]) => (a < b ? -1 : 1));

test('what `assay explain` shows is true with the real library: the wrong program is wrong so, the right one is right', (t) => {
	for (const [code, { explain }] of entries) {
		const codes = (program: string): string[] => {
			const params = Object.fromEntries(
				[...program.matchAll(/--set (\w+)=(\S+)/g)].map((m) => [m[1] as string, m[2] as string]),
			);
			const stage = code.startsWith('A03') ? 'plan' : 'check';
			return compileHere(program, { library: standardLibrary, stage, params }).diagnostics.map(
				(d) => `${d.code} ${d.message}`,
			);
		};
		t.is(codes(explain.wrong)[0]?.slice(0, 5), code);
		t.deepEqual(codes(explain.right), [], code);
	}
});

test('an explanation has the title, the text, a wrong and a right program', (t) => {
	t.is(
		explainText('a0212'),
		[
			'A0212 (error): Branches of different types',
			'An `if` has one type, whichever branch is taken.',
			'Wrong:',
			'    let x = if true then 1 else "one"',
			'Right:',
			'    let x = if true then "1" else "one"',
		].join('\n\n'),
	);
	for (const [code] of entries)
		for (const line of explainText(code)?.split('\n') ?? [])
			t.true(line.startsWith('    ') || line.length <= 80, line);
});

test('all codes are listed in order, and a code that does not exist has a nearest one', (t) => {
	const listed = explainList()
		.split('\n')
		.map((line) => line.slice(0, 5));
	t.deepEqual(listed, [...listed].sort());
	t.is(listed.length, entries.length);
	t.is(explainText('A9999'), null);
	t.is(explainText('toString'), null);
	t.is(nearestCode('A0299'), 'A0209');
});
