import test from 'ava';
import { compile } from '../../../dsl/compile.ts';
import { compileHere, errorsOf, typeIn } from '../../helpers/compile.ts';
import { testLibrary } from '../../helpers/library.ts';

const errors = (program: string): string[] => errorsOf(compileHere(program));
const codes = (program: string): string[] => compileHere(program).diagnostics.map((d) => d.code);
const help = (program: string): string | null | undefined => compileHere(program).diagnostics[0]?.help;

test('records, lists and options have the types of what is in them', (t) => {
	t.is(typeIn('let r = {a: 1, b: "x", c: [true]}', 'r'), '{a: Number, b: Text, c: List<Bool>}');
	t.is(typeIn('let r = [{a: 1, b: 2}, {a: 1, c: 2}]', 'r'), 'List<{a: Number}>');
	t.is(typeIn('let r = [1, none]', 'r'), 'List<Number?>');
	t.is(typeIn('let r = if true then "a" else none', 'r'), 'Text?');
	t.is(typeIn('let r = [n * 2 for n in 1..4 where n > 2]', 'r'), 'List<Number>');
	t.is(typeIn('let r = [{a: 1}][0].a', 'r'), 'Number');
	t.is(typeIn('let r = {a: {b: "x"}}.a.b', 'r'), 'Text');
	t.is(typeIn('let r = [1, 2, 3][0..1]', 'r'), 'List<Number>');
});

test('arithmetic keeps probabilities, money and durations apart', (t) => {
	t.is(typeIn('let r = $5 * 2 + $1', 'r'), 'Money');
	t.is(typeIn('let r = 2h / 30min', 'r'), 'Number');
	t.is(typeIn('let r = 1..3', 'r'), 'List<Number>');
	t.is(typeIn('let r = 0.4..0.6', 'r'), 'Interval');
	t.is(typeIn('let r = 0.66 to 0.1', 'r'), 'Schedule');
	t.deepEqual(codes('let r = $5 + 30s'), ['A0205']);
	t.deepEqual(codes('let r = $5 + 1'), ['A0205']);
	t.is(
		typeIn(
			'model m = simulated()\neval e { for i in 1..2 p = m.choose("a", options: ["x"]) q = p.best_prob * p.best_prob }\nlet r = e[0].q',
			'r',
		),
		'Prob',
	);
});

test('a Choice is indexed by an option and gives a probability', (t) => {
	const program =
		'model m = simulated()\neval e { for i in 1..2 p = m.choose("a", options: ["Yes", "No"]) y = p["Yes"] best = p.best }';
	t.is(typeIn(`${program}\nlet r = e[0]`, 'r'), '{i: Number, p: Choice, y: Prob, best: Text}');
	t.deepEqual(codes(program.replace('p["Yes"]', 'p[0]')), ['A0218']);
});

test('type variables of a signature take the types of the arguments', (t) => {
	t.is(typeIn('let r = map([1, 2], x => "{x}")', 'r'), 'List<Text>');
	t.is(typeIn('let r = or_else([1, none][0], 0)', 'r'), 'Number');
	t.is(typeIn('data d = bbq() |> derive(score: length(question))\nlet r = d[0].score', 'r'), 'Number');
	t.regex(typeIn('data d = bbq() |> derive(score: 1)', 'd'), /^Data<\{context: Text, .*score: Number\}>$/);
	t.is(
		typeIn('data d = bbq() |> pairs(prompt: question, completion: answers[0])', 'd'),
		'Data<{prompt: Text, completion: Text}>',
	);
});

test('the overload that fits gives the type', (t) => {
	const model = 'model m = simulated()\neval e { for i in 1..2 ';
	t.is(typeIn(`${model}s = m.sample("a") }\nlet r = e[0].s`, 'r'), 'Text');
	t.is(typeIn(`${model}s = m.sample("a", n: 5) }\nlet r = e[0].s`, 'r'), 'List<Text>');
});

