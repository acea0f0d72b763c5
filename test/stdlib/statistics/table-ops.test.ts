import test from 'ava';
import { mean } from '../../../stdlib/statistics/mean.ts';
import { sortTable, takeTable, whereTable } from '../../../stdlib/statistics/table-ops.ts';
import { Data } from '../../../stdlib/values/data.ts';
import { Missing } from '../../../stdlib/values/missing.ts';
import type { Table } from '../../../stdlib/values/table.ts';

const rows = [
	{ m: 'a', accuracy: mean([0.5, 0.7]) },
	{ m: 'b', accuracy: mean([0.1, 0.3]) },
	{ m: 'c', accuracy: mean([]) },
	{ m: 'd', accuracy: mean([0.9, 0.8]) },
];
const table: Table = {
	kind: 'table',
	name: 't',
	columns: [
		{ name: 'm', role: 'group' },
		{ name: 'accuracy', role: 'value' },
	],
	rows,
	notices: [],
	models: [],
	lineage: {
		source: Data.fromRows(rows),
		groups: rows.map((_, i) => Int32Array.of(i)),
		evaluate: () => null,
		rowValues: () => null,
	},
};
const names = (of: Table): unknown[] => of.rows.map((row) => row.m);

test('whereTable keeps rows whose condition is true, with their groups of the source', (t) => {
	const kept = whereTable(table, (row) => (row === 0 ? new Missing('failed', '') : row % 2 === 1));
	t.deepEqual(names(kept), ['b', 'd']);
	t.deepEqual(kept.lineage?.groups, [Int32Array.of(1), Int32Array.of(3)]);
});

test('sortTable orders by an estimate’s value, rows without one last either way', (t) => {
	const by = (row: number): unknown => rows[row]?.accuracy;
	t.deepEqual(names(sortTable(table, by)), ['b', 'a', 'd', 'c']);
	t.deepEqual(names(sortTable(table, by, true)), ['d', 'a', 'b', 'c']);
	t.deepEqual(sortTable(table, by).lineage?.groups[0], Int32Array.of(1));
});

test('takeTable keeps the first rows', (t) => {
	t.deepEqual(names(takeTable(table, 2)), ['a', 'b']);
	t.deepEqual(names(takeTable(table, 9)), ['a', 'b', 'c', 'd']);
	t.throws(() => takeTable(table, -1), { message: /whole number/ });
});
