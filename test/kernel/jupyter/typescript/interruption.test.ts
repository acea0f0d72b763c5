import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'ava';
import { Notebook, plain } from './notebook.ts';

const notebook = new Notebook();
test.after.always(() => notebook.close());

/** Runs a cell and interrupts it after so many milliseconds. */
async function interrupted(code: string, afterMs: number) {
	const controller = new AbortController();
	setTimeout(() => controller.abort(), afterMs);
	return notebook.run(code, controller.signal);
}

test.serial('an interrupt ends a pending await; the cell keeps what it had declared', async (t) => {
	await notebook.value('1');
	const { result } = await interrupted('let before = 3; await new Promise(() => {}); let after = 4', 50);
	t.like(result, { status: 'error', ename: 'Interrupted' });
	t.is(await notebook.value('before'), '3');
	t.is((await notebook.error('after')).ename, 'TS2304');
});

test.serial('a cell that was interrupted before it ran does not run', async (t) => {
	const controller = new AbortController();
	controller.abort();
	const { result, shown } = await notebook.run("console.log('ran')", controller.signal);
	t.like(result, { status: 'error', ename: 'Interrupted' });
	await notebook.value('1');
	t.is(shown.stdout, '');
});

test.serial('what goes on after an interrupt still prints to its own cell', async (t) => {
	const { shown } = await interrupted(
		"await new Promise((done) => setTimeout(done, 120)); console.log('late')",
		40,
	);
	const next = await notebook.run("await new Promise((done) => setTimeout(done, 160)); console.log('next')");
	t.is(shown.stdout, 'late\n');
	t.is(next.shown.stdout, 'next\n');
});

test.serial('a type checker that dies is replaced, and nothing is forgotten', async (t) => {
	await notebook.value('interface Held { a: number } const held: Held = { a: 1 }');
	process.kill(notebook.engine.checkerPid as number, 'SIGKILL');
	t.is(await notebook.value('held.a + 1'), '2');
	t.regex(plain(await notebook.error('held.b')), /TS2339/);
});

interface Told {
	readonly code: string;
	readonly outcome: string;
}

test('code that was ended from outside leaves an engine that goes on', (t) => {
	const script = join(import.meta.dirname, 'terminated-cells.ts');
	const flags = ['--no-force-async-hooks-checks', '--disable-warning=ExperimentalWarning'];
	const child = spawnSync(process.execPath, [...flags, script], { encoding: 'utf8', timeout: 120_000 });
	t.is(child.stderr, '');
	t.is(child.status, 0);
	const told = child.stdout
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Told);
	t.deepEqual(
		told.map(({ outcome }) => outcome),
		told.map(({ code }) => (code.includes('//') ? (code.split('// ')[1] as string) : 'ended')),
	);
	t.is(told.length, 12);
});
