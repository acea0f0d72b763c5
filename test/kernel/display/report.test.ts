import { createHash } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { highlightLines } from '../../../kernel/display/report/highlight.ts';
import type { ReportInput } from '../../../kernel/display/report/input.ts';
import { reportPage } from '../../../kernel/display/report/page.ts';
import { pageScript } from '../../../kernel/display/report/page-script.ts';
import { embedRows, type RowsJson } from '../../../kernel/display/report/rows-json.ts';
import { valueTable } from '../../../kernel/display/report/value-table.ts';
import { Data } from '../../../stdlib/values/data.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import type { Table } from '../../../stdlib/values/table.ts';
import { estimate, reportFixture, SIMULATED, STAND_IN } from '../../helpers/report-fixture.ts';

/** Pages without the four megabytes of Plotly. */
const page = (input: ReportInput): string => reportPage({ ...input, plotly: 'globalThis.Plotly = {};' });

const unescaped = (text: string): string =>
	text.replace(
		/&(lt|gt|quot|#39|#96|amp);/g,
		(_, name: string) => ({ lt: '<', gt: '>', quot: '"', '#39': "'", '#96': '`', amp: '&' })[name] as string,
	);

/** What a reader sees of a piece of HTML. */
const textOf = (html: string): string => unescaped(html.replace(/<[^>]*>/g, ''));

const tableOf = (rows: Table['rows'], value = 'accuracy'): Table => ({
	kind: 'table',
	name: 't',
	columns: [
		{ name: 'm', role: 'group' },
		{ name: value, role: 'value' },
	],
	rows,
	notices: [],
	models: [],
	lineage: null,
});

/** The cells of a table's body as text, without what is shown only on demand. */
const cellsOf = (html: string): string[] =>
	[
		...html
			.replace(/<span class="tip".*?<\/span><\/span><\/span>/gs, '')
			.matchAll(/<t[dh](?: scope="row"| class="num"| class="short"| data-sort="[^"]*")*>(.*?)<\/t[dh]>/gs),
	].map(([, cell]) => textOf(cell as string).trim());

test('an estimate is its value, half its interval and n; rows without a value are counted apart', (t) => {
	const { text } = valueTable(
		tableOf([
			{ m: 'a', accuracy: estimate(0.712, 0.031, 400) },
			{ m: 'b', accuracy: estimate(0.5, 0.04, 397, { missing: 3 }) },
			{ m: 'c', accuracy: estimate(null, 0, 0, { missing: 400 }) },
		]),
	);
	t.deepEqual(cellsOf(text), [
		'a',
		'0.71 ± 0.03 (n = 400)',
		'b',
		'0.50 ± 0.04 (n = 397, 3 missing)',
		'c',
		'no value (n = 0, 400 missing)',
	]);
});

test('an interval that is not symmetric is written out, and a difference has its sign and p', (t) => {
	const wilson = estimate(0.98, 0.05, 50, { low: 0.9, high: 0.996, method: 'wilson' });
	t.deepEqual(cellsOf(valueTable(tableOf([{ m: 'a', accuracy: wilson }])).text), [
		'a',
		'0.98 [0.90, 1.00] (n = 50)',
	]);
	const difference = estimate(0.114, 0.03, 394, { test: { name: 'McNemar', p: 0.0004 } });
	t.deepEqual(cellsOf(valueTable(tableOf([{ m: 'a', accuracy: difference }])).text), [
		'a',
		'+0.11 ± 0.03 (n = 394) p < 0.001',
	]);
});

test('method, level and what is missing stand behind each number and below the table', (t) => {
	const { text } = valueTable(
		tableOf([{ m: 'a', accuracy: estimate(0.7, 0.03, 400, { missing: 2, clusters: 25 }) }]),
	);
	const tip = textOf(/<span class="tip".*?<\/td>/s.exec(text)?.[0] ?? '');
	t.regex(tip, /95% interval\s*0\.67 to 0\.73/);
	t.regex(tip, /400 in 25 clusters/);
	t.regex(tip, /2 with a missing value/);
	t.regex(textOf(text), /± and brackets are 95% intervals\. accuracy: normal, clustered\./);
});

test('notices of models and data stand before the results and beside each table that they touch', (t) => {
	const text = page(reportFixture());
	for (const notice of [SIMULATED, STAND_IN]) {
		t.true(text.indexOf(notice) < text.indexOf('id="results"'), notice);
		t.true((text.match(new RegExp(`table-notice">${notice}`, 'g'))?.length ?? 0) >= 2, notice);
	}
});

test('the page says what the run cost, by model, and that a price is not known', (t) => {
	const costs = /<section id="costs">.*?<\/section>/s.exec(page(reportFixture()))?.[0] ?? '';
	t.deepEqual(cellsOf(costs.replace(/<tfoot>.*/s, '')), [
		'simulated-a',
		'simulated',
		'4,800',
		'620,100',
		'22,060',
		'$0',
		'gpt-4.1-mini',
		'openai',
		'4,800',
		'584,200',
		'22,060',
		'price unknown',
	]);
	t.regex(textOf(costs), /all, without 1 model whose price is not known/);
	t.regex(textOf(costs), /Prices as of 2026-05-01/);
});

test('environment and reproduction name versions, weights, licences, seed and the exact commands', (t) => {
	const text = textOf(page(reportFixture()).replace(/<script.*?<\/script>/gs, ''));
	for (const fact of [
		'v24.21.0',
		'0.1.0',
		'sha256:0f3c9a7be1d24c55b1a3e9f0',
		'Apache-2.0',
		'assay run bbq.assay --set per_category=20',
		'bbq.cassette.jsonl.gz',
	]) {
		t.true(text.includes(fact), fact);
	}
});

test('a failure links to its line of the program, which is marked', (t) => {
	const text = page(reportFixture());
	const line = Number(/href="#L(\d+)"/.exec(text)?.[1]);
	const marked =
		new RegExp(`<span class="line bad" id="L${line}">.*?</span></span>`, 's').exec(text)?.[0] ?? '';
	t.regex(textOf(marked), /m\.sample/);
});

test('the page asks for nothing, and its policy lets only its own scripts run', (t) => {
	const text = page(reportFixture());
	t.notRegex(text, /<(?:link|img|iframe|object|base|form)[\s>]/);
	t.notRegex(text, /\s(?:src|action|formaction|poster|data)="/);
	t.deepEqual(
		[...text.matchAll(/href="([^"]*)"/g)].filter(([, href]) => !href?.startsWith('#')),
		[],
	);
	const policy = /Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1] ?? '';
	t.regex(policy, /default-src 'none'/);
	const hashes = [
		...text.matchAll(/<script(?: type="text\/plain" id="plotly-source")?>(.*?)<\/script>/gs),
	].map(
		([, script]) =>
			`'sha256-${createHash('sha256')
				.update(script as string)
				.digest('base64')}'`,
	);
	t.is(hashes.length, 2);
	for (const hash of hashes) t.true(policy.includes(hash));
	t.notRegex(/script-src [^;]*/.exec(policy)?.[0] ?? '', /unsafe/);
});

test('modules of the page’s script, put together, do not share a name', (t) => {
	const names = [...pageScript().matchAll(/^(?:async )?(?:function|class|const|let) (\w+)/gm)].map(
		([, name]) => name,
	);
	t.true(names.length > 30);
	t.deepEqual(names, [...new Set(names)]);
	t.notRegex(pageScript(), /^(?:import|export)\b/m);
});

test('there is one copy of Plotly, and none where there is no figure', (t) => {
	const input = reportFixture();
	t.is(page(input).match(/globalThis\.Plotly = \{\}/g)?.length, 1);
	const values = new Map([...input.values].filter(([id]) => id !== 'fig' && id !== 'chart'));
	t.false(page({ ...input, values }).includes('id="plotly-source"'));
});

const HOSTILE = '</script><script>alert(1)</script><img src=x onerror=alert(2)>"\'`\u202e\u001b[31m<!--';

test('hostile text of a title, a model, an item, an answer and an error is nowhere markup', (t) => {
	const text = page(reportFixture({ hostile: HOSTILE }));
	t.notRegex(text, /<script>alert|<img|onerror=alert\(2\)>"/);
	for (const control of ['\u202e', '\u001b']) t.false(text.includes(control));
	t.is(text.match(/<script/g)?.length, page(reportFixture()).match(/<script/g)?.length);
	t.true(text.includes('&lt;/script&gt;'));
});

test('any program is shown in full, line by line', (t) => {
	const words = fc.constantFrom(
		'"',
		'"""',
		'{',
		'}',
		'#',
		'##',
		'\n',
		'\r\n',
		' ',
		'eval',
		'x',
		'<b>',
		'20%',
		'$5',
		'±',
		'\\',
		'&',
		'for',
	);
	fc.assert(
		fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
			const source = parts.join('');
			t.deepEqual(
				highlightLines(source).map(({ text }) => textOf(text)),
				source.split(/\r\n|\r|\n/),
			);
		}),
	);
});

test('a line break of two characters that a token ends within is one line break', (t) => {
	t.deepEqual(
		highlightLines('"""\r\n}" ##').map(({ text }) => textOf(text)),
		['"""', '}" ##'],
	);
});

const rowsOf = (
	data: Data,
	limits = { rows: 20_000, bytes: 1 << 24 },
): { json: RowsJson; shown: number; total: number } => {
	const { json, ...counts } = embedRows({ id: 'e', data, fields: new Set(['y']), calls: null }, limits);
	return { json: JSON.parse(json) as RowsJson, ...counts };
};

test('a million rows become a random sample that favours no condition', (t) => {
	const length = 1_000_000;
	const data = new Data(
		length,
		new Map([
			[
				'half',
				{
					length,
					get: (i: number) => i < length / 2,
					take: () => {
						throw new Error('not used');
					},
				},
			],
		]),
	);
	const { json, shown, total } = rowsOf(data);
	t.deepEqual([shown, total], [20_000, length]);
	const halves = (json.columns[0]?.at ?? []).map((i) => json.columns[0]?.cells[i]);
	const first = halves.filter((value) => value === true).length;
	// Five standard deviations of a fair draw.
	t.true(Math.abs(first - 10_000) < 5 * Math.sqrt(20_000 / 4), String(first));
	t.is(new Set(json.rows).size, 20_000);
});

test('rows whose texts are long are cut to the size that a page can have, and the page says so', (t) => {
	const data = Data.fromRows(Array.from({ length: 2000 }, (_, i) => ({ i, text: `${i} `.repeat(500) })));
	const { json, shown } = rowsOf(data, { rows: 20_000, bytes: 200_000 });
	t.true(shown > 20 && shown < 200, String(shown));
	t.true(JSON.stringify(json).length <= 200_000);
	const input = reportFixture({ items: 4000 });
	t.regex(textOf(page(input)), /This page holds 20,000 of the 24,000 rows, drawn at random/);
});

test('a single answer of megabytes is cut and says how much is gone', (t) => {
	const { json } = rowsOf(Data.fromRows([{ y: 'x'.repeat(5_000_000) }]));
	const cell = String(json.columns[0]?.cells[0]);
	t.true(cell.length < 21_000);
	t.regex(cell, /… \(4,980,000 more characters\)$/);
});

test('a missing cell keeps its reason and message, and is not null, false or zero', (t) => {
	const { json } = rowsOf(
		Data.fromRows([
			{ y: new Missing('refused', 'I would rather not.') },
			{ y: 0 },
			{ y: false },
			{ y: null },
		]),
	);
	t.deepEqual(json.columns[0]?.cells, [{ m: 'refused', t: 'I would rather not.' }, 0, false, null]);
});

test('a run that got nowhere still has a page that says so', (t) => {
	const input = reportFixture();
	const text = page({
		...input,
		values: new Map(),
		run: { ...input.run, outcome: 'interrupted', stopped: 'the run was interrupted' },
	});
	t.regex(textOf(text), /No table and no figure came out of this run/);
	t.regex(textOf(text), /the run was interrupted/);
});

interface Model {
	query: string;
	completeness: string;
	order: { column: number; descending: boolean } | null;
	readonly filters: Map<string, string>;
	readonly facets: readonly {
		readonly name: string;
		readonly values: readonly { readonly label: string; readonly rows: number }[];
	}[];
	matching(): number[];
}

async function modelOf(data: Data): Promise<Model> {
	const module = (await import(
		new URL('../../../kernel/display/report/client/rows-model.mjs', import.meta.url).href
	)) as {
		readonly RowsModel: new (json: RowsJson) => Model;
	};
	return new module.RowsModel(rowsOf(data).json);
}

const things = Data.fromRows([
	{ x: { category: 'Age', text: 'An old man' }, y: 3 },
	{ x: { category: 'Religion', text: 'A priest' }, y: new Missing('unparsed', 'no letter') },
	{ x: { category: 'Age', text: 'A young man' }, y: 20 },
	{ x: { category: 'Age', text: 'a child' }, y: 1 },
]);

test('rows are found by words in any of their texts, whatever the case', async (t) => {
	const model = await modelOf(things);
	model.query = 'MAN age';
	t.deepEqual(model.matching(), [0, 2]);
	model.query = 'unparsed';
	t.deepEqual(model.matching(), [1]);
});

test('rows are filtered by columns of their records and by missing values', async (t) => {
	const model = await modelOf(things);
	t.deepEqual(model.facets.find(({ name }) => name === 'x.category')?.values, [
		{ label: 'Age', rows: 3 },
		{ label: 'Religion', rows: 1 },
	]);
	model.filters.set('x.category', 'Age');
	t.deepEqual(model.matching(), [0, 2, 3]);
	model.filters.clear();
	model.completeness = 'missing';
	t.deepEqual(model.matching(), [1]);
});

test('filters of what the study groups by come first', (t) => {
	const text = page(reportFixture());
	const json = /data-rows="[^"]*">.*?<script type="application\/json">(.*?)<\/script>/s.exec(text)?.[1] ?? '';
	t.deepEqual((JSON.parse(json) as RowsJson).groups, ['x.context_condition']);
});

test('rows are sorted by number, those without one last in either order', async (t) => {
	const model = await modelOf(things);
	model.order = { column: 1, descending: false };
	t.deepEqual(model.matching(), [3, 0, 2, 1]);
	model.order = { column: 1, descending: true };
	t.deepEqual(model.matching(), [2, 0, 3, 1]);
});
