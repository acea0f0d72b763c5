import test from 'ava';
import { Notebook } from './notebook.ts';

const notebook = new Notebook(
	{},
	{
		present: (value) =>
			value === 'special' ? { data: { 'text/html': '<b>special</b>' }, metadata: { m: 1 } } : null,
	},
);
test.after.always(() => notebook.close());

test.serial('values are shown as Node inspects them', async (t) => {
	t.is(
		await notebook.value("({ a: [1, 'x'], m: new Map([[1, { b: 2 }]]) })"),
		"{ a: [ 1, 'x' ], m: Map(1) { 1 => { b: 2 } } }",
	);
	t.is(await notebook.value('null'), 'null');
	t.is(await notebook.value('10n'), '10n');
	t.is(await notebook.value('class A { b = 1 } new A()'), 'A { b: 1 }');
});

test.serial('circles, getters that throw and proxies do no harm', async (t) => {
	t.is(
		await notebook.value('const c: Record<string, unknown> = { g: 1 }; c.self = c; c'),
		'<ref *1> { g: 1, self: [Circular *1] }',
	);
	t.is(await notebook.value("({ get boom(): number { throw new Error('no') } })"), '{ boom: [Getter] }');
	t.is(
		await notebook.value("({ [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('no') } })"),
		'[a value that cannot be shown: no]',
	);
	const traps = "new Proxy({}, { get() { throw new Error('trap') }, ownKeys() { throw new Error('keys') } })";
	t.is(typeof (await notebook.value(traps)), 'string');
});

test.serial('large values are cut, and it is said by how much', async (t) => {
	const text = await notebook.value("'x'.repeat(100_000_000)");
	t.true((text as string).length < 11_000);
	t.regex(text as string, /99990000 more characters$/);
	t.regex((await notebook.value('new Array(100_000).fill(7)')) as string, /99900 more items/);
});

test.serial('an object may say itself how it is shown, and the kernel may know better', async (t) => {
	const { result } = await notebook.run(
		"({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<i>own</i>' }) })",
	);
	t.like(result, { status: 'ok', result: { data: { 'text/html': '<i>own</i>' } } });
	const special = await notebook.run("'special'");
	t.deepEqual(special.result, {
		status: 'ok',
		result: { data: { 'text/html': '<b>special</b>' }, metadata: { m: 1 } },
	});
});

test.serial('expressions can be evaluated beside the cells', async (t) => {
	await notebook.value('let outside = 20');
	t.like(await notebook.engine.evaluate('outside * 2'), {
		status: 'ok',
		result: { data: { 'text/plain': '40' } },
	});
	t.like(await notebook.engine.evaluate('nowhere'), { status: 'error', ename: 'ReferenceError' });
	t.like(await notebook.engine.evaluate('1 +'), { status: 'error', ename: 'SyntaxError' });
});
