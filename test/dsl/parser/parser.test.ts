import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Expr } from '../../../dsl/ast.ts';
import { parse, parseExpression, parseSignature, parseTypeExpr } from '../../../dsl/parser/parser.ts';
import { shapeOf } from '../../helpers/syntax-shape.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/good');
const language = join(import.meta.dirname, '../../../../shared/design/language.md');

/** An expression in prefix notation: what binds to what can be read off. */
function prefix(expr: Expr): string {
	switch (expr.kind) {
		case 'number':
			return expr.raw;
		case 'bool':
			return String(expr.value);
		case 'name':
			return expr.name;
		case 'text':
			return `"${expr.parts.map((part) => (part.kind === 'chars' ? part.value : `{${prefix(part.expr)}}`)).join('')}"`;
		case 'list':
			return `[${expr.items.map(prefix).join(' ')}]`;
		case 'record':
			return `{${expr.fields.map((field) => `${field.name.text}:${prefix(field.value)}`).join(' ')}}`;
		case 'member':
			return `(. ${prefix(expr.target)} ${expr.name.text})`;
		case 'index':
			return `(at ${prefix(expr.target)} ${prefix(expr.index)})`;
		case 'call':
			return `(${[prefix(expr.callee), ...expr.args.map((a) => (a.name ? `${a.name.text}:` : '') + prefix(a.value))].join(' ')})`;
		case 'lambda':
			return `(=> [${expr.params.map((param) => param.text).join(' ')}] ${prefix(expr.body)})`;
		case 'if':
			return `(if ${prefix(expr.condition)} ${prefix(expr.then)} ${prefix(expr.else)})`;
		case 'comprehension':
			return `(all ${prefix(expr.body)} ${expr.clauses.map((clause) => clause.kind).join(' ')})`;
		case 'unary':
			return `(${expr.operator} ${prefix(expr.operand)})`;
		case 'binary':
			return `(${expr.operator} ${prefix(expr.left)} ${prefix(expr.right)})`;
		case 'message':
			return `(${expr.role} ${prefix(expr.text)})`;
		case 'group':
			return `<${prefix(expr.inner)}>`;
		case 'type':
			return `type ${expr.type.kind}`;
		default:
			return expr.kind;
	}
}

function binds(t: ExecutionContext, source: string, expected: string) {
	t.is(prefix(parseExpression(source)), expected, source);
}

for (const name of readdirSync(fixtures)) {
	test(`${name} parses without a problem`, (t) => {
		t.deepEqual(parse(readFileSync(join(fixtures, name), 'utf8')).problems, []);
	});
}

test('every program of the language page parses, and is here as a fixture', (t) => {
	if (!existsSync(language) && !process.env.CI) {
		t.log('skipped: the language page is not on this machine');
		t.pass();
		return;
	}
	const programs = [...readFileSync(language, 'utf8').matchAll(/```assay\n([\s\S]*?)```/g)].map(
		(match) => match[1] as string,
	);
	const known = readdirSync(fixtures).map((name) =>
		JSON.stringify(shapeOf(parse(readFileSync(join(fixtures, name), 'utf8')).program)),
	);
	t.true(programs.length >= 6);
	for (const program of programs) {
		const { problems, program: tree } = parse(program);
		t.deepEqual(problems, []);
		t.true(known.includes(JSON.stringify(shapeOf(tree))));
	}
});

test('operators bind from the pipe, loosest, to members, tightest', (t) => {
	binds(
		t,
		'a |> b or c and not d == e ± f to g..h + i * -j.k',
		'(|> a (or b (and c (not (== d (± e (to f (.. g (+ h (* i (- (. j k))))))))))))',
	);
	binds(t, 'a - b - c', '(- (- a b) c)');
	binds(t, 'a |> b |> c', '(|> (|> a b) c)');
	binds(t, 'not a in b', '(not (in a b))');
	binds(t, '-a * b', '(* (- a) b)');
	binds(t, 'a == not b', '(== a (not b))');
	binds(t, 'x => x |> f', '(=> [x] (|> x f))');
	binds(t, '(a, b) => if a then b else c + 1', '(=> [a b] (if a b (+ c 1)))');
	binds(t, '() => 1', '(=> [] 1)');
	binds(t, 'mean(x) +/- bootstrap(10)', '(± (mean x) (bootstrap 10))');
});

test('calls, members and indices chain', (t) => {
	binds(t, 'a.b(c, d: 1)[0].e', '(. (at ((. a b) c d:1) 0) e)');
	binds(t, 'samples[1..4]', '(at samples (.. 1 4))');
	binds(t, '1.abs', '(. 1 abs)');
	binds(t, 'x.in.none', '(. (. x in) none)');
});

test('a bracket on the next line begins something new', (t) => {
	binds(t, '[a,\n(b)]', '[a <b>]');
	t.throws(() => parseExpression('a\n(b)'), { message: /must stand on the line/ });
});

test('`as: {…}` in a call is a type, and anything else after `as:` a value', (t) => {
	binds(t, 'jsonl("p", as: {id: Number, words: List<Text>?})', '(jsonl "p" as:type record)');
	binds(t, 'csv("p", as: Row)', '(csv "p" as:Row)');
	binds(t, 'f(as: ({a: 1}), b: {as: {a: 1}})', '(f as:<{a:1}> b:{as:{a:1}})');
});

