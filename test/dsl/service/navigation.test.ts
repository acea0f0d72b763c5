import test from 'ava';
import { LanguageService } from '../../../dsl/service/language-service.ts';
import { applyEdits } from '../../../dsl/service/rename.ts';
import { answerTo } from '../../helpers/compile.ts';
import { testLibrary } from '../../helpers/library.ts';
import { marked, showSpans } from '../../helpers/marked-source.ts';

function open(source: string): { service: LanguageService; text: string; offset: number } {
	const { text, offset } = marked(source);
	const service = new LanguageService(text, { library: testLibrary });
	for (const need of service.needs()) service.answer(need, answerTo(need));
	return { service, text, offset };
}

const hover = (source: string): string => {
	const { service, offset } = open(source);
	return service.hover(offset)?.markdown ?? '';
};

const references = (source: string): string => {
	const { service, text, offset } = open(source);
	return showSpans(text, service.references(offset));
};

const rename = (source: string, name: string): string => {
	const { service, text, offset } = open(source);
	const renaming = service.rename(offset, name);
	return renaming.kind === 'edits' ? applyEdits(text, renaming.edits) : `refused: ${renaming.message}`;
};

const definition = (source: string): string => {
	const { service, text, offset } = open(source);
	const span = service.definition(offset);
	return span ? showSpans(text, [span]) : 'none';
};

const signature = (source: string): string => {
	const { service, offset } = open(source);
	const help = service.signatureHelp(offset);
	if (!help) return 'none';
	const { label, params } = help.signatures[help.activeSignature] as (typeof help.signatures)[number];
	const param = help.activeParameter === null ? undefined : params[help.activeParameter];
	return param
		? `${label.slice(0, param.start)}«${label.slice(param.start, param.end)}»${label.slice(param.end)}`
		: label;
};

test('hovering over a library function shows signature, documentation, example and citation', (t) => {
	const shown = hover('data items = b‸bq(categories: ["Age"])');
	t.true(shown.includes('bbq(categories: List<Text>?, source: Text = "published") -> Data<BBQ>'));
	t.true(shown.includes('Questions of the Bias Benchmark for QA.'));
	t.true(shown.includes('data items = bbq(categories: ["Age"])'));
	t.true(shown.includes('arXiv:2110.08193'));
});

test('hovering over a method shows all its overloads without the receiver', (t) => {
	const shown = hover('model m = simulated()\neval e { for i in 1..2 x = m.sam‸ple("a") }');
	t.true(shown.includes('model.sample(prompt: Prompt | Text, n: Number,'));
	t.true(shown.includes('-> List<Text>'));
	t.true(shown.includes('-> Text'));
});

test('hovering over a name shows what it is, its type and its documentation', (t) => {
	t.regex(
		hover('## How many.\nparam n: Number = 3\nlet twice = 2 * n‸'),
		/param n: Number\n```\n\nHow many\./,
	);
	t.regex(hover('## How many.\nparam n‸: Number = 3'), /param n: Number\n```\n\nHow many\./);
	t.regex(hover('data items = bbq()\neval e { for x‸ in items y = x.category }'), /for x: BBQ/);
	t.regex(hover('data items = bbq()\neval e { for x in items y‸ = x.category }'), /field y: Text/);
	t.regex(hover('prompt q‸(x: BBQ, n: Number) { user "{x.question}" }'), /q\(x: BBQ, n: Number\) -> Prompt/);
});

test('hovering over a field shows its type and where its row comes from', (t) => {
	t.regex(
		hover('data items = bbq()\neval e { for x in items y = x.cate‸gory }'),
		/category: Text[\s\S]*Bias Benchmark/,
	);
	t.regex(
		hover('model m = simulated()\nlet n = m.param‸eters'),
		/parameters: Number\?[\s\S]*Number of weights/,
	);
});

