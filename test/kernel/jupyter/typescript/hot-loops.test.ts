import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import test from 'ava';
import { Notebook } from './notebook.ts';

const notebook = new Notebook();
test.after.always(() => notebook.close());

/** Statements, and an expression about what they leave. */
const LOOPS: readonly [statements: string, left: string][] = [
	['let a = 0; for (let i = 0; i < 3000; i++) a += i', 'a'],
	['let a = 0, b = 1; while (a < 3000) { a++; b = -b } let c = 5', '[a, b, c]'],
	['let a = 0; do a++; while (a < 7)', 'a'],
	['let a = 0; while (a++ < 7);', 'a'],
	['let a = 0; for (;;) { if (a++ > 2000) break; if (a % 2) continue; a++ }', 'a'],
	[
		'let a = 0; outer: for (let i = 0; i < 9; i++) for (let j = 0; j < 9; j++) { a++; if (j > i) continue outer; if (i > 6) break outer }',
		'a',
	],
	['let a: number | undefined; let b = 0; for (a of [3, 4, 5]) b += a', '[a, b]'],
	["let a = ''; let b = ''; for (a in { x: 1, y: 2 }) b += a", '[a, b]'],
	['let a = 0, b = [0]; for ([a, ...b] of [[1, 2, 3], [4, 5]]) a++', '[a, b]'],
	['let a = 0; if (a === 0) for (let i = 0; i < 3; i++) a++; else a = 9', 'a'],
	[
		'let a = 0; try { for (;;) { a++; if (a > 4) throw a } } catch (error) { a = -(error as number) } finally { for (let i = 0; i < 2; i++) a-- }',
		'a',
	],
	['let a = 0; { let a = 5; for (let i = 0; i < 3; i++) a++ }', 'a'],
	['let a = 0; for (let i = 0; i < 3; i++) { let a = 1; a++ }', 'a'],
	['let a = 0; try { throw 1 } catch (a) { for (let i = 0; i < 3; i++) (a as number)++ }', 'a'],
	['let b = 0; { const b = [1]; for (const c of b) b.push(...(b.length < 9 ? [c] : [])) }', 'b'],
	['let i = 0; while (i < 5) i++; for (let i = 0; i < 3; i++) { }', 'i'],
	['let a = 0; for (let a = 0; a < 3; a++) { }', 'a'],
	[
		'let a = 0; const seen: number[] = []; const look = () => a; for (let i = 0; i < 3; i++) { a++; seen.push(look()) }',
		'[a, seen]',
	],
	[
		'let a = 0; const seen: number[] = []; for (let i = 0; i < 3; i++) { a++; [1].forEach(() => { a += 10 }); seen.push(a) }',
		'[a, seen]',
	],
	['let a = 0; const o = { valueOf() { a += 10; return 1 } }; for (let i = 0; i < 3; i++) a += +o', 'a'],
	['let a = 0; class A { n = a++ } for (let i = 0; i < 3; i++) { a++; new A() }', 'a'],
	['let a = 0; for (let i = 0; i < 3; i++) { a++; eval("a += 10") }', 'a'],
	['let a = 0; const twice = (a: number) => 2 * a; for (let i = 0; i < 3; i++) a += twice(a) + 1', 'a'],
	['let a = 0; function local() { let a = 5; return a++ } for (let i = 0; i < 3; i++) a += local()', 'a'],
	[
		'let a = 1; const given = (b = a, c = () => a) => { let d = b + c(); return d }; for (let i = 0; i < 3; i++) a += given()',
		'a',
	],
	['let a = 0; for (let i = 0; i < 3; i++) a++;for (let i = 0; i < 3; i++) a *= 2;a++', 'a'],
	['const fs: (() => number)[] = []; for (let i = 0; i < 3; i++) fs.push(() => i)', 'fs.map((f) => f())'],
	['let a = 0; switch (1) { case 1: for (let i = 0; i < 3; i++) a++ }', 'a'],
];

for (const [statements, left] of LOOPS)
	test.serial(`a loop of a cell leaves what it leaves in a program: ${statements}`, async (t) => {
		const plain = statements.replace(
			/: number \| undefined|: number\[\]|: \(\(\) => number\)\[\]| as number|(?<=a): number/g,
			'',
		);
		const expected: unknown = runInNewContext(`${plain}\n;${left}`);
		t.is(await notebook.value(`${statements}\n;${left}`), inspect(structuredClone(expected)));
	});

test.serial('functions of other cells see and change a variable within a loop', async (t) => {
	await notebook.value(
		'let shared = 0; const seen: number[] = []; const bump = () => { seen.push(shared); shared += 10 }',
	);
	t.is(await notebook.value('for (let i = 0; i < 3; i++) { shared++; bump() }\nshared'), '33');
	t.is(await notebook.value('seen'), '[ 1, 12, 23 ]');
});

test.serial(
	'a loop goes on with variables of earlier cells, and an error in it leaves what it reached',
	async (t) => {
		await notebook.value('let reached = 10; let other = 0');
		const error = await notebook.error(
			"for (;;) {\n  other += 2; reached++\n  if (reached === 15) throw new Error('stop')\n}",
		);
		t.regex(error.traceback.join('\n'), /Cell \[\d+\], line 3/);
		t.is(await notebook.value('[reached, other]'), '[ 15, 10 ]');
	},
);

test.serial('a loop that waits lets others see its variable', async (t) => {
	t.is(
		await notebook.value(
			'let waited = 0; const seenWhile: unknown[] = []; for (let i = 0; i < 2; i++) { waited++; await null; seenWhile.push(Reflect.get(globalThis, "waited")) }\nseenWhile',
		),
		'[ 1, 2 ]',
	);
});

/** CPU milliseconds of a cell, the least of five. */
async function costOf(code: string): Promise<number> {
	let least = Number.POSITIVE_INFINITY;
	for (let round = 0; round < 5; round++) {
		const before = process.cpuUsage();
		await notebook.value(code);
		least = Math.min(least, process.cpuUsage(before).user / 1000);
	}
	return least;
}

test.serial('a hot loop on the level of a cell is about as fast as in a function', async (t) => {
	const loop = 'let sum = 0; for (let i = 0; i < 3e7; i++) sum += i * 0.5;';
	const ratio = (await costOf(`${loop} sum`)) / (await costOf(`(() => { ${loop} return sum })()`));
	t.log(`${ratio.toFixed(2)} times the time`);
	// It was 8 to 10 times as variables of the global scope.
	t.true(ratio < 4, `${ratio}`);
});
