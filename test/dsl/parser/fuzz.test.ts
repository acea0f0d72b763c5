import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { toDiagnostic } from '../../../dsl/diagnostics/catalogue.ts';
import { format } from '../../../dsl/format/format.ts';
import { parse } from '../../../dsl/parser/parser.ts';
import * as tokens from '../../../dsl/parser/tokens.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/good');
const programs = readdirSync(fixtures).map((name) => readFileSync(join(fixtures, name), 'utf8'));
const seeds = join(import.meta.dirname, 'seeds');
const runs = Number(process.env.ASSAY_PROPERTY_RUNS ?? 500);

/** Names of token types that could be taken for no word of a message. */
const internal = new RegExp(
	`\\b(${tokens.vocabulary
		.map((type) => type.name)
		.filter((name) => /[a-z][A-Z]/.test(name))
		.join('|')})\\b`,
);

const hasError = (node: unknown): boolean =>
	typeof node === 'object' &&
	node !== null &&
	(('kind' in node && node.kind === 'error') || Object.values(node).some(hasError));

/** Any text gives a tree or says why not, in words, about places of the text. */
function survives(text: string): void {
	const { program, problems } = parse(text);
	const places = problems.map(({ code, span }) => `${code} ${span.start} ${span.end}`);
	if (new Set(places).size < places.length) throw new Error('the same problem twice');
	for (const found of problems) {
		const { message, label, help, span, also } = toDiagnostic(found);
		if (internal.test(`${message} ${label} ${help}`.replace(/`[^`]*`/g, ''))) throw new Error(message);
		for (const place of [span, ...also.map((secondary) => secondary.span)])
			if (place.start < 0 || place.end < place.start || place.end > text.length)
				throw new Error(`${found.code} is nowhere`);
	}
	if (problems.length > 0) return;
	if (hasError(program)) throw new Error('an error in the tree that no problem tells of');
	const once = format(text);
	if (!('text' in once)) throw new Error('a program without problems is refused');
	const twice = format(once.text);
	if (!('text' in twice) || twice.text !== once.text) throw new Error('formatting is not done after once');
}

const assertSurvives = (t: ExecutionContext, texts: fc.Arbitrary<string>) => {
	fc.assert(fc.property(texts, survives), { numRuns: runs });
	t.pass();
};

test('any characters end in a tree or in diagnostics', (t) => {
	assertSurvives(
		t,
		fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ unit: 'grapheme', maxLength: 200 })),
	);
});

test('any bytes do, read as Latin-1 or as broken UTF-8', (t) => {
	assertSurvives(
		t,
		fc
			.tuple(fc.uint8Array({ maxLength: 200 }), fc.constantFrom('latin1', 'utf8'))
			.map(([bytes, encoding]) => Buffer.from(bytes).toString(encoding as BufferEncoding)),
	);
});

test('any words and signs of the language in any order do', (t) => {
	const word = fc.constantFrom(
		...[
			'{',
			'}',
			'(',
			')',
			'[',
			']',
			'"',
			'"""',
			'\n',
			'\\',
			'#',
			' ',
			'=',
			'==',
			':',
			',',
			'|>',
			'=>',
			'->',
			'..',
			'...',
		],
		...[
			'.',
			'±',
			'for ',
			'in ',
			'if ',
			'then ',
			'else ',
			'not ',
			'let x = ',
			'eval e {',
			'table t = from e by ',
			'prompt p(',
		],
		...[
			'user "',
			'{x}',
			'where ',
			'repeat ',
			'as ',
			'to ',
			'1',
			'0.5',
			'$',
			'%',
			'9e999',
			'3kg',
			"'",
			'“',
			'//',
			'/*',
			';',
		],
		...[
			'&&',
			'!',
			'?',
			'@',
			'🙂',
			'\u0000',
			'\r',
			'\t',
			'None',
			'study "a" {',
			'use ',
			'from ',
			'x',
			'data ',
			'a(b)',
			'[i]',
		],
	);
	assertSurvives(
		t,
		fc.array(word, { maxLength: 60 }).map((parts) => parts.join('')),
	);
});

test('good programs with parts cut, doubled or put elsewhere do', (t) => {
	const edit = fc.tuple(
		fc.double({ min: 0, max: 1, noNaN: true }),
		fc.nat(40),
		fc.double({ min: 0, max: 1, noNaN: true }),
	);
	const mutated = fc
		.tuple(fc.constantFrom(...programs), fc.array(edit, { minLength: 1, maxLength: 5 }))
		.map(([program, edits]) => {
			let text = program;
			for (const [from, length, to] of edits) {
				const start = Math.floor(from * text.length);
				const part = text.slice(start, start + length);
				const rest = text.slice(0, start) + text.slice(start + (to < 0.5 ? length : 0));
				const target = Math.floor(to * rest.length);
				text = to < 0.2 ? rest : rest.slice(0, target) + part + rest.slice(target);
			}
			return text;
		});
	assertSurvives(t, mutated);
});

for (const name of readdirSync(seeds)) {
	test(`the seed ${name}, which once failed, survives`, (t) => {
		t.notThrows(() => survives(readFileSync(join(seeds, name), 'utf8')));
	});
}

test('what is long and monotonous takes time by its length', (t) => {
	// Each of these took minutes or the whole stack with an algorithm that was quadratic or recursive in it.
	t.timeout(60_000);
	const monotonous = [
		...[
			'(',
			'{',
			'[',
			')',
			'([',
			'"{',
			'"',
			'"""{',
			'“ ',
			"'",
			'/*',
			'use ',
			'let ',
			'a ',
			'let x = (\n',
			'let x = ',
			'not ',
		],
		...[
			'x => ',
			'if a then ',
			'a.',
			'a |> ',
			'- ',
			'1 + ',
			'[1 ',
			'as ',
			'where ',
			'T? | ',
			'# c\n',
			'## d\n',
			'@',
			'eval e {\n',
		],
	];
	for (const part of monotonous) {
		const text = part.repeat(Math.ceil(20_000 / part.length));
		for (const program of [text, `let a = ${text}`, `eval e { ${text}`, `param p: ${text}`])
			t.true(parse(program).problems.length >= 0);
	}
});