test('an eval is a data set of its variables and fields, a table of its groups and columns', (t) => {
	const program =
		'data d = bbq()\neval e { for x in d for k in 1..2 repeat 3 as i correct = x.category == "Age" }';
	t.is(typeIn(program, 'e'), 'Data<{x: BBQ, k: Number, i: Number, correct: Bool}>');
	t.is(
		typeIn(`${program}\ntable t = from e by k, x.category { m = mean(correct) n = count(x) }`, 't'),
		'Table<{k: Number, category: Text, m: Estimate, n: Estimate}>',
	);
	t.is(
		typeIn(
			`${program}\ntable t = from e by k { m = mean(correct) }\ntable c = contrast(t, on: k, baseline: "1", paired: x)`,
			'c',
		),
		'Table<{k: Number, m: Estimate, contrast: Text}>',
	);
});

test('a variable over a record has a name, and compares with nothing else', (t) => {
	const program = (field: string): string =>
		`prompt p(x: Text) { user "{x}" }\nprompt q(x: Text) { user "{x}" }\neval e { for c in {A: p, B: q} ${field} }`;
	t.deepEqual(errors(program('name = c.name same = c.name == "A" text = c("hello")')), []);
	t.deepEqual(codes(program('same = c == "A"')), ['A0208']);
	t.is(help(program('same = c == "A"')), 'compare its name: `c.name`');
});

test('models in a list have the capabilities that all share', (t) => {
	t.is(
		typeIn('let r = [simulated(), openai("gpt-4.1-mini"), anthropic("claude-haiku-4-5")]', 'r'),
		'List<Model<sample, choose>>',
	);
	t.deepEqual(codes('eval e { for m in [openai("a"), anthropic("b")] s = m.logprob("a", "b") }'), ['A0210']);
});

test('choosing by log-probability is refused where the model returns none, and by sampling is offered', (t) => {
	const program = (by: string): string =>
		`model m = anthropic("claude-haiku-4-5")\neval e { for i in 1..2 p = m.choose("a", options: ["x", "y"]${by}) }`;
	t.deepEqual(codes(program(', by: logprob')), ['A0210']);
	t.is(help(program(', by: logprob')), 'ask it several times instead: `by: sampling(n: 20)`');
	t.deepEqual(codes(program(', by: sampling(n: 40)')), []);
	t.deepEqual(codes(program('')), []);
});

test('shapes are inferred through strides, upsampling and flattening', (t) => {
	const net = (size: string, body: string): string => typeIn(`network n(x: Image[${size}]) { ${body} }`, 'n');
	t.is(
		net('28, 28, 1', 'x |> conv(64, stride: 2) |> conv(32, stride: 4)'),
		'Network<Image[28, 28, 1] -> Image[4, 4, 32]>',
	);
	t.is(
		net('h, w, c', 'x |> conv(64, stride: 2)'),
		'Network<Image[h, w, c] -> Image[ceil(h / 2), ceil(w / 2), 64]>',
	);
	t.is(net('h, w, c', 'x |> conv(64) |> upsample(2)'), 'Network<Image[h, w, c] -> Image[2 * h, 2 * w, 64]>');
	t.is(
		net('28, 28, 1', 'x |> conv(8, stride: 2) |> flatten |> dense(10)'),
		'Network<Image[28, 28, 1] -> Tensor[10]>',
	);
	t.is(net('h, w, 2', 'x |> flatten'), 'Network<Image[h, w, 2] -> Tensor[2 * h * w]>');
	t.is(
		net('h, w, c', 'x |> upsample(2) |> conv(3, stride: 2)'),
		'Network<Image[h, w, c] -> Image[ceil(2 * h / 2), ceil(2 * w / 2), 3]>',
	);
	t.is(net('h, w, c', 'add(x, x |> residual(4) |> relu)'), 'Network<Image[h, w, c] -> Image[h, w, c]>');
});

test('shapes that do not go together are found before anything runs', (t) => {
	t.deepEqual(codes('network n(x: Image[h, w, c]) { add(x, conv(x, 8)) }'), ['A0204']);
	t.deepEqual(codes('network n(x: Image[28, 28, 1]) { add(x, conv(x, 1, stride: 2)) }'), ['A0204']);
	t.deepEqual(codes('network n(x: Image[h, w, c]) { x |> dense(3) }'), ['A0204']);
	const two =
		'network enc(x: Image[h, w, 1]) { x |> conv(32) }\nnetwork dec(z: Image[h, w, 64]) { z |> conv(1) }\n';
	t.deepEqual(codes(`${two}data d = mnist()\neval e { for x in d.train y = dec(enc(x.image)) }`), ['A0204']);
});

