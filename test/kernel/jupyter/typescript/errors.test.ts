import test from 'ava';
import type { CellError } from '../../../../kernel/jupyter/contracts.ts';
import { Notebook, plain } from './notebook.ts';

const notebook = new Notebook({
	'thrower.ts': "export function thrower(): never {\n\tthrow new Error('in a file');\n}\n",
});
test.after.always(() => notebook.close());

test.serial('type errors are shown as an editor shows them, all of them, and nothing runs', async (t) => {
	const { result, shown } = await notebook.run(
		"console.log('ran');\nlet a: string = 5;\n\tconst b = 'x' as const, c: number = b;\nmissing()",
	);
	const error = result as CellError;
	const n = notebook.executionCount;
	t.is(error.ename, 'TS2322');
	t.is(error.evalue, "Type 'number' is not assignable to type 'string'. (and 2 more)");
	t.is(
		plain(error),
		[
			`Cell [${n}]:2:5 - error TS2322: Type 'number' is not assignable to type 'string'.`,
			'',
			'2 let a: string = 5;',
			'      ~',
			'',
			`Cell [${n}]:3:26 - error TS2322: Type 'string' is not assignable to type 'number'.`,
			'',
			"3 	const b = 'x' as const, c: number = b;",
			`  	${' '.repeat(24)}~`,
			'',
			`Cell [${n}]:4:1 - error TS2304: Cannot find name 'missing'.`,
			'',
			'4 missing()',
			'  ~~~~~~~',
			'',
		].join('\n'),
	);
	t.is(shown.stdout, '');
});

test.serial('an unused name is no error', async (t) => {
	t.is(await notebook.value('const unused = 1; function f(a: number) { return 2 }'), undefined);
});

test.serial('a syntax error is placed', async (t) => {
	t.regex(plain(await notebook.error('let z = {')), /:1:10 - error TS1005: '\}' expected/);
	t.regex(plain(await notebook.error('const x: = 5')), /Cell \[\d+\]:1:10 - error TS1110: Type expected/);
});

test.serial('a traceback points into the cells, with the line and the place in it', async (t) => {
	await notebook.value("function boom(n: number) {\n  if (n > 0) throw new RangeError('too big: ' + n);\n}");
	const first = notebook.executionCount;
	const error = await notebook.error('let k: number = 1;\nboom(k)');
	t.is(error.ename, 'RangeError');
	t.is(error.evalue, 'too big: 1');
	t.is(
		plain(error),
		[
			'RangeError: too big: 1',
			'  1 │ function boom(n: number) {',
			"> 2 │   if (n > 0) throw new RangeError('too big: ' + n);",
			'    │                    ^',
			'  3 │ }',
			`    at boom (Cell [${first}], line 2)`,
			`    at Cell [${first + 1}], line 2`,
		].join('\n'),
	);
});

test.serial('places hold after declarations, imports and in cells with enums', async (t) => {
	const column = async (code: string): Promise<string | undefined> =>
		plain(await notebook.error(code))
			.match(/^> .*\n.*│ ( *)\^/m)?.[1]
			?.length.toString();
	t.is(await column("const a = 1, b = (() => { throw new Error('x') })();"), '32');
	t.is(await column("const { c } = { c: 1 }; let d: number = c; throw new Error('x')"), '49');
	t.is(await column("import { join } from 'node:path'; join(''); throw new Error('x')"), '50');
	t.is(await column("class E {} function f() {} throw new Error('x')"), '33');
	const moved = plain(
		await notebook.error(
			'enum Mode { A, B }\ninterface I { a: Mode }\nconst i: I = { a: Mode.A };\nthrow new Error(String(i.a))',
		),
	);
	t.regex(moved, /> 4 │ throw new Error/);
});

test.serial('frames through promises and files are named, those of the kernel are not', async (t) => {
	const awaited = plain(
		await notebook.error(
			"import { readFile } from 'node:fs/promises';\nasync function read() {\n  return await readFile('/nowhere/at/all');\n}\nawait read()",
		),
	);
	const n = notebook.executionCount;
	t.regex(awaited, new RegExp(`at read \\(Cell \\[${n}\\], line 3\\)\n {4}at Cell \\[${n}\\], line 5`));
	t.regex(awaited, /code: 'ENOENT'/);
	const filed = plain(await notebook.error("import { thrower } from './thrower';\nthrower()"));
	t.regex(filed, /at thrower \(thrower\.ts:2\)\n {4}at Cell \[\d+\], line 2/);
	t.notRegex(awaited + filed, /executor|engine\.ts|node:internal|assay-version/);
});

test.serial('what is thrown need not be an error', async (t) => {
	t.like(await notebook.error("throw 'a string'"), { ename: 'string', evalue: 'a string' });
	t.like(await notebook.error('throw null'), { ename: 'null', evalue: 'null' });
	t.like(await notebook.error('throw undefined'), { ename: 'undefined', evalue: 'undefined' });
	t.like(await notebook.error('throw { code: 7 }'), { ename: 'object', evalue: '{ code: 7 }' });
});

test.serial('causes, several errors at once and properties are told', async (t) => {
	const caused = plain(await notebook.error("throw new Error('outer', { cause: new TypeError('inner') })"));
	t.regex(caused, /Error: outer[\s\S]*caused by\nTypeError: inner/);
	const many = plain(await notebook.error("throw new AggregateError([new Error('one'), 2], 'many')"));
	t.regex(many, /AggregateError: many[\s\S]*Error: one[\s\S]*\n2$/);
	const named = await notebook.error(
		"class Own extends Error { override name = 'Own'; detail = 4 } throw new Own('mine')",
	);
	t.is(named.ename, 'Own');
	t.regex(plain(named), /detail: 4/);
});

test.serial('hostile errors are shown and harm nothing', async (t) => {
	t.is(
		(
			await notebook.error(
				"const e = new Error('x'); Object.defineProperty(e, 'stack', { get() { throw 1 } }); throw e",
			)
		).evalue,
		'x',
	);
	t.regex(
		(
			await notebook.error(
				"const m = new Error(); Object.defineProperty(m, 'message', { get() { throw 1 } }); throw m",
			)
		).evalue,
		/cannot be read/,
	);
	t.true((await notebook.error("throw new Error('y'.repeat(10_000_000))")).evalue.length < 30_000);
	t.is((await notebook.error('function r(): number { return r() + 1 } r()')).ename, 'RangeError');
	const proxy = await notebook.error(
		"throw new Proxy(new Error('p'), { get() { throw new Error('trap') } })",
	);
	t.is(proxy.status, 'error');
});

test.serial('what no cell catches is described in the same form', (t) => {
	const described = notebook.engine.describe(new TypeError('late'));
	t.like(described, { status: 'error', ename: 'TypeError', evalue: 'late' });
});