test('keywords are names wherever no keyword can stand', (t) => {
	binds(
		t,
		'where |> where(by: to, on: from) |> model.data',
		'(|> (|> where (where by:to on:from)) (. model data))',
	);
	binds(t, 'to to to', '(to to to)');
	binds(t, '{model: model, where: 1}', '{model:model where:1}');
	binds(t, 'repeat(user) + user "x"', '(+ (repeat user) (user "x"))');
	const { problems, program } = parse(
		'eval eval { for data in table where where repeat repeat as as model = on  on = by }',
	);
	t.deepEqual(problems, []);
	const [declaration] = program.declarations;
	t.deepEqual(declaration?.kind === 'eval' && declaration.items.map((item) => item.kind), [
		'for',
		'where',
		'repeat',
		'field',
		'field',
	]);
});

test('layout does not change the tree', (t) => {
	const inline = parse('eval e { for x in xs where x.a y = f(x, [1, 2]) } let b = 2').program;
	const spread = parse(
		'eval\ne\n{\nfor\nx\nin\nxs # c\nwhere\nx\n.a\ny\n=\nf(\nx\n,\n[\n1\n,\n2\n]\n)\n}\nlet\nb\n=\n2\n',
	).program;
	t.deepEqual(shapeOf(spread), shapeOf(inline));
	const indented = parse('prompt p(x) {\n      user """\n        a\n          {x}\n      """\n}').program;
	t.deepEqual(shapeOf(parse('prompt p(x) { user """\na\n  {x}\n""" }').program), shapeOf(indented));
	t.deepEqual(
		shapeOf(parse('prompt p(x) { user """\r\n\ta\r\n\t  {x}   \r\n""" }').program),
		shapeOf(indented),
	);
});

test('spans are where things stand, also after characters of two units', (t) => {
	const source = 'let a = "🙂" + b';
	const { program } = parse(source);
	const [declaration] = program.declarations;
	t.true(declaration?.kind === 'value' && declaration.value.kind === 'binary');
	if (declaration?.kind !== 'value' || declaration.value.kind !== 'binary') return;
	const slice = ({ span }: { span: { start: number; end: number } }) => source.slice(span.start, span.end);
	t.is(slice(declaration), source);
	t.is(slice(declaration.value.left), '"🙂"');
	t.is(slice(declaration.value.right), 'b');
	t.is(slice({ span: declaration.value.operatorSpan }), '+');
});

test('## above a declaration or a field is its documentation', (t) => {
	const source =
		'## Apart\n\n## How\n## many\nlet a = 1 ## not this\nlet b = 2\neval e {\n  ## each\n  for x in a\n  ## twice\n  y = 2\n}';
	const { program } = parse(source);
	t.deepEqual(
		program.declarations.map((declaration) => declaration.doc),
		['How\nmany', null, null],
	);
	const [, , declared] = program.declarations;
	const items = declared?.kind === 'eval' ? declared.items : [];
	t.deepEqual(
		items.map((item) => (item.kind === 'field' ? item.doc : 'clause')),
		['clause', 'twice'],
	);
	t.is(program.comments.length, 6);
});

test('a table may group, take a whole source, or be a value', (t) => {
	const { program, problems } = parse(
		'table a = from e by x, y.z { n = count() }\ntable b = f(e) { n = count() }\ntable c = f(e)\ntable d = {a: 1}',
	);
	t.deepEqual(problems, []);
	t.deepEqual(
		program.declarations.map((declaration) =>
			declaration.kind === 'table' ? declaration.by.length : declaration.kind,
		),
		[2, 0, 'value', 'value'],
	);
});

test('types nest by function, union, option', (t) => {
	const shape = (source: string) =>
		shapeOf({ declarations: [parseTypeExpr(source)] as never, comments: [], span: { start: 0, end: 0 } });
	t.deepEqual(shape('A | B? -> C -> D'), shape('(A | (B?)) -> (C -> D)'));
	t.deepEqual(shape('(A, B) -> C'), [
		{
			kind: 'function',
			params: ['A', 'B'].map((name) => ({ kind: 'name', name, args: [] })),
			result: { kind: 'name', name: 'C', args: [] },
		},
	]);
	t.deepEqual(shape('Image[2 * h, 1]'), [
		{
			kind: 'tensor',
			name: 'Image',
			dims: [
				{
					kind: 'binary',
					operator: '*',
					left: { kind: 'number', value: 2, raw: '2', unit: 'number' },
					right: { kind: 'name', name: 'h' },
				},
				{ kind: 'number', value: 1, raw: '1', unit: 'number' },
			],
		},
	]);
	t.throws(() => parseTypeExpr('List<'), { instanceOf: SyntaxError });
});

test('signatures of functions and methods are read', (t) => {
	const stratified = parseSignature(
		'stratified(data: Data<R>, by: R -> Any, n: Number, seed: Number = 0) -> Data<{...R, matching: Text}>',
	);
	t.is(stratified.name, 'stratified');
	t.deepEqual(
		stratified.params.map((param) => [param.name.text, param.type.kind, param.default?.kind ?? null]),
		[
			['data', 'name', null],
			['by', 'function', null],
			['n', 'name', null],
			['seed', 'name', 'number'],
		],
	);
	t.is(parseSignature('Model.sample(prompt: Prompt, where: Text?) -> Text').name, 'Model.sample');
	t.throws(() => parseSignature('f(a: ) -> B'), { message: /expected a type.*in `f\(a: \) -> B`/ });
});
