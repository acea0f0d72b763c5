import test from 'ava';
import type { CoreClause } from '../../../../dsl/plan/core.ts';
import { run } from '../../../../kernel/engine/run.ts';
import { define } from '../../../../stdlib/define.ts';
import type { Row } from '../../../../stdlib/values/data.ts';
import { Data } from '../../../../stdlib/values/data.ts';
import {
	binary,
	call,
	column,
	field,
	forEach,
	index,
	input,
	list,
	lit,
	range,
	record,
	repeat,
	where,
} from './cores.ts';
import { testLibrary } from './models.ts';
import { PlanWriter } from './plans.ts';

const people = define<object, Data>({
	name: 'people',
	signature: 'people() -> Data<{name: Text, tags: List<Text>}>',
	doc: '',
	version: 1,
	run: () =>
		Data.fromRows([
			{ name: 'Ann', tags: ['x', 'y'] },
			{ name: 'Bo', tags: [] },
			{ name: 'Cy', tags: ['z'] },
		]),
});
const library = testLibrary({}, [people]);

async function rowsOf(clauses: readonly CoreClause[]): Promise<Row[]> {
	const plan = new PlanWriter()
		.value('data', 'people', call('people'))
		.eval('e', clauses, {}, { people: 'people' })
		.plan();
	const result = await run(plan, { library, store: null });
	return [...(result.values.get('e') as Data)] as Row[];
}

test('the first clause varies slowest', async (t) => {
	const rows = await rowsOf([forEach('a', range(1, 2)), forEach('b', list(lit('x'), lit('y')))]);
	t.deepEqual(rows, [
		{ a: 1, b: 'x' },
		{ a: 1, b: 'y' },
		{ a: 2, b: 'x' },
		{ a: 2, b: 'y' },
	]);
});

test('a later clause can go over something of an earlier one', async (t) => {
	const rows = await rowsOf([forEach('p', input('people')), forEach('tag', field(column('p'), 'tags'))]);
	t.deepEqual(
		rows.map((row) => [(row.p as { name: string }).name, row.tag]),
		[
			['Ann', 'x'],
			['Ann', 'y'],
			['Cy', 'z'],
		],
	);
});

test('where leaves rows out, and what stands after it does not see them', async (t) => {
	const rows = await rowsOf([
		forEach('p', input('people')),
		where(binary('gt', field(field(column('p'), 'tags'), 'length'), lit(0))),
		// Would fail for Bo, who has none.
		forEach('tag', list(index(field(column('p'), 'tags'), lit(0)))),
	]);
	t.deepEqual(
		rows.map(({ tag }) => tag),
		['x', 'z'],
	);
});

test('for over a record gives labels, repeat numbers from 0', async (t) => {
	const rows = await rowsOf([forEach('c', record({ Q: lit(10), IF: lit(20) }), true), repeat('i', lit(2))]);
	t.deepEqual(
		rows.map(({ c, i }) => [(c as { name: string }).name, i]),
		[
			['Q', 0],
			['Q', 1],
			['IF', 0],
			['IF', 1],
		],
	);
});

test('a repeat may depend on the row', async (t) => {
	const rows = await rowsOf([forEach('n', list(lit(2), lit(0), lit(1))), repeat('i', column('n'))]);
	t.deepEqual(rows, [
		{ n: 2, i: 0 },
		{ n: 2, i: 1 },
		{ n: 1, i: 0 },
	]);
});

test('no rows are no rows', async (t) => {
	t.deepEqual(await rowsOf([forEach('x', list()), forEach('y', range(1, 3))]), []);
});

test('going over what cannot be gone over fails the step with a sentence and its place', async (t) => {
	const plan = new PlanWriter()
		.eval('e', [{ kind: 'for', name: 'x', source: { op: 'lit', value: 3, loc: 4 }, labelled: false }], {})
		.plan();
	const result = await run(plan, { library, store: null });
	t.is(result.outcome, 'failed');
	t.like(result.failures[0], {
		step: 'e[]',
		span: [4, 5],
		message: 'a for goes over a list, a record or a data set, found the number 3',
	});
});

test('a condition without a value leaves its row out and is said', async (t) => {
	const plan = new PlanWriter()
		.eval('e', [forEach('x', list(lit(1), lit(null), lit(3))), where(binary('gt', column('x'), lit(1)))], {})
		.table('t', 'e', {}, { n: call('mean', { x: { op: 'columns', body: column('x') } }) })
		.plan();
	const result = await run(plan, { library, store: null });
	const table = result.values.get('t') as { notices: string[]; rows: { n: { value: number } }[] };
	t.is(table.rows[0]?.n.value, 3);
	t.deepEqual(table.notices, ['1 row of e is left out: a condition had no value']);
});
