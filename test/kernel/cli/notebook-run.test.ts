import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { readNotebook } from '../../../kernel/notebook/document.ts';
import { assay, startAssay } from '../../helpers/assay.ts';
import { COINS, notebookFolder, outputsOf, plain } from '../../helpers/notebooks.ts';

test('a notebook is run into another file, with a param set, and its cells share names', async (t) => {
	const { cwd, notebook } = notebookFolder(t, ['#md Coins', COINS, 't.shape']);
	const before = readFileSync(notebook, 'utf8');
	const { code, err } = await assay(
		['notebook', 'run', 'study.ipynb', '--set', 'n=30', '--out', 'done.ipynb'],
		{ cwd },
	);
	t.is(code, 0, err);
	t.is(readFileSync(notebook, 'utf8'), before, 'the notebook itself stays as it was');
	t.regex(err, /✓ \[1\/2\] study "Coins".*\n✓ \[2\/2\] t\.shape.*\n✓ done\.ipynb\n$/);
	const done = readNotebook(join(cwd, 'done.ipynb'));
	const [study = [], shape = []] = outputsOf(done);
	t.regex(plain(study[0] as never), /30 calls made/);
	t.regex(plain(study[1] as never), /rate +n\n[\s\S]* 30\n/);
	t.deepEqual(shape.map(plain), ['[ 1, 5 ]']);
	t.deepEqual(done.metadata.assay, { params: { n: '30' } });
});

test('a cell that fails ends the run with 3, says where, and the notebook so far is kept', async (t) => {
	const { cwd, notebook } = notebookFolder(t, [
		'console.log("before")',
		'console.log("half");\nconst wrong = (): never => { throw new RangeError("too far") };\nwrong()',
		'console.log("never")',
	]);
	const { code, err } = await assay(['notebook', 'run', 'study.ipynb'], { cwd });
	t.is(code, 3);
	t.regex(err, /RangeError: too far[\s\S]*Cell \[2\], line 2/);
	t.regex(err, /error: cell 2 failed; the notebook so far is in study\.ipynb/);
	t.false(err.includes('\u001b'));
	const outputs = outputsOf(readNotebook(notebook)).map((cell) => cell.map(plain));
	t.deepEqual(outputs, [['before\n'], ['half\n', 'RangeError: too far'], []]);
});

test('outputs are in the file while the cell runs; Ctrl-C ends a loop with 130 and keeps them', async (t) => {
	const { cwd, notebook } = notebookFolder(t, [
		'console.log("first")',
		'console.log("at work");\nawait new Promise((done) => setTimeout(done, 100));\nconsole.log("on");\nwhile (true) {}',
		'console.log("never")',
	]);
	const running = startAssay(['notebook', 'run', 'study.ipynb'], { cwd });
	const deadline = Date.now() + 60_000;
	while (!readFileSync(notebook, 'utf8').includes('at work\\n') && Date.now() < deadline)
		await new Promise((done) => setTimeout(done, 50));
	t.true(Date.now() < deadline, 'the output came into the file');
	running.process.kill('SIGINT');
	const { code, err } = await running.finished;
	t.is(code, 130, err);
	t.regex(err, /interrupted; the notebook so far is in study\.ipynb/);
	const [first, second = [], third] = outputsOf(readNotebook(notebook)).map((cell) => cell.map(plain));
	t.deepEqual(first, ['first\n']);
	t.regex(second.join(''), /^at work\n/);
	t.deepEqual(third, []);
});

test('what is no notebook, and what the command line gets wrong, is said', async (t) => {
	const { cwd } = notebookFolder(t, [COINS]);
	writeFileSync(join(cwd, 'text.ipynb'), 'not JSON');
	writeFileSync(
		join(cwd, 'old.ipynb'),
		'{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}',
	);
	const cases: [args: string[], code: number, says: RegExp][] = [
		[['run', 'gone.ipynb'], 5, /there is no notebook gone\.ipynb/],
		[['run', 'text.ipynb'], 5, /text\.ipynb is no notebook: it is not JSON/],
		[['run', 'old.ipynb'], 5, /old format 3: jupyter nbconvert --to notebook/],
		[['run', 'study.ipynb', '--set', 'm=3'], 2, /no cell of the notebook declares a param m/],
		[['run'], 2, /takes one file, not 0/],
		[['rnu', 'study.ipynb'], 2, /there is no `assay notebook rnu`[\s\S]*run, export, pack, verify/],
		[['toString', 'study.ipynb'], 2, /there is no `assay notebook toString`/],
	];
	for (const [args, code, says] of cases) {
		const finished = await assay(['notebook', ...args], { cwd });
		t.is(finished.code, code, args.join(' '));
		t.regex(finished.err, says);
	}
});
