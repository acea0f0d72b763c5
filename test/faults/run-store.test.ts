import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { assay, startAssay, studyFolder } from '../helpers/assay.ts';
import { newFolder } from '../kernel/engine/store/stores.ts';

const STUDY = `study "Many answers" { seed: 1 }
model m = simulated(accuracy: 0.7)
prompt p(i: Number) { user "Question {i}: which?" }
eval a {
  for i in 1..1500
  c = m.choose(p(i), options: ["a", "b"])
  right = c.best == "a"
}
table t = from a { rate = mean(right) }
`;

function studyIn(t: ExecutionContext): string {
	const folder = studyFolder({ 'study.assay': STUDY });
	t.teardown(folder.remove);
	return folder.path;
}

/** A file system of two megabytes, or null where none can be mounted. */
function smallDisk(): string | null {
	const folder = newFolder();
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'ignore' });
		return folder;
	} catch {
		return null;
	}
}

test.serial('a run that fills the disk says so once, and goes on when there is room', async (t) => {
	const folder = smallDisk();
	if (!folder) {
		t.log('skipped: file systems cannot be mounted here');
		t.pass();
		return;
	}
	try {
		const ballast = join(folder, 'ballast');
		writeFileSync(ballast, Buffer.alloc(1_400_000));
		const cwd = studyIn(t);
		const store = ['--store', join(folder, 'store.db')];
		const full = await assay(['run', 'study.assay', ...store], { cwd });
		t.is(full.code, 5);
		t.regex(full.err, /failed after[\s\S]*help: Free some space[\s\S]*Next: /);
		t.notRegex(full.err, /^error/m);
		execFileSync('rm', [ballast]);
		const { code, err } = await assay(['run', 'study.assay', ...store], { cwd });
		t.is(code, 0, err);
		t.is((await assay(['store', 'verify', ...store], { cwd })).code, 0);
	} finally {
		execFileSync('umount', [folder]);
	}
});

test('a store in a folder that may not be written can be looked into and planned with', async (t) => {
	const cwd = studyIn(t);
	const planned = await assay(['plan', 'study.assay'], { cwd });
	t.is(planned.code, 0, planned.err);
	t.false(existsSync(join(cwd, '.assay')), 'a plan writes nothing');
	t.is((await assay(['run', 'study.assay'], { cwd })).code, 0);
	execFileSync('chmod', ['-R', 'a-w,a+rX', cwd]);
	t.teardown(() => execFileSync('chmod', ['-R', 'u+w', cwd]));
	const nobody =
		process.getuid?.() === 0 ? 'exec setpriv --reuid 65534 --regid 65534 --clear-groups ' : 'exec ';
	const read = (...args: string[]) => assay(args, { cwd, shell: `${nobody} "$@"` });
	const stats = await read('store');
	t.regex(stats.out, /1,500 calls, \d+ finished steps, 1 run,/, stats.err);
	t.is((await read('store', 'verify')).out, 'the store is whole\n');
	const again = await read('plan', 'study.assay');
	t.regex(again.out, /0 to run, \d+ kept/, again.err);
	const run = await read('run', 'study.assay');
	t.is(run.code, 5);
	t.regex(run.err, /cannot be written: it is read-only[\s\S]*--store/);
});

test('a report and a cassette are made from a store that may not be written', async (t) => {
	const cwd = studyIn(t);
	const out = newFolder();
	execFileSync('chmod', ['a+rwx', out]);
	t.is((await assay(['run', 'study.assay'], { cwd })).code, 0);
	execFileSync('chmod', ['-R', 'a-w,a+rX', cwd]);
	t.teardown(() => execFileSync('chmod', ['-R', 'u+w', cwd]));
	const nobody =
		process.getuid?.() === 0 ? 'exec setpriv --reuid 65534 --regid 65534 --clear-groups ' : 'exec ';
	const read = (...args: string[]) => assay(args, { cwd, shell: `${nobody} "$@"` });
	const report = await read('report', 'study.assay', '--out', join(out, 'report.html'));
	t.is(report.code, 0, report.err);
	t.true(readFileSync(join(out, 'report.html'), 'utf8').includes('<small>1,500 behind the results</small>'));
	const cassette = await read('cassette', 'study.assay', '--out', join(out, 'c.cassette.jsonl.gz'));
	t.regex(cassette.out, /1500 calls/, cassette.err);
	const beside = await read('report', 'study.assay');
	t.is(beside.code, 5);
	t.regex(beside.err, /report cannot be written to study\.html[\s\S]*--out/);
});

test('a report is no run: the store has the same runs and steps after it', async (t) => {
	const cwd = studyIn(t);
	t.is((await assay(['run', 'study.assay', '--calls', '700'], { cwd })).code, 4);
	const [runs, stats] = [await assay(['store', 'runs', '--json'], { cwd }), await assay(['store'], { cwd })];
	const { code, err } = await assay(['report', 'study.assay'], { cwd });
	t.is(code, 3, 'a part of the calls is lacking');
	t.regex(err, /the store lacks the calls of/);
	t.deepEqual(await assay(['store', 'runs', '--json'], { cwd }), runs);
	t.deepEqual(await assay(['store'], { cwd }), stats);
	const [run] = JSON.parse(runs.out) as { id: string }[];
	t.true(readFileSync(join(cwd, 'study.html'), 'utf8').includes((run as { id: string }).id));
});

test('a folder that a system refuses is an error and no endless loop', async (t) => {
	if (!existsSync('/proc/self')) return t.pass('no /proc here');
	const started = startAssay(['run', '-q', '--store', '/proc/nowhere/store.db', 'study.assay'], {
		cwd: studyIn(t),
	});
	const timer = setTimeout(() => started.process.kill('SIGKILL'), 60_000);
	const { code, err } = await started.finished;
	clearTimeout(timer);
	t.is(code, 5);
	t.regex(err, /\/proc\/nowhere/);
});
