import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { needKey } from '../../../dsl/needs.ts';
import type { Completion } from '../../../dsl/service/completion.ts';
import { LanguageService } from '../../../dsl/service/language-service.ts';
import { answerTo } from '../../helpers/compile.ts';
import { testLibrary } from '../../helpers/library.ts';
import { marked } from '../../helpers/marked-source.ts';

function complete(source: string): readonly Completion[] {
	const { text, offset } = marked(source);
	const service = new LanguageService(text, { library: testLibrary });
	for (const need of service.needs()) service.answer(need, answerTo(need));
	return service.complete(offset).items;
}

const labels = (source: string, most = 1000): string[] =>
	complete(source)
		.map((item) => item.label)
		.slice(0, most);
const detail = (source: string, label: string): string | undefined =>
	complete(source).find((item) => item.label === label)?.detail;

const STUDY = `data items = bbq() |> take(10)
model small = gguf("smollm2-135m-instruct")
prompt q(x: BBQ) { user "{x.question}" }
eval answers {
  for x in items
  p = small.choose(q(x), options: x.answers)
  correct = p.best == x.answers[0]
}
table t = from answers by x.category { accuracy = mean(correct) }
`;

test('after a dot come the fields of a row, with their types', (t) => {
	const source = `${STUDY}eval more { for x in items  y = x.‸ }`;
	t.deepEqual(labels(source), [
		'context',
		'question',
		'answers',
		'correct',
		'target',
		'context_condition',
		'category',
		'question_index',
		'example_id',
	]);
	t.is(detail(source, 'target'), 'Text?');
});

test('after a dot come the methods of a model behind its fields', (t) => {
	t.deepEqual(labels(`${STUDY}eval more { for x in items  y = small.‸ }`), [
		'name',
		'parameters',
		'sample',
		'choose',
		'logprob',
		'embed',
	]);
});

test('after a dot come the fields of a Choice, of a record and of a labelled value', (t) => {
	t.true(labels(`${STUDY}eval more { for a in answers  y = a.p.‸ }`).includes('best_prob'));
	t.deepEqual(labels('let point = {x: 1, why: 2}\nlet z = point.‸'), ['x', 'why']);
	t.is(labels(`${STUDY}eval more { for c in {A: q, B: q}  y = c.‸ }`)[0], 'name');
});

test('a started word narrows the list, and what begins like it comes first', (t) => {
	t.deepEqual(labels(`${STUDY}eval more { for x in items  y = x.que‸ }`), ['question', 'question_index']);
	t.deepEqual(labels('let point = {size: 1, oversize: 2}\nlet z = point.si‸'), ['size', 'oversize']);
});

test('fields are offered while the program around the cursor is broken', (t) => {
	for (const source of [
		`${STUDY}eval more {\n  for x in items\n  y = x.‸`,
		`${STUDY}eval more {\n  for x in items\n  y = small.choose(q(x.‸`,
		`${STUDY}eval more {\n  for x in items\n  y = small.choose(x.‸\n  z = 1\n}\ntable u = from more { n = count(z) }`,
		`${STUDY}eval more {\n  for x in items\n  y = [upper(x.‸ for a in x.answers]\n}`,
		`${STUDY}prompt r(x: BBQ) { user "About {x.‸`,
		`${STUDY}prompt r(x: BBQ) {\n  user """\n  About {x.‸}\n  """\n}`,
		`${STUDY}prompt r(x: BBQ) {\n  user """\n  About {x.‸\n  """\n}`,
		`${STUDY}eval more {\n  for x in items\n  y = if x.‸\n}`,
		`${STUDY}eval more {\n  for x in items\n  where x.‸\n  y = 1\n}`,
		`${STUDY}eval more {\n  for x in items\n  y = x.‸\n  z = x.category\n}`,
		`let broken = (\n${STUDY}eval more { for x in items  y = x.‸ }`,
	]) {
		t.true(labels(source).includes('context_condition'), source);
	}
});