test('a network is used at any size that its dimensions allow, at each use anew', (t) => {
	const program = `network enc(x: Image[h, w, c]) { x |> conv(64, stride: 2) }
data d = mnist()
eval e { for x in d.train  once = enc(x.image)  twice = enc(enc(x.image)) }`;
	t.deepEqual(errors(program), []);
	t.is(
		typeIn(`${program}\nlet r = e[0]`, 'r'),
		'{x: Digit, once: Image[14, 14, 64], twice: Image[7, 7, 64]}',
	);
});

test('networks are passed to what asks for a pair that fits together', (t) => {
	const program = (channels: number): string => `network enc(x: Image[h, w, 1]) { x |> conv(64, stride: 2) }
network dec(z: Image[h, w, ${channels}]) { z |> upsample(2) |> conv(1) }
model both = hierarchy(enc, dec, layers: 2)`;
	t.deepEqual(errors(program(64)), []);
	t.deepEqual(codes(program(32)), ['A0204']);
});

test('an unannotated prompt is checked with the types of each of its uses', (t) => {
	const program = (use: string): string =>
		`prompt p(x) { user "{x.question}" }\ndata d = bbq()\neval e { for x in d y = ${use} }`;
	t.deepEqual(codes(program('p(x)')), []);
	t.deepEqual(codes(program('p({question: "a"})')), []);
	t.deepEqual(codes(program('p({text: "a"})')), ['A0103']);
});

test('columns win over outer names, with a warning where something is hidden', (t) => {
	t.deepEqual(codes('let category = "x"\ndata d = bbq() |> where(category == "Age")'), ['A0108']);
	t.deepEqual(codes('let wanted = "Age"\ndata d = bbq() |> where(category == wanted)'), []);
});

test('an argument that may be left out may be missing, and a wrong one is named', (t) => {
	t.deepEqual(codes('data d = bbq() |> sample(3)'), []);
	t.deepEqual(codes('data d = bbq() |> sample(3, weight: example_id)'), []);
	t.deepEqual(codes('data d = bbq() |> sample(3, weight: category)'), ['A0204']);
	t.deepEqual(codes('data d = bbq() |> sample()'), ['A0202']);
	t.deepEqual(codes('let r = join(["a"], 5)'), ['A0204']);
});

