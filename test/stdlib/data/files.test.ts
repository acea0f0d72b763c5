import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { readSchema } from '../../../kernel/study/schema.ts';
import { readCsv } from '../../../stdlib/data/files/csv.ts';
import { readJsonl } from '../../../stdlib/data/files/jsonl.ts';
import { jsonlFunction } from '../../../stdlib/data/files/loaders.ts';
import { readParquet } from '../../../stdlib/data/files/parquet.ts';
import { UserError } from '../../../stdlib/define.ts';
import { NumberColumn } from '../../../stdlib/values/column.ts';
import type { Data } from '../../../stdlib/values/data.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import { testContext } from '../../helpers/run-context.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-files-'));

function file(name: string, content: string | Uint8Array): string {
	const path = join(folder, name);
	writeFileSync(path, content);
	return path;
}

/** Rows with `null` for missing cells. */
const rowsOf = (data: Data): unknown[] =>
	Array.from(data, (row) =>
		Object.fromEntries(Object.entries(row).map(([k, v]) => [k, v instanceof Missing ? null : v])),
	);

async function fails(t: ExecutionContext, run: () => unknown, message: RegExp): Promise<void> {
	await t.throwsAsync(async () => run(), { instanceOf: UserError, message });
}

test('a JSON Lines file is typed by its rows, whatever its line ends and byte order mark', async (t) => {
	const path = file(
		'typed.jsonl',
		'\ufeff{"q":"x","n":1,"gone":null,"tags":["p"],"my key":true}\r\n\r\n{"q":"y","n":2.5,"tags":[],"my key":false,"o":{"z":1}}',
	);
	const schema = readSchema('jsonl', path);
	t.is(schema.type, '{q: Text, n: Number, gone: Any?, tags: List<Text>, my_key: Bool, o: {z: Number}?}');
	t.is(schema.rows, 2);
	t.regex(schema.sha256, /^[0-9a-f]{64}$/);
	const data = await readJsonl(path, null);
	t.deepEqual(rowsOf(data), [
		{ q: 'x', n: 1, gone: null, tags: ['p'], my_key: true, o: null },
		{ q: 'y', n: 2.5, gone: null, tags: [], my_key: false, o: { z: 1 } },
	]);
	t.true(data.column('n') instanceof NumberColumn, 'numbers take eight bytes a row');
});

test('a malformed line of a JSON Lines file is named with what was expected', async (t) => {
	const wrong = file('wrong.jsonl', '{"score":1}\n{"score":2}\n{"score":"high"}\n');
	await fails(
		t,
		() => readSchema('jsonl', wrong),
		/wrong\.jsonl:3: expected a Number in "score", found "high"$/,
	);
	await fails(t, () => readJsonl(wrong, null), /wrong\.jsonl:3: expected a Number in "score", found "high"$/);
	const cut = file('cut.jsonl', '{"score":1}\n\n{"score":\n');
	await fails(t, () => readJsonl(cut, null), /cut\.jsonl:3: expected a JSON object, found "\{\\"score\\":"/);
	await fails(
		t,
		() => readJsonl(file('list.jsonl', '[1]\n'), null),
		/list\.jsonl:1: expected a JSON object, found \[1\]/,
	);
	await fails(t, () => readJsonl(file('empty.jsonl', '\n'), null), /has no rows/);
	await fails(t, () => readJsonl(join(folder, 'nowhere.jsonl'), null), /nowhere\.jsonl is not there/);
	const latin = file(
		'latin.jsonl',
		Buffer.concat([Buffer.from('{"a":1}\n{"a":"'), Buffer.from([0xe9]), Buffer.from('"}\n')]),
	);
	await fails(t, () => readJsonl(latin, '{a: Any}'), /latin\.jsonl:\d: not UTF-8/);
	const nested = file('nested.jsonl', '{"a":{"b":[1,2]}}\n{"a":{"b":[3,"x"]}}\n');
	await fails(
		t,
		() => readJsonl(nested, '{a: {b: List<Number>}}'),
		/nested\.jsonl:2: expected a Number in "a\.b\[1\]", found "x"/,
	);
});

