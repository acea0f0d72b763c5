import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';
import { Notebook } from './notebook.ts';

const notebook = new Notebook();
test.after.always(() => notebook.close());

test.serial('a name from outside is known with its type and read when it is first used', async (t) => {
	let reads = 0;
	notebook.engine.declareName('bias', 'declare const bias: { readonly rows: number };', () => {
		reads += 1;
		return { rows: 3 };
	});
	t.is((await notebook.error('bias.columns')).ename, 'TS2339');
	t.is(reads, 0);
	t.is(await notebook.value('bias.rows + bias.rows'), '6');
	t.is(reads, 1);
	const { items } = await notebook.engine.complete('bias.', 5);
	t.deepEqual(
		items.map(({ text }) => text),
		['rows'],
	);
});

test.serial('a cell may declare it anew, and the outside after that', async (t) => {
	await notebook.value("let bias = 'of a cell'");
	t.is(await notebook.value('bias.length'), '9');
	notebook.engine.declareName('bias', 'declare const bias: number', () => 7);
	t.is(await notebook.value('bias.toFixed(1)'), "'7.0'");
});

test.serial('values of cells can be read from outside', async (t) => {
	await notebook.value(
		'const shared = { a: 1 }; function scorer(text: string): number { return text.length }',
	);
	t.deepEqual(notebook.engine.valueOf('shared'), { a: 1 });
	t.is((notebook.engine.valueOf('scorer') as (text: string) => number)('four'), 4);
	t.is(notebook.engine.valueOf('nobody'), undefined);
	t.is(notebook.engine.valueOf('process'), undefined, 'Node has it, the notebook has not declared it');
});

test.serial('the cell that declares a function is a module of its own', async (t) => {
	await notebook.value('const weight = 2');
	await notebook.value(
		'/** Weighs. */ function weigh(text: string): number { return weight * scorer(text) }',
	);
	const module = await notebook.engine.moduleOf('weigh');
	t.truthy(module);
	t.true(existsSync(module?.path as string));
	t.regex(readFileSync(module?.path as string, 'utf8'), /function weigh[\s\S]*export \{ weigh \}/);
	t.deepEqual(module?.texts, [
		'/** Weighs. */ function weigh(text: string): number { return weight * scorer(text) }',
		'const weight = 2',
		'const shared = { a: 1 }; function scorer(text: string): number { return text.length }',
	]);
	t.is(await notebook.engine.moduleOf('nobody'), null);
});

test.serial('many cells leave behind only what they declare', async (t) => {
	for (let index = 0; index < 200; index++)
		await notebook.value(`class Redeclared { n = ${index} }; let r = new Redeclared(); r.n`);
	t.is(await notebook.value('r.n'), '199');
});
