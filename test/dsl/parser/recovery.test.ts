import test, { type ExecutionContext } from 'ava';
import { toDiagnostic } from '../../../dsl/diagnostics/catalogue.ts';
import { parse } from '../../../dsl/parser/parser.ts';
import { markedSource } from '../../helpers/marked-source.ts';

/** Each mark is where a problem's primary span is; `codes` says which, in the same order. Nothing else is reported. */
function reports(t: ExecutionContext, source: string, ...codes: string[]) {
	const { text, marks } = markedSource(source);
	const { program, problems } = parse(text);
	t.deepEqual(
		problems.map((found) => ({
			code: found.code as string,
			at: text.slice(found.span.start, found.span.end),
			span: found.span,
		})),
		marks.map((span, i) => ({ code: codes[i] as string, at: text.slice(span.start, span.end), span })),
	);
	for (const found of problems) {
		const diagnostic = toDiagnostic(found);
		t.notRegex(
			`${diagnostic.message} ${diagnostic.label} ${diagnostic.help ?? ''}`,
			/undefined|\[object|-->|[a-z][A-Z]\w*(Literal|Paren|Brace|Token)/,
		);
	}
	return program.declarations.map((declaration) =>
		'name' in declaration && declaration.name !== null
			? `${declaration.kind} ${declaration.name.text}`
			: declaration.kind,
	);
}

test('a missing closing brace of an eval gives one error and later declarations still parse', (t) => {
	const declared = reports(
		t,
		'eval a {\n  for x in items\n  y = f(x)«»\nlet z = 3\neval b { for x in items  y = x }\n',
		'A0002',
	);
	t.deepEqual(declared, ['eval a', 'value z', 'eval b']);
});

test('a missing closing brace at the end of the program gives one error', (t) => {
	t.deepEqual(reports(t, 'eval a {\n  for x in items\n  y = f(x)«»\n', 'A0002'), ['eval a']);
});

test('a missing opening brace gives one error and the items are read', (t) => {
	t.deepEqual(reports(t, 'eval a«»\n  for x in items\n  y = f(x)\n}\nlet z = 3', 'A0001'), [
		'eval a',
		'value z',
	]);
});

test('a missing parenthesis is expected before the next field', (t) => {
	t.deepEqual(
		reports(t, 'eval a {\n  for x in items\n  y = f(x, g(2)«»\n  z = 3\n  w = f(z)\n}\nlet q = 3', 'A0002'),
		['eval a', 'value q'],
	);
});

test('a missing parenthesis is expected before the next declaration', (t) => {
	t.deepEqual(reports(t, 'let a = f(1, [2, 3]«»\nlet b = 2', 'A0002'), ['value a', 'value b']);
});

test('two missing closers at one place are one error', (t) => {
	t.deepEqual(
		reports(t, 'eval a {\n  for x in items\n  y = f(x«»\ntable b = from a { n = count() }', 'A0002'),
		['eval a', 'table b'],
	);
});

test('a missing bracket inside a call is one error', (t) => {
	t.deepEqual(reports(t, 'let a = f([1, 2«»)\nlet b = 2', 'A0002'), ['value a', 'value b']);
});

test('a missing brace of a record in an eval leaves the fields after it', (t) => {
	t.deepEqual(reports(t, 'eval a {\n  for x in items\n  y = {a: 1, b: 2«»\n  z = 3\n}\nlet q = 1', 'A0002'), [
		'eval a',
		'value q',
	]);
});

test('a missing opening parenthesis is one error', (t) => {
	t.deepEqual(reports(t, 'let a = f «x»)\nlet b = 2', 'A0023'), ['value a', 'value b']);
});

test('a closer too many is one error', (t) => {
	t.deepEqual(reports(t, 'let a = f(x)«)»\nlet b = 2', 'A0003'), ['value a', 'value b']);
});

test('a brace too many after an eval is one error', (t) => {
	t.deepEqual(reports(t, 'eval a { for x in items  y = x }\n«}»\nlet b = 2', 'A0003'), ['eval a', 'value b']);
});

test('a missing closing quote is one error and the next line is read', (t) => {
	t.deepEqual(reports(t, 'let a = f(«"»hello)\nlet b = "x"', 'A0004'), ['value a', 'value b']);
	t.deepEqual(reports(t, 'prompt p(x) {\n  user «"»Hello, you (and {x})\n}\nlet b = "x"', 'A0004'), [
		'prompt p',
		'value b',
	]);
});

test('a missing opening quote is one error', (t) => {
	t.deepEqual(reports(t, 'let a = f(hello«"»)\nlet b = "x"', 'A0004'), ['value a', 'value b']);
});

test('a missing quote in the middle of a list is one error', (t) => {
	t.deepEqual(reports(t, 'let a = ["x, "y«"»]\nlet b = "x"', 'A0004'), ['value a', 'value b']);
});

test('a block that is never closed ends before the next declaration', (t) => {
	t.deepEqual(
		reports(
			t,
			'prompt p(x) {\n  user «"""»\n  Hello {x}\n}\nlet b = "x"\nprompt q(x) { user """\n  a\n  """ }',
			'A0006',
		),
		['prompt p', 'value b', 'prompt q'],
	);
});

test('a hole that is never closed is one error', (t) => {
	t.deepEqual(reports(t, 'let a = f("x «{»x and y", 2)\nlet b = "{a}"', 'A0005'), ['value a', 'value b']);
	t.deepEqual(reports(t, 'prompt p(x) {\n  user """\n  Hello «{»x\n  """\n}\nlet b = "x"', 'A0005'), [
		'prompt p',
		'value b',
	]);
});

test('wrong fields of one eval are reported each, and the others are read', (t) => {
	t.deepEqual(reports(t, 'eval a {\n  for x in items\n  b =«»\n  c = x «y»\n  d = x\n}', 'A0001', 'A0023'), [
		'eval a',
	]);
});

test('a value that cannot be read keeps the name of its declaration', (t) => {
	t.deepEqual(reports(t, 'let a = 3 «4»\nprompt p(x) = «*»\nlet b = a', 'A0023', 'A0001'), [
		'value a',
		'error p',
		'value b',
	]);
});

test('a colon in the place of = is read as meant', (t) => {
	t.deepEqual(reports(t, 'let n«:» 3\neval e { for x in xs  y«:» x }', 'A0019', 'A0019'), [
		'value n',
		'eval e',
	]);
});

test('an = in the place of a colon is read as meant', (t) => {
	t.deepEqual(reports(t, 'let n = f(a «=» 3, b: {c «=» 4})', 'A0020', 'A0020'), ['value n']);
});

test('an = in a condition is read as ==', (t) => {
	reports(t, 'let n = if a «=» 3 then 1 else 2', 'A0021');
	reports(t, 'let n = xs |> where(a «=» 3 and b «=» 4)', 'A0021', 'A0021');
	reports(t, 'eval e { for x in xs where x.a «=» 3  y = 2 }', 'A0021');
	reports(t, 'eval e {\n  for x in xs\n  where a «=» 3\n  y = 2\n}', 'A0021');
	reports(t, 'eval e { for x in xs where x.a == 3  y = 2 }');
});

test('a missing comma is put in', (t) => {
	t.deepEqual(
		reports(t, 'let a = [1 «2», 3]\nlet b = f(a «"x"»)\nlet c = {a: 1 «b»: 2}', 'A0022', 'A0022', 'A0022'),
		['value a', 'value b', 'value c'],
	);
});

test('operators, constants, quotes, comments and semicolons of other languages are read as meant', (t) => {
	reports(t, 'let a = b «&&» c «||» «!»d', 'A0017', 'A0017', 'A0017');
	reports(t, 'let a = [«None», «True», «null»]', 'A0018', 'A0018', 'A0018');
	reports(t, "let a = «'x'»", 'A0014');
	reports(t, 'let a = 1 «//» one\nlet b = 2«;»', 'A0015', 'A0016');
});

test('keywords of other languages and misspelt ones are one error a declaration', (t) => {
	t.deepEqual(
		reports(t, '«const» a = 3\n«modle» m = gguf("x")\n«a» = 3\nlet b = 3', 'A0035', 'A0035', 'A0025'),
		['error a', 'error m', 'error a', 'value b'],
	);
	reports(t, '«def» f(x):\n  return x\nlet b = 3', 'A0035');
	reports(t, '«function» f(x) { return x }\nlet b = 3', 'A0035');
});

test('a call on the next line is one error', (t) => {
	reports(t, 'let a = f\n  «(»3)', 'A0027');
	reports(t, 'let a = [f\n  «(»3), 2]', 'A0027');
});

test('a thin arrow, a ternary and not in have their own words', (t) => {
	reports(t, 'let f = x «->» x', 'A0026');
	reports(t, 'let f = a «?» b : c', 'A0040');
	reports(t, 'let f = a «not» in b', 'A0041');
});

test('an if without else says so', (t) => {
	reports(t, 'let f = if a then b«»\nlet c = 3', 'A0033');
});

test('reserved words are no names', (t) => {
	reports(t, 'let «in» = 3', 'A0028');
	reports(t, 'eval e {\n  for «not» in xs\n  «if» = 3\n}', 'A0028', 'A0028');
});

test('a type on let is dropped', (t) => {
	t.deepEqual(reports(t, 'let a«: List<Number>» = [1]', 'A0043'), ['value a']);
});

test('a message without a text says how a value gets into it', (t) => {
	reports(t, 'prompt p(x) { «user» x }', 'A0031');
	reports(t, 'let p = q(x) + «user» x', 'A0031');
});

test('clauses in a table are reported and left out', (t) => {
	t.deepEqual(reports(t, 'table t = from e by a { «for» x in xs  n = count() }', 'A0036'), ['table t']);
});

test('comparisons do not chain', (t) => {
	reports(t, 'let a = 1 < 2 «<» 3', 'A0013');
	reports(t, 'let a = (1 < 2) == true');
});

test('units of numbers are known', (t) => {
	reports(
		t,
		'let a = [5«minutes», 1__0, $5«h», .5]'.replace('1__0', '«1__0»').replace('.5]', '«.5»]'),
		'A0009',
		'A0010',
		'A0009',
		'A0012',
	);
});

test('nesting and chains have limits', (t) => {
	const deep = parse(`let a = ${'('.repeat(5000)}1${')'.repeat(5000)}`);
	t.deepEqual(
		deep.problems.map((found) => found.code),
		['A0024'],
	);
	const long = parse(`let a = ${'1 + '.repeat(5000)}1`);
	t.deepEqual(
		long.problems.map((found) => found.code),
		['A0024'],
	);
	const prefixed = parse(`let a = ${'not '.repeat(5000)}1`);
	t.deepEqual(
		prefixed.problems.map((found) => found.code),
		['A0024'],
	);
	t.deepEqual(parse(`let a = ${'1 + '.repeat(100)}1`).problems, []);
	t.deepEqual(parse(`let a = ${'('.repeat(50)}1${')'.repeat(50)}`).problems, []);
});
