import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { define } from '../../../../stdlib/define.ts';
import { Data } from '../../../../stdlib/values/data.ts';
import { Labelled } from '../../../../stdlib/values/labelled.ts';
import { Missing } from '../../../../stdlib/values/missing.ts';
import type { Prompt } from '../../../../stdlib/values/prompt.ts';
import type { RowFunction } from '../../../../stdlib/values/row-function.ts';
import type { Table } from '../../../../stdlib/values/table.ts';
import {
	apply,
	binary,
	call,
	column,
	comprehension,
	field,
	forEach,
	index,
	input,
	lambda,
	list,
	lit,
	local,
	prompt,
	range,
	record,
	rowfn,
	text,
	used,
	where,
} from '../run/cores.ts';
import { evaluate, faults } from './evaluating.ts';

const gap = new Missing('unparsed', 'no number in it');

const base = { signature: '', doc: '', version: 1 };
const double = define<{ x: number }, number>({ ...base, name: 'double', run: ({ x }) => 2 * x });
const slow = define<{ x: number; ms?: number }, Promise<number>>({
	...base,
	name: 'slow',
	run: async ({ x, ms = 5 }) => {
		await sleep(ms);
		return x;
	},
});
const isMissing = define<{ x: unknown }, boolean>({
	...base,
	name: 'is_missing',
	acceptsMissing: true,
	run: ({ x }) => x instanceof Missing,
});
const explode = define<object, number>({
	...base,
	name: 'explode',
	run: () => {
		throw new Error('out of order');
	},
});
const functions = [double, slow, isMissing, explode];

test('a lambda sees its parameters and those around it', (t) => {
	const add = lambda(['a'], lambda(['b'], binary('sub', local('a'), local('b'))));
	t.is(evaluate(apply(apply(add, lit(10)), lit(3))), 7);
});

test('a lambda kept from one call is not changed by the next', (t) => {
	const makers = comprehension(
		lambda(['y'], binary('mul', local('x'), local('y'))),
		forEach('x', range(1, 3)),
	);
	const made = evaluate(makers) as ((y: number) => number)[];
	t.deepEqual(
		made.map((fn) => fn(10)),
		[10, 20, 30],
	);
});

test('a label is called as its value', (t) => {
	const row = { c: new Labelled('twice', (x: number) => 2 * x) };
	t.is(evaluate(apply(column('c'), lit(4)), { row }), 8);
});

test('a comprehension goes through its clauses in order, later ones seeing earlier ones', (t) => {
	const pairs = comprehension(
		list(local('x'), local('y')),
		forEach('x', range(1, 3)),
		where(binary('ne', local('x'), lit(2))),
		forEach('y', { op: 'range', from: lit(1), to: local('x') }),
	);
	t.deepEqual(evaluate(pairs), [
		[1, 1],
		[3, 1],
		[3, 2],
		[3, 3],
	]);
});

test('a comprehension over a record has labels', (t) => {
	const names = comprehension(
		text(field(local('c'), 'name'), '=', local('c')),
		forEach('c', record({ Q: lit(1), IF: lit(2) }), true),
	);
	t.deepEqual(evaluate(names), ['Q=1', 'IF=2']);
});

test('a library call with a missing argument is that missing value, unless the function takes them', (t) => {
	t.is(evaluate(call('double', { x: column('x') }), { functions, row: { x: gap } }), gap);
	t.is(evaluate(call('is_missing', { x: column('x') }), { functions, row: { x: gap } }), true);
	t.is(evaluate(call('double', { x: lit(4) }), { functions }), 8);
});

test('missing values may lie inside a list', (t) => {
	t.deepEqual(evaluate(list(lit(1), column('x')), { row: { x: gap } }), [1, gap]);
});

test('what a function throws is placed at its call', (t) => {
	const fault = t.throws(() =>
		evaluate(binary('add', lit(1), call('explode', {}, 12)), { functions }),
	) as Error & { loc: number };
	t.is(fault.message, 'out of order');
	t.is(fault.loc, 12);
});

test('nothing is a promise until something is pending', async (t) => {
	t.is(evaluate(binary('add', call('double', { x: lit(1) }), lit(1)), { functions }), 3);
	const pending = evaluate(binary('add', call('slow', { x: lit(1) }), lit(1)), { functions });
	t.true(pending instanceof Promise);
	t.is(await pending, 2);
});

test('arguments that wait, wait side by side', async (t) => {
	const started = performance.now();
	const one = call('slow', { x: lit(1), ms: lit(60) });
	t.deepEqual(await evaluate(list(one, one, one, one), { functions }), [1, 1, 1, 1]);
	t.true(performance.now() - started < 180);
});

