import test from 'ava';
import { Notebook, plain } from './notebook.ts';

const notebook = new Notebook();
test.after.always(() => notebook.close());

test.serial('the last expression is the value of a cell', async (t) => {
	t.is(await notebook.value('6 * 7'), '42');
	t.is(await notebook.value("'a' + 'b'"), "'ab'");
	t.is(await notebook.value('let counted = 0; counted++, counted'), '1');
	t.is(await notebook.value('(3); // a remark'), '3');
	t.is(await notebook.value('let unseen = 4'), undefined);
	t.is(await notebook.value('undefined'), undefined);
	t.is(await notebook.value(''), undefined);
});

test.serial(
	'await stands on the level of the cell; a promise that is a value is shown and not awaited',
	async (t) => {
		t.is(await notebook.value('await Promise.resolve([1, 2])'), '[ 1, 2 ]');
		t.is(await notebook.value('new Promise<number>(() => {})'), 'Promise { <pending> }');
		t.is(await notebook.value('let awaited = 0; for await (const n of [1, 2]) awaited += n; awaited'), '3');
	},
);

test.serial('a name may be declared anew with another type', async (t) => {
	await notebook.value('let again = 5');
	t.is(await notebook.value('again * 2'), '10');
	const error = await notebook.error("again = 'text'");
	t.is(error.ename, 'TS2322');
	await notebook.value("let again: string = 'text'");
	t.is(await notebook.value('again.length'), '4');
	await notebook.value('const again = [again.length]; again').catch(() => {});
	t.is(await notebook.value('again.length'), '4', 'a cell with errors declares nothing');
});

test.serial('variables stay assignable and constants do not', async (t) => {
	await notebook.value('let wide: string | undefined; const fixed = 1;');
	t.is((await notebook.error('wide.length')).ename, 'TS18048');
	t.is(await notebook.value("wide = 'now'"), "'now'");
	t.is(await notebook.value('wide'), "'now'");
	t.is((await notebook.error('fixed = 2')).ename, 'TS2588');
});

test.serial(
	'what literals declare has their types in later cells, and no mistake beside them is missed',
	async (t) => {
		await notebook.value(
			"const low = -0.5\nlet high = 2; // a remark\nconst label = 'x', other = true\nlet on = false",
		);
		t.is((await notebook.error('high = label')).evalue, "Type 'string' is not assignable to type 'number'.");
		t.is(
			(await notebook.error('const up: 0.5 = low')).evalue,
			"Type '-0.5' is not assignable to type '0.5'.",
		);
		t.is((await notebook.error('on = 1')).ename, 'TS2322');
		t.is(await notebook.value('[low, high, label.length, other, on]'), '[ -0.5, 2, 1, true, false ]');
		t.is((await notebook.error('let twice = 1; let twice = 2')).ename, 'TS2451');
		t.is((await notebook.error('// @ts-expect-error\nlet fine = 1')).ename, 'TS2578');
		t.is((await notebook.error("let typed: number = 'text'")).ename, 'TS2322');
		t.is((await notebook.error('const n = 1\nconst m: string = 2')).ename, 'TS2322');
	},
);

test.serial('functions see the newest declaration of what they call', async (t) => {
	await notebook.value('function outer() { return inner() } function inner() { return 1 }');
	t.is(await notebook.value('outer()'), '1');
	await notebook.value('function inner() { return 2 }');
	t.is(await notebook.value('outer()'), '2');
	t.is(await notebook.value('outer.name'), "'outer'");
	t.is(await notebook.value('early(); function early() { return 3 }'), undefined);
	t.is(await notebook.value('const seen = early2(); function early2() { return 3 }; seen'), '3');
});

test.serial('destructuring declares every name in it', async (t) => {
	await notebook.value(
		'const { a1, b1: [c1, ...d1], e1 = 7, ...f1 } = { a1: 1, b1: [2, 3, 4], g1: 5 } as { a1: number; b1: number[]; e1?: number; g1: number }',
	);
	t.is(await notebook.value('[a1, c1, d1, e1, f1]'), '[ 1, 2, [ 3, 4 ], 7, { g1: 5 } ]');
	await notebook.value('let p1 = 1\nconst [q1] = [p1]');
	t.is(await notebook.value('p1 + q1'), '2', 'the line above is not called with what follows');
});

test.serial('types of every kind reach later cells', async (t) => {
	await notebook.value(`
		interface Shape { area(): number }
		type Pair<T> = { first: T; second: T };
		enum Colour { Red, Green }
		namespace Units { export const metre = 1; export type Metre = number }
		abstract class Base<T> { constructor(protected readonly side: T) {} abstract area(): number }
		class Square extends Base<number> implements Shape { area() { return this.side ** 2 } }
	`);
	t.is(await notebook.value('const square: Shape = new Square(3); square.area()'), '9');
	t.is(
		await notebook.value(
			'const pair: Pair<Colour> = { first: Colour.Green, second: Colour.Red }; pair.first',
		),
		'1',
	);
	t.is(await notebook.value('const length: Units.Metre = Units.metre; length'), '1');
	t.is((await notebook.error('const wrong: Pair<string> = { first: 1, second: 2 }')).ename, 'TS2322');
	t.is((await notebook.error("new Square('x')")).ename, 'TS2345');
	t.is(await notebook.value('class Cube extends Square {} new Cube(2).area()'), '4');
});

