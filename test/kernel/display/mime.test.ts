import { inspect } from 'node:util';
import { inflateSync } from 'node:zlib';
import test from 'ava';
import { toDataFrame } from '../../../kernel/display/dataframe.ts';
import { inspectByContent } from '../../../kernel/display/inspected.ts';
import { bundleOf, rememberTable } from '../../../kernel/display/mime/bundle.ts';
import { encodePng } from '../../../kernel/display/mime/png.ts';
import { bar } from '../../../stdlib/figures/bar.ts';
import { simulated } from '../../../stdlib/models/simulated.ts';
import { mean } from '../../../stdlib/statistics/mean.ts';
import { Choice } from '../../../stdlib/values/choice.ts';
import { Data } from '../../../stdlib/values/data.ts';
import { Labelled } from '../../../stdlib/values/labelled.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import type { Table } from '../../../stdlib/values/table.ts';
import { tensorValue } from '../../../stdlib/values/tensor.ts';
import { table } from '../../helpers/figures.ts';

const htmlOf = (value: unknown): string => String(bundleOf(value)?.['text/html']);

test('an estimate is shown with its interval and n, its method on hover and below', (t) => {
	const shown = htmlOf(table);
	// Wilson's interval of 30 of 100 at 95%: 0.219 to 0.396.
	t.regex(
		shown,
		/<td style="text-align:right"><span title="[^"]*wilson[^"]*">0\.30 \[0\.22, 0\.40\] <small>\(n = 100\)/,
	);
	t.regex(shown, /95% interval/);
	t.true(shown.includes('small is simulated'));
});

test('long tables and data sets are cut in the middle and say so', (t) => {
	const long: Table = {
		...table,
		rows: Array.from({ length: 200 }, (_, i) => ({ m: `m${i}`, size: i, c: 'Q', accuracy: i })),
	};
	t.regex(htmlOf(long), /200 rows; the first and last 30 are shown/);
	t.true(htmlOf(long).includes('>m199<') && !htmlOf(long).includes('>m100<'));
	const data = Data.fromRows(Array.from({ length: 1000 }, (_, i) => ({ i, text: `row ${i}` })));
	t.regex(String(bundleOf(data)?.['text/plain']), /row 0\n[\s\S]*⋮[\s\S]*row 999\n1,000 rows × 2 columns/);
});

test('names of groups are whole in every column; long texts are cut where there are many columns', (t) => {
	const shown = htmlOf(table);
	for (const name of ['small', 'large', 'Q', 'IF'])
		t.true(shown.includes(`<td style="text-align:left">${name}</td>`), name);
	const text = 'word '.repeat(20);
	const row = Object.fromEntries(
		Array.from({ length: 8 }, (_, i) => [`column_${i}`, i === 7 ? text : 'short']),
	);
	const wide = htmlOf(Data.fromRows([row]));
	t.is(wide.match(/>short</g)?.length, 7);
	t.regex(wide, new RegExp(`min-width[^>]*><span title="${text}">${text.slice(0, 48)}…`));
	t.true(htmlOf(Data.fromRows([{ text }])).includes(`>${text}<`));
});

const RECORDS = Data.fromRows(
	Array.from({ length: 30 }, (_, i) => ({
		x: {
			context: `A long story, number ${i}, about a person`,
			at: { page: i },
			answers: ['yes', 'no'],
			...Object.fromEntries(Array.from({ length: 20 }, (_, field) => [`field_${field}`, `value ${field}`])),
		},
		choice: new Choice(['a', 'b'], [0.75, 0.25], 0, { by: 'logprob', normalise: 'raw' }),
		correct: i % 2 === 0,
	})),
);

test('a record is a column for each of its fields; what was found has room before what it is about', (t) => {
	const text = String(bundleOf(RECORDS)?.['text/plain']).split('\n');
	t.regex(text[0] ?? '', /^x\.context +x\.at\.page +x\.answers +x\.field_0 .* choice +correct$/);
	t.regex(text[1] ?? '', /^A long story, number 0, abo… +0 +\[yes, no\] +value 0 .* a 0\.75 +true$/);
	t.true(text.every((line) => line.length <= 120));
	t.is(text.at(-2), '30 rows × 25 columns');
	t.regex(text.at(-1) ?? '', /^not shown: x\.field_\d+, .* and \d+ more$/);
	const html = htmlOf(RECORDS);
	const heads = [...html.matchAll(/<th [^>]*>([^<]*)/g)].map(([, name]) => name ?? '');
	t.deepEqual(heads, (text[0] ?? '').split(/ +/), 'on a page too');
	t.regex(html, /<td style="text-align:right">29<\/td>/, 'numbers of a record stand on the right');
});

test('a row is inspected by what it says', (t) => {
	inspectByContent();
	const row = { m: simulated({ accuracy: 0.7 }), p: new Labelled('Q', () => 1), ...RECORDS.row(0), x: 0 };
	t.is(
		inspect(row, { breakLength: 200 }),
		"{ m: Model { name: 'simulated', parameters: null }, p: Labelled { name: 'Q' }, x: 0, choice: Choice { best: 'a', probs: { a: 0.75, b: 0.25 } }, correct: true }",
	);
});