test('rows past those that were looked at must be like them, or the line is named', async (t) => {
	const head = Array.from({ length: 20_000 }, (_, i) => `{"n":${i}}\n`).join('');
	t.is(readSchema('jsonl', file('long.jsonl', `${head}{"n":1}\n`)).rows, null);
	t.is((await readJsonl(file('long.jsonl', `${head}{"n":1}\n`), null)).length, 20_001);
	await fails(
		t,
		() => readJsonl(file('late.jsonl', `${head}{"n":"x"}\n`), null),
		/late\.jsonl:20001: expected a Number in "n", found "x"/,
	);
	await fails(
		t,
		() => readJsonl(file('less.jsonl', `${head}{}\n`), null),
		/less\.jsonl:20001: expected a Number in "n", found nothing/,
	);
	await fails(
		t,
		() => readJsonl(file('more.jsonl', `${head}{"n":1,"m":2}\n`), null),
		/more\.jsonl:20001: the field "m" is in none/,
	);
	t.is((await readJsonl(file('more.jsonl', `${head}{"n":1,"m":2}\n`), '{n: Number}')).length, 20_001);
});

test('as: picks and types the columns', async (t) => {
	const path = file('as.jsonl', '{"a":"x","b":1,"p":0.5}\n{"a":"y","p":1}\n');
	const data = await readJsonl(path, '{b: Number?, a: Text, p: Prob}');
	t.deepEqual([...data.columns.keys()], ['b', 'a', 'p']);
	t.deepEqual(rowsOf(data)[1], { b: null, a: 'y', p: 1 });
	await fails(
		t,
		() => readJsonl(path, '{b: Number}'),
		/as\.jsonl:2: expected a Number in "b", found nothing/,
	);
	await fails(t, () => readJsonl(path, '{b: Choice}'), /cannot be read as \{b: Choice\}/);
	await fails(t, () => readJsonl(path, 'List<Text>'), /must be the type of a row/);
});

test('a loader resolves its path, keeps its source, and its step depends on the content', async (t) => {
	file('here.jsonl', '{"a":1}\n');
	const context = testContext({ folder });
	const data = (await jsonlFunction.run({ path: 'here.jsonl' }, context)) as Data;
	t.is(data.provenance[0]?.source, 'here.jsonl');
	const before = jsonlFunction.fingerprint?.({ path: 'here.jsonl' }, context);
	file('here.jsonl', '{"a":22}\n');
	const after = jsonlFunction.fingerprint?.({ path: 'here.jsonl' }, context);
	t.not(before?.[0]?.sha256, after?.[0]?.sha256);
	t.is(before?.[0]?.name, 'here.jsonl');
});

test('a CSV file is typed by its columns; an empty cell is absent but in text', async (t) => {
	const path = file(
		'typed.csv',
		'\ufeffid,score,ok,"te ""x"", t"\r\n007,1,true,"a\r\nb"\r\n008,,False,""\r\n\r\n009,2e3,true,"q, ""r"""',
	);
	t.is(readSchema('csv', path).type, '{id: Text, score: Number?, ok: Bool, te_x_t: Text}');
	t.is(readSchema('csv', path).rows, 3);
	t.deepEqual(rowsOf(await readCsv(path, null)), [
		{ id: '007', score: 1, ok: true, te_x_t: 'a\r\nb' },
		{ id: '008', score: null, ok: false, te_x_t: '' },
		{ id: '009', score: 2000, ok: true, te_x_t: 'q, "r"' },
	]);
	t.deepEqual(rowsOf(await readCsv(path, '{score: Text, id: Number}'))[1], { score: '', id: 8 });
	const tabs = file('tabs.tsv', 'a\tb\n1\tx, y\n');
	t.deepEqual(rowsOf(await readCsv(tabs, null)), [{ a: 1, b: 'x, y' }]);
	const lists = file('lists.csv', 'tags\n"[""a"",""b""]"\n');
	t.deepEqual(rowsOf(await readCsv(lists, '{tags: List<Text>}')), [{ tags: ['a', 'b'] }]);
});

