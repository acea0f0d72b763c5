import test from 'ava';
import { displayWidth } from '../../../kernel/display/printable.ts';
import { textTable } from '../../../kernel/display/text-table.ts';
import { mean } from '../../../stdlib/statistics/mean.ts';
import type { Estimate } from '../../../stdlib/values/estimate.ts';
import { Labelled } from '../../../stdlib/values/labelled.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import type { Table } from '../../../stdlib/values/table.ts';

const share = (right: number, n: number, missing = 0): Estimate => ({
	...mean(Array.from({ length: n }, (_, i) => i < right)),
	missing,
});

function tableOf(
	rows: readonly Record<string, unknown>[],
	groups: readonly string[],
	notices: readonly string[] = [],
): Table {
	const names = Object.keys(rows[0] ?? {});
	return {
		kind: 'table',
		name: 't',
		columns: names.map((name) => ({ name, role: groups.includes(name) ? 'group' : 'value' })),
		rows,
		notices,
		models: [],
		lineage: null,
	};
}

const widest = (text: string): number => Math.max(...text.split('\n').map(displayWidth));

test('estimates are value ± half their interval, with n and missing apart', (t) => {
	const table = tableOf(
		[
			{ m: 'small', c: new Labelled('Q', 0), accuracy: share(284, 400) },
			{ m: 'large', c: new Labelled('IF', 0), accuracy: share(190, 390, 10) },
		],
		['m', 'c'],
		['small is simulated'],
	);
	t.is(
		textTable(table),
		[
			'm      c      accuracy    n  missing',
			'─────  ──  ───────────  ───  ───────',
			'small  Q   0.71 ± 0.04  400        0',
			'large  IF  0.49 ± 0.05  390       10',
			'',
			'95% intervals; accuracy: wilson',
			'! small is simulated',
		].join('\n'),
	);
});

test('an interval that is not symmetric is written out', (t) => {
	const text = textTable(
		tableOf(
			[
				{ m: 'a', accuracy: share(49, 50) },
				{ m: 'b', accuracy: share(25, 50) },
			],
			['m'],
		),
	);
	t.regex(text, /a {2}0\.98 \[0\.90, 1\.00\] {2}50/);
	t.regex(text, /b {2}0\.50 \[0\.37, 0\.63\] {2}50/);
});

test('counts stand in the cells where the columns of a row differ in them', (t) => {
	const text = textTable(tableOf([{ m: 'a', accuracy: share(284, 400), s: share(50, 100, 3) }], ['m']));
	t.regex(text, /0\.71 ± 0\.04 \(n = 400\)/);
	t.regex(text, /0\.50 ± 0\.10 \(n = 100, 3 missing\)/);
});

test('a group without a value says so and never shows zero', (t) => {
	const nothing = mean([new Missing('refused', 'declined')]);
	const text = textTable(
		tableOf(
			[
				{ m: 'a', accuracy: nothing },
				{ m: 'b', accuracy: share(5, 10) },
			],
			['m'],
		),
	);
	t.regex(text, /a +no value +0 +1/);
	t.notRegex(text, /NaN|null|undefined/);
	const cell = textTable(tableOf([{ m: 'a', answer: new Missing('unparsed', 'no letter') }], ['m']));
	t.regex(cell, /missing \(unparsed\)/);
});

test('differences carry their sign and p value', (t) => {
	const difference = {
		...share(25, 50),
		value: 0.12,
		low: 0.06,
		high: 0.18,
		test: { name: 'McNemar, exact (10 against 2)', p: 0.0004 },
	};
	const text = textTable(tableOf([{ contrast: 'IF − Q', accuracy: difference }], ['contrast']));
	t.regex(text, /\+0\.12 ± 0\.06 p < 0\.001/);
	t.regex(text, /p: McNemar, exact/);
});

test('a table that is too wide continues below with its groups repeated', (t) => {
	const row: Record<string, unknown> = {
		model: 'a model with a rather long name',
		condition: 'instruction following',
	};
	for (let i = 0; i < 7; i++) row[`measure_${i}`] = share(40 + i, 100);
	const text = textTable(tableOf([row], ['model', 'condition']), { width: 80 });
	t.true(widest(text) <= 80, `${widest(text)} columns`);
	t.true((text.match(/model +condition/g) ?? []).length >= 3);
	for (let i = 0; i < 7; i++) t.regex(text, new RegExp(`measure_${i}`));
	t.true(widest(textTable(tableOf([row], ['model', 'condition']), { width: 40 })) <= 40);
});

test('wide and combining characters keep columns aligned, long text is cut', (t) => {
	const text = textTable(
		tableOf(
			[
				{ m: '日本語', x: 1 },
				{ m: 'e\u0301te', x: 22 },
				{ m: 'y'.repeat(200), x: 333 },
			],
			['m'],
		),
		{ width: 60 },
	);
	const lines = text.split('\n').slice(2, 5);
	t.is(new Set(lines.map(displayWidth)).size, 1);
	t.regex(text, /y…/);
});

test('control, escape and bidirectional characters are shown and not obeyed', (t) => {
	const text = textTable(
		tableOf([{ m: '\u001b[2Jgone\u202e\r\n', x: 'a\tb' }], ['m'], ['\u001b]0;title\u0007']),
	);
	for (const character of ['\u001b', '\u202e', '\r', '\u0007']) t.false(text.includes(character));
	t.regex(text, /␛\[2Jgone/);
});

test('long tables are cut and the rest is counted; empty ones say so', (t) => {
	const rows = Array.from({ length: 100 }, (_, i) => ({ m: `m${i}`, x: i }));
	t.regex(textTable(tableOf(rows, ['m']), { rows: 10 }), /… 90 more rows/);
	t.is(textTable({ ...tableOf([], []), columns: [{ name: 'm', role: 'group' }] }), '(no rows)');
});

test('colour only adds colour', (t) => {
	const table = tableOf([{ m: 'a', accuracy: share(5, 10) }], ['m'], ['notice']);
	// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is taken out
	t.is(textTable(table, { color: true }).replace(/\u001b\[\d+m/g, ''), textTable(table));
});