test('what a figure says when it is pointed at has three digits, where no whole number is shortened', (t) => {
	const layoutOf = (y: number[]) =>
		(
			bundleOf({ data: [{ type: 'bar', y }], layout: {} })?.['application/vnd.plotly.v1+json'] as {
				readonly layout: { readonly yaxis: { readonly hoverformat?: string } };
			}
		).layout;
	t.is(layoutOf([0.451612903]).yaxis.hoverformat, '.3~r');
	t.is(layoutOf([0.5, 12345]).yaxis.hoverformat, undefined);
});

test('a data frame made from a table is shown as the table, one that was worked on as it is', async (t) => {
	const frame = await toDataFrame(table);
	rememberTable(frame, table);
	t.is(htmlOf(frame), htmlOf(table));
	const head = frame.head(2);
	t.regex(htmlOf(head), /2 rows × \d+ columns/);
	t.regex(htmlOf(head), /<td style="text-align:right">0\.3<\/td>/);
	t.regex(String(bundleOf(frame.column('m'))?.['text/plain']), /small[\s\S]*4 rows × 1 column/);
});

test('a figure has a form for every front end', (t) => {
	const bundle = bundleOf(bar(table, { x: 'm', y: 'accuracy', color: 'c' }));
	t.deepEqual(Object.keys(bundle ?? {}), [
		'application/vnd.plotly.v1+json',
		'text/html',
		'image/svg+xml',
		'text/plain',
	]);
	t.regex(String(bundle?.['text/html']), /<title>IF: large, 0\.9 \[0\.826, 0\.945\]<\/title>/);
});

test('a specification by hand is a figure, other objects are not', (t) => {
	t.truthy(
		bundleOf({ data: [{ type: 'bar', x: ['a'], y: [1] }], layout: {} })?.['application/vnd.plotly.v1+json'],
	);
	for (const value of [{ data: [1, 2], layout: {} }, { data: [] }, new Map(), [1], null, 'text'])
		t.is(bundleOf(value), null);
});

test('an image is a picture of its pixels, pixel for pixel', (t) => {
	const values = Float32Array.from({ length: 16 }, (_, i) => i / 15);
	const bundle = bundleOf(tensorValue([4, 4, 1], values));
	t.regex(String(bundle?.['text/plain']), /^tensor \[4, 4, 1\] float32 {2}\[0, 0\.0667, 0\.133/);
	const png = Buffer.from(String(bundle?.['image/png']), 'base64');
	const at = png.indexOf('IDAT');
	const lines = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
	t.deepEqual(
		[...lines],
		[0, 0, 17, 34, 51, 0, 68, 85, 102, 119, 0, 136, 153, 170, 187, 0, 204, 221, 238, 255],
	);
	t.is(bundleOf(tensorValue([3], values.slice(0, 3)))?.['text/html'], undefined);
});

test('a PNG’s header has its size and colours', (t) => {
	const png = encodePng(2, 3, 3, new Uint8Array(18));
	t.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]], [2, 3, 8, 2]);
	// The checksum of an empty IEND chunk is known to everyone.
	t.is(png.subarray(-4).toString('hex'), 'ae426082');
});

const HOSTILE = [
	'<script>alert(1)</script>',
	'<img src=x onerror=alert(1)>',
	'\u001b[31mred\u001b[0m',
	'\u202eevil',
	'"><svg onload=alert(1)>',
];

test('hostile text of models and data is nowhere markup, colour or direction', async (t) => {
	const rows = HOSTILE.map((text, i) => ({ m: text, size: 1, c: text, accuracy: mean([i > 1, true]) }));
	const hostile: Table = { ...table, name: '<script>', rows, notices: HOSTILE };
	const data = Data.fromRows(
		HOSTILE.map((text) => ({
			[text]: text,
			list: [text],
			record: { [text]: text },
			gone: new Missing('failed', text),
		})),
		HOSTILE.map((text) => ({ name: text, source: text, notice: text })),
		[HOSTILE[0] as string, 'list', 'record', 'gone'],
	);
	const values: unknown[] = [
		hostile,
		data,
		bar(hostile, { x: 'm', y: 'accuracy', color: 'c', title: HOSTILE[1] }),
		await toDataFrame(hostile),
		{
			data: [{ type: 'bar', x: HOSTILE, y: [1, 2, 3, 4, 5], name: HOSTILE[0] }],
			layout: { title: HOSTILE[0] },
		},
	];
	for (const value of values) {
		const bundle = bundleOf(value);
		t.truthy(bundle);
		for (const [type, shown] of Object.entries(bundle ?? {})) {
			const text = typeof shown === 'string' ? shown : JSON.stringify(shown);
			t.false(text.includes('\u001b') || text.includes('\u202e'), type);
			if (type === 'text/plain') continue;
			t.false(/<(script|img|svg onload)/i.test(text), `${type}: ${text.slice(0, 400)}`);
		}
	}
});