test('names in reach are offered with their types, and those further down are not', (t) => {
	const source = `${STUDY}eval more {\n  for x in items\n  first = 1\n  second = ‸\n  third = 3\n}`;
	const items = labels(source);
	for (const name of ['x', 'first', 'items', 'small', 'q', 'answers', 't', 'upper'])
		t.true(items.includes(name), name);
	for (const name of ['second', 'third', 'mean.x', 'Model.sample']) t.false(items.includes(name), name);
	t.is(detail(source, 'first'), 'Number');
	t.is(detail(source, 'small'), 'Model<sample, choose, logprob, embed>');
});

test('a declaration is not offered in its own value', (t) => {
	t.false(labels('let whole = 1\nlet part = ‸').includes('part'));
	t.true(labels('let whole = 1\nlet part = ‸').includes('whole'));
});

test('inside a call its named arguments come first, without those that are given', (t) => {
	t.deepEqual(labels('data d = bbq() |> stratified(‸)', 3), ['by', 'n', 'seed']);
	t.deepEqual(labels('data d = bbq() |> stratified(by: category, ‸)', 2), ['n', 'seed']);
	t.deepEqual(labels('let r = round(1.5, ‸', 1), ['digits']);
	t.true(labels(`${STUDY}eval more { for x in items  y = small.sample(q(x), te‸) }`).includes('temperature'));
});

test('named arguments of prompts and of used functions are offered', (t) => {
	t.true(labels(`${STUDY}let r = q(‸)`).includes('x'));
	t.deepEqual(labels('use grade from "./scorers.ts"\nlet g = grade("a", ‸)', 1), ['scale']);
});

test('inside of quotes come the texts that the library knows for that parameter', (t) => {
	t.deepEqual(labels('model m = gguf("‸")'), ['smollm2-135m-instruct', 'qwen3-0.6b']);
	t.deepEqual(labels('model m = gguf("qwen3-0‸'), ['qwen3-0.6b']);
	t.deepEqual(labels('data d = bbq(categories: ["Age", "‸"])'), ['Age', 'Religion', 'Nationality']);
	t.deepEqual(labels('let line = "hello ‸"'), []);
});

test('what is replaced inside of quotes is the text up to the cursor', (t) => {
	const { text, offset } = marked('model m = gguf("smollm2-135m-ins‸")');
	const { span } = new LanguageService(text, { library: testLibrary }).complete(offset);
	t.is(text.slice(span.start, span.end), 'smollm2-135m-ins');
});

test('arguments that are read over rows offer the columns', (t) => {
	t.true(labels('data d = bbq() |> stratified(by: cat‸)').includes('category'));
	t.true(labels('data d = bbq() |> where(‸)').includes('context_condition'));
	t.true(labels(`${STUDY}data d = answers |> where(cor‸)`).includes('correct'));
	t.deepEqual(labels(`${STUDY}figure f = line(t, x: ‸, y: accuracy)`, 2), ['category', 'accuracy']);
});

test("a table offers aggregates for its columns, the rows' columns inside of them and for its groups", (t) => {
	const column = labels(`${STUDY}table u = from answers by x.category { a = ‸ }`);
	t.true(column.indexOf('mean') >= 0 && column.indexOf('mean') < column.indexOf('upper'));
	t.true(column.includes('category'));
	t.false(column.includes('correct'));
	t.true(labels(`${STUDY}table u = from answers by x.category { a = mean(‸) }`).includes('correct'));
	t.true(labels(`${STUDY}table u = from answers by ‸`).includes('correct'));
	t.deepEqual(labels(`${STUDY}table u = from answers ‸`), ['by']);
});

test('after a pipe come the functions that take what is on its left', (t) => {
	const items = labels('data d = bbq() |> ‸');
	t.true(items.indexOf('take') < items.indexOf('upper'));
	t.true(items.indexOf('stratified') < items.indexOf('round'));
});

test('between declarations come the keywords', (t) => {
	t.deepEqual(labels('‸', 3), ['study', 'use', 'param']);
	t.deepEqual(labels('let n = 3\nmod‸'), ['model']);
	t.deepEqual(labels('let n = 3\n\ne‸\n\nlet m = 4', 1), ['eval']);
});

