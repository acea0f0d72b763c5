import test from 'ava';
import fc from 'fast-check';
import { LibraryIndex } from '../../../dsl/check/library-index.ts';
import { diagnosticText } from '../../../kernel/display/diagnostic-text.ts';
import { compileHere } from '../../helpers/compile.ts';
import { testLibrary } from '../../helpers/library.ts';
import { mutatedPrograms } from '../../helpers/mutated-programs.ts';

const library = new LibraryIndex(testLibrary);
const numRuns = Number(process.env.ASSAY_PROPERTY_RUNS ?? 500);

/** Whatever a program has become, it compiles to a plan or to diagnostics about places of its text. */
function survives(text: string): boolean {
	const { diagnostics, plan } = compileHere(text, { stage: 'plan', library });
	const failed = diagnostics.some((d) => d.severity === 'error');
	if (failed === (plan !== null)) throw new Error('neither a plan nor an error');
	for (const found of diagnostics) {
		for (const { start, end } of [found.span, ...found.also.map((also) => also.span)]) {
			if (start < 0 || end < start || end > text.length) throw new Error(`${found.code} is nowhere`);
		}
		const shown = diagnosticText(found, { path: 'study.assay', text, color: false });
		if (/\bundefined\b|\[object|\bNaN\b/.test(shown) && !/undefined|NaN/.test(text)) throw new Error(shown);
		// A dimension variable of a signature is spelled with its use, for the checker only.
		if (/\?\w+#-?\d/.test(shown)) throw new Error(shown);
	}
	return true;
}

test('programs that are good or nearly so compile, however they are mutated', (t) => {
	fc.assert(fc.property(mutatedPrograms, survives), { numRuns });
	t.pass();
});

test('deep and long expressions end in a tree or in diagnostics', (t) => {
	for (const text of [
		`let a = ${'('.repeat(5000)}1${')'.repeat(5000)}`,
		`let a = ${'1 + '.repeat(20_000)}1`,
		`let a = ${'-'.repeat(5000)}1`,
		`let a = b${'.c'.repeat(5000)}`,
		`let a = ${'f('.repeat(3000)}`,
		`let a = x ${'|> take(1) '.repeat(5000)}`,
		`let a = "${'{"'.repeat(1000)}`,
		`let a = ${'if true then 1 else '.repeat(2000)}2`,
		`let a = ${'x => '.repeat(2000)}2`,
		`param a: ${'List<'.repeat(2000)}Text${'>'.repeat(2000)} = []`,
		Array.from({ length: 20_000 }, (_, i) => `let a${i} = a${i + 1} + 1`).join('\n'),
		Array.from({ length: 20_000 }, (_, i) => `let a${i} = a${i === 0 ? 19_999 : i - 1} + 1`).join('\n'),
		`eval e { for i in 1..2 ${Array.from({ length: 3000 }, (_, i) => `f${i} = ${i === 0 ? 'i' : `f${i - 1}`} + 1`).join(' ')} }`,
		// Functions without types are checked again for each use.
		`let f0 = x => x + 1 ${Array.from({ length: 100 }, (_, i) => `let f${i + 1} = x => f${i}(x) + f${i}(x)`).join(' ')} let a = f100(1)`,
		`prompt p0(x) { user "{x}" } ${Array.from({ length: 100 }, (_, i) => `prompt p${i + 1}(x) = if true then p${i}(x) else p${i}(x)`).join(' ')} let a = p100(1)`,
		`let f0 = x => x ${Array.from({ length: 5000 }, (_, i) => `let f${i + 1} = x => f${i}(x)`).join(' ')} let a = f5000(1)`,
	]) {
		t.true(survives(text), text.slice(0, 40));
	}
});
