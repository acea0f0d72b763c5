import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { format } from '../../../dsl/format/format.ts';
import { parse } from '../../../dsl/parser/parser.ts';
import { shapeOf } from '../../helpers/syntax-shape.ts';

const fixtures = join(import.meta.dirname, '../../fixtures');

function formatted(t: ExecutionContext, source: string): string {
	const result = format(source);
	if (!('text' in result)) {
		t.deepEqual(result.problems, []);
		return '';
	}
	return result.text;
}

for (const name of readdirSync(join(fixtures, 'good'))) {
	test(`${name} formats to what is on file, with the same meaning, and no further`, (t) => {
		const source = readFileSync(join(fixtures, 'good', name), 'utf8');
		const text = formatted(t, source);
		t.is(text, readFileSync(join(fixtures, 'formatted', name), 'utf8'));
		t.is(formatted(t, text), text);
		t.deepEqual(shapeOf(parse(text).program), shapeOf(parse(source).program));
	});
}

test('a program with syntax errors is refused with its problems', (t) => {
	const result = format('let a = (1');
	t.true('problems' in result && result.problems.length === 1);
});

test('a program of nothing is nothing', (t) => {
	t.is(formatted(t, ' \n\n '), '');
	t.is(formatted(t, '\n# only a comment'), '# only a comment\n');
});

test('comments stay before, behind and inside what they stood at', (t) => {
	const source = `# the study
study "s"   # title

## how many
param n=3# behind
eval e { # opening

   # the rows
   for x in xs   # each
   y = f(x, # first
      2)
   # at the end
}
# last`;
	t.is(
		formatted(t, source),
		`# the study
study "s"  # title

## how many
param n = 3  # behind
eval e {  # opening

  # the rows
  for x in xs  # each
  y = f(
    x,  # first
    2
  )
  # at the end
}
# last
`,
	);
});

test('empty lines between declarations and items are kept, one at most', (t) => {
	t.is(
		formatted(t, 'let a = 1\n\n\n\nlet b = 2\neval e {\n\n  for x in a\n\n\n  y = 1\n\n}'),
		'let a = 1\n\nlet b = 2\neval e {\n  for x in a\n\n  y = 1\n}\n',
	);
});

test('a body stays on one line where the program has it there and it fits', (t) => {
	t.is(formatted(t, 'eval e { for x in a   y=x }'), 'eval e { for x in a  y = x }\n');
	t.is(formatted(t, 'eval e {\nfor x in a   y=x }'), 'eval e {\n  for x in a\n  y = x\n}\n');
	const long = `table t = from e { ${Array.from({ length: 8 }, (_, i) => `column_${i} = mean(x)`).join(' ')} }`;
	t.regex(formatted(t, long), /^table t = from e \{\n {2}column_0 = mean\(x\)\n/);
});

test('what does not fit breaks at its outermost places first', (t) => {
	const pipeline = `let a = ${'some_data_set'} |> stratified(by: category, n: 200) |> where(answer == "yes") |> sample(400, seed: 1)`;
	t.is(
		formatted(t, pipeline),
		'let a = some_data_set\n  |> stratified(by: category, n: 200)\n  |> where(answer == "yes")\n  |> sample(400, seed: 1)\n',
	);
	const call = `let a = f(${Array.from({ length: 5 }, (_, i) => `argument_${i}: some_value_${i}`).join(', ')})`;
	t.true(
		formatted(t, call)
			.split('\n')
			.every((line) => line.length <= 100),
	);
});

test('spaces, signs and parentheses have one form', (t) => {
	t.is(formatted(t, 'let f=( x )=>x+/-g( a:1 ,b:[ 1..4 ] )'), 'let f = x => x ± g(a: 1, b: [1..4])\n');
	t.is(formatted(t, 'let a=-(1)*2 to 3'), 'let a = -(1) * 2 to 3\n');
	t.is(
		formatted(t, 'param p:Data<{...R,a:Text}>|(A->B)=1'),
		'param p: Data<{...R, a: Text}> | (A -> B) = 1\n',
	);
	t.is(
		formatted(t, 'data d=jsonl("p",as:{a:List<Text>?,b : Number})'),
		'data d = jsonl("p", as: {a: List<Text>?, b: Number})\n',
	);
	t.is(
		formatted(t, 'let a = if x then 1 else if y then 2 else 3'),
		'let a = if x then 1 else if y then 2 else 3\n',
	);
});

test('a block of text moves with its declaration and keeps its lines', (t) => {
	t.is(
		formatted(t, 'prompt p(x) { user """\n        A {  x.a  }\n\n          B\n      """ }'),
		'prompt p(x) {\n  user """\n  A {x.a}\n\n    B\n  """\n}\n',
	);
});