test('a malformed line of a CSV file is named, also after cells with line breaks', async (t) => {
	const short = file('short.csv', 'a,b\n1,2\n"x\r\ny",2\n3\n');
	await fails(t, () => readSchema('csv', short), /short\.csv:5: expected 2 fields as in the header, found 1/);
	await fails(t, () => readCsv(short, null), /short\.csv:5: expected 2 fields as in the header, found 1/);
	const open = file('open.csv', 'a,b\n1,2\n1,"2\n5,6\n');
	await fails(t, () => readCsv(open, null), /open\.csv:3: not valid CSV: a quote is opened and never closed/);
	await fails(
		t,
		() => readCsv(file('n.csv', 'n\n1\nx\n'), '{n: Number}'),
		/n\.csv:3: expected a Number in "n", found "x"/,
	);
	await fails(t, () => readCsv(file('n.csv', 'n\n1\n'), '{m: Number}'), /n\.csv has no column "m"/);
	await fails(t, () => readCsv(file('none.csv', ''), null), /none\.csv is empty/);
	await fails(
		t,
		() => readCsv(file('twice.csv', 'a b,a_b\n1,2\n'), null),
		/two columns of the file would be called "a_b"/,
	);
});

test('a cell that spans two reads of the file stays whole', async (t) => {
	const long = 'ü'.repeat(700_000);
	const data = await readCsv(file('wide.csv', `a,b\n"${long}",1\n${long},2\n`), null);
	t.is(data.column('a').get(0), long);
	t.is(data.column('a').get(1), long);
});

const parquet = (codec: string): string =>
	fileURLToPath(new URL(`./fixtures/rows-${codec}.parquet`, import.meta.url));

for (const codec of ['none', 'snappy', 'gzip', 'zstd']) {
	test(`a Parquet file written by pyarrow with ${codec} is read and typed by its schema`, async (t) => {
		const schema = readSchema('parquet', parquet(codec));
		t.is(
			schema.type,
			'{id: Number, text: Text, score: Number?, ok: Bool?, tags: List<Text?>?, who: {name: Text, age: Number?}, day: Text, ' +
				'price: Number, two_words: Text}',
		);
		t.is(schema.rows, 4);
		const rows = rowsOf(await readParquet(parquet(codec), null));
		t.deepEqual(rows[1], {
			id: 2,
			text: 'ü',
			score: null,
			ok: false,
			tags: [],
			who: { name: 'n2', age: null },
			day: '2024-02-29',
			price: 1.25,
			two_words: 'q',
		});
		t.deepEqual(
			rows.map((row) => (row as { id: number }).id),
			[1, 2, 3, 4],
		);
	});
}

test('as: picks columns of a Parquet file and is checked by row', async (t) => {
	const data = await readParquet(parquet('zstd'), '{two_words: Text, id: Number}');
	t.deepEqual(rowsOf(data)[3], { two_words: 's', id: 4 });
	await fails(
		t,
		() => readParquet(parquet('zstd'), '{ok: Bool}'),
		/row 4: expected a Bool in "ok", found null/,
	);
	await fails(t, () => readParquet(parquet('zstd'), '{nope: Bool}'), /has no column "nope"/);
	await fails(
		t,
		() => readParquet(file('not.parquet', 'a,b\n1,2\n3,4\n5,6\n'), null),
		/not\.parquet cannot be read as a Parquet file/,
	);
	await fails(
		t,
		() => readParquet(file('tiny.parquet', 'PAR1'), null),
		/tiny\.parquet cannot be read as a Parquet file/,
	);
});
