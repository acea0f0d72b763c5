import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { LibraryIndex } from '../../../dsl/check/library-index.ts';
import { diagnosticText } from '../../../kernel/display/diagnostic-text.ts';
import { compileHere } from '../../helpers/compile.ts';
import { testLibrary } from '../../helpers/library.ts';
import { longProgram } from '../../helpers/long-program.ts';

const fixtures = join(import.meta.dirname, '../../fixtures');
const programs = ['good', 'bad'].flatMap((folder) =>
	readdirSync(join(fixtures, folder))
		.filter((name) => name.endsWith('.assay'))
		.map((name) => readFileSync(join(fixtures, folder, name), 'utf8')),
);
const sources = [...programs, longProgram(40)].map((text) => text.match(/\w+|\s+|[^\w\s]/g) ?? []);
const words = [...new Set(sources.flat())];
const library = new LibraryIndex(testLibrary);
const numRuns = Number(process.env.ASSAY_PROPERTY_RUNS ?? 500);

type Mutation = (tokens: string[], at: number, word: string, other: number) => void;
const mutations: readonly Mutation[] = [
	(tokens, at) => tokens.splice(at, 1),
	(tokens, at, word) => tokens.splice(at, 0, word),
	(tokens, at, word) => tokens.splice(at, 1, word),
	(tokens, at, _word, other) => tokens.splice(at, 0, ...tokens.slice(other, other + 12)),
	(tokens, at, _word, other) => tokens.splice(Math.min(at, other), Math.abs(at - other) % 12),
	(tokens, at, _word, other) => {
		[tokens[at], tokens[other]] = [tokens[other] as string, tokens[at] as string];
	},
];

const mutated = fc
	.record({
		source: fc.constantFrom(...sources),
		changes: fc.array(
			fc.tuple(
				fc.nat(mutations.length - 1),
				fc.double({ min: 0, max: 0.999, noNaN: true }),
				fc.constantFrom(...words),
				fc.double({ min: 0, max: 0.999, noNaN: true }),
			),
			{ minLength: 1, maxLength: 6 },
		),
	})
	.map(({ source, changes }) => {
		const tokens = [...source];
		for (const [kind, at, word, other] of changes) {
			(mutations[kind] as Mutation)(
				tokens,
				Math.floor(at * tokens.length),
				word,
				Math.floor(other * tokens.length),
			);
		}
		return tokens.join('');
	});

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
	fc.assert(fc.property(mutated, survives), { numRuns });
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
