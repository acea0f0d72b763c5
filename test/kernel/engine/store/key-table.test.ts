import { hash } from 'node:crypto';
import test from 'ava';
import { KeyTable } from '../../../../kernel/engine/store/key-table.ts';

const keys = (n: number, salt: string): string[] =>
	Array.from({ length: n }, (_, i) => hash('sha256', `${salt}${i}`));

test('a table of keys answers as a map does, also after it has grown', (t) => {
	const table = new KeyTable();
	const map = new Map<string, number>();
	for (const [i, key] of keys(20_000, 'in').entries()) {
		table.add(key, i + 1);
		map.set(key, i + 1);
	}
	t.is(table.size, map.size);
	t.true([...map].every(([key, id]) => table.get(key) === id));
	t.true(keys(20_000, 'out').every((key) => table.get(key) === undefined));
});

test('of two rows of one key the first stays', (t) => {
	const table = new KeyTable();
	const [key] = keys(1, 'twice') as [string];
	table.add(key, 7);
	table.add(key, 9);
	t.is(table.get(key), 7);
	t.is(table.size, 1);
});

test('keys that begin or end alike are two', (t) => {
	const table = new KeyTable();
	table.add(`${'0'.repeat(15)}1${'f'.repeat(48)}`, 1);
	table.add(`1${'0'.repeat(14)}1${'f'.repeat(48)}`, 2);
	t.is(table.get(`${'0'.repeat(15)}1${'f'.repeat(48)}`), 1);
	t.is(table.get(`1${'0'.repeat(14)}1${'f'.repeat(48)}`), 2);
});