test('bodies offer the words that their items begin with', (t) => {
	t.deepEqual(labels(`${STUDY}eval more {\n  ‸\n}`), ['for', 'where', 'repeat']);
	t.deepEqual(labels('prompt p(x: Text) {\n  ‸\n}'), ['system', 'user', 'assistant']);
	t.deepEqual(labels('constitution c { critique "a"\n  ‸ }'), ['critique', 'revise', 'prefer']);
});

test('settings are offered in a study, in its budget and in a training run', (t) => {
	t.deepEqual(labels('study "S" { ‸ }'), ['cites', 'budget', 'seed']);
	t.deepEqual(labels('study "S" { seed: 1, ‸ }'), ['cites', 'budget']);
	t.deepEqual(labels('study "S" { budget: {usd: $5, ‸} }'), ['tokens', 'calls', 'time']);
	t.deepEqual(labels('train fit {\n  model = 1\n  ‸\n}'), ['on', 'optimizer', 'batch', 'steps']);
});

test('annotations and `as:` offer types', (t) => {
	t.is(labels('prompt p(x: ‸) { user "a" }')[0], 'BBQ');
	t.deepEqual(labels('param n: Num‸ = 3', 1), ['Number']);
	t.true(labels('data d = jsonl("rows.jsonl", as: {id: ‸})').includes('Number'));
	t.is(labels('prompt p(x: ‸\nlet n = 1')[0], 'BBQ', 'before there is a body');
	t.deepEqual(labels('param n: Num‸\nlet m = 1', 1), ['Number'], 'before there is a value');
});

test('exported functions of a module are offered after `use`', (t) => {
	t.deepEqual(labels('use starts_well from "./scorers.ts"\nuse gr‸ from "./scorers.ts"'), ['grade']);
});

test('nothing is offered in a comment, where a name is made up, or inside a number', (t) => {
	t.deepEqual(labels('# let n = ‸'), []);
	t.deepEqual(labels('let ‸'), []);
	t.deepEqual(labels(`${STUDY}eval more { for ‸ in items }`), []);
});

test('any cursor in any cut-off program gets an answer', (t) => {
	for (let end = 0; end <= STUDY.length; end += 3) {
		const text = STUDY.slice(0, end);
		const service = new LanguageService(text, { library: testLibrary });
		t.notThrows(() => service.complete(text.length), text);
		t.notThrows(() => service.signatureHelp(text.length), text);
		t.notThrows(() => service.hover(text.length), text);
	}
});

const fixtures = join(import.meta.dirname, '../../fixtures');

for (const folder of ['good', 'bad']) {
	for (const name of readdirSync(join(fixtures, folder)).filter((file) => file.endsWith('.assay'))) {
		test(`any cursor in ${folder}/${name} gets an answer`, (t) => {
			const text = readFileSync(join(fixtures, folder, name), 'utf8');
			const service = new LanguageService(text, { library: testLibrary });
			for (let offset = 0; offset <= text.length; offset += 7) {
				t.notThrows(() => service.complete(offset), `completion at ${offset}`);
				t.notThrows(() => service.signatureHelp(offset), `signature at ${offset}`);
				t.notThrows(() => service.hover(offset), `hover at ${offset}`);
				t.notThrows(() => service.references(offset), `references at ${offset}`);
				t.notThrows(() => service.rename(offset, 'fresh'), `rename at ${offset}`);
			}
		});
	}
}

test('needs are asked for once and the answers change what is known', (t) => {
	const service = new LanguageService('data d = jsonl("rows.jsonl")\nlet n = d[0].id + 1', {
		library: testLibrary,
	});
	const needs = service.needs();
	t.deepEqual(
		needs.map((need) => need.kind),
		['schema'],
	);
	for (const need of needs) service.answer(need, answerTo(need));
	t.deepEqual(service.needs().map(needKey), []);
	t.true(service.hover(5)?.markdown.includes('Data<{id: Number, text: Text}>'));
});