test("hovering over an annotation, a named argument, a table's column and a keyword", (t) => {
	t.regex(hover('prompt q(x: BB‸Q) { user "{x.question}" }'), /BBQ = \{context: Text/);
	t.regex(hover('data d = bbq() |> stratified(by: category, n‸: 3)'), /n: Number\n```\n\nof `stratified`/);
	t.regex(hover('eval e { for i in 1..3 y = i }\ntable t = from e { m‸ = mean(y) }'), /column m: Estimate/);
	t.regex(hover('ev‸al e { for i in 1..3 y = i }'), /clauses say what a row is/);
	t.is(hover('let a = 1 ‸+ 2'), '');
});

test('an unannotated prompt shows the types of its use', (t) => {
	t.regex(
		hover('data items = bbq()\nprompt q(x) { user "{x.quest‸ion}" }\neval e { for x in items y = q(x) }'),
		/question: Text/,
	);
});

test('a name leads to its definition, wherever it is used', (t) => {
	t.is(definition('let a = 1\nlet b = a‸ + 1'), 'let «a» = 1\nlet b = a + 1');
	t.is(definition('eval e { for i in 1..3 y = i z = y‸ + 1 }'), 'eval e { for i in 1..3 «y» = i z = y + 1 }');
	t.is(definition('let f = map([1], x => x‸ + 1)'), 'let f = map([1], «x» => x + 1)');
	t.is(definition('let p = {x: 1}\nlet q = p.x‸'), 'let p = {«x»: 1}\nlet q = p.x');
	t.is(definition('data d = b‸bq()'), 'none');
});

test('a column leads to the field that makes it, through tables, filters and figures', (t) => {
	const program = 'eval e { for i in 1..3 score = i }\ndata d = e |> where(sc‸ore > 1)';
	t.is(definition(program), 'eval e { for i in 1..3 «score» = i }\ndata d = e |> where(score > 1)');
	const table =
		'eval e { for i in 1..3 y = i }\ntable t = from e by i { m = mean(y) }\nfigure f = line(t |> where(i > 1), x: i, y: m‸)';
	t.is(
		definition(table),
		'eval e { for i in 1..3 y = i }\ntable t = from e by i { «m» = mean(y) }\nfigure f = line(t |> where(i > 1), x: i, y: m)',
	);
});

test("references of an eval's variable go on through the tables that group by it", (t) => {
	const program =
		'eval e { for m in [1, 2] y = m }\ntable t = from e by m‸ { s = mean(y) }\nfigure f = line(t, x: m, y: s)';
	t.is(
		references(program),
		'eval e { for «m» in [1, 2] y = «m» }\ntable t = from e by «m» { s = mean(y) }\nfigure f = line(t, x: «m», y: s)',
	);
});

test('renaming changes a name everywhere and nothing else', (t) => {
	t.is(
		rename('let n‸ = 1\nprompt p(n: Number) { user "{n}" }\nlet m = n + n', 'count_of'),
		'let count_of = 1\nprompt p(n: Number) { user "{n}" }\nlet m = count_of + count_of',
	);
	t.is(
		rename(
			'eval e { for i in 1..3 score‸ = i }\ntable t = from e { a = mean(score) }\ndata d = e |> where(score > 1)',
			'points',
		),
		'eval e { for i in 1..3 points = i }\ntable t = from e { a = mean(points) }\ndata d = e |> where(points > 1)',
	);
	t.is(
		rename('prompt p(x: Text) { user "{x}" }\nlet q = p(x‸: "a")', 'text'),
		'prompt p(text: Text) { user "{text}" }\nlet q = p(text: "a")',
	);
	t.is(
		rename('let f = (xs‸, n) => xs[n]\nlet y = f(xs: [1], n: 0)', 'items'),
		'let f = (items, n) => items[n]\nlet y = f(items: [1], n: 0)',
	);
	t.is(
		rename(
			'eval e { for i in 1..2 y = i }\ntable t‸ = from e { m = mean(y) }\nfigure f = line(t, x: m, y: m)',
			'means',
		),
		'eval e { for i in 1..2 y = i }\ntable means = from e { m = mean(y) }\nfigure f = line(means, x: m, y: m)',
	);
});

test('renaming works with mistakes elsewhere in the program', (t) => {
	t.is(rename('let n‸ = 1\nlet m = n + nowhere', 'k'), 'let k = 1\nlet m = k + nowhere');
});

test('names that are no names, or taken, are refused with a sentence', (t) => {
	t.is(
		rename('let n‸ = 1', '2n'),
		'refused: `2n` cannot be a name: names are letters, digits and `_`, and do not begin with a digit',
	);
	t.is(rename('let n‸ = 1', 'if'), 'refused: `if` is a word of the language');
	t.is(rename('let n‸ = 1\nlet m = 2', 'm'), 'refused: there is already something called `m` here');
	t.is(rename('let n‸ = 1', 'n'), 'let n = 1');
	t.is(rename('let n = 1 ‸+ 2', 'm'), 'refused: there is nothing here that can be renamed');
});

test('what others define is refused', (t) => {
	t.is(
		rename('data d = bbq() |> where(categ‸ory == "Age")', 'kind'),
		'refused: `category` is a column that the library defines',
	);
	t.is(
		rename('data d = bbq()\neval e { for x in d y = x.categ‸ory }', 'kind'),
		'refused: `category` is a field of BBQ, which the library defines',
	);
	t.regex(
		rename('use starts_well from "./scorers.ts"\nlet a = starts_w‸ell("a")', 'good'),
		/refused: `starts_well` is a TypeScript function of \.\/scorers\.ts/,
	);
	const grouped =
		'data d = bbq()\neval e { for x in d y = 1 }\ntable t = from e by x.category { m = mean(y) }\nfigure f = line(t, x: categ‸ory, y: m)';
	t.is(rename(grouped, 'kind'), 'refused: `category` is a field of BBQ, which the library defines');
});

test('a rename that would catch another name is refused', (t) => {
	t.regex(rename('let n‸ = 1\nprompt p(m: Number) { user "{m} {n}" }', 'm'), /^refused/);
	t.regex(
		rename('let points = [{x‸: 1}, {x: 2}]\nlet all = [p.x for p in points]', 'y'),
		/^refused: renaming/,
	);
});

test('signature help follows the cursor through the parameters', (t) => {
	t.is(signature('let r = round(‸)'), 'round(«x: Number», digits: Number = 0) -> Number');
	t.is(signature('let r = round(1.5, ‸'), 'round(x: Number, «digits: Number = 0») -> Number');
	t.is(signature('let r = round(digits: ‸'), 'round(x: Number, «digits: Number = 0») -> Number');
	t.is(signature('data d = bbq() |> take(‸)'), 'take(data: Data<R>, «n: Number») -> Data<R>');
	t.is(signature('let r = round(sqrt(‸), 2)'), 'sqrt(«x: Number») -> Number');
	t.is(signature('let r = round(1, 2)‸'), 'none');
	t.is(signature('let r = (1 + ‸'), 'none');
});

test('signature help shows methods without their receiver and picks the overload that fits', (t) => {
	const model = 'model m = simulated()\neval e { for i in 1..2 x = m.';
	t.regex(
		signature(`${model}sample("a", n: ‸) }`),
		/^model\.sample\(prompt: Prompt \| Text, «n: Number», .*-> List<Text>$/,
	);
	t.regex(
		signature(`${model}choose("a", ‸`),
		/^model\.choose\(prompt: Prompt \| Text, «options: List<Text>», by/,
	);
});

test('signature help knows prompts, functions of modules and texts with commas', (t) => {
	t.is(
		signature('prompt q(x: BBQ, n: Number) { user "a" }\nlet a = q(1, ‸)'),
		'q(x: BBQ, «n: Number») -> Prompt',
	);
	t.is(
		signature('use grade from "./scorers.ts"\nlet g = grade("a, b", ‸)'),
		'grade(text: Text, «scale: Number?») -> {score: Number, reason: Text?}',
	);
	t.is(signature('let j = join(["a"], "‸")'), 'join(items: List<Text>, «separator: Text = ""») -> Text');
});