test.serial('an interface or enum that is declared anew is a new one', async (t) => {
	await notebook.value('interface Anew { a: number } enum Level { Low = 1 }');
	await notebook.value("interface Anew { b: string } enum Level { High = 'h' }");
	t.is(await notebook.value("const anew: Anew = { b: 'x' }; anew"), "{ b: 'x' }");
	t.is(await notebook.value('Level'), "{ High: 'h' }");
	t.is((await notebook.error('Level.Low')).ename, 'TS2339');
});

test.serial('overloads are what callers see', async (t) => {
	await notebook.value(`function over(a: string): string;
function over(a: number): number;
function over(a: any) { return a }`);
	t.is(await notebook.value("over(3).toFixed(1) + over('x').length"), "'3.01'");
	t.is((await notebook.error('over(true)')).ename, 'TS2769');
});

test.serial('generics keep their parameters', async (t) => {
	await notebook.value(
		'const box = <T,>(value: T) => ({ value }); function firstOf<T>(of: readonly T[]): T | undefined { return of[0] }',
	);
	t.is(await notebook.value("box('s').value.length"), '1');
	t.is((await notebook.error("box('s').value.missing")).ename, 'TS2339');
	t.is(await notebook.value('firstOf<number>([4])?.toFixed(0)'), "'4'");
});

test.serial('`using` disposes at the end of its cell', async (t) => {
	const { result, shown } = await notebook.run(
		"using held = { [Symbol.dispose]() { console.log('disposed') } }; console.log('used'); held !== null",
	);
	t.is(result.status, 'ok');
	t.is(shown.stdout, 'used\ndisposed\n');
	t.is((await notebook.error('held')).ename, 'TS2304');
});

test.serial('names of Node itself can be declared, and Node keeps its own', async (t) => {
	await notebook.value('const setTimeout = 5; let process = { mine: true }');
	t.is(await notebook.value('setTimeout + 1'), '6');
	t.is(await notebook.value('process'), '{ mine: true }');
	t.is(typeof globalThis.setTimeout, 'function');
	t.is(typeof globalThis.process.pid, 'number');
	t.is(
		await notebook.value("import { setTimeout } from 'node:timers/promises'; await setTimeout(1, 'woken')"),
		"'woken'",
	);
	t.is(await notebook.value("await setTimeout(1, 'again')"), "'again'");
	await notebook.value("import process from 'node:process'");
	t.is(await notebook.value('process.pid'), String(globalThis.process.pid));
});

test.serial('exports are declarations', async (t) => {
	t.is(await notebook.value('export const exported = 4; export default exported + 1'), '5');
	t.is(await notebook.value('exported'), '4');
	await notebook.value('export default function named() { return 3 }');
	t.is(await notebook.value('named()'), '3');
	await notebook.value('export type Exported = { a: 1 }');
	t.is(await notebook.value('const typed: Exported = { a: 1 }; typed'), '{ a: 1 }');
});

test.serial('a cell is strict code, as a module is', async (t) => {
	t.is(await notebook.value('(function (this: unknown) { return this })()'), undefined);
	t.is((await notebook.error('neverDeclared = 1')).ename, 'TS2304');
});

test.serial('of a cell that fails, the names which got their values are known', async (t) => {
	const error = await notebook.error(
		"const reached = 1; if (reached) throw new Error('midway'); const unreached = 2",
	);
	t.is(error.evalue, 'midway');
	t.is(await notebook.value('reached'), '1');
	t.is((await notebook.error('unreached')).ename, 'TS2304');
	await notebook.value('let kept = 1');
	await notebook.error("if (kept) throw new Error('before'); let kept2 = kept; { let kept = ''; kept }");
	t.is(await notebook.value('kept.toFixed(1)'), "'1.0'");
});

test.serial('decorators are refused with a sentence', async (t) => {
	const error = await notebook.error(
		'const add = (of: unknown, _context: unknown): void => void of;\n@add class Decorated {}',
	);
	t.is(error.ename, 'SyntaxError');
	t.regex(error.evalue, /decorators cannot be run in a cell/);
	t.regex(plain(error), /2 @add class Decorated \{\}\n {2}~/);
});

test.serial('%time says how long a cell took, and leaves its places as they are', async (t) => {
	const { result, shown } = await notebook.run('%time 1 + 1');
	t.like(result, { status: 'ok', result: { data: { 'text/plain': '2' } } });
	t.regex(shown.stdout, /^took [\d.]+ m?s\n$/);
	const whole = await notebook.run('%%time\nconst timed = 1\ntimed.foo');
	t.regex(plain(whole.result as never), /Cell \[\d+\]:3:7 - error TS2339/);
});

test.serial('%help lists what a cell can do; other magics are refused with those that exist', async (t) => {
	const { shown } = await notebook.run('%help');
	t.regex(shown.stdout, /%%assay/);
	const error = await notebook.error('%matplotlib inline');
	t.is(error.evalue, 'there is no magic %matplotlib');
	t.regex(plain(error), /%time.*%help/);
});