test("a failure beside something pending is the expression's failure and no unhandled rejection", async (t) => {
	const late = define<object, Promise<never>>({
		...base,
		name: 'late',
		run: () => sleep(5).then(() => Promise.reject(new Error('late'))),
	});
	const core = list(call('late'), index(list(), lit(0)));
	await t.throwsAsync(async () => evaluate(core, { functions: [late] }), { message: /out of range/ });
	await sleep(15);
});

test('a prompt is its rendered messages; what it was made from goes along unrendered', (t) => {
	const subject = { question: 'Is it?' };
	const made = evaluate(prompt(text('Q: ', field(column('x'), 'question')), column('x')), {
		row: { x: subject },
	}) as Prompt;
	t.deepEqual(made.messages, [{ role: 'user', content: 'Q: Is it?' }]);
	t.is(made.subjects[0], subject);
	const more = evaluate(
		{ op: 'extend', prompt: input('p'), messages: [{ role: 'assistant', text: lit('The answer is (') }] },
		{ inputs: { p: made } },
	) as Prompt;
	t.deepEqual(more.messages.at(-1), { role: 'assistant', content: 'The answer is (' });
	t.is(more.subjects[0], subject);
});

test('a prompt with a missing part is that missing value', (t) => {
	t.is(evaluate(prompt(text('a ', column('x'))), { row: { x: gap } }), gap);
});

test('a TypeScript function gets its arguments in order and is not called with missing ones', async (t) => {
	const calls: unknown[][] = [];
	const module: Record<string, (...args: unknown[]) => unknown> = {
		join: (...args) => {
			calls.push(args);
			return args.join('-');
		},
		later: async (x) => `${x}!`,
	};
	const around = {
		used: (name: string, fn: string) => (name === 'm' ? (module[fn] ?? null) : null),
		row: { x: gap },
	};
	t.is(evaluate(used('m', 'join', lit(1), lit('b')), around), '1-b');
	t.is(evaluate(used('m', 'join', lit(1), column('x')), around), gap);
	t.deepEqual(calls, [[1, 'b']]);
	t.is(await evaluate(used('m', 'later', lit('now')), around), 'now!');
	t.throws(() => evaluate(used('m', 'absent'), around), { message: /"absent" of m was not loaded/ });
});

const pick = define<{ data: Data; by: RowFunction }, unknown[]>({
	...base,
	name: 'pick',
	signature: 'pick(data: Data<R>, by: R -> Any) -> List<Any>',
	run: ({ data, by }) => [by.label, ...Array.from({ length: data.length }, (_, i) => by(i))],
});

test('a row function is read row by row from the data of its call; its columns win over names outside', (t) => {
	const data = Data.fromRows([
		{ k: 1, m: { size: 5 } },
		{ k: 2, m: { size: 6 } },
	]);
	const around = { functions: [pick], inputs: { d: data }, row: { k: 100, outside: 7 } };
	t.deepEqual(evaluate(call('pick', { data: input('d'), by: rowfn(column('k')) }), around), ['k', 1, 2]);
	t.deepEqual(evaluate(call('pick', { data: input('d'), by: rowfn(field(column('m'), 'size')) }), around), [
		'm.size',
		5,
		6,
	]);
	const sum = binary('add', column('k'), column('outside'));
	t.deepEqual(evaluate(call('pick', { data: input('d'), by: rowfn(sum) }), around), [undefined, 8, 9]);
});

test('a row of a row function that cannot be computed is missing, and said', (t) => {
	const data = Data.fromRows([{ xs: [1] }, { xs: [] }]);
	faults.length = 0;
	const values = evaluate(call('pick', { data: input('d'), by: rowfn(index(column('xs'), lit(0), 5)) }), {
		functions: [pick],
		inputs: { d: data },
	}) as unknown[];
	t.is(values[1], 1);
	t.true(values[2] instanceof Missing && values[2].code === 'row-error');
	t.deepEqual(
		faults.map(({ loc }) => loc),
		[5],
	);
});

test("a parameter over a table's source reads the rows that the table was made from", (t) => {
	const compare = define<{ table: Table; on: RowFunction }, unknown[]>({
		...base,
		name: 'compare',
		signature: 'compare(table: Table<R, S>, on: S -> Any) -> List<Any>',
		run: ({ on }) => [on(0), on(1), on(2)],
	});
	const source = Data.fromRows([{ c: 'x' }, { c: 'y' }, { c: 'x' }]);
	const lineage = { source, groups: [], evaluate: () => null, rowValues: () => null };
	const table: Table = {
		kind: 'table',
		name: 't',
		columns: [{ name: 'c', role: 'group' }],
		rows: [{ c: 'x' }, { c: 'y' }],
		notices: [],
		models: [],
		lineage,
	};
	const core = call('compare', { table: input('t'), on: rowfn(column('c')) });
	t.deepEqual(evaluate(core, { functions: [compare], inputs: { t: table } }), ['x', 'y', 'x']);
});
