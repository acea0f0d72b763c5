import test from 'ava';
import fc from 'fast-check';
import type { CompilerLibrary } from '../../../dsl/library.ts';
import type { Plan } from '../../../dsl/plan/plan.ts';
import { compileHere, errorsOf, type World } from '../../helpers/compile.ts';
import { changedLibrary } from '../../helpers/library.ts';

function plan(program: string, world: World = {}): Plan {
	const compiled = compileHere(program, { ...world, stage: 'plan' });
	if (!compiled.plan) throw new Error(errorsOf(compiled).join('\n'));
	return compiled.plan;
}

/** Node → key. */
const keys = (program: string, world: World = {}): Record<string, string> =>
	Object.fromEntries(plan(program, world).nodes.map((node) => [node.id, node.key]));

/** Which nodes two programs do not agree on, by id. */
function changed(before: Record<string, string>, after: Record<string, string>): string[] {
	return Object.keys(before)
		.filter((id) => before[id] !== after[id])
		.sort();
}

const STUDY = `study "S" { seed: 1 }
use starts_well from "./scorers.ts"
param n: Number = 10
data items = bbq(categories: ["Age", "Religion"]) |> stratified(by: category, n: n, seed: 0)
model small = gguf("smollm2-135m-instruct")
prompt q(x: BBQ) {
  system "Answer."
  user "{x.question}"
}
prompt q2(x: BBQ) = q(x) + user "Think."
eval answers {
  for x in items
  for c in {Q: q, T: q2}
  where x.category != "None"
  thought = small.sample(c(x), n: 2, temperature: 0)
  choice = small.choose(c(x), options: x.answers)
  correct = choice.best == x.answers[0] and starts_well(thought[0])
  long = map(x.answers, answer => length(answer) > 3)
}
table bias = from answers by c, x.category {
  accuracy = mean(correct, cluster: x.question_index)
  s = bbq_bias(choice, x) ± bootstrap(200)
}
figure fig = line(bias |> where(category == "Age"), x: category, y: accuracy, color: c)
`;
const before = keys(STUDY);
const edit = (from: string | RegExp, to: string): string => {
	const after = STUDY.replace(from, to);
	if (after === STUDY) throw new Error(`nothing to change: ${from}`);
	return after;
};

test('an expression of a figure is in the plan as it is written there, and its layout changes no key', (t) => {
	const axis = (text: string): [label: unknown, key: string] => {
		const node = plan(edit('y: accuracy, color', `y: ${text}, color`)).nodes.find(({ id }) => id === 'fig');
		const core = node?.kind === 'value' ? (node.body as { args?: Record<string, { label?: string }> }) : {};
		return [core.args?.y?.label, node?.key ?? ''];
	};
	const [label, key] = axis('accuracy*2  # twice\n  + 1');
	t.is(label, 'accuracy * 2 + 1');
	t.deepEqual(axis('accuracy * 2 + 1'), [label, key]);
	t.not(axis('accuracy * 3 + 1')[1], key);
});

test('layout and comments change no key', (t) => {
	t.deepEqual(keys(`# a comment\n${STUDY.replaceAll('\n', '\n\n  # why\n   ')}`), before);
	t.deepEqual(keys(edit('eval answers {', '## What was answered.\neval answers {')), before);
	t.deepEqual(keys(edit('where x.category != "None"', 'where (x.category != "None")')), before);
});

test('the order of declarations and unrelated declarations change no key', (t) => {
	const blocks = STUDY.split(/\n(?=\w)/);
	t.deepEqual(keys(blocks.toReversed().join('\n')), before);
	const more = keys(`${STUDY}\nlet aside = 3\neval other { for i in 1..aside y = i }`);
	t.deepEqual(changed(before, more), []);
});

test('the order and the way of arguments change no key', (t) => {
	t.deepEqual(
		keys(edit('stratified(by: category, n: n, seed: 0)', 'stratified(seed: 0, n: n, by: category)')),
		before,
	);
	t.deepEqual(
		keys(
			edit('small.sample(c(x), n: 2, temperature: 0)', 'small.sample(temperature: 0, n: 2, prompt: c(x))'),
		),
		before,
	);
	t.deepEqual(
		keys(
			edit(
				'bbq(categories: ["Age", "Religion"]) |> stratified(by',
				'stratified(bbq(categories: ["Age", "Religion"]), by',
			),
		),
		before,
	);
});

