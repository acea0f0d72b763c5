import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { assay, type Finished, startAssay } from '../../helpers/assay.ts';
import { notebookFolder } from '../../helpers/notebooks.ts';

const CELLS = ['1 + 1', 'if (process.env.SLOW) await new Promise(() => {}); 2'];

function folder(t: ExecutionContext) {
	const { cwd } = notebookFolder(t, CELLS);
	const temporary = join(cwd, 'tmp');
	mkdirSync(temporary);
	return { cwd, temporary, env: { TMPDIR: temporary } };
}

/** Presses Ctrl-C, as often as it says, when the first cell has run. */
async function interrupted(
	args: readonly string[],
	{ cwd, env }: ReturnType<typeof folder>,
	times = 1,
	gapMs = 20,
): Promise<Finished> {
	const running = startAssay(args, { cwd, env: { ...env, SLOW: '1' } });
	while (!running.soFar.err.includes('[1/2]')) await sleep(20);
	await sleep(200);
	for (let i = 0; i < times; i++) {
		running.process.kill('SIGINT');
		await sleep(gapMs);
	}
	return running.finished;
}

/** Node keeps what it compiled there too. */
const leftIn = (temporary: string): string[] =>
	readdirSync(temporary).filter((name) => name.startsWith('assay-'));

test('a pack that is interrupted says so, ends with 130 and leaves what was there', async (t) => {
	const place = folder(t);
	const { code, err, out } = await interrupted(['notebook', 'pack', 'study.ipynb'], place);
	t.is(code, 130);
	t.regex(err, /interrupted: nothing was packed, and no file was written\n$/);
	t.is(out, '');
	t.deepEqual(readdirSync(place.cwd).sort(), ['study.ipynb', 'tmp']);
	t.deepEqual(leftIn(place.temporary), []);
	writeFileSync(join(place.cwd, 'study.assaypack'), 'an older one');
	t.is((await interrupted(['notebook', 'pack', 'study.ipynb'], place)).code, 130);
	t.is(readFileSync(join(place.cwd, 'study.assaypack'), 'utf8'), 'an older one');
});

test('so does a verification', async (t) => {
	const place = folder(t);
	t.is((await assay(['notebook', 'pack', 'study.ipynb'], place)).code, 0);
	const { code, err } = await interrupted(['notebook', 'verify', 'study.assaypack'], place);
	t.is(code, 130);
	t.regex(err, /interrupted before all cells had run: nothing was compared\n$/);
	t.deepEqual(leftIn(place.temporary), []);
});

test('who presses again while it ends is told the same', async (t) => {
	for (const gapMs of [60, 150]) {
		const { code, signal } = await interrupted(['notebook', 'pack', 'study.ipynb'], folder(t), 2, gapMs);
		t.deepEqual({ code, signal }, { code: 130, signal: null }, `${gapMs} ms later`);
	}
});

test('who insists ends it at once, and nothing stays behind', async (t) => {
	const place = folder(t);
	const { code, signal, err } = await interrupted(['notebook', 'pack', 'study.ipynb'], place, 2);
	t.deepEqual({ code, signal }, { code: 130, signal: null }, err);
	t.deepEqual(readdirSync(place.cwd).sort(), ['study.ipynb', 'tmp']);
	t.deepEqual(
		readdirSync(place.temporary).filter((name) => name.startsWith('assay-pack')),
		[],
	);
});