test('misspelt names of all kinds get the nearest known one', (t) => {
	const near = (program: string): string | null =>
		/did you mean `([^`]*)`/.exec(help(program) ?? '')?.[1] ?? null;
	t.is(near('let count = 1\nlet b = coutn + 1'), 'count');
	t.is(near('data d = bqb()'), 'bbq');
	t.is(near('data d = bbq() |> startified(by: category, n: 1)'), 'stratified');
	t.is(near('data d = bbq() |> where(categroy == "Age")'), 'category');
	t.is(near('data d = bbq()\neval e { for x in d y = x.contxt }'), 'context');
	t.is(near('model m = simulated()\neval e { for i in 1..2 y = m.sampel("a") }'), 'sample');
	t.is(near('data d = bbq(categoris: ["Age"])'), 'categories');
	t.is(near('param n: Numbr = 3'), 'Number');
	t.is(near('prompt p(m: Model<smaple>) { user "{m.name}" }'), 'sample');
	t.is(near('study "S" { bugdet: {usd: $5} }'), 'budget');
	t.is(near('use starts_wel from "./scorers.ts"'), 'starts_well');
	t.is(near('let zebra = 1\nlet b = quux'), null);
});

test('a fix that is offered mends the program', (t) => {
	for (const program of [
		'let count = 1\nlet b = coutn + 1',
		'data d = bbq(categoris: ["Age"])',
		'param n: Numbr = 3',
		'study "S" { bugdet: {usd: $5} }',
	]) {
		const [edit] = compileHere(program).diagnostics[0]?.fix?.edits ?? [];
		t.truthy(edit, program);
		if (edit)
			t.deepEqual(codes(program.slice(0, edit.span.start) + edit.text + program.slice(edit.span.end)), []);
	}
});

test('functions of a TypeScript module are typed by their signatures', (t) => {
	const program = (call: string): string => `use starts_well, grade from "./scorers.ts"\nlet r = ${call}`;
	t.is(typeIn(program('starts_well("a")'), 'r'), 'Bool');
	t.is(typeIn(program('grade("a", 3)'), 'r'), '{score: Number, reason: Text?}');
	t.is(typeIn(program('grade("a").score'), 'r'), 'Number');
	t.deepEqual(codes(program('starts_well(3)')), ['A0204']);
	t.deepEqual(codes(program('grade()')), ['A0202']);
	t.deepEqual(codes(program('grade("a", 1, 2)')), ['A0203']);
	t.deepEqual(codes('use f from "./no-such.ts"\nlet r = f(1)'), ['A0114']);
});

test('until a signature is known nothing is said about its uses', (t) => {
	const compiled = compile('use starts_well from "./scorers.ts"\nlet r = starts_well(3) + 1', {
		library: testLibrary,
	});
	t.deepEqual(compiled.diagnostics, []);
	t.deepEqual(compiled.needs, [{ kind: 'signature', path: './scorers.ts', names: ['starts_well'] }]);
	t.is(compiled.plan, null);
});

test('a file without `as:` gets its row type from the file', (t) => {
	t.is(typeIn('data d = jsonl("rows.jsonl")', 'd'), 'Data<{id: Number, text: Text}>');
	t.is(
		typeIn('data d = jsonl("rows.jsonl", as: {id: Number, words: List<Text>?})', 'd'),
		'Data<{id: Number, words: List<Text>?}>',
	);
	t.deepEqual(codes('data d = jsonl("no-such.jsonl")'), ['A0303']);
});

test('a param takes its value from outside, as its type', (t) => {
	const given = (value: string, type = 'Number', standard = '3'): string[] =>
		errorsOf(compileHere(`param p: ${type} = ${standard}\nlet r = p`, { params: { p: value } })).map(
			(error) => error.slice(0, 5),
		);
	t.deepEqual(given('5'), []);
	t.deepEqual(given('2k'), []);
	t.deepEqual(given('five'), ['A0305']);
	t.deepEqual(given('five', 'Text', '"a"'), []);
	t.deepEqual(given('"five"', 'Text', '"a"'), []);
	t.deepEqual(given('[1, 2]', 'List<Number>', '[1]'), []);
	t.deepEqual(given('true', 'Bool', 'false'), []);
	t.deepEqual(given('60%', 'Prob', '0.5'), []);
	t.deepEqual(given('60', 'Prob', '0.5'), ['A0305']);
	t.deepEqual(codes('param p: Number = "a"'), ['A0223']);
});

test("the study's settings are read", (t) => {
	const { plan } = compileHere(
		'study "T" { cites: ["a", "b"], seed: 7, budget: {usd: $5, tokens: 2M, calls: 10, time: 30min} }',
		{ stage: 'plan' },
	);
	t.is(plan?.title, 'T');
	t.deepEqual(plan?.study, {
		cites: ['a', 'b'],
		seed: 7,
		budget: { usd: 5, tokens: 2_000_000, calls: 10, seconds: 1800 },
	});
	t.deepEqual(codes('study "T" { budget: {usd: "five"} }'), ['A0204']);
	t.deepEqual(codes('study "T" { seed: 1 + 1 }'), ['A0301']);
});

test('one mistake gives one message', (t) => {
	for (const program of [
		'let a = nowhere\nlet b = a + 1\nlet c = b.field\nlet d = c(1)',
		'data d = nowhere()\neval e { for x in d y = x.a z = y + 1 }\ntable t = from e by x.b { m = mean(z) }',
		'modle m = simulated()\neval e { for i in 1..2 y = m.sample("a") }',
		'prompt p(x: Text) { user x }\neval e { for i in 1..2 y = p("a") }',
		'eval e { for x in 5 y = x.a }\ntable t = from e { m = mean(y) }',
		'let f = map([1], (a, b) => a)',
		'data d = bbq() |> nothing(by: category)',
		'table t = from nowhere by a { b = mean(c) d = b + 1 }\nfigure f = line(t, x: a, y: b)',
		'data d = nowhere() |> where(category == "Age")',
		'eval e { for (x in bbq()) y = x.question }',
		'eval e { for x in bbq() y = join(separator: ", ", x.answers) }',
		'let a = if true 1 else 2\nlet b = 3\nlet c = 4',
		'let a = 1 if true\nlet b = 3\nparam c = 4',
	]) {
		t.is(compileHere(program).diagnostics.length, 1, program);
	}
});

test('a function without types has those of its arguments, use by use', (t) => {
	t.is(typeIn('let f = x => x + 1\nlet y = f(2)', 'y'), 'Number');
	t.is(typeIn('let first = xs => xs[0]\nlet y = first(["a"])\nlet z = first([1])', 'y'), 'Text');
	t.is(typeIn('let f = (a, b) => {n: a, s: b}\nlet y = f(b: "x", a: 1)', 'y'), '{n: Number, s: Text}');
	t.is(typeIn('let f = x => x.question\ndata d = bbq()\nlet y = d[0] |> f', 'y'), 'Text');
	t.deepEqual(codes('let f = x => x + 1\nlet y = f("a")'), ['A0205']);
	t.deepEqual(codes('let f = x => x.quetsion\ndata d = bbq()\nlet y = f(d[0])'), ['A0103']);
	t.deepEqual(codes('prompt p(x) { user "{x.question}" }\nlet q = p({answer: 1})'), ['A0103']);
});

test('an empty list is a list of anything', (t) => {
	t.is(typeIn('let n = length([])', 'n'), 'Number');
	t.is(typeIn('let xs = map([], x => x + 1)', 'xs'), 'List<Number>');
	t.is(typeIn('let xs = if true then [] else [1]', 'xs'), 'List<Number>');
	t.is(typeIn('let xs = [[], [1]]', 'xs'), 'List<List<Number>>');
	t.deepEqual(codes('let xs = map([], 21, x => x + 1)'), ['A0204', 'A0203']);
});

test('a record has each name once', (t) => {
	t.deepEqual(codes('let r = {a: 1, b: 2, a: 3}'), ['A0102']);
	t.deepEqual(codes('study "S" { seed: 1, seed: 2 }'), ['A0102']);
});

test('a column in quotes is not taken for a text', (t) => {
	const table = 'eval e { for x in bbq() ok = true }\ntable t = from e by x.category { a = mean(ok) }\n';
	t.deepEqual(codes(`${table}figure f = line(t, x: "category", y: a)`), ['A0233']);
	t.deepEqual(codes('data d = bbq() |> where("category" == "Age" and target != "b")'), ['A0233']);
	t.deepEqual(
		codes('data d = bbq() |> where(category == "category")'),
		[],
		'a value may be called like a column',
	);
});

test('a Choice has the options that it was given', (t) => {
	const study = (use: string): string =>
		`model m = simulated()\neval e { for i in 1..2 p = m.choose("a", options: ["Yes", "No"]) q = m.choose("b", options: ["A", "B"]) y = ${use} }`;
	t.deepEqual(codes(study('p["Yes"] + q["B"]')), []);
	t.deepEqual(codes(study('p["yes"]')), ['A0234']);
	t.is(help(study('p["yess"]')), 'did you mean "Yes"?');
	t.is(help(study('q["C"]')), 'its options are "A", "B"');
	t.deepEqual(codes(`${study('1')}\ntable t = from e { a = mean(p["Maybe"]) }`), ['A0234']);
	t.deepEqual(codes(study('(if i > 1 then p else q)["A"]')), [], 'it may be either');
	t.deepEqual(codes(study('[{c: p}, {c: q}][0].c["A"]')), []);
	t.deepEqual(codes(`let same = x => x\n${study('[same(p)["Yes"], same(q)["A"]]')}`), []);
});

test('what a message quotes of the program stands on one line', (t) => {
	const [found] = compileHere(`let a = upper([\n  1,\n  ${'2, '.repeat(60)}\n])`).diagnostics;
	t.notRegex(`${found?.message}${found?.help}`, /\n/);
	t.true((found?.message.length ?? 0) < 200);
});

test('declarations may stand in any order', (t) => {
	t.deepEqual(
		errors(
			'let b = a + 1\nlet a = 1\ntable t = from e { m = mean(y) }\neval e { for x in d y = length(x.question) }\ndata d = bbq()',
		),
		[],
	);
});