test('an argument that is given as its default is the default', (t) => {
	t.deepEqual(keys(edit('bootstrap(200)', 'bootstrap(200, seed: 1)')), before);
	t.deepEqual(
		keys(
			edit(
				'bbq(categories: ["Age", "Religion"])',
				'bbq(categories: ["Age", "Religion"], source: "published")',
			),
		),
		before,
	);
});

test('names of lambda parameters, prompt parameters and comprehension variables are in no key', (t) => {
	t.deepEqual(keys(edit('answer => length(answer) > 3', 'a => length(a) > 3')), before);
	t.deepEqual(
		keys(
			edit(
				/prompt q\(x: BBQ\) \{\n {2}system "Answer."\n {2}user "\{x.question\}"/,
				'prompt q(item: BBQ) {\n  system "Answer."\n  user "{item.question}"',
			),
		),
		before,
	);
	t.is(keys('let r = [a + 1 for a in 1..3]').r, keys('let r = [b + 1 for b in 1..3]').r);
});

test('renaming a declaration changes no key', (t) => {
	const renamed = keys(
		STUDY.replaceAll(/\bsmall\b/g, 'tiny')
			.replaceAll(/\bitems\b/g, 'things')
			.replaceAll(/\bq2\b/g, 'second'),
	);
	t.is(renamed.things, before.items);
	t.is(renamed['answers.choice'], before['answers.choice']);
	t.is(renamed.bias, before.bias);
	t.is(renamed.fig, before.fig);
});

test('a column that is called like a declaration is not that declaration', (t) => {
	const program = (name: string): string =>
		`let ${name} = 3\ndata d = jsonl("rows.jsonl") |> where(id > 1) |> take(${name})`;
	t.is(keys(program('id')).d, keys(program('count')).d);
});

test('renaming a field changes the keys of what shows its name and of nothing else', (t) => {
	const renamed = keys(STUDY.replaceAll('correct', 'right'));
	t.is(renamed['answers.right'], before['answers.correct']);
	t.is(renamed.bias, before.bias);
	t.not(renamed.answers, before.answers);
});

test('a changed literal changes its step and what hangs on it', (t) => {
	t.deepEqual(changed(before, keys(edit('temperature: 0', 'temperature: 1'))), [
		'answers',
		'answers.correct',
		'answers.thought',
		'bias',
		'fig',
	]);
	t.deepEqual(changed(before, keys(edit('bootstrap(200)', 'bootstrap(300)'))), ['bias', 'fig']);
	t.deepEqual(changed(before, keys(edit('category == "Age"', 'category == "Religion"'))), ['fig']);
	t.deepEqual(changed(before, keys(edit('"Think."', '"Think!"'))), [
		'answers',
		'answers.choice',
		'answers.correct',
		'answers.long',
		'answers.thought',
		'answers[]',
		'bias',
		'fig',
		'q2',
	]);
});

test("a param's value is part of the keys, wherever it comes from", (t) => {
	const given = keys(STUDY, { params: { n: '20' } });
	t.deepEqual(given, keys(edit('param n: Number = 10', 'param n: Number = 20')));
	t.true(changed(before, given).includes('items'));
	t.false(changed(before, given).includes('small'));
});

test('the seed reaches what draws from it and has no seed of its own', (t) => {
	const reseeded = changed(before, keys(edit('seed: 1', 'seed: 2')));
	t.true(reseeded.includes('bias'), 'bootstrap draws from the study');
	t.false(reseeded.includes('items'), 'stratified has its own seed');
	t.false(reseeded.includes('q'));
});

test('a raised version changes the steps that call the function, and what hangs on them', (t) => {
	const raised = (name: string): string[] =>
		changed(before, keys(STUDY, { library: changedLibrary(name, { version: 2 }) }));
	t.deepEqual(raised('bbq_bias'), ['bias', 'fig']);
	t.deepEqual(raised('line'), ['fig']);
	t.deepEqual(raised('map'), ['answers', 'answers.long']);
	t.true(raised('stratified').includes('items'));
	t.deepEqual(raised('sqrt'), []);
});

test('documentation, examples and completions of the library are in no key', (t) => {
	const library: CompilerLibrary = changedLibrary('bbq', {
		doc: 'Other words.',
		example: 'bbq()',
		completions: {},
	});
	t.deepEqual(keys(STUDY, { library }), before);
});

test('changed content behind a name changes what reads it', (t) => {
	const print = (fn: string): World => ({
		print: (need) => (need.kind === 'fingerprint' && need.fn === fn ? 'c' : 'a').repeat(64),
	});
	t.deepEqual(keys(STUDY, print('nothing')), before);
	const weights = changed(before, keys(STUDY, print('gguf')));
	t.true(weights.includes('small') && weights.includes('answers.choice') && !weights.includes('items'));
	const rows = changed(before, keys(STUDY, print('bbq')));
	t.true(rows.includes('items') && rows.includes('answers[]') && !rows.includes('small'));
});

test('what is not the same has different keys', (t) => {
	const pairs: readonly (readonly [string, string, string])[] = [
		['let r = [1, 2]', 'let r = [2, 1]', 'r'],
		['let r = 1 - 2', 'let r = 2 - 1', 'r'],
		['let r = "1"', 'let r = 1', 'r'],
		['let r = {a: 1}', 'let r = {b: 1}', 'r'],
		['let r = [a + b for a in 1..2 for b in 1..2]', 'let r = [b + a for a in 1..2 for b in 1..2]', 'r'],
		['let r = map([1], (x => 1))', 'let r = map([1], (x => x))', 'r'],
		['eval e { for i in 1..3 a = i b = 2 * i }', 'eval e { for i in 1..3 b = i a = 2 * i }', 'e'],
		['eval e { for i in 1..3 a = i b = 2 * i }', 'eval e { for i in 1..3 a = 2 * i b = i }', 'e'],
		['let a = 1\nlet b = 2\nlet r = a - b', 'let a = 1\nlet b = 2\nlet r = b - a', 'r'],
		[
			'eval e { for i in 1..3 a = i b = 2 * i }\ntable r = from e { m = mean(a) }',
			'eval e { for i in 1..3 a = i b = 2 * i }\ntable r = from e { m = mean(b) }',
			'r',
		],
		['prompt r(x: Text) { user "{x}" }', 'prompt r(x: Text) { system "{x}" }', 'r'],
		['prompt r(x: Text, y: Text) { user "{x}" }', 'prompt r(x: Text, y: Text) { user "{y}" }', 'r'],
		[
			'let r = [y for x in [1, 2] for y in [z + x for z in [10]]]',
			'let r = [y for x in [1, 2] for y in [z + z for z in [10]]]',
			'r',
		],
		['let r = [[a, b] for a in 1..2 for b in 3..4]', 'let r = [[b, a] for a in 1..2 for b in 3..4]', 'r'],
	];
	for (const [one, other, node] of pairs) t.not(keys(one)[node], keys(other)[node], `${one}\n${other}`);
});

test('every node comes after its inputs, and every place points into the text', (t) => {
	const { nodes, spans, source } = plan(STUDY);
	const seen = new Set<string>();
	for (const node of nodes) {
		for (const input of Object.values(node.inputs)) t.true(seen.has(input), `${node.id} needs ${input}`);
		seen.add(node.id);
		const [start, end] = spans[node.loc] as readonly [number, number];
		t.true(source.text.slice(start, end).length > 0);
	}
	t.deepEqual(JSON.parse(JSON.stringify(nodes)), nodes, 'a plan is JSON');
});

test('random layouts, orders and comments of a program give the same keys', (t) => {
	const blocks = STUDY.trimEnd().split(/\n(?=\w)/);
	const space = fc.constantFrom(' ', '  ', '\n', ' # so it is\n', '\n\n');
	t.notThrows(() =>
		fc.assert(
			fc.property(
				fc.shuffledSubarray(blocks, { minLength: blocks.length }),
				fc.infiniteStream(space),
				(order, spaces) => {
					const text = order
						.map((block) =>
							block.replaceAll(/\n */g, () => `\n${(spaces.next().value as string).replace(/^\S/, '')}`),
						)
						.join('\n# between\n');
					return changed(before, keys(text)).length === 0;
				},
			),
			{ numRuns: 40 },
		),
	);
});
