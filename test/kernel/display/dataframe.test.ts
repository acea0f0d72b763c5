import { execFileSync } from 'node:child_process';
import test from 'ava';
import { toDataFrame } from '../../../kernel/display/dataframe.ts';
import { Choice } from '../../../stdlib/values/choice.ts';
import { Data } from '../../../stdlib/values/data.ts';
import { Labelled } from '../../../stdlib/values/labelled.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import type { Table } from '../../../stdlib/values/table.ts';
import { estimate } from '../../helpers/report-fixture.ts';

const table: Table = {
	kind: 'table',
	name: 'bias',
	columns: [
		{ name: 'c', role: 'group' },
		{ name: 's', role: 'value' },
		{ name: 'note', role: 'value' },
	],
	rows: [
		{ c: new Labelled('Q', null), s: { ...estimate(0.5, 0.1, 400), se: 0.05 }, note: 'a' },
		{ c: new Labelled('IF', null), s: estimate(null, 0, 0), note: new Missing('absent', '') },
	],
	notices: [],
	models: [],
	lineage: null,
};

test('an estimate becomes its value, error, bounds and n; without a value it is NaN and n is 0', async (t) => {
	const frame = await toDataFrame(table);
	t.deepEqual(frame.columns, ['c', 's', 's_se', 's_low', 's_high', 's_n', 'note']);
	t.deepEqual(frame.values, [
		['Q', 0.5, 0.05, 0.4, 0.6, 400, 'a'],
		['IF', Number.NaN, Number.NaN, Number.NaN, Number.NaN, 0, null],
	]);
	t.deepEqual(frame.dtypes, ['string', 'float32', 'float32', 'float32', 'float32', 'int32', 'string']);
});

test('a column that is named like a part of an estimate is kept', async (t) => {
	const columns = [...table.columns, { name: 's_n', role: 'value' } as const];
	const frame = await toDataFrame({
		...table,
		columns,
		rows: table.rows.map((row) => ({ ...row, s_n: 'own' })),
	});
	t.deepEqual(frame.s_n.values, ['own', 'own']);
	t.deepEqual(frame.s_n_.values, [400, 0]);
});

test('rows of an eval come with fields of their records, choices with their probability, gaps as gaps', async (t) => {
	const choice = new Choice(['a', 'b'], [0.25, 0.75], null, { by: 'sampling', n: 4 });
	const gap = new Missing('unparsed', 'no letter in it');
	const frame = await toDataFrame(
		Data.fromRows([
			{ x: { id: 7, tags: ['u', 'v'] }, choice, correct: true, n: 1 },
			{ x: { id: 8, tags: [] }, choice: gap, correct: gap, n: gap },
		]),
	);
	t.deepEqual(frame.columns, ['x.id', 'x.tags', 'choice', 'choice_prob', 'correct', 'n']);
	t.deepEqual(frame.values, [
		[7, '["u","v"]', 'b', 0.75, true, 1],
		[8, '[]', null, Number.NaN, null, Number.NaN],
	]);
	t.is(frame.n.mean(), 1);
});

test('a table without rows is a frame with its columns', async (t) => {
	const frame = await toDataFrame({ ...table, rows: [] });
	t.deepEqual([frame.columns, frame.shape[0]], [['c', 's', 'note'], 0]);
	t.is((await toDataFrame(new Data(0, new Map()))).shape[0], 0);
});

test('Danfo is loaded only when a frame is asked for', (t) => {
	const module = new URL('../../../kernel/display/dataframe.ts', import.meta.url).href;
	const script = `await import(${JSON.stringify(module)}); const { createRequire } = await import('node:module');
		console.log(Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes('danfojs')).length)`;
	const out = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
	t.is(out.trim(), '0');
});
